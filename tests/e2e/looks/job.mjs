// How to reach each look of the page of a job.

import { until } from "../harness/browser.mjs";
import { JobPage } from "../harness/pages.mjs";

export const JOB = {
  "job-running": async ({ page, scene, language }) => {
    await scene.visit(page, "running");
    await new JobPage(page, language).line("out", "begun");
    await page.getByText("table 4 of 10", { exact: true }).waitFor();
  },
  "job-done": async ({ page, scene, language }) => {
    await scene.visit(page, "done");
    const job = new JobPage(page, language);
    await job.reaches("success");
    await job.logIsComplete();
  },
  "job-preview": async ({ page, scene, say, language }) => {
    await scene.visit(page, "outputs");
    const job = new JobPage(page, language);
    await job.reaches("incomplete");
    await job.logIsComplete();
    await page.getByText("figures/", { exact: true }).click();
    await page.getByTitle(say("preview-file", { file: "figures/notes.md" }), { exact: true }).waitFor();
    await page.getByTitle(say("preview-file", { file: "tables/measurements-of-november.csv" }), { exact: true }).click();
    await page.getByText(say("plot-heading"), { exact: true }).click();
    await page.getByRole("img").waitFor();
  },
  "job-failed": async ({ page, scene, language }) => {
    await scene.visit(page, "failed");
    const job = new JobPage(page, language);
    await job.reaches("error");
    await job.logIsComplete();
  },
  "job-cancelling": async ({ page, scene, say, language }) => {
    await scene.visit(page, "cancelling");
    const job = new JobPage(page, language);
    await job.main.getByText(say("cancelling-asked", { signal: "SIGTERM" }), { exact: true }).waitFor();
  },
  "job-cancel-dialog": async ({ page, scene, say, language }) => {
    await scene.visit(page, "running");
    const job = new JobPage(page, language);
    await job.line("out", "begun");
    await job.cancel.click();
    await page.getByRole("dialog", { name: say("cancel-heading") }).waitFor();
  },
  "job-charts": async ({ page, scene, say, language }) => {
    await scene.visit(page, "training");
    await new JobPage(page, language).logIsComplete();
    const loss = page.getByRole("slider", { name: "loss", exact: true });
    for (const name of [say("series-cpu"), say("series-memory")]) await page.getByRole("slider", { name, exact: true }).waitFor();
    await loss.focus();
    await page.keyboard.press("Home");
    await until(() => loss.getAttribute("aria-valuetext"), (text) => / 1$/.test(text), "the curve says where it begins");
  },
  "job-menu": async ({ page, scene, say, language }) => {
    await scene.visit(page, "done");
    await new JobPage(page, language).logIsComplete();
    await page.locator("summary").filter({ hasText: say("lifetime-menu") }).click();
    await page.getByRole("button", { name: say("delete-job"), exact: true }).waitFor();
  },
  "job-data-dialog": async ({ page, scene, say, language }) => {
    await scene.visit(page, "done");
    await new JobPage(page, language).logIsComplete();
    await page.locator("summary").filter({ hasText: say("lifetime-menu") }).click();
    await page.getByRole("button", { name: say("bulk-delete-data"), exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(say("breaks-again", { count: 1 })).waitFor();
  },
  "job-log-keys": async ({ page, scene, say, language }) => {
    await scene.visit(page, "done");
    const job = new JobPage(page, language);
    await job.logIsComplete();
    await job.log.focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: say("log-keys-heading") }).waitFor();
  },
  "job-lineage": async ({ page, scene, say, language }) => {
    await scene.visit(page, "done");
    await new JobPage(page, language).logIsComplete();
    await page.getByRole("heading", { name: say("lineage-heading") }).click();
    await page.getByText(say("lineage-changed", { number: 1 }), { exact: true }).first().waitFor();
    await page.getByRole("link", { name: "Mean of fewer", exact: true }).waitFor();
  },
  "job-unknown": async ({ page, scene, say }) => {
    await page.goto(`${scene.server.url}/projects/default/jobs/nosuchjob`);
    await page.getByRole("alert").getByText(say("error-not-found")).waitFor();
  },
};
