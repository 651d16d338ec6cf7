/** The packages of npm that the engine is made of, installed by their lock file, which holds their hashes. */

import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Installs them in `folder`; the folder of modules. */
export async function installed(folder) {
  await mkdir(folder, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) await copyFile(join(HERE, name), join(folder, name));
  await promisify(execFile)("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
  return join(folder, "node_modules");
}

/** The emulator, for use in Node. */
export async function emulator(modules) {
  const build = join(modules, "v86/build");
  const { V86 } = await import(pathToFileURL(join(build, "libv86.mjs")));
  return { V86, wasm: await WebAssembly.compile(await readFile(join(build, "v86.wasm"))) };
}
