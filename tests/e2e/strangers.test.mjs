// Folders and files as strangers have them: configurations under other names, programs to begin with, names of a Mac,
// values of several lines, one file changed of many, and the way back.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";

import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";

let server;
let browser;
let home;

before(async () => {
  server = await Server.start();
  browser = await launch();
  home = await mkdtemp(join(tmpdir(), "jobsphere-strangers-"));
});

after(async () => {
  await browser?.close();
  await server?.stop();
  if (home) await rm(home, { recursive: true });
});

async function folder(name, entries) {
  const root = join(home, name);
  for (const [path, content] of Object.entries(entries)) {
    const place = join(root, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, content);
  }
  return root;
}

async function form(use) {
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  await use(form, page);
  assertNoComplaints(page);
  await page.context().close();
}

const says = (form, text) => until(() => form.config.inputValue(), (value) => value === text, "the file says");

/** The paths of the inputs. */
const paths = (form) =>
  form
    .group("inputs-heading")
    .getByRole("textbox", { name: form.say("path-label"), exact: true })
    .evaluateAll((fields) => fields.map((field) => field.value));

/** Runs the form to its end; what the job printed. */
async function printed(form) {
  const job = await form.submit();
  await job.reaches("success");
  await job.logIsComplete();
  return job.texts("out");
}

test("a configuration under any name is offered, and files serve it in any order from any folder", async () => {
  const config = (name) => `name: ${name}\ncmd: cat \${ROWS} && cat more/tail.txt\ninputs:\n  - data/rows.csv: ROWS\n  - more/tail.txt\n`;
  const root = await folder("other name", {
    "datasphere_config.yaml": config("outer"),
    "configs/jobs/smoke.yaml": config("smoke"),
    "configs/model.yaml": "trainer:\n  cmd: fit\n  name: x\n",
    "data/rows.csv": "a\nb\n",
  });
  const elsewhere = await folder("elsewhere", { "tail.txt": "the end\n", "unrelated.txt": "x" });
  await form(async (form, page) => {
    await form.dropPaths(root);
    const choice = page.getByRole("group", { name: form.say("configs-heading") });
    await choice.waitFor();
    assert.equal(await choice.getByRole("radio").count(), 2);
    assert.equal(await form.config.inputValue(), "", "nothing is taken before the choice");
    await choice.getByRole("radio", { name: /smoke/ }).check();
    await says(form, config("smoke"));
    await page.getByText(`${form.say("inputs-missing")} more/tail.txt`, { exact: true }).waitFor();
    await choice.getByRole("radio", { name: /datasphere_config/ }).check();
    await says(form, config("outer"));
    await form.dropPaths(elsewhere);
    await page.getByText(form.say("inputs-missing")).waitFor({ state: "detached" });
    assert.deepEqual(await paths(form), ["data/rows.csv", "more/tail.txt"], "the folder is no input of its own");
    assert.deepEqual(await printed(form), ["a", "b", "the end"]);
  });
  await form(async (form, page) => {
    // The files first; the configuration, called as it likes, at last.
    await form.dropOnly({ name: "tail.txt", content: "first\n" });
    await until(() => paths(form), (paths) => paths.length === 1, "the file is an input");
    await form.dropPaths(join(root, "data"));
    await until(() => paths(form), (paths) => paths.length === 2, "the folder is one too");
    await form.dropOnly({ name: "my job.yml", content: config("late") });
    await says(form, config("late"));
    assert.equal(await page.getByText(form.say("inputs-missing")).count(), 0);
    assert.deepEqual(await printed(form), ["a", "b", "first"]);
  });
});

test("a stranger's folder runs at one press, and a command meets the folder that has its file", async () => {
  const root = await folder("stranger", {
    "train.py": "import pathlib\nfrom lib.core import NAME\nprint(NAME, pathlib.Path('data/in.txt').read_text().strip())\n",
    "lib/core.py": "NAME = 'ours'\n",
    "lib/__init__.py": "",
    "data/in.txt": "in\n",
  });
  await form(async (form, page) => {
    await form.dropPaths(root);
    await page.getByRole("button", { name: "python3 train.py", exact: true }).click();
    await page.getByText(`${form.say("offer-done")} python3 train.py`).waitFor();
    assert.deepEqual(await paths(form), ["./"]);
    assert.deepEqual(await printed(form), ["ours in"]);
  });
  const laidOut = await folder("laid out", {
    "pyproject.toml": "[project]\nname = 'own'\n",
    "src/own/__init__.py": "",
    "src/own/__main__.py": "from own.core import NAME\nprint(NAME)\n",
    "src/own/core.py": "NAME = 'packed'\n",
    "environment.yml": "dependencies: [numpy=1.26]\n",
  });
  await form(async (form, page) => {
    await form.dropPaths(laidOut);
    await page.getByText(form.say("offer-unread", { file: "environment.yml" })).waitFor();
    await page.getByRole("button", { name: "PYTHONPATH=src python3 -m own", exact: true }).click();
    assert.deepEqual(await printed(form), ["packed"]);
  });
  const pinned = await folder("pinned", { "main.py": "print(1)\n", "requirements.txt": "tabulate==0.9.0\n-r more.txt\n" });
  await form(async (form, page) => {
    await form.dropPaths(pinned);
    await page.getByRole("button", { name: "python3 main.py", exact: true }).click();
    await page.getByText(form.say("offer-left-out", { lines: "-r more.txt" })).waitFor();
    await form.openGroup("group-python");
    assert.equal(await form.text("requirements-label").inputValue(), "tabulate==0.9.0\n");
    await page.getByRole("button", { name: form.say("take-back"), exact: true }).click();
    await until(() => paths(form), (paths) => paths[0] === "pinned", "the folder lies as it was");
    // Typed by hand instead, beside another input.
    await form.dropOnly({ name: "note.txt", content: "x" });
    await form.command("python3 main.py");
    await page.getByText(form.say("meet-in-folder", { count: 1, paths: "main.py", folder: "pinned" })).waitFor();
    await page.getByRole("button", { name: form.say("meet-enter", { folder: "pinned" }), exact: true }).click();
    assert.equal(await form.text("cmd-label").inputValue(), "cd pinned && python3 main.py");
    assert.deepEqual(await printed(form), ["1"]);
  });
});

