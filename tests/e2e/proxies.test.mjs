// A real nginx between the page and the server, as people set one up: with its own limit for bodies, and its buffering.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";

import { Api } from "./harness/api.mjs";
import { launch, open } from "./harness/browser.mjs";
import { Nginx } from "./harness/nginx.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const MIB = 1 << 20;
const say = words("en");

let server;
let browser;
let api;

before(async () => {
  server = await Server.start();
  browser = await launch();
  api = await Api.of(server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const digest = (content) => createHash("sha256").update(content).digest("hex");

test("what is too large for the proxy is sent in parts, or said", async () => {
  const narrow = await Nginx.before(server);
  const closed = await Nginx.before(server, { own: "client_max_body_size 100k;" });
  try {
    const page = await open(browser);
    let form = new NewJob(page, narrow);
    await form.open();
    const [three, nine] = [randomBytes(3 * MIB), randomBytes(9 * MIB)];
    await form.choose({ name: "three.bin", content: three }, { name: "nine.bin", content: nine });
    await form.command("sha256sum three.bin nine.bin");
    const job = await form.submit();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), [`${digest(three)}  three.bin`, `${digest(nine)}  nine.bin`]);

    form = new NewJob(page, closed);
    await form.open();
    await form.choose({ name: "five.bin", content: randomBytes(5 * MIB) });
    await form.command("true");
    await form.run.click();
    const begun = performance.now();
    await page.getByText(say("run-upload-between", { file: "five.bin" })).waitFor();
    assert.ok(performance.now() - begun < 20_000);
    const refused = page.getByText(/^nginx\S* stands between here and the server and refuses requests of this size/);
    assert.equal(await refused.count(), 1);
    assert.doesNotMatch(await page.getByRole("main").innerText(), /<html|<center/);

    // The job itself is too large to be told.
    await form.open();
    await form.config.fill(`cmd: "true"\n# ${"x".repeat(200 * 1024)}\n`);
    await form.run.click();
    await refused.waitFor();
    await page.context().close();
  } finally {
    await narrow.stop();
    await closed.stop();
  }
});

test("lines flow through a proxy that buffers; what is held back all the same is said, and is no lost connection", async () => {
  const usual = await Nginx.before(server);
  const holding = await Nginx.before(server, { ofPlace: "proxy_ignore_headers X-Accel-Buffering;" });
  try {
    const jobId = await api.start("slow", "while [ ! -e end ]; do date +%s; sleep 1; done");
    const [flowing, held] = [await open(browser), await open(browser)];
    await held.goto(`${holding.url}/projects/default/jobs/${jobId}`);
    await flowing.goto(`${usual.url}/projects/default/jobs/${jobId}`);
    const job = new JobPage(flowing);
    await job.log.waitFor();
    const late = () => job.texts("out").then((lines) => Date.now() / 1000 - Number(lines.at(-1) ?? 0));
    await flowing.waitForFunction(() => document.querySelectorAll("[data-row]").length > 2);
    assert.ok((await late()) < 4, "the last line is of now");
    await held.getByText(say("log-held-back")).waitFor();
    assert.equal(await held.getByText(say("connection-lost")).count(), 0);
    await held.getByText(say("status-executing"), { exact: true }).first().waitFor();
    await api.jobs.cancel({ jobId });
    // At its end all of it comes.
    const whole = new JobPage(held);
    await whole.reaches("cancelled");
    await whole.logIsComplete();
    assert.ok((await whole.texts("out")).length > 2);
    await flowing.context().close();
    await held.context().close();
  } finally {
    await usual.stop();
    await holding.stop();
  }
});
