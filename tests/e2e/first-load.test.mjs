// What opening the app costs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { Traffic, loadIcon } from "./harness/traffic.mjs";
import { LANGUAGES, words } from "./harness/words.mjs";

const say = words("en");
/** A little above what it is, so that nothing is added unseen; the goal is 350 KB, see docs/benchmarks.md. */
const BUDGET_BYTES = 558_000;
const FOR_EVER = "public, max-age=31536000, immutable";
/** A script or wasm of the form, and of nothing else. */
const FORM = /\/split_new_job_page-/;

/** The words of a language. */
const WORDS = /\/words-\w+-/;

/** Longer than the first page has for itself. */
const AHEAD_AFTER_MS = 10_000;

let server;
let browser;

before(async () => {
  server = await Server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Opens the app in a window that has nothing of it yet; ends when its first page is there. */
async function firstLoad(page) {
  const traffic = await Traffic.watch(page);
  await page.goto(server.url);
  await page.getByRole("heading", { level: 1, name: say("jobs-heading") }).waitFor();
  await page.getByRole("link", { name: say("jobs-empty-link") }).waitFor();
  const { requests } = traffic;
  await loadIcon(page);
  return { traffic, requests };
}

async function withPage(body) {
  const page = await open(browser);
  try {
    await body(page);
    assertNoComplaints(page);
  } finally {
    await page.context().close();
  }
}

test("the first load stays within its budget and leaves the form out", () =>
  withPage(async (page) => {
    const { traffic, requests } = await firstLoad(page);
    const list = requests.map(({ url, bytes }) => `${bytes} ${url}`).join("\n");
    assert.ok(requests.some(({ url }) => /\/split_jobs_page-/.test(url)), `the app is not in pieces:\n${list}`);
    assert.ok(!requests.some(({ url }) => FORM.test(url)), `the form is loaded:\n${list}`);
    assert.ok(traffic.bytes <= BUDGET_BYTES, `${traffic.bytes} bytes:\n${list}`);
  }));

test("every file of the app is sent compressed and kept for ever, and the page is asked for", () =>
  withPage(async (page) => {
    const { requests } = await firstLoad(page);
    const assets = requests.filter(({ url }) => /\.(js|wasm|css|txt)$/.test(url));
    assert.ok(assets.length >= 5, "script, pieces, wasm, style and words");
    for (const { url, headers } of assets) {
      assert.equal(headers["content-encoding"], "br", url);
      assert.equal(headers["cache-control"], FOR_EVER, url);
      assert.match(headers.vary, /accept-encoding/, url);
    }
    const [index] = requests;
    assert.equal(index.headers["cache-control"], "no-cache");
    assert.equal(index.headers["content-encoding"], "br");
    const again = await fetch(server.url, { headers: { "if-none-match": index.headers.etag } });
    assert.equal(again.status, 304);
  }));

test("the words of one language are loaded, beside the app, and of another when it is chosen", () =>
  withPage(async (page) => {
    const { traffic, requests } = await firstLoad(page);
    const loaded = (requests) => [...new Set(requests.map(({ url }) => /\/words-(\w+)-/.exec(url)?.[1]).filter(Boolean))];
    assert.deepEqual(loaded(requests), ["en"]);
    const begun = await page.evaluate(() => {
      const start = (name) => performance.getEntriesByType("resource").find((entry) => name.test(entry.name)).startTime;
      return { words: start(/\/words-en-/), page: start(/\/split_jobs_page-/) };
    });
    // The first thing that the app itself asks for.
    assert.ok(begun.words < begun.page, JSON.stringify(begun));
    await page.getByRole("combobox", { name: say("language-label"), exact: true }).selectOption("ru");
    await page.getByRole("heading", { level: 1, name: words("ru")("jobs-heading") }).waitFor();
    assert.deepEqual(loaded(traffic.requests), ["en", "ru"]);
  }));

for (const language of LANGUAGES) {
  test(`without its words the app says so, and can be loaded again, ${language}`, async () => {
    const say = words(language);
    const page = await open(browser, { language });
    try {
      await page.route(WORDS, (route) => route.abort());
      await page.goto(server.url);
      await page.getByRole("alert").getByText(say("page-not-loaded")).waitFor();
      await page.unroute(WORDS);
      await page.getByRole("button", { name: say("page-reload") }).click();
      await page.getByRole("heading", { level: 1, name: say("jobs-heading") }).waitFor();
    } finally {
      await page.context().close();
    }
  });
}

test("a language whose words do not come changes nothing but says so", async () => {
  const page = await open(browser);
  try {
    await page.goto(server.url);
    const choice = page.getByRole("combobox", { name: say("language-label"), exact: true });
    await page.route(WORDS, (route) => route.abort());
    await choice.selectOption("ru");
    await page.getByRole("alert").getByText(say("page-not-loaded")).waitFor();
    assert.equal(await choice.inputValue(), "en");
    await page.unroute(WORDS);
    await page.getByRole("button", { name: say("page-reload") }).click();
    await page.getByRole("heading", { level: 1, name: words("ru")("jobs-heading") }).waitFor();
  } finally {
    await page.context().close();
  }
});

test("workers are kept for ever, too", async () => {
  const html = await (await fetch(server.url)).text();
  const workers = [...html.matchAll(/<meta name="worker-\w+" content="([^"]+)"/g)].map(([, address]) => address);
  assert.ok(workers.length >= 2, html);
  for (const address of workers) {
    const script = await fetch(new URL(address, `${server.url}/`), { headers: { "accept-encoding": "br" } });
    assert.equal(script.headers.get("cache-control"), FOR_EVER);
    assert.equal(script.headers.get("content-encoding"), "br");
    const [wasm] = (await script.text()).match(/[\w-]+\.wasm(?=" \}\);\s*$)/);
    const module = await fetch(`${server.url}/${wasm}`, { method: "HEAD" });
    assert.equal(module.status, 200);
    assert.equal(module.headers.get("cache-control"), FOR_EVER);
    assert.equal(module.headers.get("content-type"), "application/wasm");
  }
});

test("pointing at a link to the form loads it, and the link opens it", () =>
  withPage(async (page) => {
    await firstLoad(page);
    const loaded = page.waitForResponse((response) => FORM.test(response.url()));
    const link = page.getByRole("link", { name: say("jobs-empty-link") });
    await link.hover();
    await loaded;
    await link.click();
    await page.getByRole("heading", { level: 1, name: say("new-job-title") }).waitFor();
    const form = new NewJob(page, server);
    await form.command("echo in pieces");
    const job = await form.submit();
    await job.reaches("success");
  }));

test("other pages are loaded ahead when there is nothing else to do, but not for who has a link alone", async () => {
  /** A window at an address, after the time that the first page has for itself; what it asked for. */
  const later = async (page, address, heading) => {
    const traffic = await Traffic.watch(page);
    await page.clock.install();
    await page.goto(server.url + address);
    await page.getByRole("heading", { level: 1, name: say(heading) }).waitFor();
    await page.clock.fastForward(AHEAD_AFTER_MS);
    // Comes behind what the app wants to do when it is idle.
    await page.evaluate(() => new Promise((idle) => requestIdleCallback(idle)));
    return traffic;
  };
  const asks = (traffic, piece) => until(() => traffic.requests.some(({ url }) => piece.test(url)), Boolean, `${piece} is loaded`);
  await withPage(async (page) => {
    await asks(await later(page, "/projects/default/jobs", "jobs-heading"), FORM);
  });
  const page = await open(browser);
  const traffic = await later(page, "/s/nobody#nothing", "shared-gone");
  // What was asked for before this would be there by now.
  await page.getByRole("banner").getByRole("link", { name: "Jobsphere" }).hover();
  await asks(traffic, /\/split_jobs_page-/);
  assert.deepEqual(traffic.requests.map(({ url }) => url).filter((url) => FORM.test(url)), [], "the form is not loaded");
  await page.context().close();
});

test("a page that cannot be loaded says so, and can be loaded again", async () => {
  const page = await open(browser);
  try {
    await page.route(FORM, (route) => route.abort());
    await page.goto(`${server.url}/projects/default/jobs/new`);
    await page.getByText(say("page-not-loaded")).waitFor();
    await page.unroute(FORM);
    await page.getByRole("button", { name: say("page-reload") }).click();
    await page.getByRole("heading", { level: 1, name: say("new-job-title") }).waitFor();
  } finally {
    await page.context().close();
  }
});
