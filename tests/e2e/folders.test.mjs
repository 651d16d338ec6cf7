// Folders as inputs: dropped as a person drops them, their rules, and the archives they become.

import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";

import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";

let server;
let browser;
let home;

before(async () => {
  server = await Server.start();
  browser = await launch();
  home = await mkdtemp(join(tmpdir(), "jobsphere-folders-"));
});

after(async () => {
  await browser?.close();
  await server?.stop();
  if (home) await rm(home, { recursive: true });
});

/** Makes a folder; a text is a file's content, `null` an empty folder. */
async function folder(name, entries) {
  const root = join(home, name);
  for (const [path, content] of Object.entries(entries)) {
    const place = join(root, path);
    await mkdir(content === null ? place : dirname(place), { recursive: true });
    if (content !== null) await writeFile(place, content);
  }
  return root;
}

async function form(use) {
  const page = await open(browser);
  const form = new NewJob(page, server);
  page.uploads = [];
  page.on("request", (request) => {
    if (["PUT", "PATCH"].includes(request.method())) page.uploads.push(request.url());
  });
  await form.open();
  await use(form, page);
  assertNoComplaints(page);
  await page.context().close();
}

const summary = (form, count, size) => form.page.getByText(form.say("folder-summary", { count, size }));

test("a dropped folder is sent as it is, without what its rules leave out", async () => {
  const root = await folder("проект", {
    "main.sh": "cat data/in.txt",
    "data/in.txt": "hello\n",
    "data/a b#%.txt": "odd\n",
    ".gitignore": "*.log\n",
    "noise.log": "never sent",
    "__pycache__/x.pyc": "never sent",
    empty: null,
  });
  const command = "find проект -mindepth 1 | LC_ALL=C sort; sh -c 'cd проект && sh main.sh'";
  const expected = [
    "проект/.gitignore",
    "проект/data",
    "проект/data/a b#%.txt",
    "проект/data/in.txt",
    "проект/empty",
    "проект/main.sh",
    "hello",
  ];
  await form(async (form, page) => {
    await form.dropPaths(root);
    await page.getByText(form.say("folder-left-out", { count: 2 })).click();
    await page.getByText(form.say("left-out-git", { rule: "*.log", file: ".gitignore" })).waitFor();
    await page.getByText("__pycache__/", { exact: true }).click();
    await page.getByText(form.say("left-out-own", { rule: "__pycache__/" })).waitFor();
    await form.command(command);
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), expected);
    assert.equal(page.uploads.length, 1);
  });
  // The same content from another place, with other times: the same bytes, so nothing is sent.
  const copy = join(home, "copy", "проект");
  await cp(root, copy, { recursive: true });
  await utimes(join(copy, "main.sh"), 1, 1);
  await form(async (form, page) => {
    await form.dropPaths(copy);
    await form.command(command);
    const job = await form.submit();
    await job.reaches("success");
    assert.deepEqual(page.uploads, []);
  });
});

test("rules can be switched off, and own ones written", async () => {
  const root = await folder("rules", { ".gitignore": "a.log\n", "a.log": "1\n", "b.tmp": "2\n", "c.txt": "3\n" });
  await form(async (form, page) => {
    await form.dropPaths(root);
    await page.getByText(form.say("folder-left-out", { count: 1 })).click();
    await page.getByLabel(form.say("folder-git")).uncheck();
    await summary(form, 4, "12 bytes").waitFor();
    await page.getByLabel(form.say("folder-own")).fill("*.tmp\n");
    await page.getByLabel(form.say("folder-own")).blur();
    await page.getByText(form.say("left-out-own", { rule: "*.tmp" })).waitFor();
    await form.command("ls -A rules");
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), [".gitignore", "a.log", "c.txt"]);
  });
});

test("a folder is found for its input by a configuration inside a dropped project", async () => {
  const config = "cmd: cat ${A} && ls ${DATA} && cat gone.txt\ninputs:\n  - deep/a.txt: A\n  - data: DATA\n  - gone.txt\n";
  const root = await folder("whole", { "config.yaml": config, "deep/a.txt": "from a\n", "data/x": "", "data/y": "", other: "" });
  await form(async (form, page) => {
    await form.dropPaths(root);
    await until(() => form.config.inputValue(), (text) => text === config, "the file says");
    await form.run.click();
    const wrong = page.getByRole("alert");
    await wrong.getByText(form.say("rule-file-missing", { path: "gone.txt" })).waitFor();
    assert.equal(await wrong.getByRole("listitem").count(), 1);
    await form.config.fill(config.replace(" && cat gone.txt", "").replace("  - gone.txt\n", ""));
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), ["from a", "x", "y"]);
  });
});

test("a folder is chosen with the button, and takes the path it is given", async () => {
  const root = await folder("chosen", { "sub/f": "content\n" });
  await form(async (form, page) => {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      form.group("inputs-heading").getByRole("button", { name: form.say("inputs-add-folder"), exact: true }).click(),
    ]);
    await chooser.setFiles(root);
    await summary(form, 1, "8 bytes").waitFor();
    await form.group("inputs-heading").getByRole("textbox", { name: form.say("path-label"), exact: true }).fill("in/renamed");
    await form.command("cat in/renamed/sub/f");
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), ["content"]);
  });
});

test("ten thousand files are shown, a part of them at a time", async () => {
  const entries = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`f${String(index).padStart(5, "0")}`, "x"]));
  const root = await folder("many", entries);
  await form(async (form, page) => {
    await form.dropPaths(root);
    await summary(form, 10_000, "10 kB").waitFor();
    await page.locator("summary").filter({ hasText: "10,000 files" }).click();
    await page.getByText("f00199", { exact: true }).waitFor();
    assert.equal(await page.getByText("f00200", { exact: true }).count(), 0);
    await page.getByRole("button", { name: form.say("folder-more", { count: 9800 }) }).click();
    await page.getByText("f00200", { exact: true }).waitFor();
  });
});

test("more files than there can be inputs become one folder", async () => {
  await form(async (form, page) => {
    await form.dropOnly(...Array.from({ length: 101 }, (_, index) => ({ name: `n${index}.txt`, content: "x" })));
    await page.getByText(form.say("inputs-gathered", { count: 101 })).waitFor();
    await form.command("ls files | wc -l");
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), ["101"]);
  });
});
