// Drafts: kept while they are written, gone on with after a reload at any stage, and submitted exactly once.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { assertNoComplaints, launch, open, SERVER_AWAY, until } from "./harness/browser.mjs";
import { Cutter } from "./harness/cutter.mjs";
import { keptDrafts } from "./harness/drafts.mjs";
import { NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";

let server;
let cutter;
let browser;

before(async () => {
  server = await Server.start();
  cutter = await Cutter.start(server);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await cutter?.stop();
  await server?.stop();
});

/** A fresh project of its own, so that its jobs can be counted. */
let projects = 0;

async function form(use, allowed) {
  const page = await open(browser);
  const form = new NewJob(page, { url: cutter.url });
  form.project = `drafts-${(projects += 1)}`;
  cutter.cuts = [];
  cutter.uploads = [];
  cutter.lost = [];
  await form.open(form.project);
  await use(form, page);
  assertNoComplaints(page, allowed);
  await page.context().close();
}

/** How many jobs the project's page lists. */
async function jobs(form, page) {
  await page.goto(`${server.url}/projects/${form.project}/jobs`);
  await page.getByRole("row").nth(1).waitFor();
  return (await page.getByRole("row").count()) - 1;
}

/** Waits until the draft has its place in the address and is written down. */
async function kept(page, text, address = /\?draft=/) {
  await page.waitForURL(address);
  const read = () => page.evaluate(keptDrafts);
  await until(read, (all) => all.text.includes(text), `the draft holds ${text}`);
}

const digest = (content) => createHash("sha256").update(content).digest("hex");

test("a reload loses neither words nor files", async () => {
  await form(async (form, page) => {
    await form.choose({ name: "a.txt", content: "kept content\n", path: "in/a.txt", var: "A" });
    await form.command("cat ${A}");
    await form.text("name-label").fill("My draft");
    await kept(page, "My draft");
    await until(() => page.evaluate(keptDrafts), (all) => all.sources === 1, "the file is kept too");
    await page.reload();
    await until(() => form.text("name-label").inputValue(), (value) => value === "My draft", "the draft is back");
    assert.equal(await form.text("cmd-label").inputValue(), "cat ${A}");
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), ["kept content"]);
    assert.equal(await jobs(form, page), 1);
  });
});

test("what was typed last outlives a reload at once", async () => {
  await form(async (form, page) => {
    await form.command("echo first");
    await kept(page, "echo first");
    await form.command("echo second");
    await form.text("name-label").fill("In haste");
    await page.reload();
    await until(() => form.text("name-label").inputValue(), (value) => value === "In haste", "the draft is back");
    assert.equal(await form.text("cmd-label").inputValue(), "echo second");
    const job = await form.submit();
    await job.reaches("success");
    await form.open(form.project);
    await until(() => form.text("cmd-label").inputValue(), (value) => value === "", "the form is blank");
    assert.equal(await page.getByText("In haste").count(), 0, "a draft that became a job is not offered");
  });
});

test("drafts are listed, gone on with and deleted, and one that became a job is gone", async () => {
  await form(async (form, page) => {
    await form.command("echo first");
    await form.text("name-label").fill("First");
    await kept(page, "First");
    await page.getByRole("navigation").getByRole("link", { name: form.say("nav-new-job") }).click();
    await until(() => form.text("cmd-label").inputValue(), (value) => value === "", "the form is blank");
    await page.getByText(form.say("drafts-heading", { count: 1 })).click();
    await page.getByRole("link", { name: "First" }).click();
    await until(() => form.text("cmd-label").inputValue(), (value) => value === "echo first", "the draft is back");
    const job = await form.submit();
    await job.reaches("success");
    await form.open(form.project);
    await form.command("echo second");
    // At once: what was typed last is kept too.
    await page.getByRole("navigation").getByRole("link", { name: form.say("nav-jobs") }).click();
    await kept(page, "echo second", /jobs/);
    await form.open(form.project);
    await page.getByText(form.say("drafts-heading", { count: 1 })).click();
    await page.getByRole("button", { name: form.say("draft-delete", { name: "echo second" }) }).click();
    await page.getByText(form.say("drafts-heading", { count: 1 })).waitFor({ state: "detached" });
  });
});

