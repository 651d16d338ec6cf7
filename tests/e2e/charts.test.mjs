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
