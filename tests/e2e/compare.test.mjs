// Runs of a job and what changed, and jobs side by side: what differs, why, and where the logs part.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { Gates } from "./harness/gate.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
const COMMAND =
  "echo start; wc -l < ${DATA}; echo epochs ${EPOCHS}; echo done; echo warned >&2; printf same > same.txt; echo ${EPOCHS} > model.txt; od -N 8 -t x8 -A n /dev/urandom > chance.txt";

let server;
let browser;
// The first run, one with another argument, and a repetition of that.
let jobs;

before(async () => {
  server = await Server.start();
  browser = await launch();
  jobs = await runs();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function runs() {
  const page = await open(browser);
  const form = new NewJob(page, server);
  const finish = async () => {
    const job = await form.submit();
    await job.reaches("success");
    return job.jobId;
  };
  const again = async (jobId) => {
    await page.goto(`${server.url}/projects/default/jobs/new?from=${jobId}`);
    await page.getByRole("heading", { name: say("differences-heading", { count: 0 }) }).waitFor();
  };
  await form.open();
  await form.text("name-label").fill("Training");
  await form.choose({ name: "data.csv", content: "1\n2\n3\n", var: "DATA" });
  for (const path of ["same.txt", "model.txt", "chance.txt"]) await form.output(path);
  await form.argument("EPOCHS", "10");
  await form.command(COMMAND);
  const first = await finish();
  await again(first);
  await form.openGroup("group-details");
  await form.group("arguments-heading").getByRole("textbox", { name: say("pair-value-label"), exact: true }).fill("20");
  await page.getByRole("heading", { name: say("differences-heading", { count: 1 }) }).waitFor();
  const second = await finish();
  await again(second);
  const third = await finish();
  await page.context().close();
  return { first, second, third };
}

const address = (...ids) => `${server.url}/projects/default/compare?jobs=${ids.join(",")}`;
const section = (page, heading) => page.getByRole("region", { name: say(heading), exact: true });

test("the runs of a job, each with what changed, are read when they are wanted", async () => {
  const page = await open(browser);
  const lists = [];
  page.on("request", (request) => {
    if (request.url().endsWith("ProjectJobService/List")) lists.push(request.url());
  });
  await page.goto(`${server.url}/projects/default/jobs/${jobs.third}`);
  await new JobPage(page).reaches("success");
  assert.equal(lists.length, 0, "nothing is asked for before the section is opened");
  const lineage = section(page, "lineage-heading");
  await lineage.locator("summary").click();
  const run = (number) => lineage.getByRole("listitem").filter({ hasText: `${number}.` });
  await lineage.getByText(say("lineage-changed", { number: 1 }), { exact: true }).waitFor();
  await run(2).filter({ hasText: `args.EPOCHS: ${say("change-replaced", { before: "10", after: "20" })}` }).first().waitFor();
  await lineage.getByText(say("lineage-unchanged", { number: 2 }), { exact: true }).waitFor();
  await run(3).getByText(say("lineage-this"), { exact: true }).waitFor();
  assert.equal(await lineage.getByRole("link", { name: "Training", exact: true }).count(), 3);
  assert.ok(lists.length > 0);

  await lineage.getByRole("link", { name: say("lineage-compare-label", { number: 1 }) }).click();
  await page.getByRole("heading", { level: 1, name: say("compare-title") }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("jobs"), `${jobs.first},${jobs.third}`);
  await page.goBack();
  await lineage.locator("summary").click();
  await lineage.getByRole("link", { name: "Training", exact: true }).first().click();
  await page.waitForURL(new RegExp(`/jobs/${jobs.first}$`));
  assertNoComplaints(page);
  await page.context().close();
});

test("two jobs: the cause first, then where the log parts, then the results", async () => {
  const page = await open(browser);
  await page.goto(address(jobs.first, jobs.second));
  const verdict = section(page, "compare-verdict-heading").getByRole("listitem");
  const expected = [
    say("verdict-arguments", { names: "EPOCHS" }),
    say("verdict-then", { sentence: say("compare-log-parts", { stream: "stdout", number: "3" }) }),
    say("verdict-outputs", { names: "chance.txt, model.txt" }),
    say("verdict-same-outputs", { names: "same.txt" }),
  ];
  const isWhole = (texts) => JSON.stringify(texts) === JSON.stringify(expected);
  await until(() => verdict.allInnerTexts(), isWhole, `the verdict is ${JSON.stringify(expected)}`);

  const rows = section(page, "compare-differs-heading");
  const argument = rows.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "EPOCHS", exact: true }) });
  assert.deepEqual((await argument.getByRole("cell").allInnerTexts()).map((text) => text.trim()), ["10", "20"]);
  const command = page.getByRole("rowheader", { name: "cmd" });
  assert.equal(await command.count(), 0, "what is the same is not shown");
  await rows.getByRole("checkbox").check();
  await command.waitFor();
  const input = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "data.csv" }) });
  await input.getByText(say("compare-same-bytes"), { exact: true }).first().waitFor();
  await page.reload();
  await command.waitFor();
  assertNoComplaints(page);
  await page.context().close();
});

