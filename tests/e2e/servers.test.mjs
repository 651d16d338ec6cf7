// One page, two servers: each with its own token, which no other ever sees.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
/** What the browser writes when it is refused by the other side; the test that provokes it allows it. */
const REFUSED = /CORS policy|net::ERR_FAILED|status of 403/;

let own, other, deaf;
let browser;
let ownToken, otherToken;
/** Where the pages about the other server are. */
let place;

before(async () => {
  own = await Server.start("--auth", "token");
  other = await Server.start("--auth", "token", "--allow-origin", own.url);
  deaf = await Server.start();
  own.options.push("--connect-to", `${other.url},${deaf.url}`);
  await own.kill();
  await own.restart();
  ownToken = await own.token("add", "anna", "--project", "default", "--role", "editor");
  otherToken = await other.token("add", "anna", "--project", "default", "--role", "editor");
  place = `${own.url}/on/http:127.0.0.1:${other.port}`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  for (const server of [own, other, deaf]) await server?.stop();
});

/** The list of servers. */
class Servers {
  constructor(page) {
    this.page = page;
    this.dialog = page.getByRole("dialog", { name: say("servers") });
  }

  async open() {
    await this.page.getByRole("banner").getByRole("button", { name: /^Server/ }).click();
    await this.dialog.waitFor();
  }

  async add(name, address) {
    await this.dialog.getByLabel(say("name-label"), { exact: true }).fill(name);
    await this.dialog.getByLabel(say("server-address"), { exact: true }).fill(address);
    await this.dialog.getByRole("button", { name: say("server-add"), exact: true }).click();
  }

  link(name) {
    return this.dialog.getByRole("link", { name, exact: true });
  }

  says(id, values) {
    return this.dialog.getByText(say(id, values), { exact: true }).waitFor();
  }
}

async function signIn(page, token) {
  const question = page.getByRole("dialog", { name: say("sign-in-heading") });
  await question.getByLabel(say("token-label"), { exact: true }).fill(token);
  await question.getByRole("button", { name: say("sign-in"), exact: true }).click();
  await question.waitFor({ state: "hidden" });
}

/** Every request of a window, with what it carries; from the network's side, so that nothing is hidden. */
async function watch(page) {
  const seen = [];
  page.context().on("request", async (request) => {
    const entry = { url: request.url(), method: request.method(), text: "" };
    seen.push(entry);
    entry.text = JSON.stringify(await request.allHeaders().catch(() => request.headers()));
  });
  return seen;
}

const stored = (page) =>
  page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));

test("another server is checked, remembered and opened; each token goes to its own server alone", async () => {
  const page = await open(browser);
  const requests = await watch(page);
  await page.goto(`${own.url}/#token=${ownToken}`);
  await page.getByRole("heading", { name: say("jobs-empty-heading") }).waitFor();
  const servers = new Servers(page);
  await servers.open();
  await servers.says("servers-allowed", { urls: `${other.url}, ${deaf.url}` });
  await servers.add("Lab", `${other.url}/`);
  await servers.link("Lab").click();
  await signIn(page, otherToken);
  await page.getByRole("heading", { name: say("jobs-empty-heading") }).waitFor();
  assert.equal(page.url(), `${place}/projects/default/jobs`);
  await page.getByRole("button", { name: say("server-current", { name: "Lab" }), exact: true }).waitFor();

  await page.getByRole("navigation").getByRole("link", { name: say("nav-new-job") }).click();
  await page.waitForURL(`${place}/projects/default/jobs/new`);
  const form = new NewJob(page, own);
  await form.choose({ name: "in.txt", content: "far away\n", var: "IN" });
  await form.output("copy.txt");
  await form.command("cat ${IN}; cp ${IN} copy.txt");
  const job = await form.submit();
  assert.ok(job.address.startsWith(`${place}/projects/default/jobs/`), "the link says where the job is");
  await job.line("out", "far away");
  await job.reaches("success");
  assert.equal((await job.download("copy.txt")).bytes.toString(), "far away\n");
  await page.reload();
  await job.line("out", "far away");
  await servers.open();
  await servers.link(say("server-own")).click();
  await page.getByRole("heading", { name: say("jobs-empty-heading") }).waitFor();

  const to = (server) => requests.filter(({ url }) => url.startsWith(server.url));
  assert.ok(to(other).some(({ method }) => method === "PUT"), "the file went to the other server");
  assert.ok(to(other).some(({ text }) => text.includes(otherToken)));
  assert.ok(to(own).some(({ text }) => text.includes(ownToken)));
  assert.deepEqual(to(other).filter(({ text, url }) => (text + url).includes(ownToken)), []);
  assert.deepEqual(to(own).filter(({ text, url }) => (text + url).includes(otherToken)), []);
  assert.deepEqual(requests.filter(({ url }) => url.startsWith(deaf.url)), []);
  assertNoComplaints(page, /status of 401/);

  // Another tab knows the server, and has no token.
  const tab = await page.context().newPage();
  await tab.goto(`${place}/projects/default/jobs`);
  await tab.getByRole("dialog", { name: say("sign-in-heading") }).getByText(say("sign-in-server", { url: other.url })).waitFor();
  assert.ok(!(await stored(tab)).includes(otherToken));
  await page.context().close();
});

