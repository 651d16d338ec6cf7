// A Run through everything that goes wrong on its way: in the end there is one job, with the right bytes.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";

import { assertNoComplaints, launch, open, readAhead, SERVER_AWAY, until } from "./harness/browser.mjs";
import { Cutter, THE_ANSWER } from "./harness/cutter.mjs";
import { SmallDisk } from "./harness/disk.mjs";
import { keptDrafts } from "./harness/drafts.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";

const MIB = 1 << 20;
/** Large enough to be sent in parts. */
const LARGE = 12 * MIB;
/** Large enough for the page to ask. */
const HUGE = 65 * MIB;

/** Names the run of the random cuts; printed when it is not given. */
const SEED = Number(process.env.JOBSPHERE_SEED ?? Date.now() % 1_000_000);

let server;
let browser;
let home;

before(async () => {
  server = await Server.start();
  browser = await launch();
  home = await mkdtemp(join(tmpdir(), "jobsphere-faults-"));
});

after(async () => {
  await browser?.close();
  await server?.stop();
  if (home) await rm(home, { recursive: true });
});

/** A repeatable source of numbers below 1 (mulberry32). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function bytes(size, seed) {
  const content = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) content.writeUInt32LE(Math.imul(at + seed, 2654435761) >>> 0, at);
  return content;
}

const digest = (content) => createHash("sha256").update(content).digest("hex");

/** A file of the disk. */
async function disk(name, content) {
  const folder = await mkdtemp(join(home, "f-"));
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

let projects = 0;

/** The form in a window, a project and behind a proxy of its own; the console may hold what `allowed` matches. */
async function withForm(use, allowed = SERVER_AWAY, behind = server) {
  const cutter = await Cutter.start(behind);
  const page = await open(browser);
  const form = new NewJob(page, { url: cutter.url });
  form.project = `faults-${(projects += 1)}`;
  try {
    await form.open(form.project);
    await use({ form, page, cutter, project: form.project });
    assertNoComplaints(page, allowed);
  } finally {
    await page.context().close();
    await cutter.stop();
  }
}

const status = (...codes) => new RegExp(`${SERVER_AWAY.source}|status of (${codes.join("|")})`);

/** Writes the job that says the digest of its one file. */
async function write(form, path) {
  await choosePath(form, "inputs-add", path);
  await form.command("sha256sum < data.bin");
}

async function choosePath(form, button, path) {
  const [chooser] = await Promise.all([
    form.page.waitForEvent("filechooser"),
    form.page.getByRole("button", { name: form.say(button, { path: "data.bin" }), exact: true }).click(),
  ]);
  await chooser.setFiles(path);
}

/** The job has ended well, its file was `content`, and there is no other. */
async function isTheOne(form, content, behind = server) {
  const job = await form.submitted();
  await job.reaches("success");
  await job.logIsComplete();
  assert.deepEqual(await job.texts("out"), [`${digest(content)}  -`]);
  assert.equal(await count(form, behind), 1, "jobs of the project");
}

/** How many jobs the project's page lists. */
async function count(form, behind = server) {
  const page = await form.page.context().newPage();
  await page.goto(`${behind.url}/projects/${form.project}/jobs`);
  const rows = page.getByRole("row");
  const none = page.getByRole("heading", { name: form.say("jobs-empty-heading") });
  // A project without jobs may never have been.
  const unknown = page.getByRole("heading", { name: form.say("project-unknown", { project: form.project }) });
  await rows.nth(1).or(none).or(unknown).waitFor();
  const found = await rows.count();
  await page.close();
  return Math.max(0, found - 1);
}

const step = (form, phase) =>
  form.page.getByRole("listitem").filter({ hasText: form.say(phase) }).and(form.page.locator("[aria-current=step]"));

/** Lets every wait before another try be short, as the network's return does. */
async function hurry(page, isOver) {
  await until(
    async () => {
      await page.evaluate(() => window.dispatchEvent(new Event("online")));
      return isOver();
    },
    Boolean,
    "the tries have ended",
  );
}

const SMALL_CUTS = { "no byte": 0, "one byte": 1, "a half": 150_000, "all but one": 299_999, "all bytes": 300_000 };

test("a small file whose sending is cut anywhere arrives as one job", async () => {
  const cuts = [...Object.entries(SMALL_CUTS), ["the answer", THE_ANSWER]];
  await Promise.all(
    cuts.map(([name, cut], index) =>
      withForm(async ({ form, cutter }) => {
        const content = bytes(300_000, index);
        await write(form, await disk("data.bin", content));
        cutter.cuts = [cut];
        await form.run.click();
        await isTheOne(form, content);
        assert.equal(cutter.uploads[0].isCut, true, `${name}: cut`);
        assert.equal(cutter.uploads[0].method, "PUT");
      }),
    ),
  );
});

test(`a large file cut at random bytes arrives as one job (JOBSPHERE_SEED=${SEED})`, async () => {
  await Promise.all(
    [1, 2, 3, 4].map((run) =>
      withForm(async ({ form, cutter }) => {
        const random = numbers(SEED + run);
        const content = bytes(LARGE + run, SEED + run);
        await write(form, await disk("data.bin", content));
        const anywhere = (length) => Math.floor(random() * (length + 1));
        cutter.cuts = [anywhere, anywhere, anywhere, THE_ANSWER];
        await form.run.click();
        await isTheOne(form, content);
        assert.ok(cutter.uploads.every(({ method }) => method === "PATCH"), JSON.stringify(cutter.uploads));
        assert.ok(cutter.uploads.slice(0, 3).every(({ isCut }) => isCut));
        // The service may hear of the break later than the page; then the page asks again.
      }, status(409)),
    ),
  );
});

test("a burst of errors to an upload is waited out, then said, and Run goes on", async () => {
  await withForm(async ({ form, page, cutter }) => {
    const content = bytes(200_000, 1);
    await write(form, await disk("data.bin", content));
    cutter.answers = [500, 502, 503, 504, 500, 502, 503, 504, 500, 502];
    await form.run.click();
    const failure = page.getByRole("alert").getByText(form.say("run-upload-failed", { file: "data.bin" }));
    await hurry(page, () => failure.isVisible());
    assert.equal(cutter.answers.length, 2, "tries before a person is asked");
    await form.run.click();
    const isJob = () => new URL(page.url()).pathname.endsWith("/new") === false;
    await hurry(page, isJob);
    assert.deepEqual(cutter.answers, []);
    await isTheOne(form, content);
  }, status(500, 502, 503, 504));
});

test("errors to Create and to Execute are said each time, and it stays one job", async () => {
  await withForm(async ({ form, page, cutter }) => {
    const content = bytes(1000, 2);
    await write(form, await disk("data.bin", content));
    const codes = [500, 502, 503, 504, 503];
    cutter.refusals = { "/Create": [...codes], "/Execute": [...codes] };
    const left = () => Object.values(cutter.refusals).flat().length;
    while (left() > 0) {
      const before = left();
      await form.run.click();
      await until(left, (left) => left === before - 1, "the call is refused");
      await page.getByRole("alert").getByText(form.say("error-unavailable")).waitFor();
    }
    await form.run.click();
    await isTheOne(form, content);
  }, status(500, 502, 503, 504));
});

test("a slow server and a slow line make it late, not wrong", async () => {
  await withForm(async ({ form, page, cutter }) => {
    const content = bytes(100_000, 3);
    await write(form, await disk("data.bin", content));
    cutter.pace = { waitMs: 1500, pieceBytes: 4096, pauseMs: 30 };
    await form.run.click();
    await step(form, "phase-creating").waitFor();
    assert.equal(await form.run.isDisabled(), true, "a second press does nothing");
    await step(form, "phase-sending").waitFor();
    await step(form, "phase-starting").waitFor();
    await form.submitted();
    cutter.pace = undefined;
    await isTheOne(form, content);
  });
});

test("an answer that does not come is given up after a while, and Run goes on", async () => {
  await withForm(async ({ form, page, cutter }) => {
    // Before the page loads, or its first timers run by another clock.
    await page.clock.install();
    await form.open(form.project);
    const content = bytes(1000, 4);
    await write(form, await disk("data.bin", content));
    for (const call of ["/Create", "/Execute"]) {
      cutter.loses = [call];
      await form.run.click();
      await until(() => cutter.lost.some((url) => url.endsWith(call)), Boolean, `${call} has done its part`);
      await page.clock.fastForward(31_000);
      await page.getByRole("alert").getByText(form.say("error-unavailable")).waitFor();
    }
    await form.run.click();
    await isTheOne(form, content);
  });
});

/** The same address, signed by the server's key, with its life over. */
async function expired() {
  const key = await readFile(join(server.dataDir, "secret.key"));
  return (address) => {
    const url = new URL(address, server.url);
    const [, , project, sha256, name] = url.pathname.split("/");
    const over = Math.floor(Date.now() / 1000) - 60;
    const [method, size] = ["m", "s"].map((key) => url.searchParams.get(key));
    const parts = [method, project, sha256, size, over, decodeURIComponent(name)];
    url.searchParams.set("e", over);
    url.searchParams.set("k", createHmac("sha256", key).update(parts.join("\n")).digest("base64url"));
    return url.pathname + url.search;
  };
}

for (const [kind, size] of [["small", 1000], ["large", LARGE]]) {
  test(`the address of a ${kind} file expires, and the server gives another`, async () => {
    await withForm(async ({ form, page, cutter }) => {
      const answers = [];
      page.on("response", (response) => {
        if (["PUT", "PATCH"].includes(response.request().method())) answers.push(response.status());
      });
      const content = bytes(size, 5);
      await write(form, await disk("data.bin", content));
      cutter.rewrites = [await expired()];
      await form.run.click();
      await isTheOne(form, content);
      assert.deepEqual(answers, [410, 200]);
    }, status(410));
  });
}

test("a disk without a free byte is said, and after space was freed Run goes on", async (t) => {
  const small = await SmallDisk.mount(48);
  if (!small) return t.skip("a small disk cannot be mounted here");
  const narrow = await Server.startIn(small.path);
  try {
    await withForm(async ({ form, page, cutter }) => {
      const content = bytes(LARGE, 6);
      await write(form, await disk("data.bin", content));
      // The job is written down, then the space is gone.
      cutter.hangs = /^\/files\//;
      await form.run.click();
      await until(() => cutter.hanging, (hanging) => hanging > 0, "the sending has begun");
      await small.fill();
      cutter.release();
      await page.getByRole("alert").getByText(form.say("run-upload-failed", { file: "data.bin" })).waitFor();
      await page.getByText(form.say("error-details"), { exact: true }).click();
      await page.getByText(/disk is full/).waitFor();
      await small.free();
      await form.run.click();
      await isTheOne(form, content, narrow);
    }, status(507), narrow);
  } finally {
    await narrow.stop().catch(() => {});
    await small.unmount();
  }
});

/** Presses Run, and comes back when a part of the file has passed. */
async function runToTheMiddle(form, cutter) {
  cutter.pace = { waitMs: 0, pieceBytes: 65_536, pauseMs: 20 };
  await form.run.click();
  await until(() => cutter.passedBytes, (bytes) => bytes > MIB, "a part is sent");
  assert.ok(cutter.passedBytes < LARGE, "but not all");
}

/** The last request began where an earlier one had come to. */
function wentOn(cutter) {
  assert.ok(Number(cutter.uploads.at(-1).offset) > 0, "what had arrived was not sent again");
}

test("the network goes in the middle of sending, and comes back", async () => {
  await withForm(async ({ form, page, cutter }) => {
    const content = bytes(LARGE, 7);
    await write(form, await disk("data.bin", content));
    await runToTheMiddle(form, cutter);
    await page.context().setOffline(true);
    cutter.sever();
    cutter.pace = undefined;
    await page.getByText(form.say("run-is-offline"), { exact: true }).waitFor();
    await page.context().setOffline(false);
    await isTheOne(form, content);
    wentOn(cutter);
  }, /net::ERR_|status of 409/);
});

test("the server is killed in the middle of sending, and comes back", async () => {
  const mortal = await Server.start();
  try {
    await withForm(async ({ form, page, cutter }) => {
      const content = bytes(LARGE, 8);
      await write(form, await disk("data.bin", content));
      await runToTheMiddle(form, cutter);
      await mortal.kill();
      cutter.pace = undefined;
      await page.getByText(form.say("run-retries"), { exact: true }).waitFor();
      await mortal.restart();
      await isTheOne(form, content, mortal);
      wentOn(cutter);
    }, status(409), mortal);
  } finally {
    await mortal.stop();
  }
});

/** Waits until the draft is kept, with so many files. */
async function isKept(page, files = 1) {
  await page.waitForURL(/\?draft=/);
  const isThere = (all) => all.text.includes("sha256sum") && all.text.includes("data.bin") && all.sources === files;
  await until(() => page.evaluate(keptDrafts), isThere, "the draft is kept");
}

test("a reload while a file is read loses nothing", async () => {
  await withForm(async ({ form, page, cutter }) => {
    const content = bytes(300_000, 9);
    await write(form, await disk("data.bin", content));
    await isKept(page);
    cutter.hangs = /hasher/;
    await form.run.click();
    await step(form, "phase-hashing").waitFor();
    await until(() => cutter.hanging, (hanging) => hanging > 0, "the reading is held up");
    await page.reload();
    cutter.release();
    await until(() => form.text("cmd-label").inputValue(), (value) => value !== "", "the draft is back");
    assert.equal(await count(form), 0, "nothing was submitted");
    await form.run.click();
    await isTheOne(form, content);
  });
});

test("a reload while the page asks whether to send makes no second job", async () => {
  await withForm(async ({ form, page }) => {
    const content = bytes(HUGE, 10);
    const path = await disk("data.bin", content);
    await write(form, path);
    // The browser lends a file of this size for one visit.
    await isKept(page, 0);
    await form.run.click();
    await page.getByRole("button", { name: form.say("send-agree"), exact: true }).waitFor();
    await page.reload();
    await page.getByText(form.say("draft-interrupted")).waitFor();
    // What it held is known; the file is asked for when it is to be sent.
    await page.getByText(form.say("input-known"), { exact: true }).waitFor();
    await form.run.click();
    const agree = page.getByRole("button", { name: form.say("send-agree"), exact: true });
    await agree.click();
    await page.getByRole("alert").getByText(form.say("run-no-file", { file: "data.bin" })).waitFor();
    await choosePath(form, "input-choose", path);
    await form.run.click();
    await agree.click();
    await isTheOne(form, content);
  });
});

test("a page that crashes in the middle of sending is opened again and goes on", async () => {
  await withForm(async ({ form, page, cutter }) => {
    const content = bytes(LARGE, 11);
    await write(form, await disk("data.bin", content));
    await isKept(page);
    await runToTheMiddle(form, cutter);
    const address = page.url();
    const session = await page.context().newCDPSession(page);
    const crashed = page.waitForEvent("crash");
    // A crashed page does not answer.
    session.send("Page.crash").catch(() => {});
    await crashed;
    cutter.pace = undefined;
    form.page = await page.context().newPage();
    await form.page.goto(address);
    await form.page.getByText(form.say("draft-interrupted")).waitFor();
    await form.run.click();
    await isTheOne(form, content);
    wentOn(cutter);
  });
});

test("a file that changes while it is read is named, and nothing is submitted", async () => {
  await withForm(async ({ form, page, cutter }) => {
    const path = await disk("data.bin", bytes(300_000, 12));
    await write(form, path);
    cutter.hangs = /hasher/;
    await form.run.click();
    await until(() => cutter.hanging, (hanging) => hanging > 0, "the reading is held up");
    const changed = bytes(300_000, 13);
    await writeFile(path, changed);
    await utimes(path, 1, 1);
    cutter.release();
    await page.getByRole("alert").getByText(form.say("run-hash-failed", { file: "data.bin" })).waitFor();
    assert.equal(await count(form), 0);
    await chooseAnew(form, path);
    await form.run.click();
    await isTheOne(form, changed);
  });
});

/** Takes the input away and chooses its file again. */
async function chooseAnew(form, path) {
  const inputs = form.group("inputs-heading");
  await inputs.getByRole("button", { name: form.say("remove-row", { what: "data.bin" }), exact: true }).click();
  await choosePath(form, "inputs-add", path);
}

/** Lets a Run come to its Create, changes the file meanwhile, and lets it go on. */
async function changeBehindCreate({ form, cutter }, path, change) {
  cutter.hangs = /\/Create$/;
  await form.run.click();
  await until(() => cutter.hanging, (hanging) => hanging > 0, "the file was read");
  await change(path);
  cutter.release();
}

test("a file that changes after it was read is named, and only its new content runs", async () => {
  await withForm(async (at) => {
    const { form, page } = at;
    const path = await disk("data.bin", bytes(300_000, 14));
    const changed = bytes(400_000, 15);
    await write(form, path);
    await changeBehindCreate(at, path, async () => {
      await writeFile(path, changed);
      await utimes(path, 1, 1);
    });
    await page.getByRole("alert").getByText(form.say("run-hash-failed", { file: "data.bin" })).waitFor();
    await chooseAnew(form, path);
    await form.run.click();
    await isTheOne(form, changed);
    // The browser's own word for it.
  }, /ERR_UPLOAD_FILE_CHANGED/);
});

test("a file that changes after it was read ahead is named, although the service holds what it was", async () => {
  await withForm(async ({ form, cutter, project }) => {
    const content = bytes(LARGE, 20);
    const path = await disk("data.bin", content);
    await write(form, path);
    await form.run.click();
    await isTheOne(form, content);

    const page = await open(browser);
    const again = new NewJob(page, { url: cutter.url });
    again.project = project;
    await again.open(project);
    await write(again, path);
    await readAhead(page, 1);
    const changed = bytes(LARGE, 21);
    await writeFile(path, changed);
    await utimes(path, 1, 1);
    await again.run.click();
    await page.getByRole("alert").getByText(again.say("run-hash-failed", { file: "data.bin" })).waitFor();
    assert.equal(await count(again), 1, "nothing was submitted");
    await chooseAnew(again, path);
    await again.run.click();
    const job = await again.submitted();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), [`${digest(changed)}  -`]);
    await page.context().close();
  });
});

