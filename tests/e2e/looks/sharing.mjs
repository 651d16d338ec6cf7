// How to reach each look of what makes links and what they open.

import { JobPage } from "../harness/pages.mjs";

export const SHARING = {
  share: async ({ page, scene, say }) => {
    await scene.visit(page, "done", "/share");
    await page.getByRole("checkbox", { name: say("share-parameters"), exact: true }).check();
    await page.getByRole("checkbox", { name: "PRECISION", exact: true }).check();
    await page.getByRole("button", { name: say("share-revoke-all"), exact: true }).waitFor();
  },
  "share-made": async ({ page, scene, say }) => {
    await scene.visit(page, "failed", "/share");
    for (const id of ["share-badge", "share-embed"]) {
      await page.getByRole("checkbox", { name: say(id), exact: true }).check();
    }
    await page.getByRole("button", { name: say("share-review"), exact: true }).click();
    await page.getByRole("heading", { name: say("findings-heading") }).waitFor();
    await page.getByRole("button", { name: say("share-create"), exact: true }).click();
    await page.getByRole("textbox", { name: say("share-embed-code"), exact: true }).waitFor();
  },
  shares: async ({ page, scene, say }) => {
    await page.goto(`${scene.server.url}/projects/default/shares`);
    await page.getByText(say("share-revoked"), { exact: true }).waitFor();
  },
  shared: async ({ page, scene, language }) => {
    await page.goto(scene.server.url + scene.links.good);
    const job = new JobPage(page, language);
    await job.reaches("success");
    await job.logIsComplete();
  },
  "shared-revoked": async ({ page, scene, say }) => {
    await page.goto(scene.server.url + scene.links.revoked);
    await page.getByRole("heading", { name: say("shared-gone") }).waitFor();
  },
  "shared-frame": async ({ page, scene, say }) => {
    await page.goto(scene.server.url + scene.links.framed);
    await page.getByText(say("status-success"), { exact: true }).waitFor();
  },
};
