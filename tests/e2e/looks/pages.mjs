// How to reach each page, and what it looks like when it is all there.

import { JobList } from "../harness/list.mjs";
import { FORM } from "./form.mjs";
import { JOB } from "./job.mjs";
import { SHARING } from "./sharing.mjs";

const LIST = {
  "jobs-empty": async ({ page, scene, say }) => {
    await page.goto(`${scene.server.url}/projects/nobody/jobs`);
    await page.getByRole("heading", { name: say("project-unknown", { project: "nobody" }) }).waitFor();
  },
  jobs: async ({ page, scene }) => {
    await page.goto(`${scene.server.url}/projects/default/jobs`);
    await page.getByRole("link", { name: "Nightly export" }).waitFor();
  },
  "jobs-selected": async ({ page, scene, language }) => {
    const list = new JobList(page, scene.server, language);
    await list.open("?q=t&columns=state,name,created,duration,instance,author,code,expires,size,parent");
    await list.box("Mean of the measurements").check();
    await list.box("Nightly export").check();
    await list.openStates();
    await list.bar.waitFor();
  },
  "jobs-deleting": async ({ page, scene, say, language }) => {
    const list = new JobList(page, scene.server, language);
    await list.open();
    await list.box("Mean of the measurements").check();
    await list.box("Nightly export").check();
    const dialog = await list.bulk("delete");
    await dialog.getByText(say("act-left-out", { count: 1, reason: say("forbidden-runs") })).waitFor();
  },
  "jobs-none-fit": async ({ page, scene, language }) => {
    const list = new JobList(page, scene.server, language);
    await list.open("?q=nothing");
    await list.says("filters-nothing-text");
  },
};

const OTHERS = {
  compare: async ({ page, scene, say }) => {
    await page.goto(`${scene.server.url}/projects/default/compare?jobs=${scene.id("done")},${scene.id("failed")}`);
    await page.getByRole("link", { name: say("compare-log-open-label", { letter: "B" }) }).first().waitFor();
    await page.getByText(say("compare-log-parts", { stream: "stderr", number: 1 }), { exact: true }).first().waitFor();
  },
  servers: async ({ page, scene, say }) => {
    await page.goto(`${scene.server.url}/projects/nobody/jobs`);
    await page.getByRole("button", { name: say("servers"), exact: true }).click();
    await page.getByText(say("servers-none-allowed")).waitFor();
  },
  "server-unknown": async ({ page, scene, say }) => {
    await page.goto(`${scene.server.url}/on/jobs.example.org/projects/default/jobs`);
    await page.getByText(say("server-ask-text", { url: "https://jobs.example.org" })).waitFor();
    await page.getByRole("alert").getByText("--connect-to").waitFor();
  },
  "link-token": async ({ page, scene, say }) => {
    // Without tokens the server takes any.
    await page.goto(`${scene.server.url}/projects/nobody/jobs#token=mine`);
    await page.getByRole("heading", { name: say("project-unknown", { project: "nobody" }) }).waitFor();
    await page.goto(`${scene.server.url}/projects/nobody/jobs#token=of-a-link`);
    await page.getByRole("dialog", { name: say("link-token-heading") }).waitFor();
  },
  "not-found": async ({ page, scene, say }) => {
    await page.goto(`${scene.server.url}/no/such/page`);
    await page.getByRole("heading", { level: 1, name: say("not-found-title") }).waitFor();
  },
};

export const PAGES = { ...LIST, ...FORM, ...JOB, ...SHARING, ...OTHERS };
