// Firefox over WebDriver BiDi, and the form and the job's page in it, found by role, name and text.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

import { until } from "./browser.mjs";
import { keptDrafts } from "./drafts.mjs";
import { readRows } from "./pages.mjs";
import { words } from "./words.mjs";

const PROGRAM = process.env.JOBSPHERE_FIREFOX ?? "/usr/bin/firefox-esr";
const PATIENCE_MS = 30_000;

const say = words("en");

const role = (role, name) => `aria/${name}[role="${role}"]`;
const button = (name) => role("button", name);
const textbox = (name) => role("textbox", name);

export class Firefox {
  #browser;
  #downloads;

  static async launch() {
    const firefox = new Firefox();
    firefox.#downloads = await mkdtemp(join(tmpdir(), "jobsphere-downloads-"));
    firefox.#browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: PROGRAM,
      headless: true,
      extraPrefsFirefox: {
        "intl.accept_languages": "en-US",
        "browser.download.folderList": 2,
        "browser.download.dir": firefox.#downloads,
        "browser.download.always_ask_before_handling_new_types": false,
        "browser.download.alwaysOpenPanel": false,
      },
    });
    return firefox;
  }

  /** Another person's window; `complaints` holds what its console reported as an error, and what it threw. */
  async open() {
    const context = await this.#browser.createBrowserContext();
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.complaints = [];
    page.downloads = this.#downloads;
    page.on("console", (message) => {
      if (message.type() === "error") page.complaints.push(message.text());
    });
    page.on("pageerror", (error) => page.complaints.push(`thrown: ${error.message}`));
    return page;
  }

  async close() {
    await this.#browser.close();
    await rm(this.#downloads, { recursive: true });
  }
}

/** The form for a new job. */
export class FirefoxForm {
  constructor(page, server) {
    this.page = page;
    this.server = server;
  }

  async open(project = "default") {
    await this.page.goto(`${this.server.url}/projects/${project}/jobs/new`);
    await this.page.waitForSelector(role("heading", say("new-job-title")));
  }

  async fill(label, value) {
    await this.page.locator(textbox(say(label))).fill(value);
  }

  async value(label) {
    const field = await this.page.waitForSelector(textbox(label === "config.yaml" ? label : say(label)));
    return field.evaluate((field) => field.value);
  }

  async config(text) {
    await this.page.locator(textbox("config.yaml")).fill(text);
  }

  #group(heading) {
    return this.page.waitForSelector(role("group", say(heading)));
  }

  /** Chooses files of the disk with the button, one of a section's. */
  async choose(label, ...paths) {
    const [chooser] = await Promise.all([
      this.page.waitForFileChooser(),
      this.page.locator(button(say(label))).click(),
    ]);
    await chooser.accept(paths);
  }

  /** The values of the fields of a section that have this label, when there are `count` of them. */
  async values(heading, label, count) {
    const read = async () => {
      const fields = await (await this.#group(heading)).$$(textbox(say(label)));
      return Promise.all(fields.map((field) => field.evaluate((field) => field.value)));
    };
    return until(read, (values) => values.length === count, `${count} fields ${label}`);
  }

  async fillNth(heading, label, place, value) {
    const fields = await (await this.#group(heading)).$$(textbox(say(label)));
    await fields[place].click();
    await fields[place].type(value);
  }

  async output(path, variable) {
    const group = await this.#group("outputs-heading");
    const before = (await group.$$(textbox(say("path-label")))).length;
    await (await group.$(button(say("outputs-add")))).click();
    await this.values("outputs-heading", "path-label", before + 1);
    await this.fillNth("outputs-heading", "path-label", before, path);
    await this.fillNth("outputs-heading", "var-label", before, variable);
  }

  /** Waits until the draft is kept, with `text` in it and so many files. */
  async isKept(text, files) {
    await until(() => this.page.url(), (url) => url.includes("?draft="), "the draft has an address");
    const isThere = (all) => all.text.includes(text) && all.sources === files;
    await until(() => this.page.evaluate(keptDrafts), isThere, `the draft holds ${text}`);
  }

  /** Presses Run; the page of the job. */
  async submit() {
    const before = this.page.url();
    await this.page.locator(button(say("run"))).click();
    const isJob = () => this.page.url();
    await until(isJob, (url) => url !== before && !new URL(url).pathname.endsWith("/new"), "the job's page is open");
    return new FirefoxJob(this.page);
  }
}

/** The page of a job. */
export class FirefoxJob {
  constructor(page) {
    this.page = page;
  }

  async reaches(state) {
    await this.page.waitForSelector(`::-p-text(${say(`status-${state}`)})`);
  }

  /** The lines of one source, when `enough` is true of them. */
  async texts(source, enough) {
    const log = await this.page.waitForSelector('aria/[role="log"]');
    const read = async () => (await log.evaluate(readRows)).filter(([from]) => from === source).map(([, text]) => text);
    return until(read, enough, `the lines of ${source}`);
  }

  /** Waits until the log says exactly this. */
  async prints(source, ...lines) {
    const told = await this.texts(source, (told) => told.length >= lines.length);
    assert.deepEqual(told, lines);
  }

  async runAgain() {
    await this.page.locator(role("link", say("run-again"))).click();
  }

  /** Downloads a file of the job; its bytes. */
  async download(path) {
    await this.page.locator(button(say("download-file", { file: path }))).click();
    const place = join(this.page.downloads, path.split("/").at(-1));
    const read = () => readFile(place).catch(() => undefined);
    // The browser makes the empty file first, and moves the content there at the end.
    return until(read, (bytes) => bytes?.length > 0, `${path} is downloaded`);
  }
}
