// Each page as it looks and reads: axe finds nothing, nothing hangs over the edge, a picture of it is kept.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, open as openFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { Cutter } from "./harness/cutter.mjs";
import { keptDrafts } from "./harness/drafts.mjs";
import { Gates } from "./harness/gate.mjs";
import { JobList } from "./harness/list.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { LANGUAGES, words } from "./harness/words.mjs";

const SHOTS = process.env.JOBSPHERE_SHOTS ?? resolve(import.meta.dirname, "../../target/screenshots");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** From so many bytes on the page asks before it sends. */
const ASKED_FROM_BYTES = 64 << 20;
const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

let server;
let browser;
let gates;
let addresses;
let holding;
let home;

before(async () => {
  await mkdir(SHOTS, { recursive: true });
  server = await Server.start();
  browser = await launch();
  holding = await Cutter.start(server);
  holding.holds = true;
  home = await makeFiles();
  gates = new Gates(server);
  addresses = await makeJobs();
});

after(async () => {
  await gates?.open("end");
  await browser?.close();
  await holding?.stop();
  await server?.stop();
  if (home) await rm(home, { recursive: true });
});

/** Files to be dropped and chosen. */
async function makeFiles() {
  const home = await mkdtemp(join(tmpdir(), "jobsphere-looks-"));
  const project = join(home, "проект");
  await mkdir(join(project, "data"), { recursive: true });
  await writeFile(join(project, "main.py"), "print(1)\n");
  await writeFile(join(project, "data", "measurements-2026-november-with-a-long-name.csv"), "1\n2\n");
  await writeFile(join(project, ".gitignore"), "*.log\n");
  await writeFile(join(project, "noise.log"), "noise\n");
  const large = await openFile(join(home, "large.bin"), "w");
  await large.truncate(ASKED_FROM_BYTES);
  await large.close();
  return home;
}

/** A job in each state that has a look of its own; their addresses. */
async function makeJobs() {
  const page = await open(browser);
  const submit = async (name, write, seen) => {
    const form = new NewJob(page, server);
    await form.open();
    await form.text("name-label").fill(name);
    await write(form);
    const job = await form.submit();
    await seen(job);
    return new URL(job.address).pathname;
  };
  const done = await submit(
    "Mean of the measurements",
    async (form) => {
      await form.choose({ name: "measurements-2026-november-long-name.csv", content: "1\n2\n3\n", var: "NUMBERS" });
      await form.output("mean.txt", "MEAN");
      await form.output("figures");
      await form.env("PRECISION", "3");
      await form.command("awk '{ s += $1; print \"read\", $1 } END { print s / NR > \"mean.txt\" }' ${NUMBERS}; mkdir figures; echo x > figures/a.svg; echo 'no display' >&2");
    },
    async (job) => {
      await job.reaches("success");
      await job.logIsComplete();
    },
  );
  const outputs = await submit(
    "Outputs of every kind",
    async (form) => {
      for (const path of ["tables/measurements-of-november.csv", "notes.md", "figures", "model.bin"]) await form.output(path);
      await form.command(
        "mkdir tables figures; (echo city,degrees; for i in 1 2 3 4 5 6 7; do echo Oslo $i,$((i * i % 5)); done) > tables/measurements-of-november.csv; "
          + "echo '# Notes' > notes.md; cp notes.md figures; echo x > model.pt",
      );
    },
    async (job) => {
      await job.reaches("success");
      await job.logIsComplete();
    },
  );
  const failed = await submit(
    "Model training",
    (form) => form.command("echo epoch 1; echo 'cuda: out of memory, '$(seq -s , 1 80) >&2; exit 3"),
    async (job) => {
      await job.reaches("error");
      await job.logIsComplete();
    },
  );
  const running = await submit(
    "Nightly export",
    (form) =>
      form.command(
        `echo '{"progress": 40, "message": "table 4 of 10"}' >> $JOB_PROGRESS_FILENAME; echo begun; ${gates.wait("end")}`,
      ),
    (job) => job.line("out", "begun"),
  );
  const cancelling = await submit(
    "Long simulation",
    async (form) => {
      await form.openGroup("group-life");
      await page.getByRole("checkbox", { name: form.say("shutdown-label") }).check();
      await form.text("timeout-label").fill("1h");
      await form.command(`trap : TERM; echo begun; for i in $(seq 6000); do [ -e ${Gates.file("end")} ] && exit; sleep 0.1; done`);
    },
    async (job) => {
      await job.line("out", "begun");
      await job.cancelGracefully("the input was wrong");
      await job.reaches("cancelling");
    },
  );
  await page.context().close();
  return { done, outputs, failed, running, cancelling };
}

