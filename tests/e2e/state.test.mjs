// How a job is doing, and what is done about it: tab, timeline, progress, failure, cancel, notice.

import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { Gates } from "./harness/gate.mjs";
import { NewJob, pattern } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
let server;
let browser;
let gates;

before(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "jobsphere-e2e-"));
  // Room for one job at a time.
  await writeFile(join(dataDir, "config.toml"), '[queue]\ncpus = 1\n[[instance_type]]\nname = "one"\ncpus = 1\n');
  server = await Server.startIn(dataDir);
  gates = new Gates(server);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Runs `body` with a form in a fresh window, which must have no complaint at the end. */
async function withForm(body, options) {
  const page = await open(browser, options);
  try {
    const form = new NewJob(page, server);
    await form.open();
    await body(form, page);
    assertNoComplaints(page);
  } finally {
    await page.context().close();
  }
}

/** A graceful shutdown for the form's job. */
async function shutdown(form, timeout) {
  await form.openGroup("group-life");
  await form.page.getByRole("checkbox", { name: say("shutdown-label") }).check();
  await form.text("timeout-label").fill(timeout);
}

const icon = (page) => page.locator('link[rel~="icon"]').getAttribute("href");

/** Waits for a title that begins so. */
const titled = (page, start) => until(() => page.title(), (title) => title.startsWith(start), `the title begins with ${start}`);

/** The phases on the page, as `[name, length]`. */
async function phases(job) {
  const items = job.main.getByRole("region", { name: say("timeline-heading") }).getByRole("listitem");
  return (await items.allTextContents()).map((text) => text.split(": "));
}

/** The names of the phases; sending files may take long enough to be one, or not. */
const phaseNames = async (job) => (await phases(job)).map(([name]) => name).filter((name) => name !== say("timeline-files"));

test("title and picture of the tab follow the state, and the app's own come back", () =>
  withForm(async (form, page) => {
    const own = await icon(page);
    await form.text("name-label").fill("train.py");
    await form.command(`${gates.wait("tell")}; echo '{"progress": 62, "message": "epoch 6"}' >> $JOB_PROGRESS_FILENAME; ${gates.wait("end")}`);
    const job = await form.submit();
    await job.reaches("executing");
    await titled(page, "▶ train.py");
    const running = await until(() => icon(page), (href) => href.startsWith("data:"), "the picture is the state's");
    await gates.open("tell");
    await titled(page, "62% · train.py");
    const ring = await until(() => icon(page), (href) => href !== running, "the picture has the progress");
    assert.match(decodeURIComponent(ring), /stroke-dasharray='62 100'/);
    await gates.open("end");
    await job.reaches("success");
    await titled(page, "✓ train.py");
    const done = await icon(page);
    assert.ok(![own, running, ring].includes(done), "the end has a picture of its own");
    await page.getByRole("link", { name: say("breadcrumb-jobs"), exact: true }).click();
    await page.getByRole("link", { name: "train.py", exact: true }).waitFor();
    const address = (href) => new URL(href, `${server.url}/`).href;
    assert.equal(address(await icon(page)), address(own), "the list has the app's own picture");
  }));

test("a job that waits says its place; its timeline has the phases, each with the way to its line", () =>
  withForm(async (first, page) => {
    await first.command(gates.wait("first"));
    const ahead = await first.submit();
    await ahead.reaches("executing");
    const other = await open(browser);
    const form = new NewJob(other, server);
    await form.open();
    await form.output("made.txt");
    await form.command(`echo made > made.txt; ${gates.wait("second")}`);
    const job = await form.submit();
    await job.main.getByText(say("waiting-next"), { exact: true }).waitFor();
    await job.reaches("in-queue");
    await until(() => phaseNames(job), (names) => names.join() === say("timeline-queue"), "it is in the queue");
    await titled(other, "… ");
    await gates.open("first");
    await job.reaches("executing");
    const { "timeline-queue": queue, "timeline-environment": environment, "timeline-run": run, "timeline-outputs": outputs } =
      Object.fromEntries(["queue", "environment", "run", "outputs"].map((name) => [`timeline-${name}`, say(`timeline-${name}`)]));
    await until(() => phaseNames(job), (names) => names.join() === [queue, environment, run].join(), "three phases so far");
    await gates.open("second");
    await job.reaches("success");
    const all = [queue, environment, run, outputs].join();
    await until(() => phaseNames(job), (names) => names.join() === all, "all phases");
    await other.reload();
    await until(() => phaseNames(job), (names) => names.join() === all, "the same after a reload, from the log");
    for (const [name, length] of await phases(job)) assert.match(length, /\d/, `${name} has a length`);
    await job.main.getByRole("region", { name: say("timeline-heading") }).getByRole("link", { name: run, exact: true }).waitFor();
    assertNoComplaints(other);
    await other.context().close();
  }));

