// What a command made and nobody named: listed at the end, kept, downloaded; and a job whose outputs are missing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "./harness/api.mjs";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { JobList } from "./harness/list.mjs";
import { JobPage } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { Sharing } from "./harness/sharing.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
const NAME = `<b>it's "one" файл.txt`;

let server, browser, api;

before(async () => {
  server = await Server.start();
  browser = await launch();
  api = await Api.of(server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const region = (page, words) => page.getByRole("region", { name: words("unnamed-heading"), exact: true });
const row = (page, file) => region(page, say).getByRole("listitem").filter({ hasText: file });

test("what nobody named is listed, kept and downloaded; missing outputs are no plain Done", async () => {
  const cmd = `mkdir -p ckpt node_modules/x; echo weights > ckpt/last.pt; echo m > mean.txt; echo i > node_modules/x/i.js; printf content > '${NAME.replaceAll("'", "'\\''")}'`;
  const id = await api.run("leaves more", cmd, { outputs: ["mean.txt", "absent.txt"] });
  const page = await open(browser);
  try {
    const list = new JobList(page, server);
    await list.open("");
    await list.row("leaves more").getByText(say("status-incomplete"), { exact: true }).waitFor();
    const address = `${server.url}/projects/default/jobs/${id}`;
    await page.goto(address);
    const job = new JobPage(page);
    await job.reaches("incomplete");
    await until(() => page.title(), (title) => title.startsWith("! leaves more"), "the tab says it");
    await row(page, NAME).waitFor();
    assert.equal(await region(page, say).getByRole("listitem").count(), 2);
    await region(page, say).getByText(/^1 file of caches and environments \(2\D+\) is left out\.$/).waitFor();

    await row(page, "ckpt/last.pt").getByRole("button", { name: say("unnamed-keep-file", { file: "ckpt/last.pt" }) }).click();
    await row(page, "ckpt/last.pt").getByText(say("unnamed-kept"), { exact: true }).waitFor();
    assert.equal((await job.download("ckpt/last.pt")).bytes.toString(), "weights\n");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      row(page, NAME).getByRole("button", { name: say("unnamed-fetch-file", { file: NAME }), exact: true }).click(),
    ]);
    assert.ok(await download.path());
    await row(page, NAME).getByText(say("unnamed-kept"), { exact: true }).waitFor();
    await page.reload();
    await row(page, NAME).getByText(say("unnamed-kept"), { exact: true }).waitFor();
    const outputs = (await api.jobs.get({ jobId: id })).outputFiles.map((file) => file.desc.path);
    assert.deepEqual(outputs, ["mean.txt", "ckpt/last.pt", NAME]);

    const sharing = new Sharing(page);
    await sharing.open(address);
    const link = await sharing.make();
    const stranger = await open(browser);
    await stranger.goto(link);
    await stranger.getByText(say("status-incomplete"), { exact: true }).waitFor();
    assert.equal(await region(stranger, say).count(), 0);
    await stranger.context().close();

    await page.goto(address);
    await api.jobs.deleteData({ jobId: id });
    await page.reload();
    await page.getByText(say("data-cleared"), { exact: true }).first().waitFor();
    assert.equal(await region(page, say).count(), 0);
    assertNoComplaints(page);
  } finally {
    await page.context().close();
  }
});
