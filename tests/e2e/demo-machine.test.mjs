// The demo's Linux says what this machine says. Runs when `node demo/machine/build.mjs` has made it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { isBuilt } from "./harness/demo-engine.mjs";
import { SCRIPTS } from "./harness/demo-scripts.mjs";

const OPTIONS = { skip: !(await isBuilt()) && "the demo's machine is not built" };
const names = Object.keys(SCRIPTS);

/** Runs every script in a folder of its own, and keeps what it has said and how it has ended beside it. */
const DRIVER = `mkdir -p said
for number in $(cat order); do
  mkdir -p runs/$number
  (cd runs/$number && exec bash -c "$(cat ../../scripts/$number)") > said/$number.out 2> said/$number.err < /dev/null
  echo $? > said/$number.code
done
`;
const order = names.map((_, number) => `${number}\n`).join("");
const bytes = (text) => new TextEncoder().encode(text);

/** What the scripts leave, by path: the content of a file, or what else it is. */
async function here() {
  const folder = await mkdtemp(join(tmpdir(), "jobsphere-scripts-"));
  await mkdir(join(folder, "scripts"));
  await Promise.all(names.map((name, number) => writeFile(join(folder, "scripts", `${number}`), SCRIPTS[name])));
  await writeFile(join(folder, "order"), order);
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "C.UTF-8", HOME: folder, TMPDIR: "/tmp" };
  // As the demo's jobs, no administrator.
  const user = process.getuid() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
  if (user.length > 0) await promisify(execFile)("chown", ["-R", "65534:65534", folder]);
  const [program, ...words] = [...user, "bash", "-c", DRIVER];
  await promisify(execFile)(program, words, { cwd: folder, env });
  const found = new Map();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const whole = join(entry.parentPath ?? entry.path, entry.name);
    // A link is collected as what it leads to.
    const isFile = await stat(whole).then((one) => one.isFile(), () => false);
    if (isFile) found.set(whole.slice(folder.length + 1), await readFile(whole, "latin1").catch(() => "unreadable"));
  }
  await rm(folder, { recursive: true, force: true });
  return found;
}

async function there() {
  const { begin } = await import("./harness/demo-node.mjs");
  const inputs = names.map((name, number) => ({ path: `scripts/${number}`, content: bytes(SCRIPTS[name]) }));
  const job = await begin({ command: DRIVER, inputs: [...inputs, { path: "order", content: bytes(order) }] });
  await job.log.ended;
  const { entries } = await job.ask("collect", "");
  job.stop();
  return new Map(entries.flatMap(({ path, content }) => (content ? [[path, Buffer.from(content).toString("latin1")]] : [])));
}

test("scripts say and leave the same as on this machine", { ...OPTIONS, timeout: 600_000 }, async (t) => {
  const [expected, found] = [await here(), await there()];
  for (const [number, name] of names.entries()) {
    await t.test(name, () => {
      const part = (all, kind) => all.get(`said/${number}.${kind}`);
      for (const kind of ["out", "err", "code"]) assert.equal(part(found, kind), part(expected, kind), kind);
      const files = (all) => [...all.keys()].filter((path) => path.startsWith(`runs/${number}/`)).sort();
      assert.deepEqual(files(found), files(expected));
    });
  }
});

/** Runs one command to its end; the machine stays for what is collected. */
async function run(request) {
  const { begin } = await import("./harness/demo-node.mjs");
  const job = await begin(request);
  return { ...job, end: await job.log.ended, text: (stream) => Buffer.concat(job.log[stream]).toString() };
}

const MIXED = "for i in $(seq 200); do echo o$i; echo e$i >&2; done";
const LOUD = "head -c 10000000 /dev/zero | tr '\\0' x | fold -w 99 | tee >(sha256sum > sum); sleep 0.2";

test("output comes live, whole and in order, with progress and resources", { ...OPTIONS, timeout: 300_000 }, async () => {
  const progress = "echo '{\"progress\": 30}' >> $JOB_PROGRESS_FILENAME; sleep 0.5; echo '{\"progress\": 60}' >> $JOB_PROGRESS_FILENAME";
  const job = await run({ command: `${MIXED}\n${progress}\nyes | head -1\n(sleep 60 &)\n${LOUD}` });
  const mixed = Array.from({ length: 200 }, (_, at) => [`o${at + 1}`, `e${at + 1}`]).flat();
  const lines = job.log.outputs.flatMap(([, text]) => text.split("\n").slice(0, -1));
  assert.deepEqual(lines.slice(0, 400), mixed);
  const out = job.text("stdout");
  const loud = out.slice(out.indexOf("y\n") + 2);
  assert.equal(loud.length, 10_000_000 + Math.floor((10_000_000 - 1) / 99));
  const sum = await job.ask("collect", "sum");
  const found = createHash("sha256").update(loud).digest("hex");
  assert.equal(Buffer.from(sum.entries[0].content).toString(), `${found}  -\n`);
  assert.equal(job.text("stderr").split("\n").length, 201, "a broken pipe ends `yes` without a word");
  assert.deepEqual(job.log.progress.filter(Boolean), ['{"progress": 30}\n', '{"progress": 30}\n{"progress": 60}\n']);
  assert.ok(job.log.usage.some(({ processes, memoryBytes }) => processes > 0 && memoryBytes > 0));
  assert.ok(job.log.system.some((line) => line.startsWith("The command left processes in the background")));
  job.stop();
});

test("limits end a command, and two machines have luck of their own", { ...OPTIONS, timeout: 300_000 }, async () => {
  const long = await run({ command: "echo begun; sleep 600", limits: { timeMs: 1500 } });
  assert.deepEqual([long.end.returnCode, long.end.isOverLimit], [137, true]);
  assert.match(long.end.details, /longer than the 2 s/);
  long.stop();
  const drawn = [];
  for (let at = 0; at < 2; at += 1) {
    const job = await run({
      command: "head -c 16 /dev/urandom | od -An -tx1; date +%s; stat -c '%a %n' *; readlink link || ln -s /etc/passwd link; ln -s . self",
      inputs: [{ path: "a.sh", content: bytes("x") }, { path: "data", mode: 0o640, content: bytes("") }],
      folders: ["empty"],
    });
    const [chance, seconds, ...rest] = job.text("stdout").trim().split("\n");
    drawn.push(chance);
    assert.ok(Math.abs(Number(seconds) - Date.now() / 1000) < 60, "the clock is right");
    assert.deepEqual(rest, ["755 a.sh", "640 data", "755 empty"]);
    const { entries, leftOut } = await job.ask("collect", "");
    assert.deepEqual(entries.map(({ path }) => path), ["a.sh", "data", "empty"]);
    assert.deepEqual(leftOut.sort(), ["link", "self"]);
    assert.equal((await job.ask("collect", "nothing")).kind, "missing");
    assert.equal((await job.ask("collect", "../etc/passwd")).kind, "missing");
    job.stop();
  }
  assert.notEqual(drawn[0], drawn[1]);
});