/** How to reach each page, and what it looks like when it is all there. */
const PAGES = {
  "jobs-empty": async (page, say) => {
    await page.goto(`${server.url}/projects/nobody/jobs`);
    await page.getByRole("heading", { name: say("jobs-empty-heading") }).waitFor();
  },
  jobs: async (page) => {
    await page.goto(`${server.url}/projects/default/jobs`);
    await page.getByRole("link", { name: "Nightly export" }).waitFor();
  },
  "jobs-selected": async (page, say, language) => {
    const list = new JobList(page, server, language);
    await list.open("?q=t&columns=state,name,created,duration,instance,author,code,expires,size,parent");
    await list.box("Mean of the measurements").check();
    await list.box("Nightly export").check();
    await list.openStates();
    await list.bar.waitFor();
  },
  "jobs-deleting": async (page, say, language) => {
    const list = new JobList(page, server, language);
    await list.open();
    await list.box("Mean of the measurements").check();
    await list.box("Nightly export").check();
    const dialog = await list.bulk("delete");
    await dialog.getByText(say("act-left-out", { count: 1, reason: say("forbidden-runs") })).waitFor();
  },
  "jobs-none-fit": async (page, say, language) => {
    const list = new JobList(page, server, language);
    await list.open("?q=nothing");
    await list.says("filters-nothing-text");
  },
  "new-job": async (page, say, language) => {
    await new NewJob(page, server, language).open();
  },
  "new-job-problems": async (page, say, language) => {
    const form = new NewJob(page, server, language);
    await form.open();
    await form.choose({ name: "data.csv", content: "1", var: "DATA" });
    await form.output("../above", "not a name");
    await form.argument("A", "1");
    await form.env("1X", "y");
    await form.command("cat ${NOWHERE}");
    await form.run.click();
    await page.getByRole("alert").getByRole("link", { name: say("rule-variable-unknown", { name: "${NOWHERE}" }) }).waitFor();
  },
  "new-job-folder": async (page, say, language) => {
    const form = new NewJob(page, server, language);
    await form.open();
    await form.command("python3 проект/main.py");
    await form.dropPaths(join(home, "проект"));
    await page.getByText(say("folder-left-out", { count: 1 })).click();
    await page.getByText("data/", { exact: true }).click();
    await page.getByText(say("left-out-git", { rule: "*.log", file: ".gitignore" })).waitFor();
  },
  "new-job-drafts": async (page, say, language) => {
    const form = new NewJob(page, server, language);
    await form.open();
    for (const [place, name] of ["Mean of the measurements", "Обучение модели с очень длинным именем"].entries()) {
      await form.text("name-label").fill(name);
      await until(() => page.evaluate(keptDrafts), ({ text }) => text.includes(name), "the draft is kept");
      await page.getByRole("navigation").getByRole("link", { name: say("nav-new-job") }).click();
      await page.getByText(say("drafts-heading", { count: place + 1 })).waitFor();
    }
    await page.getByText(say("drafts-heading", { count: 2 })).click();
    await page.getByRole("link", { name: "Mean of the measurements" }).waitFor();
  },
  "new-job-not-understood": async (page, say, language) => {
    const form = new NewJob(page, server, language);
    await form.open();
    await form.config.fill("cmd: python main.py\nname: [broken\nimputs: []\n");
    await page.getByText(say("config-not-understood")).waitFor();
  },
  "new-job-example": async (page, say, language) => {
    const form = new NewJob(page, server, language);
    await form.open();
    await page.getByRole("button", { name: say("example-plot"), exact: true }).click();
    await until(() => form.text("cmd-label").inputValue(), (value) => value !== "", "the form is filled");
    await page.getByText("table.csv", { exact: true }).waitFor();
  },
  "run-asking": async (page, say, language) => {
    await chosen(page, language, join(home, "large.bin"));
    await page.getByRole("button", { name: say("send-agree"), exact: true }).waitFor();
  },
  "run-sending": async (page, say, language) => {
    const form = await chosen(page, language, join(home, "проект", "main.py"));
    await page.getByRole("button", { name: say("run-pause"), exact: true }).waitFor();
    await form.page.getByText(say("file-sending"), { exact: true }).waitFor();
  },
  "new-job-python": async (page, say, language) => {
    const form = new NewJob(page, server, language);
    await form.open();
    await form.command("python3 train.py");
    await form.openGroup("group-python");
    await page.getByRole("combobox", { name: say("python-label") }).selectOption("auto");
    await form.dropOnly(
      { name: "train.py", content: "import helper, yaml, odd_thing\ntry:\n    import torch\nexcept ImportError:\n    pass\n" },
      { name: "helper.py", content: "print 'two'\n" },
    );
    await page.getByText(say("program-main", { path: "train.py" })).waitFor();
    await page.getByText(say("packages-heading", { count: 3 })).click();
  },
  "new-job-again": async (page, say, language) => {
    await page.goto(`${server.url}${addresses.done.replace(/jobs\/([^/]+)$/, "jobs/new?from=$1")}`);
    await page.getByRole("heading", { name: say("differences-heading", { count: 0 }) }).waitFor();
    await new NewJob(page, server, language).command("wc -l ${NUMBERS}");
    await page.getByRole("heading", { name: say("differences-heading", { count: 1 }) }).waitFor();
  },
  "job-running": async (page, say, language) => {
    await page.goto(server.url + addresses.running);
    await new JobPage(page, language).line("out", "begun");
    await page.getByText("table 4 of 10", { exact: true }).waitFor();
  },
  "job-done": async (page, say, language) => {
    await page.goto(server.url + addresses.done);
    const job = new JobPage(page, language);
    await job.reaches("success");
    await job.logIsComplete();
  },
  "job-preview": async (page, say, language) => {
    await page.goto(server.url + addresses.outputs);
    const job = new JobPage(page, language);
    await job.reaches("success");
    await job.logIsComplete();
    await page.getByText("figures/", { exact: true }).click();
    await page.getByTitle(say("preview-file", { file: "figures/notes.md" }), { exact: true }).waitFor();
    await page.getByTitle(say("preview-file", { file: "tables/measurements-of-november.csv" }), { exact: true }).click();
    await page.getByText(say("plot-heading"), { exact: true }).click();
    await page.getByRole("img").waitFor();
  },
  "job-failed": async (page, say, language) => {
    await page.goto(server.url + addresses.failed);
    const job = new JobPage(page, language);
    await job.reaches("error");
    await job.logIsComplete();
  },
  "job-cancelling": async (page, say, language) => {
    await page.goto(server.url + addresses.cancelling);
    const job = new JobPage(page, language);
    await job.main.getByText(say("cancelling-asked", { signal: "SIGTERM" }), { exact: true }).waitFor();
  },
  "job-cancel-dialog": async (page, say, language) => {
    await page.goto(server.url + addresses.running);
    const job = new JobPage(page, language);
    await job.line("out", "begun");
    await job.cancel.click();
    await page.getByRole("dialog", { name: say("cancel-heading") }).waitFor();
  },
  compare: async (page, say) => {
    const ids = [addresses.done, addresses.failed].map((address) => address.split("/").at(-1));
    await page.goto(`${server.url}/projects/default/compare?jobs=${ids.join(",")}`);
    await page.getByRole("link", { name: say("compare-log-open-label", { letter: "B" }) }).first().waitFor();
    await page.getByText(say("compare-log-parts", { stream: "stderr", number: 1 }), { exact: true }).first().waitFor();
  },
  "job-lineage": async (page, say, language) => {
    await page.goto(server.url + addresses.done);
    await new JobPage(page, language).logIsComplete();
    await page.getByRole("heading", { name: say("lineage-heading") }).click();
    await page.getByText(say("lineage-alone")).waitFor();
  },
  servers: async (page, say) => {
    await page.goto(`${server.url}/projects/nobody/jobs`);
    await page.getByRole("button", { name: say("servers"), exact: true }).click();
    await page.getByText(say("servers-none-allowed")).waitFor();
  },
  "server-unknown": async (page, say) => {
    await page.goto(`${server.url}/on/jobs.example.org/projects/default/jobs`);
    await page.getByText(say("server-ask-text", { url: "https://jobs.example.org" })).waitFor();
    await page.getByRole("alert").getByText("--connect-to").waitFor();
  },
  "job-unknown": async (page, say) => {
    await page.goto(`${server.url}/projects/default/jobs/nosuchjob`);
    await page.getByRole("alert").getByText(say("error-not-found")).waitFor();
  },
  "not-found": async (page, say) => {
    await page.goto(`${server.url}/no/such/page`);
    await page.getByRole("heading", { level: 1, name: say("not-found-title") }).waitFor();
  },
};

