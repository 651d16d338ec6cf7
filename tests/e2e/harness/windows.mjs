// Windows and tabs of one Chromium as a person has them: of the tabs of a window one is seen, the others are hidden.
//
// Playwright has every page believe that it is seen, so here it is puppeteer that drives.

import puppeteer from "puppeteer-core";
import { until } from "./browser.mjs";
import { words } from "./words.mjs";

const say = words("en");

export class Windows {
  #browser;

  static async launch(...more) {
    const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const windows = new Windows();
    windows.#browser = await puppeteer.launch({
      executablePath: process.env.JOBSPHERE_CHROMIUM ?? "/usr/bin/chromium",
      headless: true,
      args: [...root, "--disable-gpu", "--no-first-run", "--lang=en-US", ...more],
    });
    return windows;
  }

  /** A new tab in the window that is used, or in a window of its own; it shows `address`. */
  async open(address, { type = "tab" } = {}) {
    const page = await this.#browser.newPage({ type });
    const view = new View(page);
    page.on("console", (message) => {
      if (message.type() === "error") view.complaints.push(message.text());
    });
    page.on("pageerror", (error) => view.complaints.push(`thrown: ${error.message}`));
    await page.goto(address, { waitUntil: "domcontentloaded" });
    return view;
  }

  close() {
    return this.#browser.close();
  }
}

/** One page, read without being drawn: a hidden one is not. */
export class View {
  complaints = [];

  constructor(page) {
    this.page = page;
  }

  isSeen() {
    return this.page.evaluate(() => document.visibilityState === "visible");
  }

  bringToFront() {
    return this.page.bringToFront();
  }

  /** The text of the page's main part. */
  text() {
    return this.page.evaluate(() => document.querySelector("main")?.innerText ?? "");
  }

  /** Presses the button of this name, once it is there. */
  async press(name) {
    await (await this.page.waitForSelector(`::-p-aria([name="${name}"][role="button"])`)).click();
  }

  says(words, withinMs) {
    return until(() => this.text(), (text) => text.includes(words), `the page says “${words}”`, withinMs);
  }

  reaches(state, withinMs) {
    return this.says(say(`status-${state}`), withinMs);
  }

  /** The lines of standard output in sight, in order. */
  lines() {
    return this.page.evaluate(() => {
      const rows = [...document.querySelectorAll('[role="log"] [data-row][data-source="out"]')];
      rows.sort((one, other) => Number(one.dataset.row) - Number(other.dataset.row));
      return rows.map((row) => row.querySelector("samp").textContent);
    });
  }

  shows(lines, withinMs) {
    return until(() => this.lines(), (shown) => shown.join() === lines.join(), `the log shows ${lines}`, withinMs);
  }
}
