// A server with tokens: the printed link, the question, and nothing lost when a token ends.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { Keyboard } from "./harness/keyboard.mjs";
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

/** The question whether to go on as before, or with the token of a link. */
class LinkQuestion {
  constructor(page) {
    this.page = page;
    this.dialog = page.getByRole("dialog", { name: say("link-token-heading") });
    this.stay = this.button("link-token-stay");
    this.change = this.button("link-token-switch");
  }

  button(id) {
    return this.dialog.getByRole("button", { name: say(id), exact: true });
  }

  /** Waits for the question, with nothing of the link's token left to be seen. */
  async asked(token) {
    await this.stay.waitFor();
    assert.ok(!this.page.url().includes(token), "the token is not in the address");
    assert.equal(new URL(this.page.url()).hash, "");
    assert.ok(!(await kept(this.page)).flat().includes(token), "nothing holds it");
    assert.ok(await new Keyboard(this.page).isAt(this.stay), "to go on as before has the focus");
  }

  gone() {
    return this.dialog.waitFor({ state: "hidden" });
  }
}

const editor = (name) => server.token("add", name, "--project", "default", "--role", "editor");

const jobsShown = (page) => page.getByRole("heading", { level: 1, name: say("jobs-heading"), exact: true }).waitFor();

/** Signs in by a link, for the tab. */
async function signInByLink(page, token) {
  await page.goto(`${server.url}/#token=${token}`);
  await jobsShown(page);
}

/** Signs in by the question, for good. */
async function signInForGood(page, token) {
  await page.goto(`${server.url}/projects/default/jobs`);
  const question = new Question(page);
  await question.answer(token, { keep: true });
  await question.gone();
  await jobsShown(page);
}

/** Presses what no dialog covers: there is none, and the page answers. */
async function goesOn(page) {
  await page.getByRole("navigation").getByRole("link", { name: say("nav-new-job") }).click();
  await page.getByRole("heading", { level: 1, name: say("new-job-title") }).waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0, "nothing is asked");
}

