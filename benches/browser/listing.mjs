// The list of a project with 100,000 jobs: how soon it stands, how much is read, and whether anything stutters.

import { launch, open } from "../../tests/e2e/harness/browser.mjs";
import { JobList } from "../../tests/e2e/harness/list.mjs";
import { serverWith } from "../../tests/e2e/harness/many.mjs";
import { mebibytes, milliseconds } from "./numbers.mjs";

const JOBS = 100_000;
/** About what a job with a few inputs and a Python environment has. */
const CONFIG_BYTES = 800;
const PATIENCE_MS = 10 * 60 * 1000;
const TYPED = "run 4711";

export async function measure() {
  const server = await serverWith(JOBS, CONFIG_BYTES);
  const browser = await launch();
  try {
    const page = await open(browser);
    page.setDefaultTimeout(PATIENCE_MS);
    return await look(page, new JobList(page, server));
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function look(page, list) {
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  // The app itself is not what is measured here.
  await list.open("", "nobody");
  await page.getByRole("heading", { name: list.say("jobs-empty-heading") }).waitFor();
  await page.evaluate(watchTasks);
  bytes = 0;
  const begun = performance.now();
  await page.evaluate((path) => {
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
  }, "/projects/default/jobs");
  await list.row(`training run ${JOBS}`).waitFor();
  const first = performance.now() - begun;
  const readFirst = await longest(page);
  // A search wants all of them.
  await list.search.fill("no such job");
  await list.says("filters-nothing-text");
  const whole = performance.now() - begun;
  const reading = await longest(page);
  await list.search.fill("");
  await list.row(`training run ${JOBS}`).waitFor();
  await longest(page);
  const typedAt = performance.now();
  await list.search.pressSequentially(TYPED, { delay: 60 });
  await list.row("training run 4711").waitFor();
  const typing = performance.now() - typedAt - 60 * TYPED.length;
  const whileTyping = await longest(page);
  await list.search.fill("");
  await list.row(`training run ${JOBS}`).waitFor();
  await longest(page);
  const sortedAt = performance.now();
  await list.sortBy("name");
  await list.row("training run 1").waitFor();
  const sorting = performance.now() - sortedAt;
  const whileSorting = await longest(page);
  const frames = await page.evaluate(scroll);
  const whileScrolling = await longest(page);
  return [
    { what: "100,000 jobs: until the first rows stand there", value: milliseconds(first), goal: "within 500 ms" },
    { what: "tasks over 50 ms until then", value: readFirst, goal: "none" },
    { what: "100,000 jobs: until all are read", value: `${milliseconds(whole)}, ${mebibytes(bytes)}`, goal: "-" },
    { what: "tasks over 50 ms while they are read", value: reading, goal: "none" },
    { what: "from the last key of a search to its rows, of 100,000", value: milliseconds(typing), goal: "within 200 ms" },
    { what: "tasks over 50 ms while a search is typed", value: whileTyping, goal: "none" },
    { what: "sorting 100,000 by name", value: milliseconds(sorting), goal: "within 1 s" },
    { what: "tasks over 50 ms while sorting", value: whileSorting, goal: "none" },
    { what: "frames over 33 ms while scrolling for 2 s", value: `${frames.late} of ${frames.all}`, goal: "none" },
    { what: "tasks over 50 ms while scrolling", value: whileScrolling, goal: "none" },
  ];
}

/** The tasks over 50 ms since it was last asked. */
async function longest(page) {
  const tasks = await page.evaluate(() => longTasks.take());
  return tasks.length === 0 ? "none" : `${tasks.length}, the longest ${Math.round(Math.max(...tasks))} ms`;
}

/** Runs in the page: from now on notes how long each task over 50 ms took. */
function watchTasks() {
  let tasks = [];
  const note = (entries) => tasks.push(...entries.map(({ duration }) => duration));
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: "longtask" });
  globalThis.longTasks = {
    take() {
      note(observer.takeRecords());
      const taken = tasks;
      tasks = [];
      return taken;
    },
  };
}

/** Runs in the page: scrolls on by a window's height a frame and tells how many frames came late. */
function scroll() {
  return new Promise((resolve) => {
    const begun = performance.now();
    let [before, all, late] = [begun, 0, 0];
    const step = (now) => {
      all += 1;
      if (now - before > 33) late += 1;
      before = now;
      scrollBy(0, innerHeight);
      if (now - begun < 2000) requestAnimationFrame(step);
      else resolve({ all, late });
    };
    requestAnimationFrame(step);
  });
}
