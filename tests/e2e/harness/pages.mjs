// The app's pages as a person finds their parts: by role, label and text.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { until } from "./browser.mjs";
import { words } from "./words.mjs";

const JOB_ADDRESS = /\/projects\/[^/]+\/jobs\/(?!new$)[^/?#]+$/;

const bar = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A text whose values are not known, as a pattern: `pattern(say, "log-complete", ["count"])`. */
export function pattern(say, id, values) {
  const marks = Object.fromEntries(values.map((name) => [name, `\u0001${name}\u0001`]));
  return new RegExp(bar(say(id, marks)).replace(/\u0001\w+\u0001/g, ".+"));
}

/**
 * Runs in the page: the rows of its log as `[source, text]`, in order. A view that does not hold them all is scrolled
 * through, and put back to where it stood.
 */
export async function readRows(log) {
  // Ends behind the frame: a bar that is moved within one is moved back by the page, which has not heard of it yet.
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const rows = new Map();
  const read = () => {
    for (const row of log.querySelectorAll("[data-row]")) {
      if (row.dataset.source) rows.set(Number(row.dataset.row), [row.dataset.source, row.querySelector("samp").textContent]);
    }
  };
  const inOrder = () => [...rows].sort(([one], [other]) => one - other).map(([, row]) => row);
  await frame();
  read();
  const isWhole = () => Array.from({ length: Number(log.dataset.rows) }, (_, row) => row).every((row) => rows.has(row));
  const holdsAll = log.querySelectorAll("[data-row]").length >= Number(log.dataset.rows);
  if (isWhole() || holdsAll) return inOrder();
  const stood = log.scrollTop;
  const wasAtEnd = stood + log.clientHeight >= log.scrollHeight - 2;
  const giveUp = performance.now() + 5000;
  for (let top = 0; !isWhole() && performance.now() < giveUp; top += log.clientHeight) {
    if (top > log.scrollHeight) top = 0;
    log.scrollTop = top;
    do {
      await frame();
      read();
    } while (log.querySelector('[data-row]:not([data-source]), [data-row][data-source=""]') && performance.now() < giveUp);
  }
  log.scrollTop = wasAtEnd ? log.scrollHeight : stood;
  await frame();
  return inOrder();
}

/** Drops files and folders of the disk onto a part of a page, as a person does. */
export async function dropPaths(page, place, files) {
  await place.scrollIntoViewIfNeeded();
  const box = await place.boundingBox();
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, x: box.x + 20, y: box.y + 20, data });
  }
  await session.detach();
}

/** The form for a new job. */
export class NewJob {
  constructor(page, server, language = "en") {
    this.page = page;
    this.server = server;
    this.say = words(language);
  }

  async open(project = "default") {
    await this.page.goto(`${this.server.url}/projects/${project}/jobs/new`);
    await this.page.getByRole("heading", { level: 1, name: this.say("new-job-title") }).waitFor();
  }

  text(label) {
    return this.page.getByRole("textbox", { name: this.say(label), exact: true });
  }

  group(heading) {
    return this.page.getByRole("group", { name: this.say(heading), exact: true });
  }

  async command(command) {
    await this.text("cmd-label").fill(command);
  }

  /** Opens a group of options, if it is closed. */
  async openGroup(heading) {
    const summary = this.page.locator("summary").filter({ hasText: this.say(heading) });
    const isOpen = await summary.evaluate((summary) => summary.parentElement.open);
    if (!isOpen) await summary.click();
  }

  /** The other view of the draft. */
  get config() {
    return this.page.getByRole("textbox", { name: "config.yaml", exact: true });
  }

