// Opening the log of an ended job with 1,000,000 lines: until its end is on the screen, and until a search has its count.

import { launch, open } from "../../tests/e2e/harness/browser.mjs";
import { NewJob } from "../../tests/e2e/harness/pages.mjs";
import { Server } from "../../tests/e2e/harness/server.mjs";
import { byTurns, milliseconds } from "./numbers.mjs";

const LINES = 1_000_000;
const LAST = `step ${LINES} loss=0.000001`;

export async function measure() {
  const server = await Server.start();
  const browser = await launch();
  try {
    const address = await made(browser, server);
    let searched = [];
    const { opened } = await byTurns(
      {
        opened: async () => {
          const { openedMs, searchedMs } = await visit(browser, address);
          searched.push(searchedMs);
          return openedMs;
        },
      },
      3,
    );
    searched = searched.slice(1).toSorted((a, b) => a - b);
    return [
      {
        what: "a log of 1,000,000 lines, from opening its page to its end on the screen",
        value: milliseconds(opened),
        goal: "within 1 s",
      },
      {
        what: "from the last letter of a search to its count over all of it, when it has been read",
        value: milliseconds(searched[Math.floor(searched.length / 2)]),
        goal: "within 1 s",
      },
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function made(browser, server) {
  const page = await open(browser);
  page.setDefaultTimeout(300_000);
  const form = new NewJob(page, server);
  await form.open();
  await form.choose({
    name: "long.py",
    content: `import sys\nfor n in range(1, ${LINES} + 1): sys.stdout.write(f"step {n} loss={1 / n:.6f}\\n")\n`,
    var: "SCRIPT",
  });
  await form.command("python3 ${SCRIPT}");
  const job = await form.submit();
  await job.reaches("success");
  await job.logIsComplete();
  const { address } = job;
  await page.context().close();
  return address;
}

async function visit(browser, address) {
  const page = await open(browser);
  page.setDefaultTimeout(300_000);
  // Times are taken in the page, which does not wait for the one who asks.
  await page.addInitScript((last) => {
    const shown = () => document.querySelector("[role=log]")?.textContent.includes(last);
    window.opened = new Promise((resolve) => {
      const look = () => (shown() ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))) : requestAnimationFrame(look));
      look();
    });
  }, LAST);
  await page.goto(address);
  const openedMs = await page.evaluate(() => window.opened);
  await page.getByText(/lines, complete/).waitFor();
  const searchedMs = await page.evaluate(() => {
    const field = document.querySelector("[role=search] input");
    field.value = "step 77";
    const begun = performance.now();
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    return new Promise((resolve) => {
      // 77, 770–779, 7,700–7,799, … : so many lines hold it.
      const look = () => (document.querySelector("[role=search] [role=status]").textContent.startsWith("11,111 ") ? resolve(performance.now() - begun) : requestAnimationFrame(look));
      look();
    });
  });
  await page.context().close();
  return { openedMs, searchedMs };
}