test("a file of a folder that changes between two Runs is not run as it was", async () => {
  const root = await mkdtemp(join(tmpdir(), "jobsphere-between-"));
  const folder = basename(root);
  await writeFile(join(root, "program.sh"), "echo before\n");
  await withForm(async ({ form, page, cutter, project }) => {
    const remove = form.group("inputs-heading").getByRole("button", { name: form.say("remove-row", { what: folder }), exact: true });
    const chosen = async () => {
      await form.dropPaths(root);
      await remove.waitFor();
      await form.command(`sh ${folder}/program.sh`);
    };
    await chosen();
    cutter.refusals = { "/Create": [403] };
    await form.run.click();
    await page.getByRole("alert").first().waitFor();
    await writeFile(join(root, "program.sh"), "echo after\n");
    await form.run.click();
    await page.getByRole("alert").getByText(form.say("run-hash-failed", { file: folder })).waitFor();
    assert.equal(await count(form), 0, "nothing was submitted");
    await remove.click();
    await chosen();
    await form.run.click();
    const job = await form.submitted();
    await job.reaches("success");
    await job.logIsComplete();
    assert.deepEqual(await job.texts("out"), ["after"]);
  }, status(403));
  await rm(root, { recursive: true });
});

test("a change that leaves size and time as they were is found by the server", async () => {
  await withForm(async (at) => {
    const { form, page } = at;
    const path = await disk("data.bin", bytes(300_000, 16));
    const changed = bytes(300_000, 17);
    await write(form, path);
    await changeBehindCreate(at, path, async () => {
      // Not a part of a second is lost on the way, as it would be with `utimes`.
      const like = await disk("like", "");
      execFileSync("touch", ["-r", path, like]);
      await writeFile(path, changed);
      execFileSync("touch", ["-r", like, path]);
    });
    await page.getByRole("alert").getByText(form.say("run-file-changed", { file: "data.bin" })).waitFor();
    await form.run.click();
    await isTheOne(form, changed);
  }, status(422));
});