  /** Chooses files with the button, each `{ name, content, path?, var? }`. */
  async choose(...files) {
    await this.choosePaths(
      ...files.map(({ name, content }) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) })),
    );
    await this.#name(files);
  }

  /** Chooses files of the disk with the button. */
  async choosePaths(...files) {
    const inputs = this.group("inputs-heading");
    const [chooser] = await Promise.all([
      this.page.waitForEvent("filechooser"),
      inputs.getByRole("button", { name: this.say("inputs-add"), exact: true }).click(),
    ]);
    await chooser.setFiles(files);
  }

  /** Drops files onto the section of the inputs. */
  async drop(...files) {
    await this.dropOnly(...files);
    await this.#name(files);
  }

  /** Drops files and leaves it to the test what becomes of them. */
  async dropOnly(...files) {
    const plain = files.map(({ name, content }) => ({ name, bytes: [...Buffer.from(content)] }));
    const dragged = await this.page.evaluateHandle((files) => {
      const transfer = new DataTransfer();
      for (const { name, bytes } of files) transfer.items.add(new File([new Uint8Array(bytes)], name));
      return transfer;
    }, plain);
    const inputs = this.group("inputs-heading");
    await inputs.dispatchEvent("dragover", { dataTransfer: dragged });
    await inputs.dispatchEvent("drop", { dataTransfer: dragged });
  }

  /** Drops files and folders of the disk, as a person does. */
  dropPaths(...files) {
    return dropPaths(this.page, this.group("inputs-heading"), files);
  }

  async #name(files) {
    const inputs = this.group("inputs-heading");
    const paths = inputs.getByRole("textbox", { name: this.say("path-label"), exact: true });
    const vars = inputs.getByRole("textbox", { name: this.say("var-label"), exact: true });
    for (const { name, path, var: variable } of files) {
      const values = () => paths.evaluateAll((fields) => fields.map((field) => field.value));
      const present = await until(values, (values) => values.includes(name), `the input ${name} is listed`);
      const place = present.lastIndexOf(name);
      if (variable) await vars.nth(place).fill(variable);
      if (path) await paths.nth(place).fill(path);
    }
  }

  async #row(heading, add, left, right, [first, second]) {
    const group = this.group(heading);
    const lefts = group.getByRole("textbox", { name: this.say(left), exact: true });
    const before = await lefts.count();
    await group.getByRole("button", { name: this.say(add), exact: true }).click();
    await lefts.nth(before).fill(first);
    if (second) await group.getByRole("textbox", { name: this.say(right), exact: true }).nth(before).fill(second);
  }

  output(path, variable) {
    return this.#row("outputs-heading", "outputs-add", "path-label", "var-label", [path, variable]);
  }

  async argument(name, value) {
    await this.openGroup("group-details");
    return this.#row("arguments-heading", "arguments-add", "pair-name-label", "pair-value-label", [name, value]);
  }

  async env(name, value) {
    await this.openGroup("group-details");
    return this.#row("env-heading", "env-add", "pair-name-label", "pair-value-label", [name, value]);
  }

  get run() {
    return this.page.getByRole("button", { name: this.say("run"), exact: true });
  }

  /** Presses Run; the page of the job. */
  async submit(language = "en") {
    await this.run.click();
    return this.submitted(language);
  }

  async submitted(language = "en") {
    await this.page.waitForURL(JOB_ADDRESS);
    return new JobPage(this.page, language);
  }
}

/** The page of a job. */
export class JobPage {
  constructor(page, language = "en") {
    this.page = page;
    this.say = words(language);
    this.main = page.getByRole("main");
    this.log = page.getByRole("log");
  }

  get address() {
    return this.page.url();
  }

  get jobId() {
    return decodeURIComponent(new URL(this.address).pathname.split("/").at(-1));
  }

  /** Waits for a state such as `success`. */
  async reaches(state) {
    await this.main.getByText(this.say(`status-${state}`), { exact: true }).first().waitFor();
  }

  /** The rows as `[source, text]`: all of them, also those that the view does not hold. */
  lines() {
    return this.log.evaluate(readRows);
  }

  /** The texts of the lines of one source. */
  async texts(source) {
    return (await this.lines()).filter(([from]) => from === source).map(([, text]) => text);
  }

  /** Waits for a line of the log. */
  line(source, text) {
    return until(
      () => this.lines(),
      (lines) => lines.some(([from, words]) => from === source && words === text),
      `the log shows ${source}: ${text}`,
    );
  }

  /** Waits until the page says that the log is whole. */
  async logIsComplete() {
    // Each plural that the language has.
    const plurals = [1, 2, 5].map((count) => bar(this.say("log-complete", { count })).replace(String(count), "[\\d\\s.,]+"));
    const complete = new RegExp(plurals.join("|"));
    await this.main.getByText(complete).or(this.main.getByText(this.say("log-empty"), { exact: true })).waitFor();
  }

  /** Downloads a file of the job; its bytes and the name the browser gives it. */
  async download(path) {
    const button = this.page.getByRole("button", { name: this.say("download-file", { file: path }), exact: true });
    const [download] = await Promise.all([this.page.waitForEvent("download"), button.first().click()]);
    assert.equal(await download.failure(), null);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  get cancel() {
    return this.main.getByRole("button", { name: this.say("cancel"), exact: true });
  }

  /** Cancels the job without grace. */
  cancelNow(reason = "") {
    return this.#cancel("cancel-kill-now", reason);
  }

  /** Cancels the job as its own parameters say. */
  cancelGracefully(reason = "") {
    return this.#cancel("cancel-gracefully", reason);
  }

  async #cancel(how, reason) {
    await this.cancel.click();
    const dialog = this.page.getByRole("dialog", { name: this.say("cancel-heading") });
    await dialog.getByRole("textbox", { name: this.say("cancel-reason-label") }).fill(reason);
    await dialog.getByRole("button", { name: this.say(how), exact: true }).click();
  }
}
