// Chromium, and pages that remember everything that went wrong in them.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const PROGRAM = process.env.JOBSPHERE_CHROMIUM ?? "/usr/bin/chromium";
const PATIENCE_MS = 30_000;

/** What the network layer says of a server that is away; only tests that take it away allow this. */
export const SERVER_AWAY = /net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|SOCKET_NOT_CONNECTED)/;

function options() {
  const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return {
    executablePath: PROGRAM,
    args: [
      ...root,
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  };
}

export function launch() {
  return chromium.launch(options());
}

/** A window whose data lies in `folder`: windows without a profile of their own hold no large blobs. */
export async function launchWithProfile(folder) {
  const looks = { viewport: { width: 1280, height: 800 }, locale: "en-US" };
  const context = await chromium.launchPersistentContext(folder, { ...options(), ...looks });
  catchDialogs(context);
  return context;
}

/**
 * Has every file dialog of the pages of `context` caught from their beginning. Asking for it only when one is about to
 * open is too late for a busy page: the key or the click overtakes the request, and a real dialog opens that nobody sees.
 */
function catchDialogs(context) {
  context.on("page", (page) => page.on("filechooser", () => {}));
}

/**
 * Another person's browser window: an own context, so nothing is shared with other windows.
 *
 * `complaints` of the page holds what its console reported as an error, and what it threw.
 */
export async function open(browser, { language = "en", theme = "light", width = 1280, height = 800, isTouched = false } = {}) {
  const context = await browser.newContext({
    locale: language === "ru" ? "ru-RU" : "en-US",
    colorScheme: theme,
    viewport: { width, height },
    hasTouch: isTouched,
    isMobile: isTouched,
    reducedMotion: "reduce",
  });
  catchDialogs(context);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error") page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(`thrown: ${error.message}`));
  return page;
}

/** Fails when the page complained of anything but what `allowed` matches. */
export function assertNoComplaints(page, allowed) {
  const left = page.complaints.filter((complaint) => !allowed?.test(complaint));
  assert.deepEqual(left, [], "the page's console holds errors");
}

/** Asks `read` until `accept` takes its answer; the failure says the last one. */
export async function until(read, accept, what, withinMs = PATIENCE_MS) {
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await read();
    if (accept(answer)) return answer;
    if (performance.now() > end) {
      assert.fail(`${what}: not within ${withinMs} ms; last seen: ${JSON.stringify(answer)}`);
    }
    // Gives way to the browser between two looks.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until the page has read so many files of this window: it keeps their digests then. */
export function readAhead(page, count) {
  return until(() => page.evaluate(digests), (found) => found === count, `${count} digests are kept`);
}

/** Runs in the page: how many digests of files it keeps. */
async function digests() {
  // One that is opened is made.
  if (!(await indexedDB.databases()).some(({ name }) => name === "jobsphere")) return 0;
  const answer = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: reject }));
  const database = await answer(indexedDB.open("jobsphere"));
  const keys = await answer(database.transaction("digests").objectStore("digests").getAllKeys());
  database.close();
  return keys.length;
}