test("a link to an unknown server asks before anything is sent", async () => {
  const author = await open(browser);
  await author.goto(other.link);
  await author.getByRole("heading", { level: 1, name: say("jobs-heading") }).waitFor();
  const form = new NewJob(author, other);
  await form.open();
  await form.command("echo linked");
  const { jobId } = await form.submit();
  await author.context().close();

  const page = await open(browser);
  const requests = await watch(page);
  await page.goto(`${place}/projects/default/jobs/${jobId}#token=${ownToken}`);
  await page.getByRole("heading", { level: 1, name: say("server-ask-title") }).waitFor();
  await page.getByText(say("server-ask-text", { url: other.url }), { exact: true }).waitFor();
  assert.equal(new URL(page.url()).hash, "", "a token leaves the address");
  assert.ok(!(await stored(page)).includes(ownToken), "and is used for nothing");
  // The head leads to the server that the page came from.
  await page.getByRole("navigation", { name: say("nav-label") }).getByRole("link", { name: say("nav-new-job") }).click();
  await page.getByRole("heading", { level: 1, name: say("new-job-title") }).waitFor();
  assert.equal(page.url(), `${own.url}/projects/default/jobs/new`);
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: say("server-ask-title") }).waitFor();
  assert.deepEqual(requests.filter(({ url }) => url.startsWith(other.url)), [], "nothing is sent before the answer");
  await page.getByLabel(say("server-ask-name"), { exact: true }).fill("From a link");
  await page.getByRole("button", { name: say("server-ask-agree"), exact: true }).click();
  await signIn(page, otherToken);
  const job = new JobPage(page);
  await job.line("out", "linked");
  assert.ok(page.url().endsWith(`/jobs/${jobId}`));

  const servers = new Servers(page);
  await servers.open();
  await servers.dialog.getByRole("button", { name: say("server-forget-label", { name: "From a link" }), exact: true }).click();
  await page.waitForURL(`${own.url}/projects/default/jobs`);
  assert.ok(!(await stored(page)).includes(otherToken), "its token is forgotten with it");
  assert.ok(!(await stored(page)).includes(other.url));
  assertNoComplaints(page, /status of 401/);
  await page.context().close();
});

test("what stands in the way is said", async () => {
  const page = await open(browser);
  await page.goto(`${own.url}/#token=${ownToken}`);
  const servers = new Servers(page);
  await servers.open();
  await servers.add("", "jobs.example.org");
  await servers.says("server-problem-address");
  await servers.add("", "http://jobs.example.org");
  await servers.says("server-problem-unencrypted");
  await servers.add("", own.url);
  await servers.says("server-problem-own");
  await servers.add("", "https://jobs.example.org");
  await servers.says("server-problem-not-allowed", { own: own.url, url: "https://jobs.example.org" });
  await servers.add("", deaf.url);
  await servers.says("server-problem-unreachable", { own: own.url, url: deaf.url });
  assertNoComplaints(page, REFUSED);

  await page.goto(deaf.url);
  await page.getByRole("heading", { name: say("jobs-empty-heading") }).waitFor();
  await servers.open();
  await servers.says("servers-none-allowed");
  await page.context().close();
});
