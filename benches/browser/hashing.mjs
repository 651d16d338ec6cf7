// One large file, hashed by the app's worker and by what else there is.

import assert from "node:assert/strict";
import { join } from "node:path";

import { withBarePage } from "./bare-page.mjs";
import { randomFile, withFolder } from "./disk.mjs";
import { byTurns, MIB, ratio, speed } from "./numbers.mjs";

const BYTES = 1024 * MIB;

export function measure() {
  return withFolder(async (folder) => {
    const file = await randomFile(join(folder, "large.bin"), BYTES);
    const taken = await withBarePage(folder, [file], compare);
    const libraryMs = Math.min(taken["hash-wasm stream"], taken["hash-wasm slices"]);
    const against = (ms) => `${ratio(ms, taken.ours)} (${speed(BYTES, taken.ours)} to ${speed(BYTES, ms)})`;
    return [
      {
        what: "a file of 1 GiB, read and hashed by the app's worker, against hash-wasm in its fastest way",
        value: against(libraryMs),
        goal: "at least 1.4",
      },
      {
        what: "the same, against `crypto.subtle` with the whole file in memory",
        value: against(taken.subtle),
        goal: "at least 0.8",
      },
    ];
  });
}

async function compare(page) {
  let known;
  const check = ({ ms, said: [digest] }) => {
    assert.equal(digest, (known ??= digest), "all digests are the same");
    return ms;
  };
  const reference = (way) => async () => check(await page.evaluate((way) => bare.reference(way, [0]), way));
  return byTurns({
    ours: async () => check(await page.evaluate(() => bare.hash([0]))),
    "hash-wasm stream": reference("hash-wasm stream"),
    "hash-wasm slices": reference("hash-wasm slices"),
    subtle: reference("subtle"),
  });
}
