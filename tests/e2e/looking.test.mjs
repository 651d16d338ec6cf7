// Looking at what a job left: tables and texts as people and programs write them, documents with pictures, a preview by its
// address, and the page on paper.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { Api } from "./harness/api.mjs";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
/** The letters of Russian, ё aside, stand in one row in windows-1251. */
const windows1251 = (text) =>
  Buffer.from([...text].map((letter) => {
    const code = letter.codePointAt(0);
    if (code < 128) return code;
    return { Ё: 0xa8, ё: 0xb8 }[letter] ?? code - 0x410 + 0xc0;
  }));
const RUSSIAN = "имя;город;число\r\nЙод;Орёл;1\r\nЩука;Ёлкино;2\r\n";

const FILES = {
  "thousands.csv": 'city,people,area\nAlpha,"1,234","2,511"\nBeta,950,"1,020"\nGamma,"2,100",87\nDelta,"12,005","103,400"\n',
  "training.csv": "epoch,train_loss,val_loss,lr\n1,0.91,nan,1e-3\n2,0.55,0.71,1e-3\n3,inf,0.64,5e-4\n4,0.33,NaN,5e-4\n5,0.29,0.58,-\n",
  "unsure.csv": 'price\n"1,234"\n"5,678"\n',
  "utf16.csv": Buffer.from(`\ufeff${RUSSIAN.replaceAll(";", "\t")}`, "utf16le"),
  "old.csv": windows1251(RUSSIAN),
  "old.json": windows1251('{"имя": "Тверь, Москва"}'),
  "heads.csv": '"Temperature, mean, of the day (°C)";"Station"\n1,5;A\n-2,25;B\n',
  "comments.csv": "# made by a program, on 2026-01-01, from a, b, c\n# second line\nx;y\n1;2\n3;4\n",
  "cr.csv": "a,b\r1,2\r3,4\r",
  "saved.dat": "# x y\n1.0e+00 2.0e+00\n3.0e+00 4.0e+00\n",
  "mark.csv": "\ufeff",
  "empty.csv": "",
  "report.md": "# Report\n\n![a dot](img/dot.png) ![in a folder](folder/plots/dot.png) ![gone](gone.png) ![spy](https://example.org/spy.png)\n",
  "img/dot.png": PNG,
};
const IN_FOLDER = { "folder/plots/dot.png": PNG, "folder/note.md": "![beside](plots/dot.png)\n" };
const LONG = "x".repeat(3000);

let server;
let browser;
let home;
let address;
let api;

before(async () => {
  server = await Server.start();
  browser = await launch();
  home = await mkdtemp(join(tmpdir(), "jobsphere-looking-"));
  for (const [path, content] of Object.entries({ ...FILES, ...IN_FOLDER })) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), content);
  }
  const packed = execFileSync("tar", ["-czf", "-", "-C", home, "."]).toString("base64");
  api = await Api.of(server);
  const command = `echo ${packed} | base64 -d | tar -xzf -; truncate -s 2T image.raw; echo ${LONG}; seq 500`;
  const job = await api.run("Looks", command, { outputs: [...Object.keys(FILES), "folder", "image.raw"] });
  address = `/projects/default/jobs/${job}`;
});

after(async () => {
  await browser?.close();
  await server?.stop();
  if (home) await rm(home, { recursive: true });
});

/** Opens the page of the job, which must have no complaint at the end. */
async function withPage(body, options = {}, query = "") {
  const page = await open(browser, options);
  try {
    await page.goto(server.url + address + query);
    await body(page, looks(page, words(options.language ?? "en")));
    assertNoComplaints(page);
  } finally {
    await page.context().close();
  }
}

function looks(page, say) {
  const preview = (path) => page.getByRole("region", { name: say("preview-of", { file: path }), exact: true }).first();
  const read = async (path) => {
    await preview(path).waitFor();
    await preview(path).getByText(say("loading"), { exact: true }).waitFor({ state: "detached" });
    return preview(path);
  };
  return {
    preview,
    read,
    look: async (path) => {
      await page.getByTitle(say("preview-file", { file: path }), { exact: true }).click();
      return read(path);
    },
    heads: (preview) => preview.getByRole("columnheader").allInnerTexts(),
    column: (preview, place) => preview.locator(`tbody tr td:nth-child(${place})`).allInnerTexts(),
  };
}

test("numbers are decided by their column, and what is not sure is words", () =>
  withPage(async (page, { look, column }) => {
    const thousands = await look("thousands.csv");
    await thousands.getByRole("button", { name: "people", exact: true }).click();
    assert.deepEqual(await column(thousands, 1), ["Beta", "Alpha", "Gamma", "Delta"]);
    assert.deepEqual(await column(thousands, 2), ["950", "1,234", "2,100", "12,005"], "cells stay as they are");
    await thousands.getByText(say("plot-heading"), { exact: true }).click();
    await thousands.getByLabel(say("plot-y")).selectOption({ label: "people" });
    await thousands.getByText("people: 4 numbers from 950 to 12,005, mean 4,072.25", { exact: false }).first().waitFor();
    const training = await look("training.csv");
    await training.getByText(say("plot-heading"), { exact: true }).click();
    await training.getByText("lr: 4 numbers from 0.0005 to 0.001, mean 0.00075", { exact: false }).first().waitFor();
    await training.getByText(say("plot-gaps", { count: 1 }), { exact: false }).first().waitFor();
    await training.getByLabel(say("plot-y")).selectOption({ label: "val_loss" });
    await training.getByText("val_loss: 3 numbers from 0.58 to 0.71", { exact: false }).first().waitFor();
    const unsure = await look("unsure.csv");
    await unsure.getByText(say("table-unsure", { columns: "price" })).waitFor();
    assert.equal(await unsure.getByText(say("plot-heading"), { exact: true }).count(), 0);
  }));

