// The memory of a page's process, from /proc: what is its own, and what it shares by its share.

import { readFile } from "node:fs/promises";

const LOOK_EVERY_MS = 200;
/** Long enough to tell a busy process from the others. */
const BUSY_MS = 500;

/** The process that runs a page's scripts and workers. */
export async function processOf(page) {
  const session = await page.context().browser().newBrowserCDPSession();
  const times = async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    return new Map(processInfo.filter(({ type }) => type === "renderer").map(({ id, cpuTime }) => [id, cpuTime]));
  };
  // Chromium does not say which process has which page, but a busy page shows.
  const before = await times();
  await page.evaluate((ms) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  }, BUSY_MS);
  const worked = [...(await times())].map(([id, time]) => [id, time - (before.get(id) ?? time)]);
  await session.detach();
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
