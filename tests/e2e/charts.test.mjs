// The numbers of a run as curves, and the way between a curve and the log.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
const LINES = 400;

let server;
let browser;

before(async () => {
  server = await Server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// The service measures every two seconds; the numbers fall from 1 to 0 meanwhile.
const PROGRAM = `
import time
for step in range(${LINES}):
    print(f"step={step} loss={1 - step / ${LINES}:.4f}", flush=True)
    if step % 4 == 0:
        print('{"depth": {"left": %d}}' % (${LINES} - step), flush=True)
    time.sleep(0.012)
`;

test("what a program prints and what it uses are curves that lead into the log and back", async () => {
  const page = await open(browser, { width: 1280, height: 1600 });
  const form = new NewJob(page, server);
  await form.open();
  await form.choose({ name: "train.py", content: PROGRAM, var: "SCRIPT" });
  await form.command("python3 ${SCRIPT}");
  const job = await form.submit();
  await job.reaches("success");
  await job.logIsComplete();
  const curve = (name) => page.getByRole("slider", { name, exact: true });
  for (const name of [say("series-cpu"), say("series-memory"), "loss", "step", "depth.left"]) await curve(name).waitFor();

  // From the curve to the log: the middle of the run.
  const loss = curve("loss");
  const box = await loss.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  // How far the program was by then is the machine's affair; that both curves tell of one moment is not.
  const said = await until(
    () => loss.getAttribute("aria-valuetext"),
    (text) => /, 0\.[1-9]\d*$/.test(text),
    "the middle of the run lies between its ends",
  );
  const step = await curve("step").getAttribute("aria-valuetext");
  assert.equal(step.split(", ")[0], said.split(", ")[0], "all curves tell the same moment");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const value = Number(step.split(", ")[1].replace(",", ""));
  const lost = Number(said.split(", ")[1]);
  assert.ok(Math.abs(1 - value / LINES - lost) < 0.02, `step ${value}, loss ${lost}`);
  const near = page.getByRole("log").getByText(new RegExp(`^step=${Math.floor(value / 10)}\\d `)).first();
  await near.waitFor();

  // By keyboard alone, and a curve put away and fetched again.
  await loss.focus();
  await page.keyboard.press("Home");
  assert.match(await loss.getAttribute("aria-valuetext"), /, 1$/);
  await page.keyboard.press("End");
  assert.match(await loss.getAttribute("aria-valuetext"), /, 0\.0025$/);
  const choice = page.getByRole("button", { name: "loss", exact: true });
  await choice.click();
  await loss.waitFor({ state: "detached" });
  assert.equal(await choice.getAttribute("aria-pressed"), "false");
  await choice.click();
  await loss.waitFor();
  assertNoComplaints(page);
  await page.context().close();
});

// Steps that lie far apart, a value that no log scale has, and one that is no number.
const SPARSE = `
for step, loss in [(0, 100), (1000, 0), (1200, 0.5), (5000, "nan"), (6000, 0.02)]:
    print(f"step={step} loss={loss}", flush=True)
print("accuracy=1", "accuracy=2", sep="\\n", flush=True)
`;

test("printed curves run over the step or the time, and stand on a log scale, as it was chosen", async () => {
  const page = await open(browser, { width: 1280, height: 1600 });
  const form = new NewJob(page, server);
  await form.open();
  await form.choose({ name: "sparse.py", content: SPARSE, var: "SCRIPT" });
  await form.command("python3 ${SCRIPT}");
  const job = await form.submit();
  await job.reaches("success");
  await job.logIsComplete();
  const loss = page.getByRole("slider", { name: "loss", exact: true });
  await loss.waitFor();
  const choice = (name) => page.getByRole("button", { name: say(name), exact: true });
  const is = (name, pressed) => until(() => choice(name).getAttribute("aria-pressed"), (now) => now === String(pressed), `${name} is ${pressed}`);
  const said = (words) => until(() => loss.getAttribute("aria-valuetext"), (now) => now === words, words);
  const at = (number) => say("axis-at-step", { number });

  // All that is drawn has steps: those are the axis, point by point.
  await is("axis-step", true);
  await said(`${at("6,000")}, 0.02`);
  assert.equal(await choice("axis-epoch").count(), 0);
  await loss.focus();
  for (const words of [`${at("1,200")}, 0.5`, `${at("1,000")}, 0`, `${at("0")}, 100`]) {
    await page.keyboard.press("ArrowLeft");
    await said(words);
  }
  const box = await loss.boundingBox();
  await page.mouse.move(box.x + box.width * 0.22, box.y + box.height / 2);
  await said(`${at("1,200")}, 0.5`);
  await page.mouse.move(0, 0);

  // On a scale of powers: 0 breaks the curve and it is said so, what is told stays as it is.
  const chart = page.getByRole("figure").filter({ has: loss });
  const breaks = async () => (await chart.locator("path.chart-line").getAttribute("d")).match(/M/g).length;
  assert.equal(await breaks(), 2);
  await choice("axis-log").click();
  await chart.getByText(say("axis-left-out"), { exact: true }).waitFor();
  assert.equal(await breaks(), 3);
  for (const mark of ["0.01", "0.1", "1", "10", "100"]) await chart.getByText(mark, { exact: true }).waitFor();
  await said(`${at("6,000")}, 0.02`);

  // Remembered; the time is still there to choose.
  await page.reload();
  await loss.waitFor();
  await is("axis-log", true);
  await choice("axis-time").click();
  await is("axis-step", false);
  await until(() => loss.getAttribute("aria-valuetext"), (now) => /^\d+:\d\d.*, 0\.02$/.test(now), "the time of day");
  assertNoComplaints(page);
  await page.context().close();
});

test("a job that prints no numbers has the machine's curves alone", async () => {
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  await form.command("echo hello");
  const job = await form.submit();
  await job.reaches("success");
  await job.logIsComplete();
  const group = page.getByRole("group", { name: say("charts-choose") });
  const names = await until(() => group.getByRole("button").allTextContents(), (names) => names.length > 0, "curves are offered");
  assert.ok(names.includes(say("series-cpu")) && !names.includes("hello"));
  await page.context().close();
});
