// Uploads over a connection that breaks.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { assertNoComplaints, launch, open, readAhead, SERVER_AWAY } from "./harness/browser.mjs";
import { Cutter } from "./harness/cutter.mjs";
import { NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";

const MIB = 1 << 20;
/** A large file is read before Run is pressed. */
const READ_AHEAD_FROM = 8 * MIB;

let cutter;
let server;
let browser;

before(async () => {
  server = await Server.start();
  cutter = await Cutter.start(server);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await cutter?.stop();
  await server?.stop();
});

function bytes(size, seed) {
  const content = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4) content.writeUInt32LE(Math.imul(at + seed, 2654435761) >>> 0, at);
  return content;
}

/** Submits one file through the cuts; what the job says of it must be its own hash. */
async function submit(content, cuts) {
  cutter.cuts = [...cuts];
  cutter.uploads = [];
  const page = await open(browser);
  const form = new NewJob(page, { url: cutter.url });
  await form.open();
  await form.choose({ name: "data.bin", content });
  await form.command("sha256sum < data.bin");
  if (content.length >= READ_AHEAD_FROM) await readAhead(page, 1);
  const job = await form.submit();
  await job.reaches("success");
  await job.logIsComplete();
  assert.deepEqual(await job.texts("out"), [`${createHash("sha256").update(content).digest("hex")}  -`]);
  // The service may hear of the break later than the page; then the page asks again.
  assertNoComplaints(page, new RegExp(`${SERVER_AWAY.source}|409`));
  await page.context().close();
  return cutter.uploads;
}

test("a large file goes on where the connection broke", async () => {
  const uploads = await submit(bytes(24 * MIB, 1), [6 * MIB, 5 * MIB]);
  assert.ok(uploads.every(({ method }) => method === "PATCH"));
  assert.equal(uploads.filter(({ isCut }) => isCut).length, 2);
  assert.equal(uploads[0].offset, "0");
  const last = Number(uploads.at(-1).offset);
  assert.ok(last > 0 && last <= 11 * MIB, `${last}`);
});

test("a small file is sent again as a whole", async () => {
  const uploads = await submit(bytes(MIB, 2), [1, 500_000]);
  assert.deepEqual(uploads.map(({ method, isCut }) => [method, isCut]), [["PUT", true], ["PUT", true], ["PUT", false]]);
});