/** The tokens that the calls of a window carry, in order; from the network's side. */
function callers(page) {
  const seen = [];
  page.context().on("request", async (request) => {
    const headers = await request.allHeaders().catch(() => request.headers());
    if (headers.authorization) seen.push(headers.authorization.replace(/^Bearer /i, ""));
  });
  return seen;
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
  const writer = await open(browser);
  await writer.goto(server.link);
  await writer.getByRole("heading", { name: say("jobs-heading"), exact: true }).waitFor();
  const form = new NewJob(writer, server);
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
  await writer.context().close();
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

test("a link from elsewhere replaces the session of a tab only when the person says so", async () => {
  const [mine, theirs] = [await editor("dina"), await editor("eva")];
  const page = await open(browser);
  const seen = callers(page);
  await signInByLink(page, mine);
  const question = new LinkQuestion(page);

  for (const goOn of [() => page.keyboard.press("Escape"), () => page.keyboard.press("Enter"), () => question.stay.click()]) {
    await page.goto(`${server.url}/#token=${theirs}`);
    await question.asked(theirs);
    await question.dialog.getByText(say("link-token-risk"), { exact: true }).waitFor();
    await question.dialog.getByText(say("link-token-gone"), { exact: true }).waitFor();
    await goOn();
    await question.gone();
    await goesOn(page);
  }
  assert.ok((await kept(page))[0].includes(mine), "the session is as it was");
  assert.ok(seen.includes(mine) && !seen.includes(theirs), "no call was made with the token of the link");

  await page.goto(`${server.url}/projects/default/jobs/new#token=${theirs}`);
  await question.asked(theirs);
  await Promise.all([page.waitForEvent("load"), question.change.click()]);
  await page.getByRole("heading", { level: 1, name: say("new-job-title") }).waitFor();
  const [inTab, inBrowser] = await kept(page);
  assert.ok(inTab.includes(theirs) && !inTab.includes(mine) && !inBrowser.includes(theirs), "it is held by the tab alone");
  await page.goto(`${server.url}/projects/default/jobs`);
  await jobsShown(page);
  await until(() => seen.at(-1), (token) => token === theirs, "calls are made with the token of the link");
  await page.goBack();
  assert.ok(!page.url().includes(theirs), "it is not in the history either");
  assertNoComplaints(page);
  await page.context().close();
});

test("a kept token outlives a link from elsewhere, whatever the answer", async () => {
  const [mine, theirs] = [await editor("zina"), await editor("igor")];
  const page = await open(browser);
  await signInForGood(page, mine);
  const isKept = async (page) => assert.ok((await kept(page))[1].includes(mine), "the kept token is still kept");

  const tab = await page.context().newPage();
  const question = new LinkQuestion(tab);
  await tab.goto(`${server.url}/#token=${theirs}`);
  await question.asked(theirs);
  await question.dialog.getByText(say("link-token-kept"), { exact: true }).waitFor();
  await isKept(tab);
  await question.stay.click();
  await question.gone();
  await isKept(tab);
  await goesOn(tab);

  await tab.goto(`${server.url}/#token=${theirs}`);
  await question.asked(theirs);
  await Promise.all([tab.waitForEvent("load"), question.change.click()]);
  await jobsShown(tab);
  assert.ok((await kept(tab))[0].includes(theirs), "the tab has switched");
  await isKept(tab);
  await page.reload();
  await jobsShown(page);
  await goesOn(page);
  assert.ok(!(await kept(page)).flat().includes(theirs), "the other tab has not");

  // A token that is good no more, and one that is mistyped, take nothing away.
  await server.token("remove", "igor");
  await tab.reload();
  const asked = new Question(tab);
  // Typed with the wrong keyboard, so that no header could hold it.
  await asked.answer("ещлут");
  await asked.dialog.getByText(say("token-unknown"), { exact: true }).waitFor();
  await isKept(tab);
  const another = await editor("igor");
  await asked.answer(another);
  await asked.gone();
  await isKept(tab);
  const [inTab] = await kept(tab);
  assert.ok(inTab.includes(another) && !inTab.includes(theirs));

  await tab.getByRole("button", { name: say("sign-out"), exact: true }).click();
  await asked.dialog.waitFor();
  const left = (await kept(tab)).flat();
  assert.deepEqual([another, mine].filter((token) => left.includes(token)), [], "who signs out has no token left");
  assertNoComplaints(page);
  await page.context().close();
});

test("a link with the token that is held changes nothing but the address", async () => {
  const token = await editor("klara");
  const page = await open(browser);
  await signInForGood(page, token);
  await page.goto("about:blank");
  await page.goto(`${server.url}/projects/default/jobs#token=${token}`);
  await jobsShown(page);
  assert.equal(page.url(), `${server.url}/projects/default/jobs`);
  await goesOn(page);
  // The same page, of which the address alone changes.
  await page.goto(`${server.url}/projects/default/jobs/new#token=${token}`);
  await until(() => page.url(), (url) => url === `${server.url}/projects/default/jobs/new`, "the address is clean");
  await page.getByRole("navigation").getByRole("link", { name: say("nav-jobs") }).click();
  await jobsShown(page);
  assert.equal(await page.getByRole("dialog").count(), 0, "nothing is asked");
  const [inTab, inBrowser] = await kept(page);
  assert.ok(inBrowser.includes(token) && !inTab.includes(token), "it is kept as it was");
  assertNoComplaints(page);
  await page.context().close();
});

test("a link put into the address of an open page asks, too, and leaves the form alone", async () => {
  const [mine, theirs] = [await editor("lev"), await editor("mark")];
  const page = await open(browser);
  await signInByLink(page, mine);
  const form = new NewJob(page, server);
  await form.open();
  await form.command("echo mine");
  await page.evaluate((token) => (location.hash = `token=${token}`), theirs);
  const question = new LinkQuestion(page);
  await question.asked(theirs);
  await page.keyboard.press("Escape");
  await question.gone();
  assert.equal(await form.text("cmd-label").inputValue(), "echo mine");
  assert.ok((await kept(page))[0].includes(mine));

  await page.getByRole("button", { name: say("sign-out"), exact: true }).click();
  await new Question(page).dialog.waitFor();
  await page.evaluate((token) => (location.hash = `token=${token}`), theirs);
  await new Question(page).gone();
  assert.equal(new URL(page.url()).hash, "", "the token leaves the address");
  assert.ok((await kept(page))[0].includes(theirs), "where there was none, it is used at once");
  assert.equal(await form.text("cmd-label").inputValue(), "echo mine");
  assertNoComplaints(page);
  await page.context().close();
});

test("where the token that is held is good no more, that of a link is offered", async () => {
  const [first, second] = [await editor("nina"), await editor("oleg")];
  const page = await open(browser);
  await signInByLink(page, first);
  await server.token("remove", "nina");
  const question = new Question(page);
  const offer = question.dialog.getByRole("button", { name: say("link-token-use"), exact: true });

  await page.goto(`${server.url}/#token=${second}`);
  await offer.waitFor();
  assert.ok(!page.url().includes(second));
  assert.equal(await new LinkQuestion(page).dialog.count(), 0, "there is nothing to go on with as before");
  await question.dialog.getByRole("button", { name: say("sign-in-later"), exact: true }).click();
  await question.gone();
  assert.ok(!(await kept(page)).flat().includes(second), "it is not used by itself");

  await page.goto(`${server.url}/#token=${second}`);
  await offer.click();
  await question.gone();
  await page.getByText(say("loading")).waitFor({ state: "hidden" });
  await goesOn(page);
  const [inTab, inBrowser] = await kept(page);
  assert.ok(inTab.includes(second) && !inTab.includes(first) && !inBrowser.includes(second));
  assertNoComplaints(page);
  await page.context().close();
});

test("a link whose token the server does not know replaces nothing", async () => {
  const mine = await editor("pavel");
  const page = await open(browser);
  await signInByLink(page, mine);
  await page.goto(`${server.url}/#token=gone`);
  const question = new LinkQuestion(page);
  await question.asked("gone");
  await question.change.click();
  await question.dialog.getByRole("alert").getByText(say("token-unknown"), { exact: true }).waitFor();
  assert.ok((await kept(page))[0].includes(mine));
  await question.stay.click();
  await question.gone();
  await goesOn(page);
  assertNoComplaints(page);
  await page.context().close();
});

test("the page of a share link takes a token out of its address and asks nothing", async () => {
  const [mine, theirs] = [await editor("roman"), await editor("sofia")];
  const page = await open(browser);
  const seen = callers(page);
  await signInByLink(page, mine);
  await page.goto(`${server.url}/s/nothing#token=${theirs}`);
  await page.getByRole("heading", { level: 1, name: say("shared-gone") }).waitFor();
  assert.equal(page.url(), `${server.url}/s/nothing`);
  await page.getByRole("link", { name: "Jobsphere", exact: true }).click();
  await jobsShown(page);
  await goesOn(page);
  assert.ok((await kept(page))[0].includes(mine) && !seen.includes(theirs));
  assertNoComplaints(page);
  await page.context().close();
});