test("the time left is told from the rate, and the curve shows the way", () =>
  withForm(async (form, page) => {
    await form.command(
      `for p in 10 20 30 40 50; do echo "{\\"progress\\": $p, \\"message\\": \\"step $p\\"}" >> $JOB_PROGRESS_FILENAME; sleep 1.2; done; ${gates.wait("eta")}`,
    );
    const job = await form.submit();
    await job.main.getByText(pattern(say, "progress-left", ["duration"])).waitFor();
    await job.main.getByText("step 50", { exact: true }).waitFor();
    const curve = job.main.getByRole("img", { name: pattern(say, "progress-curve", ["count"]) });
    await curve.waitFor();
    // The service tells only where it stands: what came before outlives a reload in the tab.
    const name = await curve.getAttribute("aria-label");
    await page.reload();
    await curve.waitFor();
    assert.equal(await curve.getAttribute("aria-label"), name);
    // A program that stands has no time left that could be told.
    await job.main.getByText(say("progress-left-unknown"), { exact: true }).waitFor();
    await gates.open("eta");
    await job.reaches("success");
  }));

test("a failed job begins with what, where, why, and what is missing, on a phone too", () =>
  withForm(
    async (form, page) => {
      await form.output("model.bin");
      await form.command("for i in $(seq 60); do echo line $i; done; echo 'ValueError: no such column' >&2; kill -9 $$");
      const job = await form.submit();
      const failure = job.main.getByRole("alert").filter({ hasText: say("failure-code", { code: "137" }) });
      await failure.getByText(say("code-killed")).waitFor();
      await failure.getByText(pattern(say, "failure-in-command", ["duration"])).waitFor();
      await failure.getByText(say("failure-missing", { count: 1 })).waitFor();
      await failure.getByText(say("file-not-found", { file: "model.bin" })).waitFor();
      await titled(page, "✗ ");
      const link = failure.getByRole("link", { name: "ValueError: no such column", exact: true });
      await link.click();
      await until(
        () => page.evaluate(() => document.activeElement?.closest("[role=log]")?.textContent ?? ""),
        (text) => text.includes("ValueError: no such column"),
        "the link leads to the line in the log",
      );
    },
    { width: 360, height: 740 },
  ));