test("the first differing line stands with its surroundings and leads into both logs", async () => {
  const page = await open(browser);
  await page.goto(address(jobs.first, jobs.second));
  const log = section(page, "compare-log-heading");
  const excerpts = log.getByRole("figure");
  await excerpts.nth(1).waitFor();
  const lines = (await excerpts.locator("pre").allInnerTexts()).map((text) => text.trim().split(/\n+/));
  assert.deepEqual(lines, [["start", "3", "epochs 10", "done"], ["start", "3", "epochs 20", "done"]]);
  assert.deepEqual(await excerpts.locator("mark").allInnerTexts(), ["1", "2"]);
  const hrefs = [];
  for (const [letter, id] of [["A", jobs.first], ["B", jobs.second]]) {
    const link = log.getByRole("link", { name: say("compare-log-open-label", { letter }) });
    const href = await link.getAttribute("href");
    assert.match(href, new RegExp(`^/projects/default/jobs/${id}#log-\\d+$`));
    hrefs.push(href);
  }
  await log.getByText(say("compare-log-same", { stream: "stderr", count: 1 }), { exact: true }).waitFor();
  await log.getByRole("checkbox", { name: say("compare-log-ignore") }).check();
  await log.getByText(say("compare-log-same", { stream: "stdout", count: 4 }), { exact: true }).waitFor();
  // The links lead to the line itself.
  await page.goto(server.url + hrefs[1]);
  const marked = page.getByRole("log").locator("[data-row]").filter({ has: page.locator(`a[href="${hrefs[1]}"]`) });
  await marked.getByText("epochs 20", { exact: true }).waitFor();
  assertNoComplaints(page);
  await page.context().close();
});

test("an output that one job did not make, or did not name, is said to be missing there, not to differ", async () => {
  const page = await open(browser);
  const ids = [];
  for (const [command, outputs] of [["true", ["made.txt"]], ["echo 1 | tee made.txt > more.txt", ["made.txt", "more.txt"]]]) {
    const form = new NewJob(page, server);
    await form.open();
    for (const path of outputs) await form.output(path);
    await form.command(command);
    const job = await form.submit();
    await job.main.getByText(say("forbidden-ended"), { exact: true }).waitFor();
    ids.push(job.jobId);
  }
  await page.goto(address(...ids));
  const rows = section(page, "compare-differs-heading");
  const cells = async (name) => {
    const row = rows.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
    await row.waitFor();
    return (await row.getByRole("cell").allInnerTexts()).map((text) => text.trim());
  };
  const [absent, made] = await cells("made.txt");
  assert.equal(absent, say("compare-not-made"));
  assert.ok(made.endsWith(say("compare-only-here")), made);
  assert.deepEqual(await cells("outputs.more.txt"), ["—", say("path-without-var")]);
  assertNoComplaints(page);
  await page.context().close();
});

test("the same job twice with another result: the program itself is named", async () => {
  const page = await open(browser);
  await page.goto(address(jobs.second, jobs.third));
  const verdict = section(page, "compare-verdict-heading");
  await verdict.getByText(say("verdict-same-input"), { exact: true }).waitFor();
  await verdict.getByText(say("verdict-same-log"), { exact: true }).waitFor();
  await verdict.getByText(say("verdict-outputs", { names: "chance.txt" }), { exact: true }).waitFor();
  await verdict.getByText(say("verdict-unsteady"), { exact: true }).waitFor();
  assertNoComplaints(page);
  await page.context().close();
});

