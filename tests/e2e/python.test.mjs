// `python: auto`: the program among the dropped files is read, and what it needs is shown, corrected and sent.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";

import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { keptDrafts } from "./harness/drafts.mjs";
import { NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";

let server;
let browser;
let home;

before(async () => {
  home = await mkdtemp(join(tmpdir(), "jobsphere-python-"));
  server = await Server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await rm(home, { recursive: true, force: true });
});

async function folder(name, files) {
  const root = join(home, name);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
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

const PROJECT = {
  "config.yaml": "# as it was\ncmd: python3 main.py ${N}\nargs:\n  N: 3\nenv:\n  python: auto\n",
  "main.py": "import sys\nimport helper\nfrom pkg import deep\n\nprint(helper.greet(), deep.times(int(sys.argv[1])))\n",
  "helper.py": "import json\n\ndef greet():\n    return json.dumps('hello')\n",
  "pkg/__init__.py": "",
  "pkg/deep.py": "from . import wide\n\ndef times(n):\n    return wide.BASE * n\n",
  "pkg/wide.py": "BASE = 7\n",
  "unused.py": "import torch\n",
  "__pycache__/helper.cpython-311.pyc": "\0",
};

const requirements = (form) => form.text("requirements-label");
const module = (page, path) => page.getByRole("checkbox", { name: new RegExp(`^${path.replace(".", "\\.")}`) });

test("a dropped project brings its main script and its modules, and runs", async () => {
  const root = await folder("project", PROJECT);
  await form(async (form, page) => {
    await form.dropPaths(root);
    await until(() => form.config.inputValue(), (text) => text === PROJECT["config.yaml"], "the file says");
    await form.openGroup("group-python");
    await page.getByText(form.say("program-main", { path: "main.py" })).waitFor();
    assert.equal(await module(page, "helper.py").isChecked(), true);
    assert.equal(await module(page, "pkg").isChecked(), true);
    await page.getByText(form.say("imported-at", { path: "main.py", line: 2 })).waitFor();
    assert.equal(await module(page, "unused.py").count(), 0);
    assert.equal(await requirements(form).inputValue(), "");
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), ['"hello" 21']);

    // Run again: everything is known by its hash, the file is the job's own, and nothing is sent.
    const sent = [];
    page.on("request", (request) => ["PUT", "PATCH"].includes(request.method()) && sent.push(request.url()));
    const first = page.url();
    await page.getByRole("link", { name: form.say("run-again"), exact: true }).click();
    await until(() => form.config.inputValue(), (text) => text === PROJECT["config.yaml"], "the file is the job's own");
    await page.getByRole("heading", { name: form.say("differences-heading", { count: 0 }) }).waitFor();
    await form.run.click();
    await page.waitForURL((url) => url.href !== first && !url.pathname.endsWith("/new"));
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), ['"hello" 21']);
    assert.deepEqual(sent, []);
  });
});

test("a module that is taken out is not sent, and a reload keeps the program", async () => {
  const root = await folder("again", PROJECT);
  await form(async (form, page) => {
    await form.dropPaths(root);
    await form.openGroup("group-python");
    await module(page, "helper.py").uncheck();
    await page.waitForURL(/\?draft=/);
    await form.text("name-label").fill("Kept");
    const kept = () => page.evaluate(keptDrafts);
    await until(kept, (drafts) => drafts.text.includes("Kept"), "the draft is written down");
    await page.reload();
    await until(() => form.text("name-label").inputValue(), (value) => value === "Kept", "the draft is back");
    await form.openGroup("group-python");
    await page.getByText(form.say("program-main", { path: "main.py" })).waitFor();
    assert.equal(await module(page, "helper.py").isChecked(), false);
    const failed = await form.submit();
    await failed.reaches("error");
    await failed.logIsComplete();
    assert.ok((await failed.texts("err")).some((line) => /No module named 'helper'/.test(line)));
  });
});

