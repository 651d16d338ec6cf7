// A chatty job followed for long, through cuts, frozen tabs and a server that dies: nothing may be missing or double at
// the end, and memory must not grow with time. It runs only when it is named; `JOBSPHERE_SOAK_MINUTES` says how long.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { launch, open } from "../../tests/e2e/harness/browser.mjs";
import { Cutter } from "../../tests/e2e/harness/cutter.mjs";
import { NewJob } from "../../tests/e2e/harness/pages.mjs";
import { Server } from "../../tests/e2e/harness/server.mjs";
import { openUnwatched, Watch } from "./memory.mjs";
import { mebibytes } from "./numbers.mjs";

const MINUTES = Number(process.env.JOBSPHERE_SOAK_MINUTES ?? 60);
/** By then the page has warmed up: what memory is then is what it is compared with. */
const WARM_SHARE = 0.1;
const BETWEEN_FAULTS_MS = 15_000;
const AWAY_MS = 4000;
const ASLEEP_MS = 20_000;
/** Ended well, everything must be there after so long. */
const END_WITHIN_MS = 120_000;

/** About a thousand lines a second on both streams, with colours, moving lines and letters of two bytes. */
const CHATTY = `
import os, sys, time
end = time.monotonic() + 60 * float(sys.argv[1])
number = 0
while time.monotonic() < end:
    for _ in range(50):
        number += 1
        os.write(1, f"\\x1b[32mшаг {number}\\x1b[0m loss={1 / number:.6f}\\n".encode())
    os.write(2, f"\\rпройдено {number}".encode())
    if number % 5000 == 0:
        os.write(2, b"\\n")
    time.sleep(0.05)
`;

const faults = {
  cut: async ({ cutter }) => cutter.sever(),
  restart: async ({ server }) => {
    await server.kill();
    await wait(AWAY_MS);
    await server.restart();
  },
  sleep: async ({ session }) => {
    await session.send("Page.setWebLifecycleState", { state: "frozen" });
    await wait(ASLEEP_MS);
    await session.send("Page.setWebLifecycleState", { state: "active" });
  },
  hide: async ({ page }) => {
    const other = await page.context().newPage();
    await other.bringToFront();
    await wait(ASLEEP_MS);
    await other.close();
    await page.bringToFront();
  },
};

async function savedSource(job, source) {
  await job.page.getByRole("button", { name: job.say("log-take"), exact: true }).click();
  const choice = job.page.getByRole("button", { name: new RegExp(`^${source} `) }).last();
  const [download] = await Promise.all([job.page.waitForEvent("download"), choice.click()]);
  await job.page.keyboard.press("Escape");
  return readFile(await download.path());
}

export async function measure() {
  const server = await Server.start();
  const cutter = await Cutter.start(server);
  const browser = await launch();
  const done = Object.fromEntries(Object.keys(faults).map((name) => [name, 0]));
  try {
    const page = await open(browser);
    const session = await page.context().newCDPSession(page);
    const form = new NewJob(page, { url: cutter.url });
    await form.open();
    await form.choose({ name: "chatty.py", content: CHATTY, var: "SCRIPT" });
    await form.command(`python3 \${SCRIPT} ${MINUTES}`);
    const job = await form.submit();
    await job.log.locator("[data-row]").first().waitFor();
    // Its memory is looked at: the same log through the same cuts and restarts, in a page that is merely there.
    const pid = await openUnwatched(browser, page.url());
    const begun = performance.now();
    const end = begun + MINUTES * 60_000;
    let watch;
    for (let turn = 0; performance.now() + ASLEEP_MS + BETWEEN_FAULTS_MS < end; turn += 1) {
      await wait(BETWEEN_FAULTS_MS);
      if (!watch && performance.now() > begun + (end - begun) * WARM_SHARE) watch = await Watch.start(pid);
      const name = Object.keys(faults)[turn % Object.keys(faults).length];
      await faults[name]({ server, cutter, page, session });
      done[name] += 1;
    }
    page.setDefaultTimeout(END_WITHIN_MS);
    await job.reaches("success");
    await job.logIsComplete();
    const { most, quarters } = await watch.stop();
    for (const [source, file] of [["out", "stdout.txt"], ["err", "stderr.txt"]]) {
      const [seen, stored] = [await savedSource(job, source), (await job.download(file)).bytes];
      assert.ok(seen.equals(stored), `${source}: ${seen.length} bytes are seen, ${stored.length} are stored, and they differ`);
    }
    const told = Object.entries(done).map(([name, count]) => `${name} ${count}`).join(", ");
    return [
      {
        what: `following a chatty job for ${MINUTES} minutes (${told}): the view's bytes and the stored ones`,
        value: "equal",
        goal: "equal",
      },
      {
        what: "memory of the process of a page that nothing drives, once warm, median of each quarter of the time; its highest",
        value: `${quarters.map(mebibytes).join(", ")}; ${mebibytes(most.own)}`,
        goal: "flat",
      },
    ];
  } finally {
    await browser.close();
    await cutter.stop();
    await server.stop();
  }
}
