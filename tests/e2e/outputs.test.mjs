// What a job left: the tree of its outputs, a look into each kind, all of them as one ZIP, and an output as an input.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { keptDrafts } from "./harness/drafts.mjs";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
const ROWS = 100_000;
const FIRST_BYTES = 256 << 10;
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

let server;
let browser;
let home;
/** Hears everything that a hostile output reaches. */
let spy;
let heard;
let files;
let address;

before(async () => {
  server = await Server.start();
  browser = await launch();
  home = await mkdtemp(join(tmpdir(), "jobsphere-outputs-"));
  heard = [];
  spy = createServer((request, response) => {
    heard.push(request.url);
    response.end("heard");
  });
  spy.on("connection", () => heard.push("a connection"));
  await new Promise((resolve) => spy.listen(0, "127.0.0.1", resolve));
  files = outputs(`http://127.0.0.1:${spy.address().port}`);
  address = await make();
});

after(async () => {
  await browser?.close();
  await server?.stop();
  spy?.closeAllConnections();
  spy?.close();
  if (home) await rm(home, { recursive: true });
});

function pdf() {
  const stream = "BT /F1 24 Tf 20 100 Td (A page of a PDF) Tj ET";
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${stream.length}>>stream\n${stream}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ];
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, place) => {
    const offset = text.length;
    text += `${place + 1} 0 obj${object}endobj\n`;
    return offset;
  });
  const start = text.length;
  text += `xref\n0 6\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("")}`;
  return `${text}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
}

/** The outputs by their paths. */
function outputs(spyUrl) {
  const rows = Array.from({ length: ROWS }, (_, row) => `${row + 1},${(row * 7919) % 1000},city ${row % 97}`);
  const attack = `window.top.broken=1;fetch("${spyUrl}/script")`;
  return {
    "notes.txt": "the first line\nвторая строка\n",
    "data/table.csv": `row,value,city\n${rows.join("\n")}\n`,
    "data/deep/values.json": '{"b":1.10,"a":[1,{"c":"x"}],"big":12345678901234567890}',
    "data/small.tsv": "name\tsize\nb\t2\na\t10\nc\t\n",
    "report.md": "# Report\n\n- *one*\n- `two`\n\n| k | v |\n|---|---|\n| x | 1 |\n\n[site](https://example.org/)\n",
    "dot.png": PNG,
    "paper.pdf": pdf(),
    "model.bin": Buffer.from([0, 1, 2, 3]),
    "empty.txt": "",
    "evil/page.html":
      `<html><head><base href="${spyUrl}/"><link rel=stylesheet href="${spyUrl}/css"><link rel=preconnect href="${spyUrl}">`
      + `<meta http-equiv=refresh content="0;url=${spyUrl}/refresh"><script>${attack}</script>`
      + `<style>@import "${spyUrl}/import";</style></head><body onload='${attack}'><h1>Harmless words</h1>`
      + `<img src="${spyUrl}/img" onerror='${attack}'><img src="/files/x"><iframe src="${spyUrl}/frame"></iframe>`
      + `<object data="${spyUrl}/object"></object><video src="${spyUrl}/video" autoplay></video>`
      + `<div style="background:url(${spyUrl}/bg)">x</div><a href="${spyUrl}/link">a way out</a>`
      + `<img srcset="${spyUrl}/set 2x"><picture><source srcset="${spyUrl}/source"><img src="${spyUrl}/picture"></picture>`
      + `<video poster="${spyUrl}/poster"></video><table background="${spyUrl}/table"></table><input type=image src="${spyUrl}/input">`
      + `<img alt=inside src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==">`
      + `<svg><image href="${spyUrl}/svgimage"/><image xlink:href="${spyUrl}/xlink"/></svg><form action="${spyUrl}/form"><button>send</button></form></body></html>`,
    "evil/picture.svg":
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="40" onload='${attack}'>`
      + `<script>${attack}</script><image xlink:href="${spyUrl}/inner" width="9" height="9"/>`
      + `<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img src="${spyUrl}/foreign"/></body></foreignObject>`
      + `<rect width="20" height="20" fill="red"/></svg>`,
    "evil/text.md":
      `# Words\n\n<script>${attack}</script>\n\n<img src="${spyUrl}/md" onerror='${attack}'>\n\n`
      + `![alt](${spyUrl}/mdimg) [go](javascript:${attack}) [data](data:text/html,<script>${attack}</script>) `
      + `<javascript:${attack}>\n`,
    "evil/values.json": `{"</pre><script>${attack}</script>": "<img src='${spyUrl}/json' onerror='${attack}'>"}`,
    "evil/cells.csv": `"<script>${attack}</script>",<img src=${spyUrl}/csv onerror=${attack}>\n"=cmd|' /C calc'!A0",<b>2</b>\n`,
    "evil/not-a-picture.png": `<html><script>${attack}</script>`,
    "evil/not-a.pdf": `<html><script>${attack}</script>`,
  };
}

