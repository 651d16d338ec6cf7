// From Run to Execute, of what was never sent before: against the published client, and against merely reading.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { launchWithProfile, readAhead } from "../../tests/e2e/harness/browser.mjs";
import { NewJob } from "../../tests/e2e/harness/pages.mjs";
import { Server } from "../../tests/e2e/harness/server.mjs";
import { withBarePage } from "./bare-page.mjs";
import { randomFile, randomFiles, withFolder } from "./disk.mjs";
import { byTurns, MIB, milliseconds, ratio } from "./numbers.mjs";

const PYTHON = process.env.JOBSPHERE_PYTHON ?? resolve(import.meta.dirname, "../../target/venv/bin/python");
const CLIENT = resolve(import.meta.dirname, "../../tests/foreign/cli.py");
const EXECUTE = /ProjectJobService\/Execute$/;
const PATIENCE_MS = 5 * 60 * 1000;
const ROUNDS = 3;

const FEW = 2000;
const FEW_BYTES = 16 * 1024;
const LARGE_BYTES = 512 * MIB;
const MANY = 50_000;
const MANY_BYTES = 100;

export function measure() {
  return withFolder(async (folder) => [...(await againstClient(folder)), ...(await againstReading(folder))]);
}

async function againstClient(folder) {
  await randomFiles(folder, names("parts", FEW, 1), FEW_BYTES);
  await randomFile(join(folder, "large.bin"), LARGE_BYTES);
  await writeFile(join(folder, "config.yaml"), "cmd: 'true'\ninputs: [large.bin, parts]\n");
  const dropped = [join(folder, "parts"), join(folder, "large.bin")];
  const app = async () => (await submit(folder, dropped, FEW)).runMs;
  const later = async () => (await submit(folder, dropped, FEW, { isReadAhead: true })).runMs;
  const send = async () => withBarePage(folder, [join(folder, "large.bin")], async (page) => (await page.evaluate(() => bare.reference("send"))).ms);
  const taken = await byTurns({ app, later, client: () => client(folder), send }, ROUNDS);
  const against = (ms) => `${ratio(ms, taken.client)} (${milliseconds(ms)} to ${milliseconds(taken.client)})`;
  return [
    {
      what: "a folder of 2,000 files of 16 KiB and a file of 512 MiB, from Run to Execute, against the published client; Run is pressed once the page has read the file ahead",
      value: against(taken.later),
      goal: "at most 1",
    },
    { what: "the same, Run is pressed as soon as the files are shown", value: against(taken.app), goal: "at most 1" },
    {
      what: "the file of 512 MiB alone, merely sent by a page to a server that throws it away, against the same client",
      value: against(taken.send),
      goal: "the browser's own",
    },
  ];
}

async function againstReading(folder) {
  await randomFiles(folder, names("many", MANY, 100), MANY_BYTES);
  const shown = [];
  const app = async () => {
    const { listedMs, shownMs, runMs } = await submit(folder, [join(folder, "many")], MANY);
    shown.push({ listedMs, shownMs });
    return runMs;
  };
  const read = async () => withBarePage(folder, join(folder, "many"), async (page) => (await page.evaluate(() => bare.reference("read"))).ms);
  const taken = await byTurns({ app, read }, ROUNDS);
  const middle = (name) => shown.map((times) => times[name]).toSorted((a, b) => a - b)[Math.floor(shown.length / 2)];
  return [
    {
      what: "50,000 tiny files, from the drop until they are shown by name; with their sizes",
      value: `${milliseconds(middle("listedMs"))}; ${milliseconds(middle("shownMs"))}`,
      goal: "3 s",
    },
    {
      what: "the same, from Run to Execute, against reading them 32 at a time",
      value: `${ratio(taken.app, taken.read)} (${milliseconds(taken.app)} to ${milliseconds(taken.read)})`,
      goal: "at most 1.3",
    },
  ];
}

/** Paths of files that lie in so many folders. */
function names(folder, count, folders) {
  return Array.from({ length: count }, (_, index) => `${folder}/${index % folders}/${index}.bin`);
}

/** Submits what is dropped to a new server, from a window that has sent nothing before. */
async function submit(folder, dropped, count, { isReadAhead = false } = {}) {
  const server = await Server.start();
  const profile = await mkdtemp(join(folder, "profile-"));
  const context = await launchWithProfile(profile);
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const form = new NewJob(page, server);
    await form.open();
    await form.command("true");
    const shown = page.evaluate(watch, count.toLocaleString("en"));
    await form.dropPaths(...dropped);
    const times = await shown;
    if (isReadAhead) await readAhead(page, 1);
    const executed = page.waitForResponse((response) => EXECUTE.test(response.url()));
    const agree = page.getByRole("button", { name: form.say("send-agree"), exact: true });
    const begun = performance.now();
    await form.run.click();
    await Promise.race([executed, agree.click()]);
    await executed;
    return { ...times, runMs: performance.now() - begun };
  } finally {
    await context.close();
    await server.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs in the page: how long after the drop a summary names so many files, and how long until it says their size. */
function watch(count) {
  return new Promise((resolve) => {
    let dropped;
    let listedMs;
    addEventListener("drop", () => (dropped = performance.now()), { capture: true, once: true });
    new MutationObserver((_, observer) => {
      const summaries = [...document.querySelectorAll("summary")].map((summary) => summary.textContent);
      const named = summaries.find((text) => text.includes(count));
      if (named === undefined) return;
      listedMs ??= performance.now() - dropped;
      if (!/\d\s?[kMG]?B/.test(named)) return;
      observer.disconnect();
      // After it is on the screen.
      requestAnimationFrame(() => setTimeout(() => resolve({ listedMs, shownMs: performance.now() - dropped })));
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
}

/** Submits the folder's configuration to a new server with the published client. */
async function client(folder) {
  const server = await Server.start();
  const logs = join(folder, "logs");
  await mkdir(logs, { recursive: true });
  try {
    const begun = performance.now();
    const words = ["project", "job", "execute", "-p", "default", "-c", "config.yaml", "--async", "-o", "execution.json"];
    const child = spawn(PYTHON, [CLIENT, "--log-dir", logs, ...words], {
      cwd: folder,
      env: { ...process.env, ENDPOINT: server.url.replace("http://", "") },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`the client ended with ${code}`);
    return performance.now() - begun;
  } finally {
    await server.stop();
  }
}
