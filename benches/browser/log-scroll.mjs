// Scrolling a log of 100,000 lines, the same for the app and for xterm.js: frames that came late, in a window of the same
// size and by the same steps.

import { launch, open } from "../../tests/e2e/harness/browser.mjs";
import { NewJob } from "../../tests/e2e/harness/pages.mjs";
import { Server } from "../../tests/e2e/harness/server.mjs";
import { Host } from "./bare-page.mjs";

const LINES = 100_000;
const FRAMES = 600;
/** Rows a step: a slow wheel, and a thrown one. */
const STEPS = [3, 40];

const line = (number) => `step ${number} loss=${(1 / number).toFixed(6)} \x1b[32mok\x1b[0m`;

const PROGRAM = `
import sys
for n in range(1, ${LINES} + 1): sys.stdout.write(f"step {n} loss={1 / n:.6f} \\x1b[32mok\\x1b[0m\\n")
`;

export async function measure() {
  const server = await Server.start();
  const host = await Host.start();
  const browser = await launch();
  const findings = [];
  try {
    const app = await openApp(browser, server);
    const reference = await openReference(browser, host);
    for (const rows of STEPS) {
      const ours = await late(app, rows);
      const theirs = await late(reference, rows);
      findings.push({
        what: `scrolling by ${rows} rows a frame: late frames of ${FRAMES}; xterm.js with the same log`,
        value: `${ours}; ${theirs}`,
        goal: "none, and no more than xterm.js",
      });
    }
  } finally {
    await browser.close();
    await host.stop();
    await server.stop();
  }
  return findings;
}

async function openApp(browser, server) {
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  await form.choose({ name: "long.py", content: PROGRAM, var: "SCRIPT" });
  await form.command("python3 ${SCRIPT}");
  const job = await form.submit();
  await job.logIsComplete();
  await job.log.scrollIntoViewIfNeeded();
  await page.evaluate(() => {
    const log = document.querySelector("[role=log]");
    const rowPx = log.querySelector("[data-row]").getBoundingClientRect().height;
    window.toTop = () => (log.scrollTop = 0);
    window.scrollRows = (rows) => (log.scrollTop += rows * rowPx);
    window.place = () => log.scrollTop;
  });
  return page;
}

async function openReference(browser, host) {
  const page = await open(browser);
  await page.goto(host.address);
  const lines = Array.from({ length: LINES }, (_, index) => line(index + 1)).join("\r\n");
  await page.evaluate(async ([lines, count]) => {
    const { Terminal } = await import("/xterm/lib/xterm.mjs");
    const style = document.createElement("link");
    Object.assign(style, { rel: "stylesheet", href: "/xterm/css/xterm.css" });
    document.head.append(style);
    const element = document.createElement("div");
    document.body.replaceChildren(element);
    const terminal = new Terminal({ scrollback: count, rows: 19, cols: 120, fontSize: 13 });
    terminal.open(element);
    await new Promise((resolve) => terminal.write(lines, resolve));
    window.toTop = () => terminal.scrollToTop();
    window.scrollRows = (rows) => terminal.scrollLines(rows);
    window.place = () => terminal.buffer.active.viewportY;
  }, [lines, LINES]);
  return page;
}

/** Scrolls with every frame; how many of them came later than one and a half of the usual. */
function late(page, rows) {
  return page.evaluate(
    async ([rows, frames]) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      window.toTop();
      for (let wait = 0; wait < 30; wait += 1) await frame();
      const begun = window.place();
      const times = [];
      for (let number = 0; number <= frames; number += 1) {
        times.push(await frame());
        window.scrollRows(rows);
      }
      if (window.place() === begun) throw new Error("nothing was scrolled");
      const taken = times.slice(1).map((time, index) => time - times[index]);
      const usual = taken.toSorted((a, b) => a - b)[Math.floor(frames / 2)];
      return taken.filter((ms) => ms > 1.5 * Math.min(usual, 1000 / 60)).length;
    },
    [rows, FRAMES],
  );
}
