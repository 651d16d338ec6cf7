// The whole service in a page: the app as a folder of files on a plain host, without a server.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open } from "./harness/browser.mjs";
import { Firefox, FirefoxForm } from "./harness/firefox.mjs";
import { DEMO, FolderHost } from "./harness/folder.mjs";
import { JobList } from "./harness/list.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
/** Holds the name of one of the app's own pages. */
const PLACE = "/~me/projects/demo/";
/** A page that the host does not know is shown with this status, and so are guesses at where the app lies. */
const NOT_FOUND = /status of 404/;

/** Without a machine, which is made of Debian's packages, no command runs. */
const ONLY_WITH_A_MACHINE = { skip: existsSync(join(DEMO, "machine/about.json")) ? false : "the demo was made without a machine" };

let host;
let browser;

before(async () => {
  host = await FolderHost.show(DEMO, PLACE);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await host?.stop();
});

/** A window that remembers what it asked for outside the folder. */
async function visitor() {
  const page = await open(browser);
  page.astray = [];
  page.context().on("request", (request) => {
    if (!request.url().startsWith(host.site + "/") && !/^(blob|data):/.test(request.url())) page.astray.push(request.url());
  });
  return page;
}

/** Another tab of the same window. */
async function tabBeside(page) {
  const tab = await page.context().newPage();
  tab.setDefaultTimeout(30_000);
  return tab;
}

/** Fills the form in this tab and presses Run. */
async function submit(page, name, command, { inputs = [], outputs = [] } = {}) {
  const form = new NewJob(page, host);
  await form.open();
  await form.text("name-label").fill(name);
  if (inputs.length) await form.choose(...inputs);
  for (const output of outputs) await form.output(output);
  await form.command(command);
  return form.submit();
}

test("the app opens from a folder of files, deep links and reloads included, and says what it cannot do", async () => {
  const page = await visitor();
  await page.goto(`${host.url}/`);
  await page.waitForURL(`${host.url}/projects/default/jobs`);
  const list = new JobList(page, host);
  await page.getByText(say("jobs-empty-heading"), { exact: true }).waitFor();
  assert.deepEqual(page.complaints, [], "at the folder itself nothing is guessed");

  await page.reload();
  await page.getByText(say("jobs-empty-heading"), { exact: true }).waitFor();
  await list.open();
  const form = new NewJob(page, host);
  await form.open();
  assert.equal(page.url(), `${host.url}/projects/default/jobs/new`);
  await form.text("name-label").fill("first");
  await form.choose({ name: "numbers.txt", content: "1\n2\n" });
  await form.command("echo begun");
  assert.deepEqual(page.astray, []);
  assertNoComplaints(page, NOT_FOUND);
  await page.context().close();
});

test("a job runs in the page: files sent, followed, downloaded; after a reload all is there, in every tab", ONLY_WITH_A_MACHINE, async () => {
  const page = await visitor();
  const inputs = [{ name: "numbers.txt", content: "1\n2\n3\n" }];
  const command = "echo begun; mkdir out; awk '{ s += $1 } END { print s }' numbers.txt | tee out/sum.txt > sum.txt; echo oops >&2; exit 3";
  const job = await submit(page, "sums", command, { inputs, outputs: ["sum.txt", "out"] });
  await job.line("out", "begun");
  await job.reaches("error");
  await job.line("err", "oops");
  assert.deepEqual(await job.download("sum.txt"), { name: "sum.txt", bytes: Buffer.from("6\n") });
  const folder = await job.download("out");
  assert.equal(folder.bytes.subarray(0, 2).toString(), "PK");

  await page.reload();
  await job.line("out", "begun");
  await job.reaches("error");
  const beside = await tabBeside(page);
  await new JobList(beside, host).open();
  await new JobList(beside, host).shows("sums");
  // The tab that runs the service goes; the other one runs it from now on.
  const address = page.url();
  await page.close();
  const next = await submit(beside, "after", "echo again");
  await next.line("out", "again");
  await next.reaches("success");
  await beside.goto(address);
  assert.deepEqual((await new JobPage(beside).download("sum.txt")).bytes, Buffer.from("6\n"));
  assert.deepEqual(page.astray, []);
  await beside.context().close();
});

test("a running job is cancelled; one whose tab goes is said to be lost, with its log, and does not begin again", ONLY_WITH_A_MACHINE, async () => {
  const page = await visitor();
  const cancelled = await submit(page, "endless", "echo begun; sleep 1000");
  await cancelled.line("out", "begun");
  await cancelled.cancelNow("enough");
  await cancelled.reaches("cancelled");

  const lost = await submit(page, "lost", "echo begun; sleep 1000");
  await lost.line("out", "begun");
  const beside = await tabBeside(page);
  await beside.goto(page.url());
  const seen = new JobPage(beside);
  await seen.line("out", "begun");
  await page.close();
  await seen.reaches("error");
  await seen.main.getByText(/was lost/).first().waitFor();
  assert.deepEqual(await seen.texts("out"), ["begun"]);
  await beside.context().close();
});

test("in Firefox a job runs in the page, too", ONLY_WITH_A_MACHINE, async () => {
  const firefox = await Firefox.launch();
  try {
    const page = await firefox.open();
    const form = new FirefoxForm(page, host);
    await form.open();
    await form.fill("cmd-label", "echo begun; echo 6 > sum.txt; echo oops >&2");
    await form.output("sum.txt", "OUT");
    const job = await form.submit();
    await job.reaches("success");
    await job.prints("out", "begun");
    assert.equal((await job.download("sum.txt")).toString(), "6\n");
    await page.reload();
    await job.prints("err", "oops");
  } finally {
    await firefox.close();
  }
});