// Falls from 1 to 0 in a second and more, faster with a larger rate; the steps are the same in every run.
const TRAIN = `
import sys, time
rate = float(sys.argv[1])
for step in range(40):
    print(f"step={step} loss={(1 - step / 40) ** rate:.4f}", flush=True)
    time.sleep(0.03)
if rate > 1:
    print("momentum=0.9", flush=True)
`;

async function trained(...rates) {
  const page = await open(browser);
  const ids = [];
  for (const rate of rates) {
    const form = new NewJob(page, server);
    await form.open();
    await form.choose({ name: "train.py", content: TRAIN, var: "SCRIPT" });
    await form.argument("RATE", rate);
    await form.command("python3 ${SCRIPT} ${RATE}");
    const job = await form.submit();
    await job.reaches("success");
    ids.push(job.jobId);
  }
  await page.context().close();
  return ids;
}

test("curves that differ are laid over one another from the starts of their runs, equal ones are only named", async () => {
  const ids = await trained("1", "3", "1");
  const page = await open(browser, { width: 1280, height: 1400 });
  await page.goto(address(...ids.slice(0, 2)));
  const curves = section(page, "compare-curves-heading");
  const loss = curves.getByRole("slider", { name: "loss", exact: true });
  await loss.waitFor();
  await curves.getByText(say("compare-curves-same", { names: "step" }), { exact: true }).waitFor();
  await curves.getByText(say("compare-curves-only", { letter: "B", names: "momentum" }), { exact: true }).waitFor();
  const choice = (name) => curves.getByRole("button", { name, exact: true });
  assert.equal(await choice("step").count(), 0, "what is the same is not offered");
  assert.equal(await curves.getByRole("slider", { name: "step", exact: true }).count(), 0);

  // The last, the lowest and the highest of each, by letter; the table tells what the lines show.
  const table = curves.getByRole("table", { name: "loss", exact: true });
  const values = async (letter) => {
    const row = table.getByRole("row").filter({ has: page.getByRole("rowheader", { name: letter, exact: true }) });
    return row.getByRole("cell").allInnerTexts();
  };
  assert.deepEqual(await values("A"), ["0.025", "0.025", "1"]);
  assert.deepEqual(await values("B"), ["0", "0", "1"]);

  // Pointing at the middle: runs are compared at the same step of each.
  const box = await loss.boundingBox();
  await page.mouse.move(box.x + (box.width * 20) / 39, box.y + box.height / 2);
  const said = (words) => until(() => loss.getAttribute("aria-valuetext"), (now) => now === words, words);
  await said(`${say("axis-at-step", { number: "20" })}: A 0.5, B 0.125`);
  await loss.focus();
  await page.keyboard.press("ArrowLeft");
  await said(`${say("axis-at-step", { number: "19" })}: A 0.525, B 0.1447`);

  // Over the time: the runs began at different times of day, and are compared at the same moment of each.
  await curves.getByRole("button", { name: say("axis-time"), exact: true }).click();
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
  const length = Number(await loss.getAttribute("aria-valuemax"));
  const moment = Number(await loss.getAttribute("aria-valuenow"));
  assert.ok(length > 1000 && length < 20_000, `the runs lie over each other: ${length} ms`);
  assert.ok(Math.abs(moment / length - 0.4) < 0.02, `${moment} of ${length}`);
  const [[a], [b]] = [await values("A"), await values("B")];
  // A run whose program began late has nothing to show of that moment.
  const isAt = (value, below) => value === "–" || (Number(value) > 0 && Number(value) < below);
  assert.ok(isAt(a, 1) && isAt(b, a === "–" ? 1.01 : Number(a)) && a + b !== "––", `${a} and ${b}`);
  assert.match(await loss.getAttribute("aria-valuetext"), new RegExp(`: A ${a}, B ${b}$`));
  await page.mouse.move(0, 0);
  await until(async () => (await values("A"))[0], (last) => last === "0.025", "the last value is back");

  // By keyboard; a curve put away and fetched again.
  await loss.focus();
  await page.keyboard.press("Home");
  assert.equal(await loss.getAttribute("aria-valuenow"), "0");
  await page.keyboard.press("Escape");
  await choice("loss").click();
  await loss.waitFor({ state: "detached" });
  await choice("loss").click();
  await loss.waitFor();

  // What is the same can be drawn, too, when that is wanted.
  await section(page, "compare-differs-heading").getByRole("checkbox").check();
  await choice("step").click();
  await curves.getByRole("slider", { name: "step", exact: true }).waitFor();

  // Two runs with the same numbers: nothing printed is drawn.
  await page.goto(address(ids[0], ids[2]));
  await curves.getByText(say("compare-curves-same", { names: "loss, step" }), { exact: true }).waitFor();
  assert.equal(await loss.count(), 0);
  assertNoComplaints(page);
  await page.context().close();
});

