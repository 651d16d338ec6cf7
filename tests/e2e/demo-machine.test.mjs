// The demo's Linux says what this machine says. Runs when `node demo/machine/build.mjs` has made it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
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
