// From a file and a command to a result.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
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

/** Runs `body` with the form open in a fresh window, which must have no complaint at the end. */
async function withForm(body) {
  const page = await open(browser);
  try {
    const form = new NewJob(page, server);
    await form.open();
    await body(form, page);
    assertNoComplaints(page);
  } finally {
    await page.context().close();
  }
}

/** The addresses to which the page sends files, as they come. */
function uploads(page) {
  const seen = [];
  page.on("request", (request) => {
    if (request.method() === "PUT") seen.push(request.url());
  });
  return seen;
}

test("grep over a dropped text gives the lines that match", () =>
  withForm(async (form) => {
    const poem = "the sea\na stone\nthe wind\nморе the end\nnothing\n";
    await form.drop({ name: "poem.txt", content: poem, var: "POEM" });
    await form.output("found.txt", "FOUND");
    await form.command("grep the ${POEM} > ${FOUND}");
    const job = await form.submit();
    await job.reaches("success");
    const { name, bytes } = await job.download("found.txt");
    assert.equal(name, "found.txt");
    assert.equal(bytes.toString(), "the sea\nthe wind\nморе the end\n");
  }));

test("a folder comes back as a ZIP, a picture as it was", () =>
  withForm(async (form) => {
    const png =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    await form.output("out");
    await form.output("dot.png");
    await form.command(
      `mkdir -p out/deep && printf one > out/a.txt && printf два > 'out/deep/б.txt' && echo ${png} | base64 -d > dot.png`,
    );
    const job = await form.submit();
    await job.reaches("success");
    assert.deepEqual((await job.download("dot.png")).bytes, Buffer.from(png, "base64"));
    const { bytes } = await job.download("out");
    const archive = join(server.dataDir, "downloaded.zip");
    await writeFile(archive, bytes);
    const read = "import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n"
      + "print(json.dumps({n:z.read(n).decode() for n in z.namelist() if not n.endswith('/')}))";
    const held = JSON.parse(execFileSync("python3", ["-c", read, archive], { encoding: "utf8" }));
    assert.deepEqual(held, { "out/a.txt": "one", "out/deep/б.txt": "два" });
  }));

test("a command that exits 3 is said first, with the end of its stderr", () =>
  withForm(async (form, page) => {
    await form.command("echo harmless-output; for i in $(seq 22); do echo \"trouble $i\" >&2; done; exit 3");
    const job = await form.submit();
    const failure = job.main.getByRole("alert").filter({ hasText: say("failure-code", { code: "3" }) });
    await failure.waitFor();
    await until(() => failure.innerText(), (text) => text.includes("trouble 22"), "the end of stderr is shown");
    const said = await failure.innerText();
    assert.match(said, /trouble 3\n(.*\n)+trouble 22/);
    assert.doesNotMatch(said, /trouble 2\n/, "only the last twenty lines");
    await failure.getByRole("list", { name: say("failure-stdout-label") }).getByText("harmless-output").waitFor();
    const [above, below] = await Promise.all([failure.boundingBox(), page.getByRole("heading", { level: 1 }).boundingBox()]);
    assert.ok(above.y + above.height <= below.y, "the failure stands above the job's name");
  }));

test("the reason of a failure is found in stdout, without colours, and leads into the log", () =>
  withForm(async (form, page) => {
    const lines = ["___ test_two ___", "\\033[1m\\033[31mE       assert 2 == 3\\033[0m", "a.py:7: AssertionError",
      "FAILED a.py::test_two - assert 2 == 3"];
    await form.command(`for i in 1 2 3; do echo step $i; done; printf '${lines.join("\\n")}\\n'; exit 1`);
    const job = await form.submit();
    const reason = job.main.getByRole("alert").getByRole("list", { name: say("failure-reason-label") });
    await reason.getByText("assert 2 == 3").waitFor();
    assert.match(await reason.innerText(), /^E +assert 2 == 3$/);
    await reason.getByRole("link").first().click();
    await until(() => page.url(), (url) => url.includes("#"), "the line has an address");
  }));

test("a missing output is named, the others arrive", () =>
  withForm(async (form) => {
    await form.output("there.txt");
    await form.output("absent.txt");
    await form.command("echo here > there.txt");
    const job = await form.submit();
    await job.main.getByText(say("file-not-found", { file: "absent.txt" })).waitFor();
    await job.reaches("incomplete");
    assert.equal((await job.download("there.txt")).bytes.toString(), "here\n");
  }));

test("the same input again is not sent again", () =>
  withForm(async (form, page) => {
    const sent = uploads(page);
    const content = `only once ${Date.now()}`;
    for (const [time, name] of [[1, "first.txt"], [2, "second.txt"]]) {
      if (time === 2) await form.open();
      await form.choose({ name, content, var: "IN" });
      await form.output("copy.txt");
      await form.command("cat ${IN} > copy.txt");
      const job = await form.submit();
      await job.reaches("success");
      assert.equal((await job.download("copy.txt")).bytes.toString(), content);
      assert.equal(sent.length, 1, `files sent after run ${time}`);
    }
  }));

