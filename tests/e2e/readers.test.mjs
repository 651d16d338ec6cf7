// Who reads the page through a browser's translator, and who writes with another keyboard.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { JobPage, NewJob, pattern } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");

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

/**
 * Runs in the page: what a translator does that heeds no wish. Every text with letters gives way to one in two elements,
 * now and whenever one appears or changes.
 */
function translate() {
  const skipped = new Set(["SCRIPT", "STYLE", "TEXTAREA", "INPUT", "FONT"]);
  const move = (text) => {
    const parent = text.parentElement;
    if (!parent || skipped.has(parent.tagName) || !/\p{L}/u.test(text.data)) return;
    const outer = document.createElement("font");
    outer.appendChild(document.createElement("font")).append(`«${text.data}»`);
    parent.replaceChild(outer, text);
  };
  const sweep = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    found.forEach(move);
  };
  sweep(document.body);
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "characterData") move(target);
      for (const node of addedNodes) node.nodeType === Node.TEXT_NODE ? move(node) : sweep(node);
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}

test("the page asks not to be translated, and goes on under a translator that does so all the same", async () => {
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  assert.equal(await page.locator("html").getAttribute("translate"), "no");
  await page.evaluate(translate);
  // Names are now in other quotes: parts are found by what stays.
  const heading = () => page.getByRole("heading", { level: 1 }).innerText();
  const language = page.getByRole("combobox").first();
  await language.selectOption("ru");
  await until(heading, (text) => text.includes(words("ru")("new-job-title")), "the page speaks Russian");
  await language.selectOption("en");
  await until(heading, (text) => text.includes(say("new-job-title")), "and English again");
  await page.getByRole("textbox", { name: /config\.yaml/ }).fill("cmd: |\n  for i in 1 2 3; do echo line $i; sleep 1; done; echo done > a.txt; exit 3\noutputs:\n  - a.txt\n  - missing.txt\n");
  await page.getByRole("button", { name: say("run") }).last().click();
  await page.waitForURL(/jobs\/(?!new)/);
  const main = page.getByRole("main");
  const state = () => main.locator(".job-state").innerText();
  await until(state, (text) => text.includes(say("status-error")), "the state follows the job");
  await until(() => main.innerText(), (text) => text.includes(say("failure-code", { code: "3" })), "the failure is said");
  const status = () => main.locator(".log-note").innerText();
  await until(status, (text) => pattern(say, "log-complete", ["count"]).test(text), "the log's status is of now");
  assert.doesNotMatch(await main.innerText(), new RegExp(say("status-executing")));
  // To the list and back.
  await page.getByRole("link", { name: say("breadcrumb-jobs") }).click();
  await until(heading, (text) => text.includes(say("jobs-heading")), "the list is shown");
  await until(() => main.getByRole("rowheader").count(), (count) => count === 1, "with its job");
  await page.goBack();
  await until(() => main.locator(".job-state").count(), (count) => count === 1, "and the job again");
  assertNoComplaints(page);
  await page.context().close();
});

/** Presses a key as another layout sends it: the letter changes, the place does not. */
async function press(page, code, key, modifiers = 0) {
  const session = await page.context().newCDPSession(page);
  const windowsVirtualKeyCode = code === "Slash" ? 191 : code.charCodeAt(3);
  const event = { code, key, modifiers, windowsVirtualKeyCode };
  await session.send("Input.dispatchKeyEvent", { type: "keyDown", text: key, ...event });
  await session.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  await session.detach();
}

test("single keys go by their place in Cyrillic, and by their letter in Latin", async () => {
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  await form.command("echo one");
  const job = await form.submit();
  await job.logIsComplete();
  const wrap = page.getByRole("button", { name: say("log-wrap"), exact: true });
  const wraps = () => wrap.getAttribute("aria-pressed");
  const first = await wraps();
  await press(page, "KeyW", "ц");
  await until(wraps, (now) => now !== first, "ц wraps");
  // AZERTY: the letter is elsewhere, and what stands in its place is another.
  await press(page, "KeyW", "z");
  await press(page, "KeyZ", "w");
  await until(wraps, (now) => now === first, "w wraps, z does not");
  const field = new JobPage(page).page.getByRole("searchbox", { name: say("log-find-label") });
  await press(page, "Slash", ".");
  await until(() => field.evaluate((field) => field === document.activeElement), Boolean, "the field has the focus");
  await page.keyboard.press("Escape");
  await press(page, "Slash", ",", 8);
  await page.getByRole("dialog", { name: say("log-keys-heading") }).waitFor();
  assertNoComplaints(page);
  await page.context().close();
});
