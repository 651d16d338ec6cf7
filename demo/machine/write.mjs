/** The folder of files that the page fetches. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

const run = promisify(execFile);

export async function write(folder, { saved }) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "state"), saved.bytes);
  await writeFile(join(folder, "open.json"), JSON.stringify(saved.open));
  console.log(saved.console);
  console.log("state", saved.bytes.length, "gz", gzipSync(saved.bytes).length);
  await run("zstd", ["-19", "--long=24", "-f", "-q", join(folder, "state")]);
}
