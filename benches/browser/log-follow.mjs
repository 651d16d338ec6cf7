// Following a job that prints 50,000 lines a second: what keeps the page from answering, and what memory grows to.

import { launch, open } from "../../tests/e2e/harness/browser.mjs";
import { NewJob, pattern } from "../../tests/e2e/harness/pages.mjs";
import { Server } from "../../tests/e2e/harness/server.mjs";
import { processOf, Watch } from "./memory.mjs";
import { mebibytes, milliseconds } from "./numbers.mjs";

const LINES_A_SECOND = 50_000;
const SECONDS = 30;
/** After so long the page has warmed up: what grows from then on grows with the log. */
const WARM_SECONDS = 8;

/** Prints at an even pace, a hundred times a second, and says at the end how many lines it made each second. */
const CHATTY = `
import sys, time
rate, seconds = ${LINES_A_SECOND}, ${SECONDS}
begin, printed = time.monotonic(), 0
while printed < rate * seconds:
    due = min(rate * seconds, int((time.monotonic() - begin) * rate))
    sys.stdout.write("".join(f"step {number} loss={1 / (number + 1):.6f} accuracy=0.{number % 1000:03}\\n" for number in range(printed, due)))
    sys.stdout.flush()
    printed = due
    time.sleep(0.01)
print("rate", round(printed / (time.monotonic() - begin)))
`;

export async function measure() {
  const server = await Server.start();
  const browser = await launch();
  try {
    const page = await open(browser);
    const form = new NewJob(page, server);
    await form.open();
    await form.choose({ name: "chatty.py", content: CHATTY, var: "SCRIPT" });
    await form.command("python3 ${SCRIPT}");
    await page.evaluate(() => {
      window.tasks = [];
      new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
        type: "longtask",
      });
    });
    const job = await form.submit();
    await job.log.locator("[data-row]").first().waitFor();
    const pid = await processOf(page);
    await page.evaluate(() => (window.tasks.length = 0));
    await page.waitForTimeout(WARM_SECONDS * 1000);
    const watch = await Watch.start(pid);
    await job.logIsComplete();
    const { before, most } = await watch.stop();
    const tasks = await page.evaluate(() => window.tasks);
    const rate = (await job.page.getByText(/^rate \d+$/).first().textContent()).split(" ")[1];
    const count = await job.main.getByText(pattern(job.say, "log-complete", ["count"])).textContent();
    return [
      {
        what: `following ${Number(rate).toLocaleString("en")} lines/s for ${SECONDS} s (${count}): tasks over 50 ms on the page's thread, the longest`,
        value: `${tasks.length}, ${milliseconds(Math.max(0, ...tasks))}`,
        goal: "none over 50 ms",
      },
      {
        what: `memory of the page's process after ${WARM_SECONDS} s of it, and its highest until the end`,
        value: `${mebibytes(before.own)}, ${mebibytes(most.own)}`,
        goal: "flat",
      },
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
}