const inFolder = { "folder/inner/a.txt": "inside a\n", "folder/b.csv": "x,y\n1,2\n3,5\n" };

/** Runs the job; its address. */
async function make() {
  const tree = join(home, "tree");
  for (const [path, content] of Object.entries({ ...files, ...inFolder })) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content);
  }
  const archive = join(home, "files.tar");
  execFileSync("tar", ["-cf", archive, "-C", tree, "."]);
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  await form.choosePaths(archive);
  await form.text("name-label").fill("Everything");
  const listed = [...Object.keys(files), "folder", "model.pt", "absent/table.csv"];
  await form.config.fill(
    `name: Everything\ncmd: tar -xf files.tar\ninputs:\n  - files.tar\noutputs:\n${listed.map((path) => `  - ${path}\n`).join("")}`,
  );
  const job = await form.submit();
  await job.reaches("incomplete");
  const { pathname } = new URL(job.address);
  await page.context().close();
  return pathname;
}

/** Opens the page of the job in a window of its own, which must have no complaint at the end. */
async function withJob(body, options = {}, allowed = undefined) {
  const page = await open(browser, options);
  try {
    await page.goto(server.url + address);
    const job = new JobPage(page);
    await job.reaches("incomplete");
    const outputs = page.getByRole("region", { name: say("outputs-heading"), exact: true });
    await body({ page, job, outputs, ...looks(page, outputs) });
    assertNoComplaints(page, allowed);
  } finally {
    await page.context().close();
  }
}

function looks(page, outputs) {
  const name = (path) => path.split("/").at(-1);
  return {
    /** What opens the preview of an output. */
    opener: (path) => outputs.getByTitle(say("preview-file", { file: path }), { exact: true }),
    /** The preview, once it is there. */
    look: async (path) => {
      await outputs.getByTitle(say("preview-file", { file: path }), { exact: true }).click();
      const preview = page.getByRole("region", { name: say("preview-of", { file: path }), exact: true }).first();
      await preview.waitFor();
      await preview.getByText(say("loading"), { exact: true }).waitFor({ state: "detached" });
      return preview;
    },
    name,
  };
}

test("outputs stand in their folders, with sizes and hashes", () =>
  withJob(async ({ outputs, page }) => {
    const summary = outputs.locator("summary").filter({ hasText: "data/" });
    await summary.waitFor();
    const said = await summary.innerText();
    assert.match(said, new RegExp(say("folder-files", { count: 3 })));
    for (const path of ["notes.txt", "data/deep/values.json"]) {
      const row = outputs.getByRole("listitem").filter({ has: page.getByTitle(say("preview-file", { file: path }), { exact: true }) }).last();
      const digest = createHash("sha256").update(files[path]).digest("hex");
      await row.getByTitle(`SHA-256 ${digest}`).waitFor();
      assert.match(await row.innerText(), /\d+ byte|\d+ B/);
    }
  }));