test("the curves of a run that goes on grow beside those of one that has ended", async () => {
  const page = await open(browser);
  const form = new NewJob(page, server);
  const gates = new Gates(server);
  const submit = async (command) => {
    await form.open();
    await form.command(command);
    return form.submit();
  };
  const ended = await submit("echo loss=8; sleep 0.2; echo loss=4");
  await ended.reaches("success");
  // The page tells its job's id, and becomes another job's next.
  const endedId = ended.jobId;
  const running = await submit(`echo loss=9; ${gates.wait("more")}; echo loss=5; ${gates.wait("end")}`);
  await running.line("out", "loss=9");
  await page.goto(address(endedId, running.jobId));
  const curves = section(page, "compare-curves-heading");
  await curves.getByText(say("compare-curves-following", { letter: "B" }), { exact: true }).waitFor();
  const row = curves.getByRole("table", { name: "loss", exact: true }).getByRole("row").filter({ has: page.getByRole("rowheader", { name: "B", exact: true }) });
  const last = () => row.getByRole("cell").first().innerText({ timeout: 200 }).catch(() => "");
  await until(last, (value) => value === "9", "what it has printed is there");
  await gates.open("more");
  await until(last, (value) => value === "5", "and what it prints now");
  await gates.open("end");
  await curves.getByText(say("compare-curves-following", { letter: "B" }), { exact: true }).waitFor({ state: "detached" });
  assertNoComplaints(page);
  await page.context().close();
});

test("jobs are added, made the base and removed, and the address says so", async () => {
  const page = await open(browser);
  await page.goto(address(jobs.first));
  await page.getByText(say("compare-too-few"), { exact: true }).waitFor();
  const asked = () => new URL(page.url()).searchParams.get("jobs");
  await page.getByLabel(say("compare-id"), { exact: true }).fill(`${server.url}/projects/default/jobs/${jobs.second}`);
  await page.getByRole("button", { name: say("compare-add-id"), exact: true }).click();
  await until(asked, (ids) => ids === `${jobs.first},${jobs.second}`, "the address names both");
  await page.getByText(say("compare-add"), { exact: true }).click();
  const offer = page.getByRole("combobox", { name: say("compare-offer") });
  await until(() => offer.getByRole("option").count(), (count) => count > 1, "the project's jobs are offered");
  await offer.selectOption(jobs.third);
  await until(asked, (ids) => ids === `${jobs.first},${jobs.second},${jobs.third}`, "the address names three");
  await section(page, "compare-verdict-heading").getByRole("heading", { name: say("compare-pair", { first: "A", other: "C" }) }).waitFor();
  await page.getByRole("link", { name: say("compare-make-base-label", { letter: "C" }) }).click();
  await until(asked, (ids) => ids === `${jobs.third},${jobs.first},${jobs.second}`, "the third is the base");
  await page.getByRole("link", { name: say("compare-remove-label", { letter: "B" }) }).click();
  await until(asked, (ids) => ids === `${jobs.third},${jobs.second}`, "one is gone");
  await page.goto(address(jobs.first, "nosuchjob"));
  await page.getByRole("alert").getByText(say("error-not-found")).waitFor();
  assertNoComplaints(page);
  await page.context().close();
});