test("tables of offices and programs are read, their encoding is said and can be changed", () =>
  withPage(async (page, { look, heads, column }) => {
    const named = [["utf16.csv", "read-as", "UTF-16LE"], ["old.csv", "read-guessed", "windows-1251"]];
    for (const [path, sentence, encoding] of named) {
      const preview = await look(path);
      await preview.getByText(say(sentence, { encoding }), { exact: false }).waitFor();
      assert.deepEqual(await heads(preview), ["имя", "город", "число"], path);
      assert.deepEqual(await column(preview, 2), ["Орёл", "Ёлкино"], path);
    }
    const old = await look("old.csv");
    await old.getByText(say("read-guessed", { encoding: "windows-1251" }), { exact: false }).click();
    await old.getByLabel(say("reading-encoding")).selectOption("KOI8-R");
    await old.getByText(say("read-as", { encoding: "KOI8-R" }), { exact: false }).waitFor();
    assert.notDeepEqual(await heads(old), ["имя", "город", "число"]);
    await old.getByLabel(say("reading-encoding")).selectOption("");
    await old.getByRole("columnheader", { name: "город" }).waitFor();
    await old.getByLabel(say("reading-cells")).selectOption({ label: say("cells-uncut") });
    await old.getByText("имя;город;число").waitFor();
    await (await look("old.json")).getByText('"имя": "Тверь, Москва"').waitFor();
    const headed = await look("heads.csv");
    assert.deepEqual(await heads(headed), ["Temperature, mean, of the day (°C)", "Station"]);
    const comments = await look("comments.csv");
    assert.deepEqual(await heads(comments), ["x", "y"]);
    await comments.getByText("# second line").waitFor();
    assert.deepEqual(await column(await look("cr.csv"), 1), ["1", "3"]);
    assert.deepEqual(await heads(await look("saved.dat")), ["x", "y"]);
    await (await look("empty.csv")).getByText(say("preview-empty")).waitFor();
    await (await look("mark.csv")).getByText(say("preview-mark")).waitFor();
  }));

test("a preview has an address, a document its pictures, the page a form on paper", async () => {
  const drawn = (image) => until(() => image.evaluate((image) => image.complete && image.naturalWidth), (width) => width === 1, "it is drawn");
  await withPage(async (page, { look, preview, read }) => {
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.getByRole("heading", { level: 1, name: "Looks" }).waitFor();
    const report = await look("report.md");
    for (const name of ["a dot", "in a folder"]) await drawn(report.getByRole("img", { name, exact: true }));
    await report.getByText(say("document-picture-missing", { address: "gone.png" }), { exact: false }).waitFor();
    await report.getByText(say("document-picture", { address: "https://example.org/spy.png" }), { exact: false }).waitFor();
    assert.ok(!asked.some((url) => url.includes("example.org")), "nothing is asked of others");
    assert.equal(new URL(page.url()).searchParams.get("output"), "report.md");
    await page.goBack();
    await preview("report.md").waitFor({ state: "detached" });
    assert.equal(new URL(page.url()).search, "");
    await page.goForward();
    await read("report.md");
    await page.keyboard.press("Escape");
    await preview("report.md").waitFor({ state: "detached" });
    await until(() => new URL(page.url()).search, (search) => search === "", "the address is free of it");
    await page.locator("summary").filter({ hasText: "folder/" }).click();
    await drawn((await look("folder/note.md")).getByRole("img", { name: "beside", exact: true }));
    const link = new URL(page.url());
    await withPage(async (other, { read }) => {
      await drawn((await read("folder/note.md")).getByRole("img", { name: "beside", exact: true }));
    }, { language: "ru", theme: "dark" }, link.search);
  });
  await withPage(async (page, { read }) => {
    await read("thousands.csv");
    await new JobPage(page).logIsComplete();
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    for (const control of ["button", "link", "combobox", "textbox"]) {
      for (const item of await page.getByRole(control).all()) {
        const isBare = await item.evaluate((item) => item.matches(".file-name, th .link, .log-link, td a, main a"));
        assert.ok(isBare, `a ${control} is left on paper: ${await item.innerText()}`);
      }
    }
    const paper = await page.getByRole("main").innerText();
    for (const said of ["12,005", "thousands.csv", say("print-log"), say("print-left-out")]) assert.ok(paper.includes(said), said);
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "light");
    const missing = page.getByRole("listitem").filter({ hasText: say("file-not-stored", { file: "image.raw" }) });
    assert.match(await missing.innerText(), /It holds 2\.2 TB.*(disk has room for|of storage)/s);
    const command = page.locator(".cmd");
    assert.ok(await command.evaluate((element) => element.scrollWidth <= element.clientWidth + 1), "a long command is not cut");
  }, { theme: "dark" }, "?output=thousands.csv");
});

test("more than a hundred outputs: the sentence names the list and a way out", async () => {
  const page = await open(browser);
  try {
    const form = new NewJob(page, server);
    await form.open();
    const outputs = Array.from({ length: 101 }, (_, place) => `  - out-${place}.txt\n`).join("");
    await form.config.fill(`name: Many\ncmd: "true"\noutputs:\n${outputs}`);
    await page.getByText(say("rule-too-many-outputs", { max: 100 }), { exact: false }).first().waitFor();
    assertNoComplaints(page);
  } finally {
    await page.context().close();
  }
});
