// Many tabs and windows at once: a browser opens six connections to a server, and none of them waits for a job to end.

import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Api } from "./harness/api.mjs";
import { launch, open, until } from "./harness/browser.mjs";
import { Gates } from "./harness/gate.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { PlainDoor } from "./harness/plain.mjs";
import { Server } from "./harness/server.mjs";
import { Sharing } from "./harness/sharing.mjs";
import { Windows } from "./harness/windows.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
/** What is in sight has what came within a second or two on a quiet machine; the jobs would hold it for ever. */
const SOON_MS = 20_000;
/** A short call may take so long. */
const CALL_MS = 10_000;
const TABS = 9;
/** A name whose pages have no Web Locks, as none have that come over a local network without encryption. */
const PLAIN = "jobs.test";
/** What the browser writes of a header that it heeds only where it trusts the name. */
const UNTRUSTED = /Cross-Origin-Opener-Policy header has been ignored/;

let server, gates, api;
let windows;

before(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "jobsphere-tabs-"));
  await writeFile(join(dataDir, "config.toml"), "[queue]\ncpus = 1000\n");
  server = await Server.startIn(dataDir);
  gates = new Gates(server);
  api = await Api.of(server);
  windows = await Windows.launch(`--host-resolver-rules=MAP ${PLAIN} 127.0.0.1`);
});

after(async () => {
  await windows?.close();
  await server?.stop();
});

/** Starts jobs that write a line at each of their gates. */
function start(count, ...marks) {
  const steps = marks.map((mark) => `${gates.wait(mark)}; echo ${mark}`);
  const names = Array.from({ length: count }, (_, index) => `${marks[0]} ${index}`);
  return Promise.all(names.map((name) => api.start(name, ["echo begun", ...steps].join("; "))));
}

const pageOf = (id, origin = server.url) => `${origin}/projects/default/jobs/${id}`;

/** Opens the gate and waits until all that is in sight shows the lines up to its own. */
async function passes(mark, views, lines) {
  await gates.open(mark);
  await Promise.all(views.map((view) => view.shows([...lines, mark], SOON_MS)));
}

/** A new tab with the list of jobs, which is there at once. */
async function listAnswers(name, origin = server.url) {
  const began = performance.now();
  const list = await windows.open(`${origin}/projects/default/jobs`);
  await list.says(name, SOON_MS);
  const took = await list.page.evaluate(async () => {
    const began = performance.now();
    await (await fetch("/", { cache: "no-store" })).text();
    return performance.now() - began;
  });
  assert.ok(took < CALL_MS, `a call takes ${took} ms`);
  return performance.now() - began;
}

test("nine tabs in one window and four windows: what is in sight flows, calls answer, and nothing is lost", async (t) => {
  const jobs = await start(TABS, "one", "two", "three");
  const link = await shareOf(jobs[1]);
  const tabs = [];
  for (const id of jobs) tabs.push(await windows.open(pageOf(id)));
  await tabs.at(-1).shows(["begun"]);
  assert.deepEqual(await Promise.all([tabs[0], tabs.at(-1)].map((tab) => tab.isSeen())), [false, true]);
  const seen = [tabs.at(-1)];
  for (const address of [pageOf(jobs[0]), link, pageOf(jobs[2])]) seen.push(await windows.open(address, { type: "window" }));
  await Promise.all(seen.map((view) => view.shows(["begun"])));
  assert.deepEqual(await Promise.all(seen.map((view) => view.isSeen())), [true, true, true, true]);
  await passes("one", seen, ["begun"]);

  const took = await listAnswers("one 0");
  t.diagnostic(`the list was there after ${Math.round(took)} ms`);
  // The list lies over a window of one tab, which gave its place away and takes it again.
  await seen.at(-1).bringToFront();
  await passes("two", seen, ["begun", "one"]);

  await tabs[3].bringToFront();
  await tabs[3].shows(["begun", "one", "two"], SOON_MS);
  seen[0] = tabs[3];
  await passes("three", seen, ["begun", "one", "two"]);
  await Promise.all(seen.map((view) => view.reaches("success")));
  await tabs[5].bringToFront();
  await tabs[5].reaches("success");
  await tabs[5].shows(["begun", "one", "two", "three"]);
  for (const view of [...tabs, ...seen]) assert.deepEqual(view.complaints, []);
  await Promise.all([...new Set([...tabs, ...seen])].map((view) => view.page.close()));
});