test("a reload in the middle of sending goes on, and the job is one", async () => {
  const content = Buffer.alloc(24 << 20, "jobsphere ");
  await form(async (form, page) => {
    await form.choose({ name: "data.bin", content });
    await form.command("sha256sum < data.bin");
    await kept(page, "sha256sum");
    // The third cut comes after the reload; the first ones give the page time to be in the middle.
    cutter.cuts = [6 << 20, 1 << 20, 1 << 20, 1 << 20];
    await form.run.click();
    await until(() => cutter.uploads.length, (count) => count >= 1, "the sending has begun");
    await page.reload();
    await page.getByText(form.say("draft-interrupted")).waitFor();
    cutter.cuts = [];
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), [`${digest(content)}  -`]);
    assert.ok(Number(cutter.uploads.at(-1).offset) > 0, "what had arrived was not sent again");
    assert.equal(await jobs(form, page), 1);
  }, new RegExp(`${SERVER_AWAY.source}|409`));
});

for (const call of ["/Create", "/Execute"]) {
  test(`a reload while the answer to ${call.slice(1)} is on its way makes no second job`, async () => {
    await form(async (form, page) => {
      await form.choose({ name: "data.txt", content: "once\n" });
      await form.command("cat data.txt");
      await kept(page, "cat data.txt");
      cutter.loses = [call];
      await form.run.click();
      await until(() => cutter.lost.length, (count) => count === 1, "the answer is lost");
      await page.reload();
      await page.getByText(form.say("draft-interrupted")).waitFor();
      const job = await form.submit();
      await job.reaches("success");
      await job.logIsComplete();
      assert.deepEqual(await job.texts("out"), ["once"]);
      assert.equal(await jobs(form, page), 1);
    });
  });
}

test("a full disk is said, loses nothing, and Run goes on", async () => {
  await form(async (form, page) => {
    await form.choose({ name: "data.txt", content: "later\n" });
    await form.command("cat data.txt");
    cutter.answers = [507];
    await form.run.click();
    await page.getByRole("alert").getByText(form.say("run-upload-failed", { file: "data.txt" })).waitFor();
    const job = await form.submit();
    await job.reaches("success");
    assert.equal(await jobs(form, page), 1);
  }, /507/);
});

test("an address that expired, a server that errs, and a pause do not end the sending", async () => {
  const content = Buffer.alloc(1 << 20, "x");
  await form(async (form, page) => {
    await form.choose({ name: "data.bin", content });
    await form.command("sha256sum < data.bin");
    cutter.answers = [503, 410, 500];
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), [`${digest(content)}  -`]);
    assert.equal(cutter.uploads.length, 4);
    assert.equal(await jobs(form, page), 1);
  }, /503|410|500/);
});

test("the sending is paused and goes on", async () => {
  const content = Buffer.alloc(2 << 20, "y");
  await form(async (form, page) => {
    await form.choose({ name: "data.bin", content });
    await form.command("sha256sum < data.bin");
    cutter.holds = true;
    await form.run.click();
    await page.getByRole("button", { name: form.say("run-pause"), exact: true }).click();
    await page.getByText(form.say("run-is-paused"), { exact: true }).waitFor();
    cutter.holds = false;
    await page.getByRole("button", { name: form.say("run-resume"), exact: true }).click();
    const job = await form.submitted();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), [`${digest(content)}  -`]);
  }, SERVER_AWAY);
});

test("every example runs as it is", async () => {
  const outcomes = {
    "example-search": /^2$/,
    "example-plot": /^7 points, from 12\.5 to 19\.9$/,
    "example-progress": /^step 10 of 10$/,
    "example-folder": /one\.txt$/,
  };
  for (const [name, expected] of Object.entries(outcomes)) {
    await form(async (form, page) => {
      await page.getByRole("button", { name: form.say(name), exact: true }).click();
      await until(() => form.text("cmd-label").inputValue(), (value) => value !== "", "the form is filled");
      const job = await form.submit();
      await job.reaches("success");
      await job.logIsComplete();
      const lines = await job.texts("out");
      assert.ok(lines.some((line) => expected.test(line)), `${name}: ${lines}`);
    });
  }
});
