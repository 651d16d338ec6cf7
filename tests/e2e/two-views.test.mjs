// The draft and its two views, the form and `config.yaml`; import, export, and running a job again.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";

let server;
let browser;

before(async () => {
  server = await Server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A fresh form; the page must end without complaints. */
async function form(use, address) {
  const page = await open(browser);
  const form = new NewJob(page, server);
  if (address) await page.goto(server.url + address);
  else await form.open();
  await use(form, page);
  assertNoComplaints(page);
  await page.context().close();
}

const says = (form, text) => until(() => form.config.inputValue(), (value) => value === text, "the file says");

test("each side follows the other, and comments stay", async () => {
  await form(async (form) => {
    await form.command("wc -l ${TEXT}");
    await form.output("out.txt");
    await says(form, "cmd: wc -l ${TEXT}\noutputs:\n  - out.txt\n");
    await form.config.fill("# mine\ncmd: wc -l ${TEXT} # count\n\noutputs:\n  - out.txt   # the number\nname: Old\n");
    assert.equal(await form.text("name-label").inputValue(), "Old");
    await form.text("name-label").fill("3.10");
    await form.argument("TEXT", "yes");
    await says(
      form,
      "# mine\ncmd: wc -l ${TEXT} # count\n\noutputs:\n  - out.txt   # the number\nname: 3.10\nargs:\n  TEXT: yes\n",
    );
  });
});

test("a file that is no YAML is named by its line and loses nothing", async () => {
  await form(async (form, page) => {
    await form.config.fill("cmd: echo kept\nname: [broken\n");
    await page.getByText(form.say("config-not-understood")).waitFor();
    assert.equal(await form.run.isDisabled(), true);
    await form.config.fill("cmd: echo kept\nname: mended\nimputs: []\n");
    await page.getByText(form.say("misfit-unknown-key", { key: "imputs" })).waitFor();
    assert.equal(await form.text("cmd-label").inputValue(), "echo kept");
    assert.equal(await form.text("name-label").inputValue(), "mended");
    assert.equal(await form.run.isDisabled(), false);
  });
});

test("a dropped config.yaml becomes the form, files find their inputs, and the rest is asked for", async () => {
  await form(async (form, page) => {
    const config = "# whole\ncmd: cat ${A} b.txt\ninputs:\n  - deep/a.txt: A\n  - b.txt\nenv:\n  vars: [ASKED]\n";
    await form.dropOnly({ name: "config.yaml", content: config }, { name: "a.txt", content: "from a\n" });
    await says(form, config);
    await page.getByText(`${form.say("inputs-missing")} b.txt`, { exact: true }).waitFor();
    await form.run.click();
    const wrong = page.getByRole("alert");
    await wrong.getByText(form.say("rule-file-missing", { path: "b.txt" })).waitFor();
    await wrong.getByText(form.say("rule-value-missing", { name: "ASKED" })).waitFor();
    assert.equal(await wrong.getByText(form.say("rule-file-missing", { path: "deep/a.txt" })).count(), 0);
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: form.say("input-choose", { path: "b.txt" }), exact: true }).click(),
    ]);
    await chooser.setFiles([{ name: "other.txt", mimeType: "text/plain", buffer: Buffer.from("from b\n") }]);
    await form.group("env-heading").getByRole("textbox", { name: form.say("pair-value-label") }).fill("here");
    await says(form, config);
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), ["from a", "from b"]);
  });
});

test("a link fills the form, and the file can be taken away", async () => {
  const config = "cmd: echo 'из ссылки' # ${x}\n";
  await form(async (form, page) => {
    await says(form, config);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: form.say("config-save"), exact: true }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "config.yaml");
    assert.equal(await readFile(await download.path(), "utf8"), config);
    const job = await form.submit();
    await job.reaches("success");
    assert.deepEqual(await job.texts("out"), ["из ссылки"]);
  }, `/projects/default/jobs/new#config=${encodeURIComponent(config)}`);
});

