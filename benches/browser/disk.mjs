// Files to be read: real ones, with content that nothing can compress or guess.

import { createCipheriv, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { MIB } from "./numbers.mjs";

const PIECE_BYTES = 8 * MIB;

/** Runs `use` with a new folder, which is removed afterwards. */
export async function withFolder(use) {
  const folder = await mkdtemp(join(tmpdir(), "files-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Writes a file of random content; its path. */
export async function randomFile(path, bytes) {
  // A cipher makes random bytes faster than the system's own source.
  const cipher = createCipheriv("aes-128-ctr", randomBytes(16), randomBytes(16));
  const zeros = Buffer.alloc(PIECE_BYTES);
  const file = await open(path, "w");
  for (let left = bytes; left > 0; left -= PIECE_BYTES) {
    await file.writeFile(cipher.update(zeros.subarray(0, Math.min(left, PIECE_BYTES))));
  }
  // Else the disk would be busy with it while the first reading is measured.
  await file.sync();
  await file.close();
  return path;
}

/** Writes many small files of random content; their paths. */
export async function randomFiles(folder, names, bytes) {
  const content = randomBytes(bytes * names.length);
  const paths = names.map((name) => join(folder, name));
  for (const parent of new Set(paths.map(dirname))) await mkdir(parent, { recursive: true });
  for (const [index, path] of paths.entries()) {
    await writeFile(path, content.subarray(index * bytes, (index + 1) * bytes));
  }
  return paths;
}
