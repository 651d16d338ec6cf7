// The whole way of a job, submit, follow, cancel, download: by keyboard alone, and by touch on a phone.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open } from "./harness/browser.mjs";
import { Gates } from "./harness/gate.mjs";
import { Keyboard } from "./harness/keyboard.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
const PHONE = { width: 390, height: 844 };
/** Below this a finger misses (WCAG 2.2, target size). */
const FINGER_PX = 24;
const CONTENT = "city,degrees\nOslo,4\nЯкутск,-41\n";

let server;
let browser;
let gates;
let home;

before(async () => {
  server = await Server.start();
  gates = new Gates(server);
  browser = await launch();
  home = await mkdtemp(join(tmpdir(), "jobsphere-flow-"));
  await writeFile(join(home, "cities.csv"), CONTENT);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  if (home) await rm(home, { recursive: true });
});

/** Writes its output, then stops at a gate that nobody opens. */
const COMMAND = () => `sort \${CITIES} > sorted.csv; echo begun; ${gates.wait("never")}`;
const SORTED = () => CONTENT.split("\n").filter(Boolean).sort().join("\n") + "\n";

test("by keyboard alone: submitted, followed, cancelled, its output downloaded", async () => {
  const page = await open(browser);
  const keys = new Keyboard(page);
  const button = (id, values) => page.getByRole("button", { name: say(id, values), exact: true });
  await page.goto(`${server.url}/projects/default/jobs`);
  await page.getByRole("heading", { name: say("jobs-empty-heading") }).waitFor();
  const skip = page.getByRole("link", { name: say("skip-to-content"), exact: true });
  await keys.to(skip);
  await keys.pressOn(page.getByRole("navigation", { name: say("nav-label") }).getByRole("link", { name: say("nav-new-job") }));

  const form = new NewJob(page, server);
  await page.getByRole("heading", { level: 1, name: say("new-job-title") }).waitFor();
  await keys.round(skip);
  await keys.to(form.text("cmd-label"));
  await keys.type(COMMAND());
  await keys.to(button("inputs-add"));
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), keys.press("Enter")]);
  await chooser.setFiles(join(home, "cities.csv"));
  const inputs = form.group("inputs-heading");
  const name = inputs.getByRole("textbox", { name: say("var-label"), exact: true });
  await name.waitFor();
  assert.ok(await keys.isAt(button("inputs-add")), "the focus is where the dialog was opened");
  await keys.to(name, "Shift+Tab");
  await keys.type("CITIES");
  await keys.pressOn(button("outputs-add"));
  const path = form.group("outputs-heading").getByRole("textbox", { name: say("path-label"), exact: true });
  await path.waitFor();
  if (!(await keys.isAt(path))) await keys.to(path, "Shift+Tab");
  await keys.type("sorted.csv");
  await keys.to(form.text("name-label"));
  await keys.type("by keys");
  await keys.pressOn(form.run);

  const job = await form.submitted();
  await job.line("out", "begun");
  await keys.to(job.log);
  await keys.to(job.cancel, "Shift+Tab");
  await keys.press("Space");
  const dialog = page.getByRole("dialog", { name: say("cancel-heading") });
  await dialog.waitFor();
  await keys.stop();
  // All stops of the dialog, and on from its last one: never the page behind it.
  for (let presses = 0; presses < 8; presses += 1) {
    await keys.press("Tab");
    const where = await dialog.evaluate((dialog) => [document.activeElement, document.body, dialog].map((part) => part.localName));
    const isInside = await dialog.evaluate((dialog) => dialog.contains(document.activeElement) || document.activeElement === document.body);
    assert.ok(isInside, `the dialog keeps the focus, not ${where[0]}`);
  }
  await keys.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.ok(await keys.isAt(job.cancel), "the focus comes back");
  await keys.press("Enter");
  await dialog.waitFor();
  await keys.type("by keys, too");
  await keys.pressOn(dialog.getByRole("button", { name: say("cancel-kill-now"), exact: true }));
  await dialog.waitFor({ state: "hidden" });
  await job.reaches("cancelled");
  await keys.stop();
  await job.main.getByText(say("cancelled-because", { reason: "by keys, too" }), { exact: true }).waitFor();

  await keys.to(button("download-file", { file: "sorted.csv" }));
  const [download] = await Promise.all([page.waitForEvent("download"), keys.press("Enter")]);
  assert.equal((await readFile(await download.path())).toString(), SORTED());
  await job.logIsComplete();
  await keys.round(skip);
  assertNoComplaints(page);
  await page.context().close();
});

