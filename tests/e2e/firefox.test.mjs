// The central ways through the app in Firefox.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { assertNoComplaints, until } from "./harness/browser.mjs";
import { Cutter } from "./harness/cutter.mjs";
import { Firefox, FirefoxForm } from "./harness/firefox.mjs";
import { Gates } from "./harness/gate.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const MIB = 1 << 20;
const say = words("en");

let server;
let cutter;
let firefox;
let home;

before(async () => {
  server = await Server.start();
  cutter = await Cutter.start(server);
  firefox = await Firefox.launch();
  home = await mkdtemp(join(tmpdir(), "jobsphere-firefox-"));
});

after(async () => {
  await firefox?.close();
  await cutter?.stop();
  await server?.stop();
  if (home) await rm(home, { recursive: true });
});

/** The form in a fresh window, which must have no complaint at the end. */
async function withForm(use, allowed = undefined) {
  cutter.uploads = [];
  const page = await firefox.open();
  const form = new FirefoxForm(page, cutter);
  await form.open();
  await use(form, page);
  assertNoComplaints(page, allowed);
  await page.browserContext().close();
}

async function disk(name, content) {
  const path = join(home, name);
  await writeFile(path, content);
  return path;
}

test("from two files and a command to the log and a download", () =>
  withForm(async (form) => {
    await form.choose("inputs-add", await disk("poem.txt", "the sea\na stone\n"), await disk("данные.txt", "the ветер\n"));
    assert.deepEqual(await form.values("inputs-heading", "path-label", 2), ["poem.txt", "данные.txt"]);
    await form.fillNth("inputs-heading", "var-label", 0, "POEM");
    await form.output("found.txt", "FOUND");
    await form.fill("cmd-label", "grep -h the ${POEM} данные.txt > ${FOUND}; cat ${FOUND}; echo trouble >&2");
    const job = await form.submit();
    await job.reaches("success");
    await job.prints("out", "the sea", "the ветер");
    await job.prints("err", "trouble");
    assert.equal((await job.download("found.txt")).toString(), "the sea\nthe ветер\n");
  }));

test("lines come while the job runs", () =>
  withForm(async (form) => {
    const gates = new Gates(server);
    await form.fill("cmd-label", `echo one; ${gates.wait("two")}; echo two`);
    const job = await form.submit();
    await job.texts("out", (lines) => lines.length === 1);
    await job.reaches("executing");
    await gates.open("two");
    await job.reaches("success");
    await job.prints("out", "one", "two");
  }));

test("each side of the draft follows the other", () =>
  withForm(async (form) => {
    await form.config("# mine\ncmd: echo ${GREETING}\nname: From the file\nargs:\n  GREETING: привет\n");
    await until(() => form.value("name-label"), (name) => name === "From the file", "the form follows");
    assert.equal(await form.value("cmd-label"), "echo ${GREETING}");
    await form.fill("name-label", "From the form");
    const expected = "# mine\ncmd: echo ${GREETING}\nname: From the form\nargs:\n  GREETING: привет\n";
    await until(() => form.value("config.yaml"), (text) => text === expected, "the file follows");
    const job = await form.submit();
    await job.reaches("success");
    await job.prints("out", "привет");
  }));

test("a folder is packed and sent", () =>
  withForm(async (form, page) => {
    // Firefox lets a driver choose files only, so the paths that its own dialog gives are given here.
    const paths = { "a.txt": "folder/a.txt", "b.txt": "folder/deep/b.txt" };
    await page.evaluate((paths) => {
      for (const input of document.querySelectorAll("input[type=file]")) input.multiple = true;
      Object.defineProperty(File.prototype, "webkitRelativePath", {
        get() {
          return paths[this.name];
        },
      });
    }, paths);
    await form.choose("inputs-add-folder", await disk("a.txt", "from a\n"), await disk("b.txt", Buffer.alloc(3 * MIB, "b")));
    assert.deepEqual(await form.values("inputs-heading", "path-label", 1), ["folder"]);
    await form.fill("cmd-label", "cat folder/a.txt; wc -c < folder/deep/b.txt");
    const job = await form.submit();
    await job.reaches("success");
    await job.prints("out", "from a", String(3 * MIB));
  }));

test("a large file goes on where the connection broke", () =>
  withForm(async (form) => {
    const content = Buffer.alloc(24 * MIB);
    for (let at = 0; at < content.length; at += 4) content.writeUInt32LE(Math.imul(at, 2654435761) >>> 0, at);
    await form.choose("inputs-add", await disk("data.bin", content));
    await form.values("inputs-heading", "path-label", 1);
    await form.fill("cmd-label", "sha256sum < data.bin");
    cutter.cuts = [6 * MIB, 5 * MIB];
    const job = await form.submit();
    await job.reaches("success");
    await job.prints("out", `${createHash("sha256").update(content).digest("hex")}  -`);
    assert.equal(cutter.uploads.filter(({ isCut }) => isCut).length, 2);
    const last = Number(cutter.uploads.at(-1).offset);
    assert.ok(last > 0 && last <= 11 * MIB, `${last}`);
  }));

test("a file that changes between two Runs is read anew, although the service holds what it was", () =>
  withForm(async (form, page) => {
    const content = Buffer.alloc(9 * MIB, "a");
    const path = await disk("changed.bin", content);
    const written = async () => {
      await form.choose("inputs-add", path);
      await form.values("inputs-heading", "path-label", 1);
      await form.fill("cmd-label", "sha256sum < changed.bin");
    };
    await written();
    await (await form.submit()).reaches("success");
    await form.open();
    await written();
    cutter.refusals = { "/Create": [403] };
    await page.locator(`::-p-aria([name="${say("run")}"][role="button"])`).click();
    await page.waitForSelector('::-p-aria([role="alert"])');
    // Neither the size nor what both ends hold tells of it.
    content.fill("b", 4 * MIB, 5 * MIB);
    await writeFile(path, content);
    const job = await form.submit();
    await job.reaches("success");
    await job.prints("out", `${createHash("sha256").update(content).digest("hex")}  -`);
  }, /403/));

test("a reload loses neither words nor files", () =>
  withForm(async (form, page) => {
    await form.choose("inputs-add", await disk("kept.txt", "kept content\n"));
    await form.values("inputs-heading", "path-label", 1);
    await form.fill("cmd-label", "cat kept.txt");
    await form.isKept("cat kept.txt", 1);
    await page.reload();
    await until(() => form.value("cmd-label"), (value) => value === "cat kept.txt", "the draft is back");
    const job = await form.submit();
    await job.reaches("success");
    await job.prints("out", "kept content");
  }));

test("a job runs again with a change, and its file is neither needed nor sent", () =>
  withForm(async (form, page) => {
    await form.choose("inputs-add", await disk("text.txt", "one\ntwo\n"));
    await form.values("inputs-heading", "path-label", 1);
    await form.fill("cmd-label", "head -n 1 text.txt");
    const first = await form.submit();
    await first.reaches("success");
    cutter.uploads = [];
    await first.runAgain();
    await until(() => form.value("cmd-label"), (value) => value === "head -n 1 text.txt", "the form is filled");
    await form.fill("cmd-label", "head -n 2 text.txt");
    const second = await form.submit();
    await second.reaches("success");
    await second.prints("out", "one", "two");
    assert.deepEqual(cutter.uploads, []);
  }));