test("packages are proposed by their own names, and what the person writes stays", async () => {
  await form(async (form, page) => {
    await form.command("python3 train.py");
    await form.openGroup("group-python");
    await page.getByRole("combobox", { name: form.say("python-label") }).selectOption("auto");
    const content = "import os\nimport yaml, sklearn.svm\ntry:\n    import torch\nexcept ImportError:\n    torch = None\nimport sixty_odd\n";
    await form.dropOnly({ name: "train.py", content });
    await until(
      () => requirements(form).inputValue(),
      (value) => value === "PyYAML\nscikit-learn",
      "the requirements are filled in",
    );
    await page.getByText(form.say("packages-heading", { count: 3 })).click();
    // Nothing but its name speaks for this one: a stranger's package is the person's to want.
    assert.equal(await module(page, "sixty_odd").isChecked(), false);
    await page.getByText(form.say("package-guessed")).waitFor();
    await page.getByText(form.say("package-optional")).waitFor();
    await requirements(form).fill("PyYAML==6.0\n");
    await form.dropOnly({ name: "train.py", content: `${content}import numpy\n` });
    await page.getByText(form.say("packages-heading", { count: 4 })).waitFor();
    assert.equal(await requirements(form).inputValue(), "PyYAML==6.0\n");
    await page.getByRole("button", { name: form.say("program-refill"), exact: true }).click();
    assert.equal(await requirements(form).inputValue(), "numpy\nPyYAML==6.0\nscikit-learn");
    await requirements(form).fill("six; later");
    await form.run.click();
    const line = "six; later";
    await page.getByRole("alert").getByText(form.say("rule-requirement", { line })).waitFor();
  });
});

test("what was dropped comes before a stranger's package, a requirements file before imports", async () => {
  const root = await folder("tricks", {
    "config.yaml": "cmd: python3 experiments/train.py\nenv:\n  python: auto\n",
    "requirements.txt": "# none yet\n",
    "experiments/train.py":
      'import os, sys, json\nsys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))\n' +
      "import utils\nfrom models import net\ntry:\n    import extra\nexcept ImportError:\n    pass\n" +
      'ROWS = open(os.path.join(os.path.dirname(__file__), "rows.csv")).read()\nprint(utils.NAME, net.LAYERS, ROWS)\n',
    "experiments/rows.csv": "1",
    "lib/utils.py": 'NAME = "ours"\n',
    "lib/models/__init__.py": "",
    "lib/models/net.py": "LAYERS = 3\n",
    "old/extra.py": "",
  });
  await form(async (form, page) => {
    await form.dropPaths(root);
    await form.openGroup("group-python");
    assert.equal(await module(page, "lib/utils.py").isChecked(), true);
    assert.equal(await module(page, "lib/models").isChecked(), true);
    await page.getByText(form.say("packages-declared", { path: "requirements.txt", count: 0 })).waitFor();
    assert.equal(await module(page, "extra").isChecked(), false);
    assert.equal(await module(page, "old/extra.py").isChecked(), false);
    assert.equal(await requirements(form).inputValue(), "");
    await page.getByText(form.say("place-at", { path: "experiments/train.py", line: 9 })).waitFor();
    await page.getByRole("button", { name: form.say("unseen-add", { what: "experiments/rows.csv" }) }).click();
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), ["ours 3 1"]);
  });
});

test("a program that cannot be read is named by its file and line, one without a script by the field", async () => {
  await form(async (form, page) => {
    await form.command("python3 broken.py");
    await form.openGroup("group-python");
    await page.getByRole("combobox", { name: form.say("python-label") }).selectOption("auto");
    await form.dropOnly({ name: "broken.py", content: "import six\nprint 'two'\n" });
    await page.getByText(form.say("place-at", { path: "broken.py", line: 2 })).waitFor();
    await form.command("./run.sh");
    await form.run.click();
    await page.getByRole("alert").getByText(form.say("rule-main-module")).waitFor();
    await form.command("python3 gone.py");
    await form.run.click();
    await page.getByRole("alert").getByText(form.say("rule-file-missing", { path: "gone.py" })).waitFor();
  });
});

test("a manual environment takes its requirements and modules from the dropped files", async () => {
  const config =
    "cmd: python3 -c 'import lib.core; print(lib.core.NAME)'\nenv:\n  python:\n    type: manual\n    requirements-file: needs.txt\n    local-paths: [lib]\n";
  const root = await folder("manual", {
    "config.yaml": config,
    "needs.txt": "# none\n",
    "lib/core.py": "NAME = 'from lib'\n",
  });
  await form(async (form, page) => {
    await form.dropPaths(root);
    await form.openGroup("group-python");
    await until(() => requirements(form).inputValue(), (value) => value === "# none\n", "the requirements are read");
    assert.equal(await form.config.inputValue(), config);
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), ["from lib"]);
    assert.equal(page.complaints.length, 0);
  });
});