test("Cancel names the signal, counts down, survives a reload, and kills when told; the reason is kept", () =>
  withForm(async (form, page) => {
    await shutdown(form, "90s");
    await form.command(`trap 'echo asked to end' TERM; echo begun; while :; do ${gates.wait("never")} & wait; done`);
    const job = await form.submit();
    await job.line("out", "begun");
    await job.cancel.click();
    const dialog = page.getByRole("dialog", { name: say("cancel-heading") });
    await dialog.getByText(say("cancel-graceful", { signal: "SIGTERM", duration: say("duration-minutes", { minutes: 1, seconds: 30 }) })).waitFor();
    await dialog.getByRole("textbox", { name: say("cancel-reason-label") }).fill("wrong data");
    await dialog.getByRole("button", { name: say("cancel-gracefully"), exact: true }).click();
    await job.reaches("cancelling");
    await job.line("out", "asked to end");
    const countdown = job.main.getByText(pattern(say, "cancelling-seconds", ["seconds"]));
    const seconds = async () => Number(/\d+/.exec(await countdown.innerText())[0]);
    const before = await seconds();
    assert.ok(before > 60 && before <= 90, `${before} seconds of 90 are left`);
    await until(seconds, (now) => now < before, "it counts");
    await titled(page, "■ ");
    await page.reload();
    await job.main.getByText(say("cancelling-asked", { signal: "SIGTERM" }), { exact: true }).waitFor();
    assert.ok((await seconds()) <= before, "the time goes on after a reload");
    await job.main.getByRole("button", { name: say("cancel-kill-now"), exact: true }).click();
    await job.reaches("cancelled");
    await job.main.getByText(say("cancelled-because", { reason: "wrong data" }), { exact: true }).waitFor();
    await job.logIsComplete();
    assert.deepEqual((await job.texts("out")).slice(0, 2), ["begun", "asked to end"]);
    await titled(page, "– ");
  }));

test("a job is cancelled by keyboard alone, and may be left running", () =>
  withForm(async (form, page) => {
    await form.command(`echo begun; ${gates.wait("never")}`);
    const job = await form.submit();
    await job.line("out", "begun");
    const dialog = page.getByRole("dialog", { name: say("cancel-heading") });
    await job.cancel.focus();
    await page.keyboard.press("Enter");
    await dialog.getByText(say("cancel-kill")).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    assert.ok(await job.cancel.evaluate((button) => button === document.activeElement), "the focus is back");
    await page.keyboard.press("Enter");
    await dialog.waitFor();
    await page.keyboard.type("changed my mind");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await job.reaches("cancelled");
    await job.main.getByText(say("cancelled-because", { reason: "changed my mind" }), { exact: true }).waitFor();
  }));

/** Has the window remember the notices that its page shows. */
async function rememberNotices(page) {
  await page.addInitScript(() => {
    window.notices = [];
    const Own = window.Notification;
    window.Notification = class extends Own {
      constructor(title, options) {
        super(title, options);
        window.notices.push([title, options.body]);
      }
    };
  });
}

test("a notice comes at the end when it was asked for, after a reload too", async () => {
  const page = await open(browser);
  await page.context().grantPermissions(["notifications"], { origin: server.url });
  await rememberNotices(page);
  const form = new NewJob(page, server);
  await form.open();
  await form.text("name-label").fill("told");
  await form.command(`${gates.wait("told")}; exit 4`);
  const job = await form.submit();
  await job.reaches("executing");
  const ask = job.main.getByRole("button", { name: say("notice-ask"), exact: true });
  await ask.click();
  await job.main.getByText(say("notice-wanted"), { exact: true }).waitFor();
  await page.reload();
  await until(() => ask.getAttribute("aria-pressed"), (pressed) => pressed === "true", "the tab remembers");
  await gates.open("told");
  await job.reaches("error");
  const expected = [[`told: ${say("status-error")}`, say("failure-code", { code: "4" })]];
  await until(() => page.evaluate(() => window.notices), (notices) => JSON.stringify(notices) === JSON.stringify(expected), "one notice");
  await page.reload();
  await job.reaches("error");
  await job.logIsComplete();
  assert.deepEqual(await page.evaluate(() => window.notices), [], "it is told once");
  assertNoComplaints(page);
  await page.context().close();
});

test("a browser that refuses notices is said to, and nothing is shown unasked", () =>
  withForm(async (form, page) => {
    await rememberNotices(page);
    await page.reload();
    await form.command(gates.wait("refused"));
    const job = await form.submit();
    await job.reaches("executing");
    // Nobody is there to answer, so a browser without a window refuses.
    await job.main.getByRole("button", { name: say("notice-ask"), exact: true }).click();
    await job.main.getByText(say("notice-denied"), { exact: true }).waitFor();
    await gates.open("refused");
    await job.reaches("success");
    assert.deepEqual(await page.evaluate(() => window.notices), []);
  }));
