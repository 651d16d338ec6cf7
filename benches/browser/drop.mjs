// A folder of ten thousand files, dropped onto the form; the reference is a page that only lists it.

import { Server } from "../../tests/e2e/harness/server.mjs";
import { launch, open } from "../../tests/e2e/harness/browser.mjs";
import { dropPaths, NewJob } from "../../tests/e2e/harness/pages.mjs";
import { Host } from "./bare-page.mjs";
import { randomFiles, withFolder } from "./disk.mjs";
import { byTurns, milliseconds } from "./numbers.mjs";

const COUNT = 10_000;
const SHAPES = {
  "one folder of 10,000 files": (index) => `flat/${index}.bin`,
  "10,000 files in 100 folders": (index) => `deep/${index % 100}/${index}.bin`,
};

export function measure() {
  return withFolder(async (folder) => {
    const server = await Server.start();
    const host = await Host.start();
    const browser = await launch();
    const findings = [];
    try {
      for (const [shape, name] of Object.entries(SHAPES)) {
        const names = Array.from({ length: COUNT }, (_, index) => name(index));
        await randomFiles(folder, names, 1);
        const dropped = `${folder}/${names[0].split("/")[0]}`;
        const taken = await byTurns({
          app: () => untilSummary(browser, server, dropped),
          bare: () => untilListed(browser, host, dropped),
        });
        findings.push({
          what: `${shape}, from the drop to the folder's summary; merely listing it`,
          value: `${milliseconds(taken.app)}; ${milliseconds(taken.bare)}`,
          goal: "within 1 s",
        });
      }
    } finally {
      await browser.close();
      await host.stop();
      await server.stop();
    }
    return findings;
  });
}

async function untilSummary(browser, server, dropped) {
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  const shown = page.evaluate(watch, COUNT.toLocaleString("en"));
  await form.dropPaths(dropped);
  const ms = await shown;
  await page.context().close();
  return ms;
}

/** Runs in the page: how long after the drop a summary names so many files. */
function watch(count) {
  return new Promise((resolve) => {
    let dropped;
    addEventListener("drop", () => (dropped = performance.now()), { capture: true, once: true });
    new MutationObserver((_, observer) => {
      const summaries = [...document.querySelectorAll("summary")];
      if (!summaries.some((summary) => summary.textContent.includes(count))) return;
      observer.disconnect();
      // After it is on the screen.
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - dropped)));
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
}

async function untilListed(browser, host, dropped) {
  const page = await open(browser);
  await page.goto(host.address);
  const listed = page.evaluate(() => bare.listed());
  await dropPaths(page, page.locator("body"), [dropped]);
  const { ms, said } = await listed;
  if (said !== COUNT) throw new Error(`${said} files were listed`);
  await page.context().close();
  return ms;
}
