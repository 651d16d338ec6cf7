// The page's verdict does not depend on where the network cuts an answer.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Rechunk, watchReads } from "./harness/rechunk.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
const OUT = ["раз", "два 🦀"];
const GET = "ProjectJobService/Get";
const EXECUTE = "ProjectJobService/Execute";
const READ_LOGS = "ProjectJobService/ReadLogs";
/** Two windows share the positions: the machine has at least two processors. */
const WINDOWS = 2;

let server;
let browser;
let path;

before(async () => {
  server = await Server.start();
  browser = await launch();
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  await form.command("echo раз; echo два 🦀; echo три >&2");
  const job = await form.submit();
  await job.reaches("success");
  await job.logIsComplete();
  path = new URL(job.address).pathname;
  await page.context().close();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** What the page shows at the end, the text of closed details included. */
async function verdict(job) {
  return { said: await job.main.evaluate((main) => main.textContent), lines: await job.lines() };
}

/**
 * Opens the job once for each position up to the longest answer of `methods`, every answer cut there, and compares
 * what the page shows with what it shows of whole answers.
 */
async function everyPosition(methods, verdicts, settled) {
  const cutAt = new Map(methods.map((method) => [method, new Set()]));
  let longest;
  const window = async (number) => {
    const proxy = await Rechunk.start(server);
    proxy.verdicts = verdicts;
    const page = await open(browser);
    await page.addInitScript(watchReads);
    const job = new JobPage(page);
    const visit = async (at) => {
      proxy.at = at;
      proxy.cuts = [];
      proxy.lengths.clear();
      // Within the app, so that a visit costs a few calls and not a start.
      await page.getByRole("navigation").getByRole("link", { name: say("nav-new-job"), exact: true }).click();
      await page.getByRole("heading", { level: 1, name: say("new-job-title") }).waitFor();
      await page.evaluate(() => history.back());
      await settled(job);
      return verdict(job);
    };
    await page.goto(proxy.url + path);
    await settled(job);
    const whole = await visit(0);
    longest = Math.max(...methods.map((method) => proxy.lengths.get(method)));
    assert.ok(Number.isFinite(longest), "the page made each of the calls");
    for (let at = 1 + number; at < longest; at += WINDOWS) {
      assert.deepEqual(await visit(at), whole, `answers cut at byte ${at}`);
      for (const { method, firstRead } of proxy.cuts) {
        assert.equal(firstRead, at, `${method}: the page read the first piece by itself`);
        cutAt.get(method)?.add(at);
      }
    }
    assertNoComplaints(page);
    await page.context().close();
    await proxy.stop();
    return proxy.lengths;
  };
  const lengths = await Promise.all(Array.from({ length: WINDOWS }, (_, number) => window(number)));
  for (const method of methods) {
    const length = Math.max(...lengths.map((known) => known.get(method) ?? 0));
    assert.equal(cutAt.get(method).size, length - 1, `${method}: every byte position was cut`);
  }
}

test("unary answers and a log that ends well, cut anywhere, look as they do whole", () =>
  everyPosition([GET, EXECUTE, READ_LOGS], {}, async (job) => {
    await job.reaches("success");
    await job.logIsComplete();
    await until(() => job.texts("out"), (lines) => lines.length === OUT.length, "the lines are drawn");
    assert.deepEqual(await job.texts("out"), OUT);
    assert.equal(await job.page.getByRole("alert").count(), 0);
  }));

test("a log that ends in an error, cut anywhere, shows its lines and the error", () => {
  const message = "журнал закрыт";
  const failed = `grpc-status:9\r\ngrpc-message:${encodeURIComponent(message)}\r\n`;
  return everyPosition([READ_LOGS], { [READ_LOGS]: failed }, async (job) => {
    await job.reaches("success");
    const alert = job.main.getByRole("alert").filter({ hasText: say("error-precondition") });
    await alert.waitFor();
    assert.match(await alert.evaluate((element) => element.textContent), new RegExp(message));
    await until(() => job.texts("out"), (lines) => lines.length === OUT.length, "the lines are drawn");
    assert.deepEqual(await job.texts("out"), OUT);
  });
});
