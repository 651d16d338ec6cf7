// From a program's write of a line to its paint in a page that follows it; both read the same machine's clock.

import { launch, open } from "../../tests/e2e/harness/browser.mjs";
import { NewJob } from "../../tests/e2e/harness/pages.mjs";
import { Server } from "../../tests/e2e/harness/server.mjs";
import { milliseconds } from "./numbers.mjs";

const LINES = 200;

const CLOCK = `
import random, time
for number in range(${LINES}):
    time.sleep(0.05 + random.random() / 10)
    print(f"wrote {time.time() * 1000:.3f}", flush=True)
`;

export async function measure() {
  const server = await Server.start();
  const browser = await launch();
  try {
    const page = await open(browser);
    // Painted: the frame that has the row is done, as the task after it shows.
    await page.addInitScript(() => {
      window.delays = new Map();
      new MutationObserver(() => {
        const rows = [...document.querySelectorAll("[role=log] samp")].slice(-4);
        const fresh = rows.map((row) => row.textContent).filter((text) => text.startsWith("wrote ") && !window.delays.has(text));
        for (const text of fresh) window.delays.set(text, undefined);
        requestAnimationFrame(() =>
          setTimeout(() => {
            const now = performance.timeOrigin + performance.now();
            for (const text of fresh) window.delays.set(text, now - Number(text.slice(6)));
          }),
        );
      }).observe(document, { subtree: true, childList: true, characterData: true });
    });
    const form = new NewJob(page, server);
    await form.open();
    await form.choose({ name: "clock.py", content: CLOCK, var: "SCRIPT" });
    await form.command("python3 ${SCRIPT}");
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    const delays = (await page.evaluate(() => [...window.delays.values()])).filter(Number.isFinite).sort((a, b) => a - b);
    if (delays.length < LINES * 0.9) throw new Error(`only ${delays.length} of ${LINES} lines were seen`);
    const at = (share) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))];
    return [
      {
        what: `from a line's write to its paint, ${delays.length} lines: median; 95 of 100`,
        value: `${milliseconds(at(0.5))}; ${milliseconds(at(0.95))}`,
        goal: "median under 100 ms",
      },
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
}
