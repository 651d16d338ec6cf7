// Sharing a job: what a link shows, what it does not, how it ends; the badge, the frame, the frozen copy.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { Gates } from "./harness/gate.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { Sharing } from "./harness/sharing.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
// Made up, and put together here so that nothing takes this file for a leak.
const PLANTED = ["ghp", "0123456789abcdefghijABCDEFGHIJ012345"].join("_");
/** A picture of one pixel. */
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const HOSTILE = `</title><script>document.title="hit"</script>`;

let server;
let browser;
let maker;

before(async () => {
  server = await Server.start("--auth", "token");
  browser = await launch();
  maker = await open(browser);
  await maker.goto(server.link);
  await maker.getByRole("heading", { name: say("jobs-empty-heading") }).waitFor();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const token = () => new URL(server.link).hash.slice("#token=".length);

/** Submits a job that prints what should not be seen, and waits at a gate. */
async function submit(name, gates) {
  const form = new NewJob(maker, server);
  await form.open();
  await form.text("name-label").fill(name);
  await form.output("open.txt");
  await form.output("closed.txt");
  await form.env("REGION", "north-east-7");
  await form.command(
    `echo first; echo token ${PLANTED} >&2; echo region $REGION; echo opened > open.txt; echo closed > closed.txt; ` +
      `${gates.wait("on")}; echo last`,
  );
  const job = await form.submit();
  await job.line("out", "first");
  return job;
}

/** A window of somebody who has nothing but the link; it remembers every request. */
async function stranger(link, options) {
  const page = await open(browser, options);
  page.asked = [];
  page.on("request", (request) => page.asked.push(request));
  await page.goto(link);
  return page;
}

/** Opens the address of a line on the page of a link, as somebody does to whom it was sent. */
async function linesAreShared(seen, link) {
  const row = (job) => job.log.locator("[data-row]").filter({ hasText: "region" });
  const address = new URL(await row(seen).getByRole("link").getAttribute("href"), link);
  assert.ok(address.href.startsWith(`${link}&log-`), `${address} opens the job of ${link}`);
  const page = await stranger(address.href);
  const other = new JobPage(page);
  await until(() => row(other).getAttribute("aria-current"), (current) => current === "true", "the line is marked");
  assert.equal(page.url(), address.href);
  await page.context().close();
}

test("a link shows what was ticked, live, with secrets replaced; revoked it shows nothing", async () => {
  const gates = new Gates(server);
  const job = await submit("shared job", gates);
  const address = job.address;
  const sharing = new Sharing(maker);
  await sharing.open(address);
  await sharing.tickable("share-parameters").check();
  // What a job leaves is ticked at first.
  assert.ok(await sharing.file("open.txt").isChecked());
  await sharing.file("closed.txt").uncheck();
  await sharing.press("share-review");
  await maker.getByRole("heading", { name: say("findings-heading") }).waitFor();
  await maker.getByRole("cell", { name: say("finding-service-token") }).first().waitFor();
  const shown = await maker.getByRole("main").innerText();
  assert.ok(!shown.includes(PLANTED), "the findings do not repeat the secret");
  await sharing.press("share-create");
  const link = await maker.getByRole("textbox", { name: say("share-link"), exact: true }).inputValue();
  assert.match(link, /\/s\/[^/#]+#\w{20,}$/);

  const page = await stranger(link);
  const seen = new JobPage(page);
  await seen.reaches("executing");
  await seen.line("out", "first");
  await seen.line("err", `token ${"*".repeat(PLANTED.length)}`);
  await seen.line("out", `region ${"*".repeat("north-east-7".length)}`);
  await page.getByText(say("shared-hidden-env", { names: "REGION" }), { exact: true }).waitFor();
  await linesAreShared(seen, link);
  assert.equal(await seen.cancel.count(), 0, "there is nothing to press that changes the job");
  await gates.open("on");
  await seen.line("out", "last");
  await seen.reaches("success");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: say("download-file", { file: "open.txt" }), exact: true }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "open.txt");
  assert.equal((await readFile(await download.path())).toString(), "opened\n");
  await page.getByText(say("shared-output-checked"), { exact: true }).waitFor();
  assert.equal(await page.getByRole("button", { name: say("download-file", { file: "closed.txt" }) }).count(), 0);

  // Nothing that opens more than this link was sent to the stranger or by them.
  const secret = new URL(link).hash.slice(1);
  for (const request of page.asked) {
    assert.ok(!request.url().includes(secret), `the secret is in no address: ${request.url()}`);
    assert.ok(!(request.headers().authorization ?? "").startsWith("Bearer"), "no token is sent");
  }
  const held = await page.evaluate(() => [document.documentElement.outerHTML, ...Object.values({ ...sessionStorage }), ...Object.values({ ...localStorage })].join());
  for (const leak of [PLANTED, token(), "north-east-7", "/files/", "closed\n"]) {
    assert.ok(!held.includes(leak), `the page holds no ${leak}`);
  }

  await sharing.revokeAll();
  const late = await stranger(link);
  await late.getByRole("heading", { name: say("shared-gone") }).waitFor();
  assert.ok(!(await late.getByRole("main").innerText()).includes("shared job"));
  assertNoComplaints(page);
  assertNoComplaints(maker);
  await late.context().close();
  await page.context().close();
});

test("a link opens nothing else, with any method of the service", async () => {
  const gates = new Gates(server);
  const job = await submit("closed job", gates);
  await gates.open("on");
  await job.reaches("success");
  const sharing = new Sharing(maker);
  await sharing.open(job.address);
  for (const path of ["open.txt", "closed.txt"]) await sharing.file(path).uncheck();
  const link = new URL(await sharing.make());
  const credentials = `Share ${link.pathname.split("/").at(-1)}.${link.hash.slice(1)}`;
  const api = "yandex.cloud.datasphere.v2.jobs.ProjectJobService";
  for (const method of ["Get", "List", "Cancel", "Delete", "DeleteData", "ReadLogs", "DownloadJobFiles", "Execute", "Clone"]) {
    for (const authorization of [credentials, credentials.replace("Share", "Bearer"), `Bearer ${link.hash.slice(1)}`]) {
      const answer = await fetch(`${server.url}/${api}/${method}`, {
        method: "POST",
        headers: { "content-type": "application/grpc-web+proto", "x-grpc-web": "1", authorization },
        body: new Uint8Array(5),
      });
      const status = answer.headers.get("grpc-status") ?? Buffer.from(await answer.arrayBuffer()).toString().match(/grpc-status:(\d+)/)?.[1];
      assert.ok(["7", "16"].includes(status), `${method} with ${authorization.slice(0, 6)}: ${status}`);
    }
  }
  for (const path of ["0", "1", "-1", "closed.txt", "..%2f..%2fdb", "0/../1"]) {
    const answer = await fetch(`${server.url}${link.pathname.replace("/s/", "/shares/")}/outputs/${path}`, {
      headers: { authorization: credentials },
    });
    assert.equal(answer.status, 404, `the link names no outputs: ${path}`);
  }
});

test("badge, preview and frame are there only when they were allowed", async () => {
  const gates = new Gates(server);
  const job = await submit(HOSTILE, gates);
  await gates.open("on");
  await job.reaches("success");
  const { address } = job;
  const sharing = new Sharing(maker);
  await sharing.open(address);
  const closed = new URL(await sharing.make());
  await sharing.open(address);
  for (const id of ["share-preview", "share-badge", "share-embed"]) await sharing.tickable(id).check();
  const allowed = new URL(await sharing.make());
  const id = (link) => link.pathname.split("/").at(-1);

  assert.equal((await fetch(`${server.url}/badge/${id(closed)}.svg`)).status, 404);
  const badge = await fetch(`${server.url}/badge/${id(allowed)}.svg`);
  assert.match(badge.headers.get("content-type"), /^image\/svg\+xml/);
  const svg = await badge.text();
  assert.ok(svg.includes("&lt;script&gt;") && !svg.includes("<script"), svg);

  const html = async (link) => (await fetch(`${server.url}${link.pathname}`)).text();
  assert.ok(!(await html(closed)).includes("hit"), "the closed link's page names nothing");
  const preview = await html(allowed);
  assert.match(preview, /property="og:title"/);
  assert.ok(preview.includes("&lt;script&gt;") && !preview.includes("<script>document.title"), "names are text");

  // Somebody else's page, with both links in frames.
  const frames = [closed, allowed].map((link) => `<iframe src="${link.origin}/embed/${id(link)}${link.hash}"></iframe>`);
  const other = createServer((_, answer) => answer.setHeader("content-type", "text/html").end(frames.join("")));
  await new Promise((ready) => other.listen(0, "127.0.0.1", ready));
  const page = await open(browser);
  await page.goto(`http://127.0.0.1:${other.address().port}/`);
  await page.frameLocator("iframe >> nth=1").getByText(say("status-success"), { exact: true }).waitFor();
  const refused = page.frames().find((frame) => frame.url().includes(id(closed)) || frame.url().startsWith("chrome-error"));
  assert.ok(!(await refused?.content().catch(() => ""))?.includes(say("status-success")), "the other frame stays empty");
  assert.notEqual(await page.frames().at(-1).title(), "hit");
  await page.context().close();
  other.close();
});

test("a frozen copy opens from the disk, without a server or a script", async () => {
  const gates = new Gates(server);
  const job = await submit("frozen job", gates);
  await gates.open("on");
  await job.reaches("success");
  const sharing = new Sharing(maker);
  await sharing.open(job.address);
  await sharing.file("closed.txt").uncheck();
  const link = await sharing.make();
  await maker.getByText(say("share-reaches-nobody", { origin: server.url }), { exact: true }).waitFor();
  const page = await stranger(link);
  await new JobPage(page).logIsComplete();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: say("copy-save"), exact: true }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "frozen job.html");
  const path = join(server.dataDir, "frozen job.html");
  await download.saveAs(path);
  await page.context().close();

  const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
  const copy = await context.newPage();
  await copy.goto(`file://${path}`);
  await copy.getByRole("heading", { level: 1, name: "frozen job" }).waitFor();
  await copy.getByText("last", { exact: true }).waitFor();
  const box = copy.getByRole("checkbox", { name: "err" });
  const line = copy.getByText(`token ${"*".repeat(PLANTED.length)}`, { exact: true });
  await line.waitFor();
  await box.uncheck();
  await line.waitFor({ state: "hidden" });
  const output = copy.getByRole("link", { name: "open.txt", exact: true });
  const bytes = Buffer.from((await output.getAttribute("href")).split("base64,")[1], "base64");
  assert.equal(bytes.toString(), "opened\n");
  await copy.getByText(createHash("sha256").update(bytes).digest("hex"), { exact: true }).waitFor();
  const source = (await readFile(path)).toString();
  assert.ok(!source.includes("<script") && !source.includes(PLANTED) && !source.includes("http://127"), "it holds nothing else");
  await context.close();
});

