/**
 * Makes the demo's Linux: fetches Debian's packages, starts the machine once, saves it, writes it with all that the engine
 * needs into a folder of files.
 *
 *     node demo/machine/build.mjs [FOLDER]     (target/demo-machine)
 *
 * Needs apt and dpkg (Debian, Ubuntu), gcc, zstd, npm.
 */

import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { image } from "./image.mjs";
import { Packages } from "./packages.mjs";
import { emulator, installed } from "./npm.mjs";
import { start } from "./start.mjs";
import { write } from "./write.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

async function build(folder) {
  const scratch = join(ROOT, "target/demo-packages");
  await mkdir(scratch, { recursive: true });
  const packages = new Packages(join(scratch, "debian"));
  console.log("fetching packages");
  await packages.fetch();
  const modules = await installed(join(scratch, "npm"));
  const parts = await image(packages, scratch);
  console.log("starting the machine");
  const saved = await start({ ...parts, ...(await emulator(modules)) });
  await write(folder, { packages, modules, saved });
}

await build(resolve(process.argv[2] ?? join(ROOT, "target/demo-machine")));