test("two files of the same name, size and time are told apart", async () => {
  await withForm(async ({ form, page }) => {
    const [one, other] = [bytes(300_000, 18), bytes(300_000, 19)];
    const paths = [await disk("data.bin", one), await disk("data.bin", other)];
    for (const path of paths) await utimes(path, 1_000_000, 1_000_000);
    for (const [index, content] of [one, other].entries()) {
      await form.open(form.project);
      await write(form, paths[index]);
      const job = await form.submit();
      await job.reaches("success");
      await job.logIsComplete();
      assert.deepEqual(await job.texts("out"), [`${digest(content)}  -`], `file ${index + 1}`);
    }
  });
});

test("one draft in two tabs, run in both, is one job", async () => {
  await withForm(async ({ form, page, cutter }) => {
    const content = bytes(300_000, 20);
    await write(form, await disk("data.bin", content));
    await isKept(page);
    const twin = new NewJob(await page.context().newPage(), form.server);
    await twin.page.goto(page.url());
    await until(() => twin.text("cmd-label").inputValue(), (value) => value !== "", "the other tab shows the draft");
    cutter.hangs = /\/Create$/;
    await form.run.click();
    await twin.run.click();
    await until(() => cutter.hanging, (hanging) => hanging === 2, "both ask for the job");
    cutter.release();
    await Promise.all([form.submitted(), twin.submitted()]);
    assert.equal(new JobPage(form.page).jobId, new JobPage(twin.page).jobId);
    await isTheOne(form, content);
  });
});
