// The server below a path of a site, behind nginx: every address that it or the app makes leads back to it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open } from "./harness/browser.mjs";
import { Nginx } from "./harness/nginx.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { Sharing } from "./harness/sharing.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
const BASE = "/node/c1-2.local/jobs";

let server;
let browser;

before(async () => {
  server = await Server.start("--base", `${BASE}/`);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A window that remembers what it asked for outside the path of the server. */
async function visitor(site) {
  const page = await open(browser);
  page.astray = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    const isOurs = url.origin === site && (url.pathname === BASE || url.pathname.startsWith(`${BASE}/`));
    if (url.protocol === "http:" && !isOurs) page.astray.push(request.url());
  });
  return page;
}

for (const [style, behind] of [["hands the path on", ""], ["takes the path off", "/"]]) {
  test(`a site that ${style}: submitted, followed, looked at, downloaded, shared`, async () => {
    const nginx = await Nginx.start([
      `location ${BASE}/ {`,
      `  proxy_pass http://127.0.0.1:${server.port}${behind};`,
      "  proxy_http_version 1.1;",
      "  proxy_set_header Host $http_host;",
      "}",
    ]);
    try {
      const page = await visitor(nginx.url);
      const root = `${nginx.url}${BASE}`;
      await page.goto(`${root}/`);
      await page.waitForURL(`${root}/projects/default/jobs`);
      await page.getByRole("link", { name: "Jobsphere" }).click();
      await page.waitForURL(`${root}/projects/default/jobs`);

      const form = new NewJob(page, { url: root });
      await form.open();
      await form.text("name-label").fill(`below, ${style}`);
      await form.choose({ name: "numbers.txt", content: "1\n2\n3\n" });
      await form.output("sum.txt");
      await form.command("echo begun; awk '{ s += $1 } END { print s }' numbers.txt > sum.txt");
      const job = await form.submit();
      await job.line("out", "begun");
      await job.reaches("success");
      assert.ok(page.url().startsWith(`${root}/projects/default/jobs/`), page.url());
      assert.equal((await job.download("sum.txt")).bytes.toString(), "6\n");

      const address = page.url();
      await page.reload();
      await job.line("out", "begun");
      const sharing = new Sharing(page);
      await sharing.open(address);
      await sharing.tickable("share-log").check();
      await sharing.file("sum.txt").check();
      const link = await sharing.make();
      assert.ok(link.startsWith(`${root}/s/`), link);

      const guest = await visitor(nginx.url);
      await guest.goto(link);
      await new JobPage(guest).line("out", "begun");
      const [download] = await Promise.all([
        guest.waitForEvent("download"),
        guest.getByRole("button", { name: say("download-file", { file: "sum.txt" }), exact: true }).click(),
      ]);
      assert.equal(download.suggestedFilename(), "sum.txt");
      for (const seen of [page, guest]) {
        assert.deepEqual(seen.astray, []);
        assertNoComplaints(seen);
        await seen.context().close();
      }
    } finally {
      await nginx.stop();
    }
  });
}
