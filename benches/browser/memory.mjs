// The memory of a page's process, from /proc: what is its own, and what it shares by its share.

import { readFile } from "node:fs/promises";

const LOOK_EVERY_MS = 200;
/** Long enough to tell a busy process from the others. */
const BUSY_MS = 500;

/** The process that runs a page's scripts and workers. */
export async function processOf(page) {
  const session = await page.context().browser().newBrowserCDPSession();
  const pid = await busiest(session, () => page.evaluate(beBusy, BUSY_MS));
  await session.detach();
  return pid;
}

/**
 * Opens a page that the browser's driver knows nothing of, and tells its process: of a page that it knows, the driver
 * has the process keep every answer.
 */
export async function openUnwatched(browser, url) {
  const session = await browser.newBrowserCDPSession();
  const { browserContextId } = await session.send("Target.createBrowserContext");
  const { targetId } = await session.send("Target.createTarget", { url, browserContextId });
  const pid = await busiest(session, async () => {
    const { sessionId } = await session.send("Target.attachToTarget", { targetId, flatten: false });
    const evaluate = { id: 1, method: "Runtime.evaluate", params: { expression: `(${beBusy})(${BUSY_MS})` } };
    await session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify(evaluate) });
    await new Promise((resolve) => setTimeout(resolve, 2 * BUSY_MS));
    await session.send("Target.detachFromTarget", { sessionId });
  });
  await session.detach();
  return pid;
}

/** Runs in a page. */
function beBusy(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** The page's process that works most during `work`: Chromium does not say which one has which page. */
async function busiest(session, work) {
  const times = async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    return new Map(processInfo.filter(({ type }) => type === "renderer").map(({ id, cpuTime }) => [id, cpuTime]));
  };
  const before = await times();
  await work();
  const worked = [...(await times())].map(([id, time]) => [id, time - (before.get(id) ?? time)]);
  return worked.toSorted((a, b) => b[1] - a[1])[0][0];
}

/** Watches a process until `stop`, which tells its memory before, at the highest, and its own by quarters of the time; in bytes. */
export class Watch {
  #isOver = false;
  #own = [];
  #looking;

  static async start(pid) {
    const watch = new Watch();
    watch.before = await memory(pid);
    watch.most = { ...watch.before };
    watch.#looking = watch.#look(pid);
    return watch;
  }

  async #look(pid) {
    while (!this.#isOver) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const now = await memory(pid);
      this.#own.push(now.own);
      for (const kind of Object.keys(now)) this.most[kind] = Math.max(this.most[kind], now[kind]);
    }
  }

  async stop() {
    this.#isOver = true;
    await this.#looking;
    const quarter = Math.ceil(this.#own.length / 4);
    const quarters = [0, 1, 2, 3].map((at) => median(this.#own.slice(at * quarter, (at + 1) * quarter)));
    return { before: this.before, most: this.most, quarters };
  }
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** `own`: what no file backs, also in swap; the browser's own task manager shows this. `share`: with shared pages by share. */
async function memory(pid) {
  const fields = async (file) => {
    const text = await readFile(`/proc/${pid}/${file}`, "utf8");
    return (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;
  };
  const status = await fields("status");
  const rollup = await fields("smaps_rollup");
  return { own: status("RssAnon") + status("VmSwap"), share: rollup("Pss"), resident: status("VmRSS") };
}