/** Runs a job with one file, behind the proxy that holds it. */
async function chosen(page, language, path) {
  const form = new NewJob(page, { url: holding.url }, language);
  await form.open("held");
  await form.command("wc");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: form.say("inputs-add"), exact: true }).click(),
  ]);
  await chooser.setFiles(path);
  await form.group("inputs-heading").getByRole("textbox", { name: form.say("path-label"), exact: true }).waitFor();
  await form.run.click();
  return form;
}

/** Each violation with the elements it is about. */
async function violations(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
  });
}

/** Whether the page is drawn on a light or a dark ground. */
async function shade(page) {
  const pixel = await page.screenshot({ clip: { x: 2, y: 790, width: 1, height: 1 } });
  const red = await page.evaluate(async (png) => {
    const image = await createImageBitmap(new Blob([new Uint8Array(png)]));
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.drawImage(image, 0, 0);
    return canvas.getImageData(0, 0, 1, 1).data[0];
  }, [...pixel]);
  return red < 128 ? "dark" : "light";
}

/** Elements that make the page wider than its window. */
function overhang(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > clientWidth + 1);
    return wide.map((e) => e.outerHTML.slice(0, 120)).concat(`${scrollWidth} > ${clientWidth}`);
  });
}

for (const [name, reach] of Object.entries(PAGES)) {
  for (const language of LANGUAGES) {
    for (const theme of ["light", "dark"]) {
      test(`${name}, ${language}, ${theme}`, async () => {
        const say = words(language);
        const page = await open(browser, { language, theme, ...SIZES.wide });
        await reach(page, say, language);
        await page.getByRole("heading", { level: 1 }).waitFor();
        assert.equal(await page.evaluate(() => document.documentElement.lang), language);
        assert.equal(await shade(page), theme, "the colours follow the person's choice");
        for (const [size, viewport] of Object.entries(SIZES)) {
          await page.setViewportSize(viewport);
          await page.screenshot({ path: join(SHOTS, `${name}.${language}.${size}.${theme}.png`), fullPage: true });
          assert.deepEqual(await overhang(page), [], `${size}: nothing hangs over the edge`);
          assert.deepEqual(await violations(page), [], `${size}: axe`);
        }
        assertNoComplaints(page);
        await page.context().close();
      });
    }
  }
}

test("language and theme are chosen in the head and kept", async () => {
  const page = await open(browser);
  const [en, ru] = LANGUAGES.map(words);
  await page.goto(server.url);
  await page.getByRole("combobox", { name: en("language-label"), exact: true }).selectOption("ru");
  await page.getByRole("heading", { level: 1, name: ru("jobs-heading") }).waitFor();
  await page.getByRole("combobox", { name: ru("theme-label"), exact: true }).selectOption("dark");
  await page.reload();
  await page.getByRole("heading", { level: 1, name: ru("jobs-heading") }).waitFor();
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  await until(theme, (chosen) => chosen === "dark", "the theme is kept");
  assertNoComplaints(page);
  await page.context().close();
});