test("by touch on a phone: submitted, followed, cancelled, its output downloaded; nothing moves sideways", async () => {
  const page = await open(browser, { ...PHONE, isTouched: true });
  const button = (id, values) => page.getByRole("button", { name: say(id, values), exact: true });
  /** Nothing is wider than the phone, whatever the browser does to fit it in. */
  const fits = async (step) => {
    const widths = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
    assert.deepEqual(widths, [PHONE.width, PHONE.width], step);
  };
  const tap = async (target, step) => {
    await target.scrollIntoViewIfNeeded();
    const { width, height } = await target.boundingBox();
    assert.ok(width >= FINGER_PX && height >= FINGER_PX, `${step}: ${width}×${height} is too small for a finger`);
    await target.tap();
    await fits(step);
  };
  await page.goto(`${server.url}/projects/default/jobs`);
  await page.getByRole("heading", { level: 1, name: say("jobs-heading") }).waitFor();
  await fits("the list");
  await tap(page.getByRole("navigation", { name: say("nav-label") }).getByRole("link", { name: say("nav-new-job") }), "to the form");

  const form = new NewJob(page, server);
  await page.getByRole("heading", { level: 1, name: say("new-job-title") }).waitFor();
  await tap(form.text("cmd-label"), "the command");
  await page.keyboard.insertText(COMMAND());
  await fits("a long command");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), tap(button("inputs-add"), "choosing a file")]);
  await chooser.setFiles(join(home, "cities.csv"));
  const inputs = form.group("inputs-heading");
  await tap(inputs.getByRole("textbox", { name: say("var-label"), exact: true }), "the variable");
  await page.keyboard.insertText("CITIES");
  await tap(button("outputs-add"), "an output");
  await tap(form.group("outputs-heading").getByRole("textbox", { name: say("path-label"), exact: true }), "its path");
  await page.keyboard.insertText("sorted.csv");
  await tap(form.text("name-label"), "the name");
  await page.keyboard.insertText("a-name-by-touch-that-is-much-too-long-for-the-head-of-the-page-of-a-job-on-a-phone");
  for (const group of ["group-details", "group-python", "group-life"]) {
    await tap(page.locator("summary").filter({ hasText: say(group) }), group);
  }
  await form.run.tap();

  const job = await form.submitted();
  await job.line("out", "begun");
  await fits("the running job");
  await tap(job.cancel, "Cancel");
  const dialog = page.getByRole("dialog", { name: say("cancel-heading") });
  await tap(dialog.getByRole("textbox", { name: say("cancel-reason-label") }), "the reason");
  await page.keyboard.insertText("by touch");
  await dialog.getByRole("button", { name: say("cancel-kill-now"), exact: true }).tap();
  await job.reaches("cancelled");
  await job.logIsComplete();
  await fits("the cancelled job");
  await tap(page.getByTitle(say("preview-file", { file: "sorted.csv" }), { exact: true }), "the preview");
  await page.getByRole("cell", { name: "Oslo", exact: true }).waitFor();
  await fits("the table");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    tap(button("download-file", { file: "sorted.csv" }).first(), "the download"),
  ]);
  assert.equal((await readFile(await download.path())).toString(), SORTED());
  await tap(page.getByRole("link", { name: say("breadcrumb-jobs"), exact: true }), "back to the list");
  await page.getByRole("link", { name: /^a-name-by-touch/ }).waitFor();
  await fits("the list with the job");
  assertNoComplaints(page);
  await page.context().close();
});
