/**
 * Makes the demo's Linux: fetches Debian's packages, starts the machine once, saves it, writes it with all that the engine
 * needs into a folder of files.
 *
 *     node demo/machine/build.mjs [FOLDER]     (target/machine)
 *
 * Needs apt and dpkg (Debian, Ubuntu), gcc, zstd, npm.
 */

import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { image } from "./image.mjs";
import { Packages } from "./packages.mjs";
import { emulator, installed } from "./npm.mjs";
import { start } from "./start.mjs";
import { keep, write } from "./write.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

async function build(folder) {
  const scratch = join(ROOT, "target/demo-packages");
  const kept = join(scratch, "saved");
  await mkdir(scratch, { recursive: true });
  const packages = new Packages(join(scratch, "debian"));
  console.log("Packages are fetched");
  await packages.fetch();
  const modules = await installed(join(scratch, "npm"));
  const parts = await image(packages, scratch);
  const made = join(kept, "made-of");
  const of = await digest(parts, modules);
  if ((await readFile(made, "utf8").catch(() => "")) !== of) {
    console.log("The machine starts, which takes a minute");
    await rm(kept, { recursive: true, force: true });
    await keep(kept, await start({ ...parts, ...(await emulator(modules)) }));
    await writeFile(made, of);
  }
  const about = await write(folder, { packages, modules, kept });
  console.log(`${folder}: ${JSON.stringify(about.fetchBytes)} bytes to fetch`);
}

/** What a saved machine depends on: it is made anew only when that has changed. */
async function digest(parts, modules) {
  const hash = createHash("sha256");
  for (const part of Object.values(parts)) hash.update(part);
  for (const name of ["engine/machine.js", "engine/host-files.js", "machine/start.mjs"]) hash.update(await readFile(join(ROOT, "demo", name)));
  return hash.update(await readFile(join(modules, "v86/package.json"))).digest("hex");
}

await build(resolve(process.argv[2] ?? join(ROOT, "target/machine")));
