// The whole service in a page: the app as a folder of files on a plain host, without a server.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open } from "./harness/browser.mjs";
import { DEMO, FolderHost } from "./harness/folder.mjs";
import { JobList } from "./harness/list.mjs";
import { NewJob } from "./harness/pages.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
/** Holds the name of one of the app's own pages. */
const PLACE = "/~me/projects/demo/";
/** A page that the host does not know is shown with this status, and so are guesses at where the app lies. */
const NOT_FOUND = /status of 404/;

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
  page.on("request", (request) => {
    if (!request.url().startsWith(host.site + "/") && !/^(blob|data):/.test(request.url())) page.astray.push(request.url());
  });
  return page;
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
