// A server with tokens: the printed link, the question, and nothing lost when a token ends.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open } from "./harness/browser.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
let server;
let browser;

before(async () => {
  server = await Server.start("--auth", "token");
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const kept = (page) =>
  page.evaluate(() => [Object.values({ ...sessionStorage }), Object.values({ ...localStorage })].map(String));

/** The question for a token. */
class Question {
  constructor(page, language = "en") {
    this.page = page;
    this.say = words(language);
    this.dialog = page.getByRole("dialog", { name: this.say("sign-in-heading") });
  }

  async answer(token, { keep = false } = {}) {
    await this.dialog.getByLabel(this.say("token-label"), { exact: true }).fill(token);
    if (keep) await this.dialog.getByRole("checkbox", { name: this.say("token-keep") }).check();
    await this.dialog.getByRole("button", { name: this.say("sign-in"), exact: true }).click();
  }

  gone() {
    return this.dialog.waitFor({ state: "hidden" });
  }
}

test("the printed link signs in, and its token leaves the address", async () => {
  const page = await open(browser);
  await page.goto(server.link);
  await page.getByRole("heading", { name: say("jobs-empty-heading") }).waitFor();
  const token = new URL(server.link).hash.slice("#token=".length);
  assert.ok(token.length > 20, "the link holds a token");
  assert.equal(new URL(page.url()).hash, "");
  const [inTab, inBrowser] = await kept(page);
  assert.ok(inTab.includes(token) && !inBrowser.includes(token), "it is kept in the tab alone");
  await page.goBack().catch(() => undefined);
  assert.ok(!page.url().includes(token), "it is not in the history either");
  await page.goto(`${server.url}/projects/default/jobs`);
  await page.getByRole("heading", { name: say("jobs-empty-heading") }).waitFor();
  assertNoComplaints(page);
  await page.context().close();
});

test("without a token the page asks; a wrong one is said, a right one opens what was asked for", async () => {
  const token = await server.token("add", "anna", "--project", "default", "--role", "editor");
  const page = await open(browser);
  await page.goto(`${server.url}/projects/default/jobs`);
  const question = new Question(page);
  await question.answer("nonsense");
  await question.dialog.getByText(say("token-unknown"), { exact: true }).waitFor();
  await question.answer(token, { keep: true });
  await question.gone();
  await page.getByRole("heading", { name: say("jobs-empty-heading") }).waitFor();
  const [inTab, inBrowser] = await kept(page);
  assert.ok(inBrowser.includes(token) && !inTab.includes(token), "the person asked to keep it");

  const other = await page.context().newPage();
  await other.goto(`${server.url}/projects/default/jobs`);
  await other.getByRole("heading", { name: say("jobs-empty-heading") }).waitFor();
  await page.getByRole("button", { name: say("sign-out"), exact: true }).click();
  await question.dialog.waitFor();
  assert.deepEqual(
    (await kept(page)).map((values) => values.includes(token)),
    [false, false],
  );
  assertNoComplaints(page);
  await page.context().close();
});

test("a form outlives the end of its token, and goes on where it stood", async () => {
  const first = await server.token("add", "boris", "--project", "default", "--role", "editor");
  const page = await open(browser);
  const form = new NewJob(page, server);
  await page.goto(`${server.url}/#token=${first}`);
  await page.getByRole("heading", { name: say("jobs-heading"), exact: true }).waitFor();
  await form.open();
  await form.choose({ name: "in.txt", content: "typed long ago\n", var: "IN" });
  await form.command("cat ${IN}; sleep 1; echo end");
  await server.token("remove", "boris");
  const second = await server.token("add", "boris", "--project", "default", "--role", "editor");
  await page.getByRole("button", { name: say("run"), exact: true }).click();
  const question = new Question(page);
  await question.dialog.waitFor();
  await question.answer(second);
  await page.waitForURL(/\/jobs\/(?!new$)/);
  const job = new JobPage(page);
  await job.line("out", "typed long ago");
  await job.reaches("success");
  assert.deepEqual(await job.texts("out"), ["typed long ago", "end"]);
  assertNoComplaints(page);
  await page.context().close();
});

test("a job that is watched goes on after a new sign-in, without a gap", async () => {
  const first = await server.token("add", "vera", "--project", "default", "--role", "viewer");
  const editor = await open(browser);
  await editor.goto(server.link);
  await editor.getByRole("heading", { name: say("jobs-heading"), exact: true }).waitFor();
  const form = new NewJob(editor, server);
  await form.open();
  await form.command("echo one; until [ -e go ]; do sleep 0.05; done; echo two");
  const job = await form.submit();
  await job.line("out", "one");

  const page = await open(browser);
  await page.goto(`${server.url}/projects/default/jobs#token=${first}`);
  await page.getByRole("heading", { name: say("jobs-heading"), exact: true }).waitFor();
  await page.goto(job.address);
  const watched = new JobPage(page);
  await watched.line("out", "one");
  await server.token("remove", "vera");
  const question = new Question(page);
  await question.dialog.waitFor();
  const second = await server.token("add", "vera", "--project", "default", "--role", "viewer");
  await question.answer(second);
  await question.gone();
  await job.cancelNow();
  await watched.reaches("cancelled");
  await watched.logIsComplete();
  assert.deepEqual(await watched.texts("out"), ["one"]);
  assertNoComplaints(page);
  await editor.context().close();
  await page.context().close();
});

test("who may only look is told so, and the form stays as it was", async () => {
  const token = await server.token("add", "gleb", "--project", "default", "--role", "viewer");
  const page = await open(browser, { language: "ru", theme: "dark", width: 390 });
  const russian = words("ru");
  const form = new NewJob(page, server, "ru");
  await page.goto(`${server.url}/projects/default/jobs/new`);
  await form.command("echo mine");
  await page.getByRole("button", { name: russian("run"), exact: true }).click();
  const question = new Question(page, "ru");
  await question.dialog.waitFor();
  await question.answer(token);
  await page.getByRole("alert").filter({ hasText: russian("error-permission") }).waitFor();
  assert.equal(await form.text("cmd-label").inputValue(), "echo mine");
  assertNoComplaints(page);
  await page.context().close();
});