test("names of a Mac are found once, and values of several lines stay", async () => {
  const nfd = (text) => text.normalize("NFD");
  const config = "cmd: cat 'Отчёт.csv' ${FOLDER}/* && ls | wc -l && printf '%s' \"$KEY\"\ninputs:\n  - Отчёт.csv\n  - папка й: FOLDER\nenv:\n  vars:\n    - KEY: |\n        one\n        two\n";
  const root = await folder("mac", {
    "config.yaml": config,
    [nfd("Отчёт.csv")]: "table\n",
    [nfd("папка й/ё.txt")]: "inside\n",
  });
  await form(async (form, page) => {
    await form.dropPaths(root);
    await says(form, config);
    assert.deepEqual(await paths(form), ["Отчёт.csv", "папка й"]);
    const value = form.group("env-heading").getByRole("textbox", { name: form.say("pair-value-label"), exact: true });
    await form.openGroup("group-details");
    assert.equal(await value.inputValue(), "one\ntwo\n");
    await value.fill("one\nthree\n");
    await until(() => form.config.inputValue(), (text) => text.includes("        one\n        three\n"), "lines stay lines");
    assert.deepEqual(await printed(form), ["table", "inside", "2", "one", "three"]);
    // Going back finds what became the job, as a draft of another one.
    await page.goBack();
    await page.getByText(form.say("draft-done")).waitFor();
    await form.openGroup("group-details");
    assert.equal(await value.inputValue(), "one\nthree\n");
    await page.getByRole("searchbox", { name: form.say("options-find") }).fill("nothing like it");
    await page.getByText(form.say("options-none", { wanted: "nothing like it" })).waitFor();
    await page.getByRole("searchbox", { name: form.say("options-find") }).fill("");
    await page.getByText(form.say("options-set", { count: 1 })).waitFor();
  });
});

test("a job runs again with one file of its folder edited, without the folder", async () => {
  const root = await folder("edited", { "a/run.sh": "echo first\n", "b.txt": "kept\n", "c.txt": "too\n" });
  await form(async (form, page) => {
    await form.dropPaths(root);
    await form.command("sh edited/a/run.sh && cat edited/b.txt edited/c.txt");
    assert.deepEqual(await printed(form), ["first", "kept", "too"]);
    await page.getByRole("link", { name: form.say("run-again"), exact: true }).click();
    await page.getByRole("button", { name: form.say("input-fetch", { path: "edited" }), exact: true }).click();
    const summary = page.locator("summary").filter({ hasText: form.say("folder-files", { count: 3 }) });
    await page.getByRole("heading", { name: form.say("differences-heading", { count: 0 }) }).waitFor();
    await summary.click();
    await page.locator("summary").filter({ hasText: "a/" }).click();
    await page.getByRole("button", { name: form.say("file-edit", { file: "a/run.sh" }), exact: true }).click();
    await form.page.getByRole("textbox", { name: form.say("file-content", { file: "a/run.sh" }) }).fill("echo second\n");
    await page.getByRole("button", { name: form.say("file-save"), exact: true }).click();
    await page.getByRole("heading", { name: form.say("differences-heading", { count: 1 }) }).waitFor();
    const before = page.url();
    await form.run.click();
    await page.waitForURL((url) => url.href !== before && !url.pathname.endsWith("/new"));
    const second = new JobPage(page);
    await second.reaches("success");
    await second.logIsComplete();
    assert.deepEqual(await second.texts("out"), ["second", "kept", "too"]);
  });
  await form(async (form, page) => {
    await form.dropOnly({ name: "rows.csv", content: "old\n" });
    await form.group("inputs-heading").getByRole("textbox", { name: form.say("path-label"), exact: true }).fill("data/rows.csv");
    await form.command("cat data/rows.csv");
    assert.deepEqual(await printed(form), ["old"]);
    await page.getByRole("link", { name: form.say("run-again"), exact: true }).click();
    await page.getByText(form.say("input-known")).waitFor();
    await form.dropOnly({ name: "rows.csv", content: "new\n" });
    await page.getByText(form.say("input-known")).waitFor({ state: "detached" });
    assert.deepEqual(await paths(form), ["data/rows.csv"], "its namesake, not one more");
    await page.getByRole("heading", { name: form.say("differences-heading", { count: 1 }) }).waitFor();
  });
});