test("a text, JSON, a document, a picture and what is none are shown as what they are", () =>
  withJob(async ({ page, look, job }) => {
    assert.match(await (await look("notes.txt")).innerText(), /the first line\nвторая строка/);
    const json = await (await look("data/deep/values.json")).innerText();
    assert.match(json, /"b": 1\.10,\n {2}"a": \[\n {4}1,/);
    assert.match(json, /12345678901234567890/, "no digit is lost");
    const report = await look("report.md");
    await report.getByRole("heading", { name: "Report", exact: true }).waitFor();
    await report.getByRole("cell", { name: "x", exact: true }).waitFor();
    const link = report.getByRole("link", { name: "site" });
    assert.equal(await link.getAttribute("rel"), "noopener noreferrer nofollow");
    const image = (await look("dot.png")).getByRole("img", { name: "dot.png", exact: true });
    await until(() => image.evaluate((image) => image.complete && image.naturalWidth), (width) => width === 1, "it is drawn");
    await (await look("model.bin")).getByText(say("preview-binary")).waitFor();
    await (await look("empty.txt")).getByText(say("preview-empty")).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("region", { name: say("preview-of", { file: "empty.txt" }), exact: true }).waitFor({ state: "detached" });
    assert.equal((await job.download("dot.png")).bytes.compare(PNG), 0);
  }));

test("a table of 100,000 rows is read by its beginning, sorted and drawn", () =>
  withJob(async ({ page, look }) => {
    const asked = [];
    let bytes = 0;
    page.on("response", async (response) => {
      if (!response.url().includes("/files/")) return;
      asked.push(response.request().headers().range);
      bytes += Number(response.headers()["content-length"]);
    });
    const preview = await look("data/table.csv");
    const table = preview.getByRole("table");
    await table.getByRole("cell", { name: "city 1", exact: true }).first().waitFor();
    assert.deepEqual(asked, [`bytes=0-${FIRST_BYTES - 1}`]);
    assert.equal(bytes, FIRST_BYTES);
    const rows = () => table.getByRole("row").count();
    assert.equal(await rows(), 201, "a stretch of rows, and their names");
    const column = () => table.locator("tbody tr td:nth-child(2)").allInnerTexts();
    await table.getByRole("button", { name: "value", exact: true }).click();
    const ascending = (await column()).map(Number);
    assert.deepEqual(ascending, ascending.toSorted((a, b) => a - b), "by size, not by letters");
    assert.equal(await table.getByRole("columnheader", { name: "value" }).getAttribute("aria-sort"), "ascending");
    await table.getByRole("button", { name: "value", exact: true }).click();
    assert.equal((await column())[0], "999");
    await preview.getByRole("button", { name: say("table-more", { count: 200 }), exact: true }).click();
    assert.equal(await rows(), 401);
    await preview.getByText(say("plot-heading"), { exact: true }).click();
    const drawing = preview.getByRole("img");
    await drawing.waitFor();
    assert.match(await drawing.getAttribute("aria-label"), /value: [\d,]+ numbers from 0 to 999/);
    assert.match(await drawing.locator("path").getAttribute("d"), /^M[\d.]+ [\d.]+L/);
    await preview.getByRole("button", { name: /^Read 1 MB|^Read 1\.0|^Read/ }).click();
    await until(() => asked.length, (count) => count === 2, "more is read by a press");
    assert.equal(asked[1], `bytes=0-${4 * FIRST_BYTES - 1}`);
  }));

test("words are sorted by letters and blank cells stand last", () =>
  withJob(async ({ look }) => {
    const table = (await look("data/small.tsv")).getByRole("table");
    const names = () => table.locator("tbody tr td:first-child").allInnerTexts();
    assert.deepEqual(await names(), ["b", "a", "c"]);
    await table.getByRole("button", { name: "size", exact: true }).click();
    assert.deepEqual(await names(), ["b", "a", "c"], "2 is less than 10");
    await table.getByRole("button", { name: "size", exact: true }).click();
    assert.deepEqual(await names(), ["a", "b", "c"]);
  }));

test("a PDF is shown in a frame of its own", () =>
  withJob(async ({ page, look }) => {
    const preview = await look("paper.pdf");
    const frame = preview.locator("iframe");
    assert.match(await frame.getAttribute("src"), /^blob:/);
    const inner = await (await frame.elementHandle()).contentFrame();
    await until(() => inner.url(), (url) => url.startsWith("blob:") || url.startsWith("chrome-extension:"), "the frame has the PDF");
    assert.equal(await page.evaluate(() => window.broken), undefined);
  }));

test("what is in a folder is listed and shown without loading the folder", () =>
  withJob(async ({ page, outputs, look }) => {
    const summary = outputs.locator("summary").filter({ hasText: "folder/" }).filter({ hasText: "ZIP" });
    await summary.click();
    const preview = await look("folder/inner/a.txt");
    assert.match(await preview.innerText(), /inside a/);
    await (await look("folder/b.csv")).getByRole("cell", { name: "5", exact: true }).waitFor();
    const button = page.getByRole("button", { name: say("download-file", { file: "folder/inner/a.txt" }), exact: true }).first();
    const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
    assert.equal(download.suggestedFilename(), "a.txt");
    assert.equal(await readFile(await download.path(), "utf8"), "inside a\n");
  }));

test("hostile outputs run nothing and reach nothing", () =>
  withJob(
    async ({ page, look }) => {
      const requests = [];
      page.on("request", (request) => requests.push(request.url()));
      await page.evaluate(() => sessionStorage.setItem("secret", "token"));
      for (const path of Object.keys(files).filter((path) => path.startsWith("evil/"))) {
        const preview = await look(path);
        for (const frame of page.frames().slice(1)) await frame.waitForLoadState().catch(() => {});
        if (path === "evil/page.html") {
          const frame = page.frames().at(-1);
          await frame.getByText("Harmless words").waitFor();
          assert.equal(await preview.locator("iframe").getAttribute("sandbox"), "", "every right is withheld");
          const inside = frame.getByAltText("inside");
          await until(() => inside.evaluate((image) => image.complete && image.naturalWidth), (width) => width === 1, "the page's own picture");
          await frame.getByText("a way out").click();
          await frame.getByText("Harmless words").waitFor();
          const access = await page.evaluate(() => document.querySelector("iframe").contentDocument);
          assert.equal(access, null, "the frame is of another origin");
        }
        if (path === "evil/text.md") {
          assert.match(await preview.innerText(), /<script>/, "markup is words");
          const hrefs = await preview.getByRole("link").evaluateAll((links) => links.map((link) => link.href));
          assert.deepEqual(hrefs.filter((href) => !/^https?:/.test(href)), []);
          assert.equal(await preview.getByRole("img").count(), 0);
        }
        if (path === "evil/picture.svg") {
          const image = preview.getByRole("img");
          await until(() => image.evaluate((image) => image.complete && image.naturalWidth), (width) => width === 40, "it is drawn");
        }
        if (path === "evil/not-a-picture.png" || path === "evil/not-a.pdf") {
          assert.match(await preview.innerText(), /<html><script>/, "shown as the text it is");
          assert.equal(await preview.locator("iframe, img").count(), 0);
        }
      }
      // A round trip to the server: whatever was under way has had its chance.
      await page.evaluate(() => fetch("/").then((response) => response.text()));
      assert.equal(await page.evaluate(() => window.broken), undefined, "no script ran");
      const strange = requests.filter((url) => !url.startsWith(server.url) && !/^(blob|about|data):/.test(url));
      assert.deepEqual(strange, []);
      assert.ok(!requests.some((url) => new URL(url).pathname === "/files/x"), "nor is the server itself asked");
      assert.deepEqual(heard, [], "nobody was reached");
    },
    {},
    // The browser says of a page that it was kept from something.
    /Content Security Policy|sandbox/i,
  ));

/** Compares the archive with the outputs; `except` are not in it. */
async function compare(bytes, except = []) {
  const path = join(home, `${Math.random()}.zip`);
  await writeFile(path, bytes);
  const read = "import hashlib,json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n"
    + "print(json.dumps({n:hashlib.sha256(z.read(n)).hexdigest() for n in z.namelist()}))";
  const held = JSON.parse(execFileSync("python3", ["-c", read, path], { encoding: "utf8" }));
  const digest = (content) => createHash("sha256").update(content).digest("hex");
  const wanted = Object.fromEntries(Object.entries(files).filter(([name]) => !except.includes(name)).map(([name, content]) => [name, digest(content)]));
  const rest = Object.keys(held).filter((name) => !(name in wanted));
  assert.deepEqual(Object.fromEntries(Object.entries(held).filter(([name]) => name in wanted)), wanted);
  return { path, rest };
}

const allButton = (page) => page.getByRole("button", { name: /^Download all/ });
const count = () => Object.keys(files).length + 1;

test("all outputs come as one ZIP, each checked, through the browser's own disk", () =>
  withJob(async ({ page }) => {
    await page.evaluate(() => delete window.showSaveFilePicker);
    await page.evaluate(() => Object.defineProperty(window, "showSaveFilePicker", { value: undefined }));
    const [download] = await Promise.all([page.waitForEvent("download"), allButton(page).click()]);
    await page.getByText(say("archive-done", { count: count() }), { exact: true }).first().waitFor();
    const { rest } = await compare(await readFile(await download.path()));
    assert.deepEqual(rest, ["folder.zip"]);
  }));

test("an output that is damaged on the server's disk is named and left out", () =>
  withJob(async ({ page }) => {
    // A place on the disk that the person chose.
    await page.evaluate(() => {
      window.showSaveFilePicker = async ({ suggestedName }) => {
        const root = await navigator.storage.getDirectory();
        window.chosen = await root.getFileHandle(suggestedName, { create: true });
        return window.chosen;
      };
    });
    const digest = createHash("sha256").update(files["data/table.csv"]).digest("hex");
    const blob = execFileSync("find", [server.dataDir, "-name", digest, "-type", "f"], { encoding: "utf8" }).trim().split("\n")[0];
    const good = await readFile(blob);
    const bad = Buffer.from(good);
    bad[bad.length - 10] ^= 1;
    try {
      execFileSync("chmod", ["u+w", blob]);
      await writeFile(blob, bad);
      await allButton(page).click();
      const said = page.getByRole("alert").filter({ hasText: "FAILED.txt" });
      await said.waitFor();
      assert.match(await said.innerText(), /data\/table\.csv/);
      const bytes = await page.evaluate(async () => [...new Uint8Array(await (await window.chosen.getFile()).arrayBuffer())]);
      const { path, rest } = await compare(Buffer.from(bytes), ["data/table.csv"]);
      assert.deepEqual(rest.toSorted(), ["FAILED.txt", "folder.zip"]);
      const list = execFileSync("python3", ["-c", "import sys,zipfile;print(zipfile.ZipFile(sys.argv[1]).read('FAILED.txt').decode())", path], { encoding: "utf8" });
      assert.match(list, /^data\/table\.csv: /);
    } finally {
      await writeFile(blob, good);
    }
  }, {}, /net::ERR/));

test("a missing output says why, with the nearest name", () =>
  withJob(async ({ outputs }) => {
    const item = (path) => outputs.getByRole("listitem").filter({ hasText: say("file-not-found", { file: path }) });
    assert.match(await item("model.pt").innerText(), new RegExp(say("file-nearest", { file: "model.bin" })));
    assert.match(await item("absent/table.csv").innerText(), new RegExp(say("file-nearest", { file: "data/table.csv" })));
  }));

test("an output becomes an input of a new job, and not a byte of it is sent", () =>
  withJob(async ({ page, outputs }) => {
    const sent = [];
    page.on("request", (request) => {
      if (["PUT", "PATCH"].includes(request.method())) sent.push(request.url());
    });
    await outputs.getByRole("link", { name: say("use-as-input-of", { file: "notes.txt" }), exact: true }).click();
    const form = new NewJob(page, server);
    await page.getByRole("heading", { level: 1, name: say("new-job-title") }).waitFor();
    const paths = form.group("inputs-heading").getByRole("textbox", { name: say("path-label"), exact: true });
    const values = () => paths.evaluateAll((fields) => fields.map((field) => field.value));
    await until(values, (values) => values.includes("notes.txt"), "the output is an input");
    await until(() => page.url(), (url) => url.includes("draft="), "the draft has an address of its own");
    await until(() => page.evaluate(keptDrafts), ({ text }) => text.includes("notes.txt"), "the draft is kept");
    // To the same draft, a folder: from the job's page, by the offer that the form makes.
    await page.goto(server.url + address);
    await outputs.getByRole("link", { name: say("use-as-input-of", { file: "folder" }), exact: true }).click();
    await page.getByRole("link", { name: say("input-to-draft"), exact: true }).click();
    await until(values, (values) => values.join() === "notes.txt,folder", "both are in the draft");
    const holdsBoth = (draft) => ["notes.txt", "folder"].every((path) => draft.includes(`"path":"${path}"`));
    await until(() => page.evaluate(keptDrafts), ({ text }) => text.split("\n").some(holdsBoth), "both are kept");
    await page.reload();
    await until(values, (values) => values.join() === "notes.txt,folder", "a reload adds nothing");
    await form.output("both.txt");
    await form.command("cat notes.txt folder/inner/a.txt > both.txt");
    const job = await form.submit();
    await job.reaches("success");
    assert.equal((await job.download("both.txt")).bytes.toString(), `${files["notes.txt"]}inside a\n`);
    assert.deepEqual(sent, []);
  }));

test("an address that holds no longer is asked for anew", () =>
  withJob(async ({ page, look }) => {
    const answered = [];
    let refusals = 0;
    await page.route("**/files/**", (route) => {
      refusals += 1;
      return refusals === 1 ? route.fulfill({ status: 410, body: "this address has expired" }) : route.continue();
    });
    page.on("request", (request) => {
      if (request.url().endsWith("DownloadJobFiles")) answered.push(request.url());
    });
    assert.match(await (await look("notes.txt")).innerText(), /the first line/);
    assert.equal(answered.length, 2);
  }, {}, /410/));

test("a look is opened and closed by keyboard, on a phone too", () =>
  withJob(async ({ page, opener }) => {
    const button = opener("notes.txt");
    await button.focus();
    await page.keyboard.press("Enter");
    const heading = page.getByRole("heading", { name: say("preview-of", { file: "notes.txt" }), exact: true });
    await until(() => heading.evaluate((element) => element === document.activeElement), Boolean, "the preview has the focus");
    await page.getByText("the first line").waitFor();
    const over = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth <= clientWidth) return [];
      const hangs = (element) => element.getBoundingClientRect().right > clientWidth && !element.closest("[role=log]");
      return [...document.querySelectorAll("main *")].filter(hangs).map((element) => `${element.tagName} ${element.className}`);
    });
    assert.deepEqual(over, [], "nothing hangs over the edge");
    await page.keyboard.press("Escape");
    await until(() => button.evaluate((element) => element === document.activeElement), Boolean, "the focus goes back");
  }, { width: 390, height: 844 }));
