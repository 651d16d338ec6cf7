// Names that turn the direction of writing or hide something; files that are dropped where nobody asked for them.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { JobList } from "./harness/list.mjs";
import { dropPaths, JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { Sharing } from "./harness/sharing.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");

let server;
let browser;
let folder;

before(async () => {
  server = await Server.start();
  browser = await launch();
  folder = await mkdtemp(join(tmpdir(), "jobsphere-names-"));
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const HEBREW = "\u05d3\u05d5\u05d7 56.csv";

const CONFIG = `name: "report \\u202Etxt.exe"
desc: "\\u2067mixed\\u2069 and \\u202Eopen"
cmd: |
  printf '1\\n' > "$(printf 'plot\\342\\200\\256gnp.sh')"
  printf 'a;b\\n1;2\\n' > '${HEBREW}'
outputs:
  - "plot\\u202Egnp.sh"
  - "${HEBREW}"
`;

/** Fails where the page holds a mark that cannot be seen, in its text, its labels or its title. */
async function assertNothingHidden(page, where) {
  const found = await page.evaluate(() => {
    const hidden = /[\u200b-\u200f\u202a-\u202e\u2066\u2067]/u;
    const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    const found = hidden.test(document.title) ? [`title: ${document.title}`] : [];
    while (texts.nextNode()) if (hidden.test(texts.currentNode.data)) found.push(texts.currentNode.data);
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) if (!/^(href|id|for|aria-labelledby)$/.test(name) && hidden.test(value)) found.push(`${name}: ${value}`);
    }
    return found;
  });
  assert.deepEqual(found, [], where);
}

/** Where letters stand on the page: the left edges of a name and of what stands behind it. */
const edge = (part) => part.evaluate((element) => element.getBoundingClientRect().left);

test("a name shows what it hides, everywhere, and turns nothing", async () => {
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  await form.config.fill(CONFIG);
  await page.getByText("report ⟨U+202E⟩txt.exe").waitFor();
  const job = await form.submit();
  await job.reaches("success");
  await page.getByRole("heading", { level: 1, name: "report ⟨U+202E⟩txt.exe", exact: true }).waitFor();
  await page.getByText("⟨U+2067⟩mixed⟨U+2069⟩ and ⟨U+202E⟩open", { exact: true }).waitFor();
  assert.equal(await page.title(), "✓ report ⟨U+202E⟩txt.exe · Jobsphere");
  await page.getByRole("button", { name: "plot⟨U+202E⟩gnp.sh", exact: true }).waitFor();
  await assertNothingHidden(page, "job");
  const name = page.getByRole("button", { name: HEBREW, exact: true });
  const size = page.getByRole("listitem").filter({ has: name }).locator(".number");
  assert.ok((await edge(name)) < (await edge(size)), "what stands behind the name stays there");
  const { name: saved } = await job.download("plot⟨U+202E⟩gnp.sh");
  assert.equal(saved, "plot_gnp.sh");
  await page.getByText(say("download-saved-as", { file: "plot_gnp.sh" })).waitFor();

  const { address, jobId } = job;
  const sharing = new Sharing(page);
  await sharing.open(address);
  await sharing.file("plot⟨U+202E⟩gnp.sh").waitFor();
  await assertNothingHidden(page, "sharing");
  const link = await sharing.make();
  await page.goto(link);
  await page.getByRole("heading", { level: 1, name: "report ⟨U+202E⟩txt.exe", exact: true }).waitFor();
  await assertNothingHidden(page, "shared");

  await page.goto(address.replace(/jobs\/[^/]+$/, `compare?jobs=${jobId}`));
  await page.getByRole("link", { name: "report ⟨U+202E⟩txt.exe", exact: true }).waitFor();
  await assertNothingHidden(page, "compare");
  const list = new JobList(page, server);
  await list.open();
  await list.row("report ⟨U+202E⟩txt.exe").waitFor();
  await assertNothingHidden(page, "list");
  await list.row("report ⟨U+202E⟩txt.exe").getByRole("checkbox").check();
  await page.getByRole("button", { name: say("bulk-delete"), exact: true }).click();
  await page.getByRole("dialog").waitFor();
  await assertNothingHidden(page, "dialog");
  assertNoComplaints(page);
  await page.context().close();
});

test("a file is taken by the page that can use it, and refused with a word by any other", async () => {
  const page = await open(browser);
  const file = join(folder, "missed.txt");
  const config = join(folder, "config.yaml");
  await writeFile(file, "one\n");
  await writeFile(config, "cmd: cat missed.txt\ninputs:\n  - missed.txt\n");
  const list = new JobList(page, server);
  await list.open();
  const before = page.url();
  await dropPaths(page, page.getByRole("heading", { level: 1 }), [file]);
  await page.getByRole("alert").getByText(say("drop-refused")).waitFor();
  assert.equal(page.url(), before);
  await page.getByRole("link", { name: say("drop-new-job") }).click();
  await page.getByRole("heading", { level: 1, name: say("new-job-title") }).waitFor();
  assert.equal(await page.getByText(say("drop-refused")).count(), 0);

  // Beside the section, and onto the text of the other view.
  const form = new NewJob(page, server);
  await dropPaths(page, form.config, [config]);
  await until(() => form.config.inputValue(), (text) => text.includes("cat missed.txt"), "the configuration is taken");
  await dropPaths(page, page.getByRole("heading", { level: 1 }), [file]);
  await form.group("inputs-heading").locator(".file-name", { hasText: "missed.txt" }).waitFor();

  // A file is pasted as well.
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(["two\n"], "pasted.txt"));
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  await form.group("inputs-heading").locator(".file-name", { hasText: "pasted.txt" }).waitFor();
  const job = await form.submit();
  await job.reaches("success");
  const after = page.url();
  await dropPaths(page, page.getByRole("heading", { level: 1 }), [file]);
  await page.getByRole("alert").getByText(say("drop-refused")).waitFor();
  assert.equal(page.url(), after);
  await new JobPage(page).logIsComplete();
  assert.deepEqual(await job.texts("out"), ["one"]);
  assertNoComplaints(page);
  await page.context().close();
});
