// Doing something to many jobs, and the life of their data.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Api } from "./harness/api.mjs";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { Gates } from "./harness/gate.mjs";
import { JobList } from "./harness/list.mjs";
import { JobPage } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
const CANCELLED = 6;
const FAILED_PRECONDITION = 9;
const NOT_FOUND = 5;

let server, browser, api;

before(async () => {
  server = await Server.start();
  browser = await launch();
  api = await Api.of(server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function withList(project, body, look = {}) {
  const page = await open(browser, look);
  try {
    const list = new JobList(page, server);
    await list.open("", project);
    await body(list, page);
    assertNoComplaints(page);
  } finally {
    await page.context().close();
  }
}

/** The contents that lie on the server's disk. */
async function stored() {
  const files = await readdir(join(server.dataDir, "blobs"), { recursive: true });
  return files.map((file) => file.split("/").at(-1)).filter((name) => /^[0-9a-f]{64}$/.test(name));
}

const digests = (job) => [...job.outputFiles, ...job.logFiles, ...job.diagnosticFiles].map((file) => file.sha256);

test("many jobs are cancelled at once; those that have ended are left out, with the reason", async () => {
  const gates = new Gates(server);
  const running = await Promise.all([1, 2].map((n) => api.start(`runs ${n}`, gates.wait("never"), { project: "stop" })));
  await api.run("ended", "true", { project: "stop" });
  await withList("stop", async (list) => {
    await list.row("ended").waitFor();
    await list.row("runs 1").getByText(say("status-executing")).waitFor();
    await list.row("runs 2").getByText(say("status-executing")).waitFor();
    for (const name of ["runs 1", "runs 2", "ended"]) await list.box(name).check();
    const dialog = await list.bulk("cancel");
    await dialog.getByRole("heading", { name: say("act-cancel-heading", { count: 2 }) }).waitFor();
    await dialog.getByText(say("act-left-out", { count: 1, reason: say("forbidden-ended") })).waitFor();
    await list.confirm("act-cancel");
    await dialog.waitFor({ state: "hidden" });
    for (const name of ["runs 1", "runs 2"]) await list.row(name).getByText(say("status-cancelled")).waitFor();
    for (const jobId of running) assert.equal((await api.jobs.get({ jobId })).status, CANCELLED);
    assert.equal(
      await list.bar.getByRole("button", { name: say("bulk-cancel") }).getAttribute("aria-disabled"),
      "true",
      "what is left can not be cancelled",
    );
  });
});

test("what fails in the middle is named, stays selected, and can be tried again", async () => {
  for (const name of ["first", "second", "third"]) await api.run(name, "true", { project: "half" });
  await withList("half", async (list, page) => {
    await list.shows("third", "second", "first");
    // The call for one of them is refused on its way, once.
    const gone = (await api.jobs.list({ projectId: "half" })).jobs.find((job) => job.name === "second").id;
    let refused = 0;
    await page.route(/ProjectJobService\/Delete$/, async (route) => {
      if (refused === 0 && route.request().postDataBuffer().includes(gone)) {
        refused += 1;
        await api.jobs.delete({ jobId: gone });
      }
      await route.continue();
    });
    await list.box("third").check();
    await list.box("first").click({ modifiers: ["Shift"] });
    await list.bar.getByText(say("bulk-selected", { count: 3 })).waitFor();
    const dialog = await list.bulk("delete");
    await list.confirm("act-delete");
    const failures = dialog.getByRole("alert");
    await failures.getByText("second", { exact: true }).waitFor();
    await failures.getByText(say("error-not-found")).waitFor();
    assert.equal(await failures.getByRole("listitem").count(), 1);
    await dialog.getByText(say("act-progress", { done: 2, count: 3 })).waitFor();
    await list.confirm("act-again");
    await failures.getByText("second", { exact: true }).waitFor();
    await list.confirm("act-close");
    await list.says("jobs-empty-heading");
  });
});

test("deleting data frees what was said, and keeps what another job needs", async () => {
  const shared = "printf shared > shared.txt";
  const outputs = ["shared.txt", "own.txt"];
  const one = await api.run("one", `${shared}; printf 'only of one' > own.txt`, { project: "data", outputs });
  const two = await api.run("two", `${shared}; printf 'only of two, longer' > own.txt`, { project: "data", outputs });
  const [ofOne, ofTwo] = [await api.jobs.get({ jobId: one }), await api.jobs.get({ jobId: two })];
  const others = new Set(digests(ofTwo));
  const files = new Map([...ofOne.outputFiles, ...ofOne.logFiles, ...ofOne.diagnosticFiles].map((f) => [f.sha256, Number(f.sizeBytes)]));
  const freed = [...files].filter(([sha256]) => !others.has(sha256)).reduce((sum, [, size]) => sum + size, 0);
  await withList("data", async (list) => {
    await list.box("one").check();
    const dialog = await list.bulk("delete-data");
    const size = new Intl.NumberFormat("en", { style: "unit", unit: "byte", unitDisplay: "long", maximumFractionDigits: 0 });
    const said = freed < 1000 ? size.format(freed) : `${(freed / 1000).toFixed(freed < 9950 ? 1 : 0)} kB`;
    await dialog.getByText(say("frees", { size: said })).waitFor();
    await dialog.getByText(say("breaks-again", { count: 1 })).waitFor();
    await list.confirm("act-data");
    await list.row("one").getByText(say("lifetime-cleared")).waitFor();
  });
  const left = await stored();
  for (const sha256 of digests(ofTwo)) assert.ok(left.includes(sha256), "what the other needs is there");
  for (const sha256 of files.keys()) assert.equal(left.includes(sha256), others.has(sha256));
  await assert.rejects(api.jobs.downloadJobFiles({ jobId: one, files: ofOne.outputFiles }), { code: FAILED_PRECONDITION });
});

test("a lifetime is shown, pointed out when it is short, and prolonged", async () => {
  const ttl = { seconds: 3n * 3600n, nanos: 0 };
  const jobId = await api.run("short", "true", { project: "life", dataTtl: ttl });
  await api.run("usual", "true", { project: "life" });
  await withList("life", async (list, page) => {
    await list.row("short").getByText(say("lifetime-left", { when: "in 2 hours" })).waitFor();
    await list.row("usual").getByText(say("lifetime-left", { when: "in 13 days" })).waitFor();
    await list.box("short").check();
    await list.box("usual").check();
    const dialog = await list.bulk("keep");
    await dialog.getByRole("spinbutton", { name: say("keep-days-label") }).fill("40");
    await list.confirm("act-keep");
    for (const name of ["short", "usual"]) {
      await list.row(name).getByText(/in (39|40) days/).waitFor();
    }
    const days = (Number((await api.jobs.get({ jobId })).dataExpiresAt.seconds) - Date.now() / 1000) / 86400;
    assert.ok(days > 39.9 && days < 40.1, `${days} days`);
    await page.getByRole("link", { name: "short", exact: true }).click();
    const job = new JobPage(page);
    await job.reaches("success");
    await page.locator("summary").filter({ hasText: say("lifetime-menu") }).click();
    await page.getByRole("button", { name: say("keep-forever"), exact: true }).click();
    await job.main.getByText(say("lifetime-forever"), { exact: true }).waitFor();
    assert.equal((await api.jobs.get({ jobId })).dataExpiresAt, undefined);
    await page.getByRole("button", { name: say("delete-job"), exact: true }).click();
    await page.getByRole("dialog").getByText(say("breaks-record")).waitFor();
    await list.confirm("act-delete");
    await page.getByText(say("job-deleted", { name: "short" }), { exact: true }).waitFor();
    await list.shows("usual");
  });
});

test("a short life ends under one's eyes", async () => {
  await api.run("brief", "true", { project: "brief", dataTtl: { seconds: 4n, nanos: 0 } });
  await withList("brief", async (list) => {
    await list.row("brief").getByText(/expires in \d second|expires now/).waitFor();
    await list.row("brief").getByText(say("lifetime-over"), { exact: true }).waitFor();
  });
});

test("all data of a project goes after its name was typed, and not while a job runs", async () => {
  const gates = new Gates(server);
  await api.run("made", "echo made > made.txt", { project: "whole", outputs: ["made.txt"] });
  const running = await api.start("runs", gates.wait("whole"), { project: "whole" });
  await withList("whole", async (list, page) => {
    await page.getByRole("button", { name: say("all-data-open") }).click();
    const dialog = list.dialog;
    await dialog.getByText(say("all-data-running", { count: 1 })).waitFor();
    const drop = dialog.getByRole("button", { name: say("act-data"), exact: true });
    const name = dialog.getByRole("textbox", { name: say("all-data-name", { project: "whole" }) });
    await name.fill("whole");
    assert.equal(await drop.getAttribute("aria-disabled"), "true");
    await gates.open("whole");
    await api.ended(running);
    await until(() => drop.getAttribute("aria-disabled"), (value) => value === "false", "it can be done now");
    await name.fill("who");
    assert.equal(await drop.getAttribute("aria-disabled"), "true");
    await name.fill("whole");
    await name.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    for (const row of ["made", "runs"]) await list.row(row).getByText(say("lifetime-cleared")).waitFor();
  });
  const { jobs } = await api.jobs.list({ projectId: "whole" });
  assert.deepEqual(jobs.map((job) => job.dataCleared), [true, true]);
});

test("by keyboard alone: found, selected, compared, deleted", async () => {
  for (const name of ["key one", "key two", "other"]) await api.run(name, "true", { project: "keys" });
  await withList("keys", async (list, page) => {
    await list.shows("other", "key two", "key one");
    const tabTo = async (target) => {
      for (let presses = 0; presses < 60; presses += 1) {
        if ((await target.count()) === 1 && (await target.evaluate((part) => part === document.activeElement))) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`60 presses of Tab do not reach ${target}`);
    };
    await page.keyboard.press("/");
    await page.keyboard.type("key");
    await list.shows("key two", "key one");
    await tabTo(list.box("key two"));
    await page.keyboard.press("Space");
    await tabTo(list.box("key one"));
    await page.keyboard.press("Space");
    const compare = list.bar.getByRole("link", { name: say("bulk-compare") });
    const ids = new URL(await compare.getAttribute("href"), server.url).searchParams.get("jobs").split(",");
    assert.equal(ids.length, 2);
    await tabTo(list.bar.getByRole("button", { name: say("bulk-delete"), exact: true }));
    await page.keyboard.press("Enter");
    await list.dialog.waitFor();
    await tabTo(list.dialog.getByRole("button", { name: say("act-delete"), exact: true }));
    await page.keyboard.press("Enter");
    await list.dialog.waitFor({ state: "hidden" });
    await list.says("filters-nothing");
    for (const jobId of ids) await assert.rejects(api.jobs.get({ jobId }), { code: NOT_FOUND });
  });
});