test("a job runs again with a change, and its file is neither needed nor sent", async () => {
  await form(async (form, page) => {
    await form.choose({ name: "text.txt", content: "one\ntwo\n", var: "TEXT" });
    await form.argument("COUNT", "1");
    await form.command("head -n ${COUNT} ${TEXT}");
    const first = await form.submit();
    await first.reaches("success");
    await page.getByRole("link", { name: form.say("run-again"), exact: true }).click();
    await until(() => form.text("cmd-label").inputValue(), (cmd) => cmd !== "", "the form is filled");
    await page.getByText(form.say("input-known")).waitFor();
    await form.openGroup("group-details");
    await form.group("arguments-heading").getByRole("textbox", { name: form.say("pair-value-label") }).fill("2");
    await page.getByRole("heading", { name: form.say("differences-heading", { count: 1 }) }).waitFor();
    const row = page.getByRole("row").filter({ hasText: "args.COUNT" });
    assert.deepEqual(await row.getByRole("cell").allTextContents(), ["1", "2"]);
    const puts = [];
    const clones = [];
    page.on("request", (request) => {
      if (request.method() === "PUT") puts.push(request.url());
      if (request.url().endsWith("/Clone")) clones.push(request.url());
    });
    const before = page.url();
    await form.run.click();
    await page.waitForURL((url) => url.href !== before && !url.pathname.endsWith("/new"));
    const second = new JobPage(page);
    await second.reaches("success");
    await second.logIsComplete();
    assert.deepEqual(await second.texts("out"), ["one", "two"]);
    assert.deepEqual(puts, []);
    assert.equal(clones.length, 1, "a copy is asked for, which keeps the lineage");
  });
});

test("options are found by their words, and everything set in them is in the file", async () => {
  await form(async (form, page) => {
    await form.command("true");
    const find = page.getByRole("searchbox", { name: form.say("options-find") });
    await find.fill(form.say("timeout-label").slice(0, 6));
    await page.getByRole("checkbox", { name: form.say("shutdown-label") }).check();
    await page.getByRole("combobox", { name: form.say("signal-label") }).selectOption("SIGINT");
    await form.text("timeout-label").fill("1m30s");
    await form.text("ttl-label").fill("3d");
    assert.equal(await page.getByText(form.say("group-python"), { exact: true }).isVisible(), false);
    await find.fill("");
    await form.openGroup("group-python");
    await page.getByRole("combobox", { name: form.say("python-label") }).selectOption("manual");
    await form.text("python-version-label").fill("3.10");
    await form.openGroup("group-image");
    await page.getByRole("combobox", { name: form.say("image-label") }).selectOption("address");
    await form.text("image-address-label").fill("cr.example/x:1");
    await form.text("image-secret-label").fill("PASSWORD");
    await form.openGroup("group-machine");
    await page.getByRole("checkbox", { name: form.say("disk-label") }).check();
    await form.text("storage-label").fill("150Gb");
    const file = [
      "cmd: true",
      "graceful-shutdown:",
      "  signal: SIGINT",
      "  timeout: 1m30s",
      "data-ttl: 3d",
      "env:",
      "  python:",
      "    type: manual",
      "    version: 3.10",
      "  docker:",
      "    image: cr.example/x:1",
      "    password:",
      "      secret-id: PASSWORD",
      "flags:",
      "  - attach-project-disk",
      "working-storage:",
      "  size: 150Gb",
      "",
    ];
    await says(form, file.join("\n"));
  });
});

test("a name half typed is completed, and an unknown one is marked at once", async () => {
  await form(async (form, page) => {
    await form.argument("FIRST", "1");
    await form.command("echo ${NOWHERE} ${FI");
    await page.locator("mark").getByText("${NOWHERE}").waitFor();
    await page.getByRole("button", { name: "${FIRST}", exact: true }).click();
    assert.equal(await form.text("cmd-label").inputValue(), "echo ${NOWHERE} ${FIRST}");
    await page.keyboard.type(" end");
    assert.equal(await form.text("cmd-label").inputValue(), "echo ${NOWHERE} ${FIRST} end");
  });
});

test("requirements written in the form go along with the downloaded file", async () => {
  await form(async (form, page) => {
    await form.command("python3 -c 'print(1)'");
    await form.openGroup("group-python");
    await page.getByRole("combobox", { name: form.say("python-label") }).selectOption("manual");
    await form.text("requirements-label").fill("six==1.16.0\n");
    const downloads = [];
    page.on("download", (download) => downloads.push(download));
    await page.getByRole("button", { name: form.say("config-save"), exact: true }).click();
    await until(() => downloads.length, (count) => count === 2, "both files come");
    assert.deepEqual(downloads.map((download) => download.suggestedFilename()).sort(), ["config.yaml", "requirements.txt"]);
    assert.match(await form.config.inputValue(), /requirements-file: requirements\.txt/);
  });
});
