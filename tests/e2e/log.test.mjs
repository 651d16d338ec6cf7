// Reading a log: what a program may print, finding, filtering, links, groups, keys, saving; and a long one.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { Cutter } from "./harness/cutter.mjs";
import { Gates } from "./harness/gate.mjs";
import { JobPage, NewJob, pattern } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
const LONG = 300_000;
let server;
let browser;

before(async () => {
  server = await Server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Runs a Python program; its page. */
async function run(code, where = server) {
  const page = await open(browser);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const form = new NewJob(page, where);
  await form.open();
  await form.choose({ name: "print.py", content: code, var: "SCRIPT" });
  await form.command("python3 -u ${SCRIPT}");
  const job = await form.submit();
  return Object.assign(job, { form });
}

async function ended(code, where) {
  const job = await run(code, where);
  await job.logIsComplete();
  return job;
}

const button = (job, id, values) => job.page.getByRole("button", { name: say(id, values), exact: true });
const field = (job) => job.page.getByRole("searchbox", { name: say("log-find-label"), exact: true });

/** The row that shows this text. */
const row = (job, text) => job.log.locator("[data-row]").filter({ has: job.page.locator("samp", { hasText: new RegExp(`^${text}$`) }) });

/** The colour of the last words. */
const ink = (job) => row(job, "last words").locator("samp span").evaluate((span) => getComputedStyle(span).color);

/** How wide the letters of a line are. */
const width = (job, text) =>
  row(job, text).locator("samp").evaluate((words) => {
    const letters = document.createRange();
    letters.selectNodeContents(words);
    return letters.getBoundingClientRect().width;
  });

/** The texts of the lines that are marked. */
const marked = (job) =>
  job.log.evaluate((log) => [...log.querySelectorAll("[aria-current] samp")].map((text) => text.textContent).join());

/** What a button of the menu gives as a file. */
async function saved(job, id, values) {
  if (!(await job.page.getByRole("heading", { name: say("log-save-heading") }).isVisible())) await button(job, "log-take").click();
  const choice = job.page.getByRole("button", { name: pattern(say, id, values) });
  const [download] = await Promise.all([job.page.waitForEvent("download"), choice.click()]);
  return readFile(await download.path());
}

async function savedSource(job, source) {
  if (!(await job.page.getByRole("heading", { name: say("log-save-heading") }).isVisible())) await button(job, "log-take").click();
  const choice = job.page.getByRole("button", { name: new RegExp(`^${source} `) }).last();
  const [download] = await Promise.all([job.page.waitForEvent("download"), choice.click()]);
  return readFile(await download.path());
}

test("whatever a program prints is text: colours, moving lines, cut letters, bytes, and hostile words", async () => {
  const job = await ended(`
import sys, time
out = sys.stdout.buffer
def put(data, pause=0.02):
    out.write(data); out.flush(); time.sleep(pause)
put(b"\\x1b[1;31mred\\x1b[0m plain \\x1b[38;2;1;120;250mexact\\x1b[m\\n")
for share in range(0, 101, 10):
    put(b"\\rstep %d%%" % share)
put(b"\\n")
put("до".encode()[:3]); put("до".encode()[3:] + b"m\\n")
put(bytes(b for b in range(256) if b not in (10, 13)) + b"\\n")
put(b"x" * 2_000_000 + b"\\n")
put(b"<img src=x onerror=alert(1)><script>alert(2)</script>\\n")
put("\\u202eevil\\u202c\\n".encode())
put(b"\\x1b]0;owned\\x07\\x1b]8;;http://evil.example/\\x1b\\\\link\\x1b]8;;\\x1b\\\\\\x1b[2Jend\\n")
`);
  const texts = await job.texts("out");
  assert.equal(texts[0], "red plain exact");
  assert.equal(texts[1], "step 100%");
  assert.equal(texts[2], "доm");
  assert.equal(texts[5], "<img src=x onerror=alert(1)><script>alert(2)</script>");
  assert.equal(texts.at(-1), "linkend");
  const red = job.log.getByText("red", { exact: true });
  const [ink, weight] = await red.evaluate((span) => [getComputedStyle(span).color, getComputedStyle(span).fontWeight]);
  assert.equal(ink, await named(job, 1));
  assert.equal(weight, "700");
  assert.equal(await job.log.locator("img, script, iframe, samp a").count(), 0, "nothing was read as markup");
  assert.ok(!(await job.page.title()).includes("owned"));
  assert.deepEqual(await job.page.evaluate(() => [typeof window.alert, window.name]), ["function", ""]);
  // Half a line is said to be left out, and the whole can be had.
  const cut = job.log.getByRole("button", { name: pattern(say, "log-cut", ["size"]) });
  const [tab] = await Promise.all([job.page.waitForEvent("popup"), cut.click()]);
  await tab.waitForURL(/^blob:/);
  await until(() => tab.evaluate(() => document.body?.innerText.trim().length), (length) => length >= 2_000_000, "the whole line");
  assert.equal(await tab.evaluate(() => document.contentType), "text/plain");
  await tab.close();
  // The states that were drawn over.
  await job.log.getByRole("button", { name: pattern(say, "log-states", ["count"]) }).click();
  await until(() => job.texts("out"), (texts) => texts.includes("step 0%") && texts.includes("step 50%"), "all states");
  assertNoComplaints(job.page);
  await job.page.context().close();
});

/** A named colour as the browser computes it. */
const named = (job, number) =>
  job.page.evaluate((number) => {
    const probe = document.createElement("span");
    probe.style.color = `var(--ansi-${number})`;
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }, number);

test("the sixteen colours are readable on the log's ground in both themes", async () => {
  const css = await readFile(resolve(import.meta.dirname, "../../style/tokens.css"), "utf8");
  const light = (hex) => {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
    const [x, y, z] = [r, g, b].map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  // The log's own ground, and that of errors, of pointed rows and of marked ones.
  const twice = (name) => [...css.matchAll(new RegExp(`--${name}: (#\\w{6})`, "g"))].map(([, hex]) => hex);
  const marked = /--mark-ground: light-dark\((#\w{6}), (#\w{6})\)/.exec(css).slice(1);
  const grounds = [twice("log-ground"), twice("bad-ground"), twice("sunken"), marked];
  const colours = [...css.matchAll(/--ansi-(\d+): light-dark\((#\w{6}), (#\w{6})\)/g)];
  assert.equal(colours.length, 16);
  for (const [, number, ...pair] of colours) {
    for (const [theme, hex] of pair.entries()) {
      const reached = Math.min(...grounds.map((ground) => contrast(hex, ground[theme])));
      assert.ok(reached >= 4.5, `colour ${number}, ${["light", "dark"][theme]}: ${reached.toFixed(2)}`);
    }
  }
});

test("the log is searched, filtered, and the view is in the address", async () => {
  const job = await ended(`
import sys
for number in range(1, 201):
    print(f"step {number} loss={1 / number:.3f}", file=sys.stderr if number % 50 == 0 else sys.stdout, flush=True)
`);
  const { page } = job;
  const heading = page.getByRole("heading", { name: say("log-heading"), exact: true });
  const above = async () => (await job.log.boundingBox()).y - (await heading.boundingBox()).y;
  for (const size of [{ width: 390, height: 844 }, page.viewportSize()]) {
    await page.setViewportSize(size);
    await field(job).fill("");
    await button(job, "log-find-next").waitFor({ state: "hidden" });
    const empty = await above();
    await field(job).fill("STEP 15");
    await page.getByText(say("log-matches", { count: 11 }), { exact: true }).waitFor();
    assert.equal(await above(), empty, `the log stays where it is, ${size.width} wide`);
  }
  await field(job).press("Enter");
  await page.getByText(say("log-match-of", { rank: 1, count: 11 }), { exact: true }).waitFor();
  assert.equal(await width(job, "step 15 loss=0.067"), await width(job, "step 16 loss=0.062"), "a match moves no letter");
  await button(job, "log-find-case").click();
  await page.getByText(pattern(say, "log-matches-none", ["lines"])).first().waitFor();
  await button(job, "log-find-case").click();
  await button(job, "log-find-regex").click();
  await field(job).fill("step (");
  await page.getByRole("alert").filter({ hasText: "regex" }).waitFor();
  await field(job).fill("^step (50|100) ");
  await page.getByText(say("log-matches", { count: 2 }), { exact: true }).waitFor();
  await page.getByRole("combobox", { name: say("log-only-label") }).selectOption("2");
  await until(() => job.lines(), (lines) => lines.length === 10, "two matches with their surroundings");
  await page.getByText(/^10 rows shown of 20\d lines$/).waitFor();

  const other = await open(browser);
  await other.goto(page.url());
  const elsewhere = new JobPage(other);
  await until(() => elsewhere.lines(), (lines) => lines.length === 10, "the link reproduces the view");
  assert.deepEqual(await elsewhere.lines(), await job.lines());
  await other.context().close();

  await field(job).fill("nothing like this");
  await page.getByText(pattern(say, "log-matches-none", ["lines"])).first().waitFor();
  await button(job, "log-show-all").click();
  await field(job).fill("");
  await page.getByRole("button", { name: /^out/ }).click();
  const without = (lines) => lines.every(([source]) => source !== "out") && lines.filter(([source]) => source === "err").length === 4;
  await until(() => job.lines(), without, "all but stdout");
  await page.getByText(/^\d rows shown of 20\d lines$/).waitFor();
  await button(job, "log-show-all").click();
  await button(job, "log-find-regex").click();
  await until(() => page.url(), (url) => !url.includes("?"), "the usual view has a clean address");
  assertNoComplaints(page);
  await page.context().close();
});

test("a link leads another window to lines while the job runs, also to those still to come", async () => {
  const gates = new Gates(server);
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  await form.command(`seq 1 500; ${gates.wait("more")}; seq 501 60000; ${gates.wait("end")}`);
  const job = await form.submit();
  await job.line("out", "500");
  await job.log.focus();
  await page.keyboard.press("g");
  await row(job, "3").getByRole("link").click();
  await row(job, "5").getByRole("link").click({ modifiers: ["Shift"] });
  await until(() => page.url(), (url) => /#log-\d+-\d+$/.test(url), "the address names the lines");
  assert.equal(await marked(job), "3,4,5");

  const other = await open(browser);
  await other.goto(page.url());
  const elsewhere = new JobPage(other);
  await row(elsewhere, "4").waitFor();
  await until(() => marked(elsewhere), (texts) => texts === "3,4,5", "the lines are marked");
  await until(() => elsewhere.log.evaluate((log) => document.activeElement === log), Boolean, "the log has the focus");

  const later = await open(browser);
  await job.log.focus();
  await page.keyboard.press("Shift+G");
  const last = Number((await row(job, "500").getByRole("link").getAttribute("href")).split("#log-")[1]);
  // Far beyond what the service measures meanwhile, which is in the log, too.
  const place = last + 200_000;
  await later.goto(job.address.replace(/#.*/, "") + `#log-${place}`);
  const waiting = new JobPage(later);
  await waiting.line("out", "500");
  assert.equal(await marked(waiting), "");
  await gates.open("more");
  await until(() => marked(waiting), (texts) => /^\d{5}$/.test(texts), "the line is shown when it has come");
  const link = waiting.log.locator("[aria-current]").getByRole("link");
  const first = Number((await link.getAttribute("href")).split("#log-")[1]);
  assert.ok(first <= place && place < first + 6, `the line at ${first} holds byte ${place}`);
  await gates.open("end");
  await waiting.logIsComplete();
  for (const each of [page, other, later]) {
    assertNoComplaints(each);
    await each.context().close();
  }
});

test("following stops when the reader scrolls up, says how much came, and goes on at the end", async () => {
  const gates = new Gates(server);
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  await form.command(`seq 1 200; ${gates.wait("more")}; seq 201 207; ${gates.wait("end")}`);
  const job = await form.submit();
  await row(job, "200").waitFor();
  await job.log.hover();
  await page.mouse.wheel(0, -600);
  await button(job, "log-follow").waitFor();
  await until(() => row(job, "200").count(), (count) => count === 0, "the end is out of sight");
  await gates.open("more");
  await button(job, "log-below", { count: 7 }).waitFor();
  assert.equal(await row(job, "207").count(), 0, "the view stays");
  await button(job, "log-below", { count: 7 }).click();
  await row(job, "207").waitFor();
  await gates.open("end");
  await job.logIsComplete();
  assertNoComplaints(page);
  await page.context().close();
});

test("bars on two rows move where they stand, and end as on a terminal; all that was drawn can be seen", async () => {
  const gates = new Gates(server);
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  const bars = (outer, inner) => `printf '\\033[1A\\router ${outer}%%\\033[K\\n\\rinner ${inner}%%\\033[K'`;
  await form.command(
    `echo ready; printf 'outer 0%%\\ninner 0%%\\r'; ${bars(33, 50)}; ${gates.wait("more")}; ${bars(66, 75)}; ` +
      `${bars(99, 100)}; printf '\\nboth done\\n'`,
  );
  const job = await form.submit();
  const texts = () => job.texts("out");
  await until(texts, (texts) => texts.join() === "ready,outer 33%,inner 50%", "the bars are seen while they move");
  await gates.open("more");
  await job.logIsComplete();
  await until(texts, (texts) => texts.join() === "ready,outer 99%,inner 100%,both done", "as a terminal ends");
  await job.log.getByRole("button", { name: pattern(say, "log-states", ["count"]) }).first().click();
  await until(texts, (texts) => texts.includes("outer 33%") && texts.includes("inner 75%"), "what was drawn over");
  assertNoComplaints(page);
  await page.context().close();
});

test("a page that was busy while much came shows the last line", async () => {
  const gates = new Gates(server);
  const job = await run(`
import os, sys, time
print("ready", flush=True)
while not os.path.exists("gate-go"): time.sleep(0.02)
for part in range(60):
    sys.stdout.write("".join(f"line {part * 1000 + number}\\n" for number in range(1000)))
    sys.stdout.flush()
    time.sleep(0.02)
print("last words")
`);
  await row(job, "ready").waitFor();
  const busy = job.page.evaluate(() => {
    const end = performance.now() + 3000;
    while (performance.now() < end);
  });
  await gates.open("go");
  await busy;
  await job.logIsComplete();
  await row(job, "last words").waitFor();
  await job.page.context().close();
});

test("groups fold, times are shown, lines wrap, and keys can be turned off", async () => {
  const job = await ended(`
import sys, time
print("::group::Setup", flush=True)
for number in range(3):
    print(f"install {number}", flush=True)
print("::endgroup::", flush=True)
time.sleep(5.2)
print("late " + "word " * 300, flush=True)
print("Error: it broke", file=sys.stderr, flush=True)
`);
  const { page } = job;
  const fold = job.log.getByRole("button", { name: pattern(say, "log-group", ["count"]) });
  assert.equal(await fold.getAttribute("aria-expanded"), "true");
  await fold.click();
  await until(() => job.texts("out"), (texts) => !texts.includes("install 1"), "the group is closed");
  await until(() => fold.getAttribute("aria-expanded"), (said) => said === "false", "and says so");
  await fold.click();
  await until(() => job.texts("out"), (texts) => texts.includes("install 1"), "the group is open");

  await page.getByRole("combobox", { name: say("log-times-label") }).selectOption("gap");
  await job.log.getByText(/^\+5\.\d+$/).waitFor();

  const late = job.log.locator("[data-row]").filter({ hasText: "late word" });
  const height = () => late.evaluate((row) => row.getBoundingClientRect().height);
  const single = await height();
  await job.log.focus();
  await page.keyboard.press("w");
  await until(height, (now) => now > 3 * single, "the line wraps");
  await page.keyboard.press("w");
  await until(height, (now) => now === single, "and is one row again");

  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: say("log-keys-heading") });
  await sheet.getByRole("checkbox", { name: say("log-keys-on") }).uncheck();
  await sheet.getByRole("button", { name: say("log-keys-close") }).click();
  await job.log.focus();
  await page.keyboard.press("w");
  await page.keyboard.press("/");
  assert.equal(await job.log.evaluate((log) => document.activeElement === log), true, "the keys do nothing");
  assert.equal(await height(), single);
  await page.keyboard.press("Control+f");
  assert.equal(await field(job).evaluate((field) => document.activeElement === field), true, "Ctrl+F finds");
  assertNoComplaints(page);
  await page.context().close();
});

test("what is saved equals the stored files byte for byte after cuts", async () => {
  const cutter = await Cutter.start(server);
  const gates = new Gates(server);
  const job = await run(
    `
import os, sys, time
for number in range(40):
    os.write(1, "строка {}\\n".format(number).encode()[:-1]); os.write(2, b"e\\xff %d\\r\\n" % number); os.write(1, b"\\n")
while not os.path.exists("gate-cut"): time.sleep(0.02)
os.write(1, b"\\x00\\x01 tail without end")
`,
    { url: cutter.url },
  );
  await until(() => job.texts("out"), (texts) => texts.length >= 40, "the lines come");
  cutter.sever();
  await gates.open("cut");
  await job.reaches("success");
  await job.logIsComplete();
  const out = await savedSource(job, "out");
  const err = await savedSource(job, "err");
  assert.deepEqual(out, (await job.download("stdout.txt")).bytes);
  assert.deepEqual(err, (await job.download("stderr.txt")).bytes);
  const whole = await saved(job, "log-save-plain", ["size"]);
  assert.deepEqual(gunzipSync(await saved(job, "log-save-gzip", ["size"])), whole);
  const lines = (await saved(job, "log-save-json", ["size"])).toString().trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.filter(({ source }) => source === "stdout" || source === "out").map(({ text }) => text).slice(0, 40),
    Array.from({ length: 40 }, (_, number) => `строка ${number}`),
  );
  await button(job, "log-copy-all").click();
  await job.page.getByText(/./).filter({ hasText: pattern(say, "log-copied", ["count"]) }).first().waitFor();
  assert.ok((await job.page.evaluate(() => navigator.clipboard.readText())).includes("строка 7"));
  await job.page.context().close();
  await cutter.stop();
});

test("a log that could not be read is read at once when it is asked for again", async () => {
  const short = await ended("print('said')");
  const cutter = await Cutter.start(server);
  // Whoever looks for the log's end is still waiting when the reader is refused.
  let asked = 0;
  cutter.hangs = { test: (path) => path.endsWith("/ReadLogs") && ++asked === 1 };
  cutter.refusals = { "/ReadLogs": [404] };
  const page = await open(browser);
  await page.goto(short.address.replace(server.url, cutter.url));
  const job = new JobPage(page);
  await button(job, "log-try-again").click();
  await job.logIsComplete();
  assert.deepEqual(await job.texts("out"), ["said"]);
  assert.equal(cutter.hanging, 1);
  await page.context().close();
  await short.page.context().close();
  await cutter.stop();
});

test("the end of a long log is shown before the rest has come, and gives way to it", async () => {
  const long = await ended(`
import sys
sys.stdout.write("".join(f"line {number}\\n" for number in range(1, ${LONG + 1})))
sys.stdout.write("\\033[31mlast words\\033[0m\\n")
`);
  const cutter = await Cutter.start(server);
  cutter.logStandsAfter = 700_000;
  const page = await open(browser);
  await page.goto(long.address.replace(server.url, cutter.url));
  const job = new JobPage(page);
  await row(job, "last words").waitFor();
  await page.getByText(pattern(say, "log-ahead", ["count"])).waitFor();
  assert.equal(await ink(job), await ink(long));
  assert.equal(cutter.hanging, 1, "the rest has not come");

  // Whoever scrolls up sees what has been read; its end is far from the log's.
  await job.log.hover();
  await page.mouse.wheel(0, -3000);
  await row(job, "last words").waitFor({ state: "detached" });
  const number = await until(
    () => job.log.locator("[data-row] a").first().textContent(),
    (text) => Number(text) > 1000,
    "lines with numbers are shown",
  );
  assert.ok(Number(number) < LONG / 2, number);
  await page.getByRole("button", { name: pattern(say, "log-below", ["count"]) }).or(button(job, "log-follow")).click();
  await row(job, "last words").waitFor();

  cutter.release();
  await job.logIsComplete();
  assert.equal(await row(job, "last words").locator("a").textContent(), await row(long, "last words").locator("a").textContent());
  assertNoComplaints(page);
  await page.context().close();
  await long.page.context().close();
  await cutter.stop();
});

test("every place of a long log can be scrolled to", async () => {
  const job = await ended(`
import sys
sys.stdout.write("".join(f"line {number}\\n" for number in range(1, ${LONG + 1})))
`);
  await row(job, `line ${LONG}`).waitFor();
  // Every row drawn has the number that its text has, wherever the bar is put.
  for (const share of [0.5, 0.123, 0, 0.9, 1]) {
    await job.log.evaluate((log, share) => (log.scrollTop = share * (log.scrollHeight - log.clientHeight)), share);
    const near = Math.round(share * LONG);
    const look = () =>
      job.log.evaluate((log) =>
        [...log.querySelectorAll("[data-row]")].map((row) => [
          Number(row.dataset.row),
          row.querySelector("a").textContent,
          row.querySelector("samp").textContent,
        ]),
      );
    const rows = await until(
      look,
      (rows) => rows.length > 20 && rows.some(([number]) => Math.abs(number - near) < 40),
      `the rows near ${near}`,
    );
    for (const [number, line, text] of rows) {
      // The service itself says three lines before the first.
      if (text.startsWith("line ")) assert.deepEqual([line, text], [String(number + 1), `line ${number - 2}`]);
    }
    assert.ok(rows.length < 120, "only rows in sight are nodes");
  }
  assertNoComplaints(job.page);
  await job.page.context().close();
});