test("names with spaces, Cyrillic, quotes and markup stay what they are", () =>
  withForm(async (form, page) => {
    const strange = `данные и "кавычки" 'it''s' <script>window.broken=1<script>.txt`;
    const result = `итог <b>"x"</b> 'y'.txt`.replace("/", "_");
    const jobName = `Имя "в кавычках" <script>window.broken=1</script> &amp;`;
    await form.choose({ name: strange, content: "привет\n", var: "IN" });
    await form.output(result, "OUT");
    await form.text("name-label").fill(jobName);
    await form.openGroup("group-details");
    await form.text("desc-label").fill(`<img src=x onerror="window.broken=1">`);
    await form.argument("GREETING", "две  слова");
    await form.env("MARK", `"<i>" 'ё'`);
    await form.command(`cat \${IN} > \${OUT}; echo "\${GREETING}" >> \${OUT}; printf '%s\\n' "$MARK" '<script>window.broken=1</script>'; ls`);
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), jobName);
    const { name, bytes } = await job.download(result);
    assert.equal(bytes.toString(), "привет\nдве  слова\n");
    assert.match(name, /^итог .b.+x.+b. .+y.+txt$/, "the letters of the name survive the download");
    const printed = await job.texts("out");
    assert.deepEqual(printed.slice(0, 2), [`"<i>" 'ё'`, "<script>window.broken=1</script>"]);
    assert.ok(printed.includes(strange), "the input lies there under its name");
    await job.main.getByText(strange, { exact: true }).first().waitFor();
    assert.equal(await page.evaluate(() => window.broken), undefined, "nothing of it ran in the page");
    await page.getByRole("link", { name: say("breadcrumb-jobs"), exact: true }).click();
    await page.getByRole("link", { name: jobName, exact: true }).waitFor();
  }));

test("a mistake is said next to its field and in a list that leads to it", () =>
  withForm(async (form, page) => {
    await form.command("cat ${NOWHERE}");
    await form.run.click();
    const problems = page.getByRole("alert");
    const sentence = say("rule-variable-unknown", { name: "${NOWHERE}", shell: "$NOWHERE" });
    await problems.getByRole("link", { name: sentence }).click();
    const command = form.text("cmd-label");
    assert.ok(await command.evaluate((field) => field === document.activeElement), "the list leads to the field");
    assert.equal(await command.getAttribute("aria-invalid"), "true");
    await form.command("echo mended");
    await problems.waitFor({ state: "detached" });
    assert.equal(await command.getAttribute("aria-invalid"), "false");
    await (await form.submit()).reaches("success");
  }));

test("a job goes from the list to its result by keyboard alone", async () => {
  const page = await open(browser);
  const isFocused = (target) => target.evaluate((element) => element === document.activeElement);
  const tabTo = async (target) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press("Tab");
      if (await isFocused(target)) return;
    }
    assert.fail(`60 presses of Tab do not reach ${target}`);
  };
  const focused = (target) => until(() => isFocused(target), Boolean, `${target} has the focus`);

  await page.goto(`${server.url}/`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const form = new NewJob(page, server);
  await tabTo(page.getByRole("navigation").getByRole("link", { name: say("nav-new-job"), exact: true }));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: say("new-job-title") }).waitFor();
  await tabTo(form.text("cmd-label"));
  await page.keyboard.type("cat ${TEXT} > typed.txt; echo $GREETING");

  const inputs = form.group("inputs-heading");
  await tabTo(inputs.getByRole("button", { name: say("inputs-add"), exact: true }));
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
  await chooser.setFiles([{ name: "text.txt", mimeType: "text/plain", buffer: Buffer.from("chosen\n") }]);
  const variable = inputs.getByRole("textbox", { name: say("var-label"), exact: true });
  await variable.waitFor();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await focused(variable);
  await page.keyboard.type("TEXT");

  const outputs = form.group("outputs-heading");
  await tabTo(outputs.getByRole("button", { name: say("outputs-add"), exact: true }));
  await page.keyboard.press("Enter");
  await focused(outputs.getByRole("textbox", { name: say("path-label"), exact: true }));
  await page.keyboard.type("typed.txt");

  await tabTo(page.locator("summary").filter({ hasText: say("group-details") }));
  await page.keyboard.press("Enter");
  const environment = form.group("env-heading");
  await tabTo(environment.getByRole("button", { name: say("env-add"), exact: true }));
  await page.keyboard.press("Space");
  await focused(environment.getByRole("textbox", { name: say("pair-name-label"), exact: true }));
  await page.keyboard.type("GREETING");
  await page.keyboard.press("Tab");
  await page.keyboard.type("hello");

  await tabTo(form.run);
  await page.keyboard.press("Enter");
  const job = await form.submitted();
  await job.reaches("success");
  await job.logIsComplete();
  assert.deepEqual(await job.texts("out"), ["hello"]);
  const button = page.getByRole("button", { name: say("download-file", { file: "typed.txt" }), exact: true });
  await button.waitFor();
  await tabTo(button);
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Space")]);
  assert.equal(download.suggestedFilename(), "typed.txt");
  assert.equal(await readFile(await download.path(), "utf8"), "chosen\n");
  assertNoComplaints(page);
  await page.context().close();
});
