// The largest file there may be, through the app's own page and the real server: hashed, sent, counted by a job.

import assert from "node:assert/strict";
import { join } from "node:path";

import { launchWithProfile } from "../../tests/e2e/harness/browser.mjs";
import { NewJob } from "../../tests/e2e/harness/pages.mjs";
import { Server } from "../../tests/e2e/harness/server.mjs";
import { randomFile, withFolder } from "./disk.mjs";
import { processOf, Watch } from "./memory.mjs";
import { mebibytes, MIB } from "./numbers.mjs";

/** A file may have 5 GiB. */
const BYTES = 5 * 1024 * MIB - MIB;
const PATIENCE_MS = 30 * 60 * 1000;

export function measure() {
  return withFolder(async (folder) => {
    const file = await randomFile(join(folder, "large.bin"), BYTES);
    const server = await Server.start();
    const context = await launchWithProfile(join(folder, "profile"));
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      return await send(page, server, file);
    } finally {
      await context.close();
      await server.stop();
    }
  });
}

async function send(page, server, file) {
  const form = new NewJob(page, server);
  await form.open();
  await form.choosePaths(file);
  await form.command("wc -c < large.bin");
  const watch = await Watch.start(await processOf(page));
  await page.evaluate(watchTasks);
  await form.run.click();
  await page.getByRole("button", { name: form.say("send-agree"), exact: true }).click();
  const job = await form.submitted();
  const seconds = await page.evaluate(() => (performance.now() - longTasks.since) / 1000);
  const tasks = await page.evaluate(() => longTasks.take());
  const { before, most } = await watch.stop();
  await job.reaches("success");
  await job.logIsComplete();
  assert.deepEqual(await job.texts("out"), [String(BYTES)]);
  const longest = tasks.length === 0 ? "none" : `${tasks.length}, the longest ${Math.round(Math.max(...tasks))} ms`;
  return [
    {
      what: `a file of 5 GiB, hashed and sent in ${Math.round(seconds)} s: memory of the tab at its highest, its own`,
      value: `${mebibytes(most.own)}, ${mebibytes(most.own - before.own)} above before`,
      goal: "under 300 MiB",
    },
    {
      what: "the same with its share of the browser's program",
      value: `${mebibytes(most.share)}, ${mebibytes(most.share - before.share)} above before`,
      goal: "under 300 MiB",
    },
    { what: "tasks over 50 ms on the page's thread meanwhile", value: longest, goal: "none" },
  ];
}

/** Runs in the page: from now on notes how long each task over 50 ms took. */
function watchTasks() {
  const since = performance.now();
  const tasks = [];
  const note = (entries) => {
    for (const { startTime, duration } of entries) if (startTime >= since) tasks.push(duration);
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: "longtask" });
  globalThis.longTasks = {
    since,
    take() {
      note(observer.takeRecords());
      return tasks;
    },
  };
}