test("a link and its frozen copy show pictures, tables and curves, and a folder is saved as an archive", async () => {
  const form = new NewJob(maker, server);
  await form.open();
  await form.text("name-label").fill("looked at");
  for (const path of ["curve.png", "scores.csv", "out"]) await form.output(path);
  await form.choose({ name: "pixel.b64", content: PIXEL });
  await form.command(
    "base64 -d pixel.b64 > curve.png; mkdir out; cp curve.png out/inner.png; echo text > out/note.txt; " +
      `printf 'epoch,loss\\n1,0.5\\n2,0.25\\n' > scores.csv; cp scores.csv out/more.csv; ` +
      `printf '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title="hit"</script></svg>' > out/evil.svg; ` +
      "echo epoch=1 loss=0.5; echo epoch=2 loss=0.25",
  );
  const job = await form.submit();
  await job.reaches("success");
  const sharing = new Sharing(maker);
  await sharing.open(job.address);
  const page = await stranger(await sharing.make());
  const seen = new JobPage(page);
  await seen.logIsComplete();
  const figure = (path) => page.getByRole("region", { name: say("shared-looks"), exact: true }).getByRole("figure").filter({ hasText: path });
  for (const path of ["curve.png", "out/inner.png", "out/evil.svg"]) {
    const picture = figure(path).getByRole("img", { name: path, exact: true });
    await until(() => picture.evaluate((picture) => picture.complete && picture.src.startsWith("blob:")), Boolean, `${path} is drawn`);
  }
  for (const path of ["scores.csv", "out/more.csv"]) {
    await figure(path).getByRole("cell", { name: "0.25", exact: true }).waitFor();
  }
  const curves = page.getByRole("region", { name: say("charts-heading"), exact: true });
  await curves.getByRole("figure").filter({ hasText: "loss" }).waitFor();
  assert.notEqual(await page.title(), "hit");
  const archive = await seen.download("out");
  assert.equal(archive.name, "out.zip");
  assert.equal(archive.bytes.subarray(0, 4).toString("latin1"), "PK\x03\x04");

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: say("copy-save"), exact: true }).click(),
  ]);
  const path = join(server.dataDir, "looked at.html");
  await download.saveAs(path);
  assertNoComplaints(page);
  await page.context().close();
  const context = await browser.newContext({ offline: true });
  const copy = await context.newPage();
  const complaints = [];
  copy.on("console", (message) => complaints.push(message.text()));
  await copy.goto(`file://${path}`);
  for (const name of ["curve.png", "out/inner.png", "out/evil.svg"]) {
    const picture = copy.getByRole("img", { name, exact: true });
    await until(() => picture.evaluate((picture) => picture.complete), Boolean, `${name} is drawn`);
  }
  assert.equal(await copy.getByRole("img", { name: "curve.png" }).evaluate((picture) => picture.naturalWidth), 1);
  assert.equal(await copy.getByRole("figure").filter({ hasText: "more.csv" }).getByRole("cell", { name: "0.25" }).count(), 1);
  await copy.getByRole("img", { name: "loss: 0.25", exact: true }).waitFor();
  assert.equal(await copy.getByRole("link", { name: "out", exact: true }).getAttribute("download"), "out.zip");
  assert.equal(await copy.title(), "looked at: Done");
  assert.deepEqual(complaints, [], "nothing in the copy was refused");
  await context.close();
});

test("the links of a project are listed with their last use", async () => {
  await maker.goto(`${server.url}/projects/default/shares`);
  await maker.getByRole("heading", { level: 1, name: say("shares-title") }).waitFor();
  const list = () => maker.getByRole("main").innerText();
  const shown = await until(list, (text) => text.includes("frozen job"), "the links are listed");
  assert.ok(shown.includes(say("share-uses", { count: 1 })), "with their uses");
  assertNoComplaints(maker);
});
