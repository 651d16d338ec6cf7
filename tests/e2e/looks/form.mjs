// How to reach each look of the form for a new job.

import { join } from "node:path";
import { until } from "../harness/browser.mjs";
import { keptDrafts } from "../harness/drafts.mjs";
import { NewJob } from "../harness/pages.mjs";

export const FORM = {
  "new-job": async ({ page, scene, language }) => {
    await new NewJob(page, scene.server, language).open();
  },
  "new-job-problems": async ({ page, scene, say, language }) => {
    const form = new NewJob(page, scene.server, language);
    await form.open();
    await form.choose({ name: "data.csv", content: "1", var: "DATA" });
    await form.output("../above", "not a name");
    await form.argument("A", "1");
    await form.env("1=X", "y");
    await form.command("cat ${NOWHERE}");
    await form.run.click();
    await page.getByRole("alert").getByRole("link", { name: say("rule-variable-unknown", { name: "${NOWHERE}", shell: "$NOWHERE" }) }).waitFor();
  },
  "new-job-folder": async ({ page, scene, say, language }) => {
    const form = new NewJob(page, scene.server, language);
    await form.open();
    await form.command("python3 проект/main.py");
    await form.dropPaths(join(scene.home, "проект"));
    await page.getByText(say("folder-left-out", { count: 1 })).click();
    await page.getByText("data/", { exact: true }).click();
    await page.getByText(say("left-out-git", { rule: "*.log", file: ".gitignore" })).waitFor();
  },
  "new-job-drafts": async ({ page, scene, say, language }) => {
    const form = new NewJob(page, scene.server, language);
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
  "new-job-not-understood": async ({ page, scene, say, language }) => {
    const form = new NewJob(page, scene.server, language);
    await form.open();
    await form.config.fill("cmd: python main.py\nname: [broken\nimputs: []\n");
    await page.getByText(say("config-not-understood")).waitFor();
  },
  "new-job-example": async ({ page, scene, say, language }) => {
    const form = new NewJob(page, scene.server, language);
    await form.open();
    await page.getByRole("button", { name: say("example-plot"), exact: true }).click();
    await until(() => form.text("cmd-label").inputValue(), (value) => value !== "", "the form is filled");
    await page.getByText("table.csv", { exact: true }).waitFor();
  },
  "run-asking": async ({ page, scene, say, language }) => {
    await chosen(scene, page, language, join(scene.home, "large.bin"));
    await page.getByRole("button", { name: say("send-agree"), exact: true }).waitFor();
  },
  "run-sending": async ({ page, scene, say, language }) => {
    const form = await chosen(scene, page, language, join(scene.home, "проект", "main.py"));
    await page.getByRole("button", { name: say("run-pause"), exact: true }).waitFor();
    await form.page.getByText(say("file-sending"), { exact: true }).waitFor();
  },
  "new-job-python": async ({ page, scene, say, language }) => {
    const form = new NewJob(page, scene.server, language);
    await form.open();
    await form.command("python3 train.py");
    await form.openGroup("group-python");
    await page.getByRole("combobox", { name: say("python-label") }).selectOption("auto");
    await form.dropOnly(
      { name: "train.py", content: "import helper, yaml, odd_thing\ntry:\n    import torch\nexcept ImportError:\n    pass\n" },
      { name: "helper.py", content: "print 'two'\n" },
    );
    await page.getByText(say("program-main", { path: "train.py" })).waitFor();
    const counts = [1, 2, 3].map((count) => page.getByText(say("packages-heading", { count }), { exact: true }));
    await counts.reduce((one, other) => one.or(other)).first().click();
  },
  "new-job-again": async ({ page, scene, say, language }) => {
    await page.goto(`${scene.server.url}/projects/default/jobs/new?from=${scene.id("done")}`);
    await page.getByRole("heading", { name: say("differences-heading", { count: 0 }) }).waitFor();
    await new NewJob(page, scene.server, language).command("wc -l ${NUMBERS}");
    await page.getByRole("heading", { name: say("differences-heading", { count: 1 }) }).waitFor();
  },
};

/** Runs a job with one file, behind the proxy that holds it. */
async function chosen(scene, page, language, path) {
  const form = new NewJob(page, { url: scene.holding.url }, language);
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
