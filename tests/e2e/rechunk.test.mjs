// The page's verdict does not depend on where the network cuts an answer.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { NewJob, pattern } from "./harness/pages.mjs";
import { Rechunk, watchReads } from "./harness/rechunk.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
const LINES = ["раз", "два 🦀", "три"];
const complete = pattern(say, "log-complete", ["count"]);
const jobName = "Cut anywhere";
const GET = "ProjectJobService/Get";
const EXECUTE = "ProjectJobService/Execute";
const READ_LOGS = "ProjectJobService/ReadLogs";
/** Two windows share the positions: the machine has at least two processors. */
const WINDOWS = 2;
const FIRST_BYTES = 24;
const LAST_BYTES = 48;
const STEP = 11;

let server;
let browser;
let path;

before(async () => {
  server = await Server.start();
  browser = await launch();
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  await form.text("name-label").fill(jobName);
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

/** What the page shows, the text of closed details included; without the curves, which follow the log at their own pace. */
function look(page) {
  return page.evaluate((curves) => ({
    said: [...document.querySelectorAll("main > *")]
      .filter((part) => part.querySelector("h2")?.textContent !== curves)
      .map((part) => part.textContent.replace(/, printed [^,]+, \d+, [\d:]+ [AP]M/, ""))
      .join("\n"),
    alerts: [...document.querySelectorAll("main [role=alert]")].map((alert) => alert.textContent),
    lines: [...document.querySelectorAll("[role=log] [data-row]")].map((row) => row.querySelector("samp").textContent),
  }), say("charts-heading"));
}

/**
 * Where an answer of so many bytes is cut: anywhere in its first frame's head and what follows it, anywhere in its verdict,
 * and now and then between. (Frames themselves are cut at every byte in the unit tests.)
 */
function positions(length) {
  const all = Array.from({ length: length - 1 }, (_, at) => at + 1);
  return all.filter((at) => at <= FIRST_BYTES || at >= length - LAST_BYTES || at % STEP === 0);
}

/**
 * Opens the job once for each position in an answer of `methods`, every answer cut there, and compares what the page
 * shows with what it shows of whole answers.
 */
async function everyPosition(t, methods, verdicts, isSettled) {
  const cutAt = new Map(methods.map((method) => [method, new Set()]));
  const window = async (number) => {
    const proxy = await Rechunk.start(server);
    t.after(() => proxy.stop());
    proxy.verdicts = verdicts;
    const page = await open(browser);
    await page.addInitScript(watchReads);
    const settled = (at) => until(() => look(page), isSettled, `the page is whole, answers cut at byte ${at}`);
    const visit = async (at) => {
      proxy.at = at;
      proxy.cuts = [];
      // Within the app, so that a visit costs a few calls and not a start.
      await page.getByRole("navigation").getByRole("link", { name: say("nav-new-job"), exact: true }).click();
      await until(() => look(page), ({ said }) => said.includes(say("cmd-label")) && !said.includes(jobName), "the form");
      await page.evaluate(() => history.back());
      return settled(at);
    };
    await page.goto(proxy.url + path);
    await settled(0);
    proxy.lengths.clear();
    const whole = await visit(0);
    const known = methods.map((method) => proxy.lengths.get(method));
    assert.ok(known.every(Number.isFinite), "the page made each of the calls");
    const places = [...new Set(known.flatMap(positions))].sort((one, other) => one - other);
    for (const at of places.filter((_, place) => place % WINDOWS === number)) {
      assert.deepEqual(await visit(at), whole, `answers cut at byte ${at}`);
      for (const { method, firstRead } of proxy.cuts) {
        assert.equal(firstRead, at, `${method}: the page read the first piece by itself`);
        cutAt.get(method)?.add(at);
      }
    }
    assertNoComplaints(page);
    await page.context().close();
    return proxy.lengths;
  };
  const lengths = await Promise.all(Array.from({ length: WINDOWS }, (_, number) => window(number)));
  for (const method of methods) {
    const length = Math.max(...lengths.map((known) => known.get(method)));
    for (const at of positions(length)) assert.ok(cutAt.get(method).has(at), `${method}: was cut at byte ${at}`);
  }
}

test("unary answers and a log that ends well, cut anywhere, look as they do whole", (t) =>
  everyPosition(t, [GET, EXECUTE, READ_LOGS], {}, ({ said, lines, alerts }) => {
    const isWhole = said.includes(say("status-success")) && complete.test(said);
    return isWhole && alerts.length === 0 && LINES.every((line) => lines.includes(line));
  }));

test("a log that ends in an error, cut anywhere, shows its lines and the error", (t) => {
  const message = "журнал закрыт";
  const failed = `grpc-status:9\r\ngrpc-message:${encodeURIComponent(message)}\r\n`;
  return everyPosition(t, [READ_LOGS], { [READ_LOGS]: failed }, ({ said, lines, alerts }) => {
    const isSaid = alerts.length === 1 && alerts[0].includes(say("error-precondition")) && alerts[0].includes(message);
    return isSaid && said.includes(say("status-success")) && LINES.every((line) => lines.includes(line));
  });
});
