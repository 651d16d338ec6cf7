/** The folder of files that the demo's page fetches, beside its own `engine/host.js`. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

import { MEMORY_BYTES } from "../engine/machine.js";
import { bundle } from "./bundle.mjs";
import { sources } from "./sources.mjs";

const ENGINE = fileURLToPath(new URL("../engine/", import.meta.url));
const VERSION = 1;
const packed = promisify(gzip);
const sha256 = (bytes, form) => createHash("sha256").update(bytes).digest(form);

/** The machine that was saved, as it is when nothing else is written. */
export async function keep(folder, saved) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "state"), saved.bytes);
  await writeFile(join(folder, "open.json"), JSON.stringify(saved.open));
  // The emulator itself unpacks it; with the largest window that it has room for.
  await promisify(execFile)("zstd", ["-19", "--long=24", "-f", "-q", join(folder, "state")]);
}

/** Writes everything: `kept` is the folder of the saved machine. */
export async function write(folder, { packages, modules, kept }) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const npm = (...path) => readFile(join(modules, ...path));
  const { version } = JSON.parse(await npm("pyodide/package.json"));
  const contents = {
    machine: {
      "libv86.mjs": await npm("v86/build/libv86.mjs"),
      "v86.wasm": await npm("v86/build/v86.wasm"),
      "state.zst": await readFile(join(kept, "state.zst")),
      "machine-worker.js": await bundle(join(ENGINE, "machine-worker.js")),
    },
    python: {
      "pyodide.mjs": await npm("pyodide/pyodide.mjs"),
      "pyodide.asm.mjs": await npm("pyodide/pyodide.asm.mjs"),
      "pyodide.asm.wasm": await npm("pyodide/pyodide.asm.wasm"),
      "python_stdlib.zip": await npm("pyodide/python_stdlib.zip"),
      "python-lock.json": lock(await npm("pyodide/pyodide-lock.json")),
      "python-worker.js": await bundle(join(ENGINE, "python-worker.js")),
      "python-main.py": await readFile(join(ENGINE, "python-main.py")),
    },
  };
  const about = {
    version: VERSION,
    memoryBytes: MEMORY_BYTES,
    machineBytes: MEMORY_BYTES,
    open: JSON.parse(await readFile(join(kept, "open.json"))),
    python: version,
    fetchBytes: {},
    files: [],
  };
  for (const [part, files] of Object.entries(contents)) {
    const written = await Promise.all(Object.entries(files).map((file) => put(folder, file)));
    about.files.push(...written);
    about.fetchBytes[part] = written.reduce((sum, file) => sum + file.bytes, 0);
  }
  await writeFile(join(folder, "about.json"), JSON.stringify(about));
  await writeFile(join(folder, "sources.json"), JSON.stringify(await sources(packages, modules), null, 2));
  await licences(folder, packages, modules);
  await writeFile(join(folder, "frame.html"), await frame());
  return about;
}

/** The words of the licences, as the packages bring them. */
async function licences(folder, packages, modules) {
  const into = join(folder, "licences");
  await mkdir(into);
  for (const { Package: name } of await packages.records()) {
    await copyFile(packages.path(name, "usr/share/doc", name, "copyright"), join(into, `${name}.txt`)).catch(ignoreAbsent);
  }
  await copyFile(join(modules, "v86/LICENSE"), join(into, "v86.txt"));
}

/** Some packages leave theirs to another of the same source. */
function ignoreAbsent(error) {
  if (error.code !== "ENOENT") throw error;
}

/** Packed here, for hosts that pack nothing. */
async function put(folder, [name, content]) {
  const bytes = await packed(content, { level: 9 });
  await writeFile(join(folder, `${name}.gz`), bytes);
  return { name, bytes: bytes.length, sha256: sha256(content, "hex") };
}

/** Of all packages that Pyodide knows, none is shipped: it then says so itself, and looks for none. */
function lock(bytes) {
  const all = JSON.parse(bytes);
  return JSON.stringify({ ...all, packages: {} });
}

/** The frame: one script, allowed by its hash, that may make workers of texts and reach nothing. */
async function frame() {
  const script = await bundle(join(ENGINE, "frame.js"));
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${sha256(script, "base64")}' 'wasm-unsafe-eval' blob:`,
    "worker-src blob:",
    "connect-src 'none'",
  ].join("; ");
  return `<!doctype html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Engine</title>
<script>${script}</script>
`;
}