test("the same without Web Locks", async (t) => {
  const door = await PlainDoor.open(server, PLAIN);
  t.after(() => door.close());
  const jobs = await start(4, "four", "five");
  const seen = [];
  for (const id of jobs) seen.push(await windows.open(pageOf(id, door.url), { type: "window" }));
  assert.equal(await seen[0].page.evaluate(() => navigator.locks === undefined), true);
  await Promise.all(seen.map((view) => view.shows(["begun"])));
  await passes("four", seen, ["begun"]);
  await listAnswers("four 0", door.url);
  await seen.at(-1).bringToFront();
  await passes("five", seen, ["begun", "four"]);
  await Promise.all(seen.map((view) => view.reaches("success")));
  const complaints = seen.flatMap((view) => view.complaints);
  assert.deepEqual(complaints.filter((complaint) => !UNTRUSTED.test(complaint)), []);
  t.diagnostic(`at most ${door.mostLogs} logs were read at once`);
});

test("pages about a server of another origin leave its own pages room", async (t) => {
  const home = await Server.start("--connect-to", server.url);
  t.after(() => home.stop());
  server.options.push("--allow-origin", home.url);
  await server.kill();
  await server.restart();
  const jobs = await start(6, "six", "seven");
  const from = `${home.url}/on/http:127.0.0.1:${new URL(server.url).port}`;
  const stranger = await windows.open(`${from}/projects/default/jobs`);
  await Promise.all([stranger.page.waitForNavigation(), stranger.press(say("server-ask-agree"))]);
  await stranger.says("six 0");
  const seen = [];
  for (const [index, id] of jobs.entries()) {
    seen.push(await windows.open(pageOf(id, index % 2 ? from : server.url), { type: "window" }));
  }
  await Promise.all(seen.map((view) => view.shows(["begun"])));
  await passes("six", seen, ["begun"]);
  for (const origin of [server.url, from]) {
    await listAnswers("six 0", origin);
    await seen.at(-1).bringToFront();
  }
  await passes("seven", seen, ["begun", "six"]);
  await Promise.all(seen.map((view) => view.reaches("success")));
  for (const view of seen) assert.deepEqual(view.complaints, []);
  await Promise.all(seen.map((view) => view.page.close()));
});

test("while several tabs send files, calls answer and a log flows", async (t) => {
  const door = await PlainDoor.open(server, "127.0.0.1");
  t.after(() => door.close());
  const browser = await launch();
  t.after(() => browser.close());
  let release;
  door.opened = new Promise((resolve) => (release = resolve));
  const first = await open(browser);
  const forms = [];
  for (let tab = 0; tab < 3; tab += 1) {
    const page = tab === 0 ? first : await first.context().newPage();
    const form = new NewJob(page, door);
    await form.open();
    const file = (number) => ({ name: `${number}.bin`, content: `${tab} ${number} `.repeat(1000) });
    await form.choose(...Array.from({ length: 4 }, (_, number) => file(number)));
    await form.command("cat ?.bin | wc -c");
    await form.run.click();
    forms.push(form);
  }
  await until(() => door.uploads, (count) => count >= 2, "files are on their way");
  const began = performance.now();
  const [id] = await start(1, "eight");
  const job = await first.context().newPage();
  await job.goto(pageOf(id, door.url));
  const log = new JobPage(job);
  await log.line("out", "begun");
  await gates.open("eight");
  await log.reaches("success");
  t.diagnostic(`a job was followed to its end after ${Math.round(performance.now() - began)} ms`);
  assert.ok(door.uploads >= 2 && door.mostUploads <= 3, `${door.mostUploads} files were sent at once`);
  release();
  for (const form of forms) {
    const sent = await form.submitted();
    await sent.reaches("success");
    await sent.line("out", "16000");
  }
});

/** A share link to a job, made by somebody else. */
async function shareOf(id) {
  const browser = await launch();
  const page = await open(browser);
  const sharing = new Sharing(page);
  await sharing.open(pageOf(id));
  const link = await sharing.make();
  await browser.close();
  return link;
}
