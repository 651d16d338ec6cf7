// Many small files, hashed one by one and packed as a folder; the reference only reads them.

import assert from "node:assert/strict";

import { withBarePage } from "./bare-page.mjs";
import { randomFiles, withFolder } from "./disk.mjs";
import { byTurns, milliseconds, ratio } from "./numbers.mjs";

const COUNT = 2000;
const BYTES = 16 * 1024;

export function measure() {
  return withFolder(async (folder) => {
    const names = Array.from({ length: COUNT }, (_, index) => `${String(index).padStart(4, "0")}.bin`);
    const files = await randomFiles(folder, names, BYTES);
    const taken = await withBarePage(folder, files, compare);
    const against = (ms) => `${ratio(ms, taken.read)} (${milliseconds(ms)} to ${milliseconds(taken.read)})`;
    return [
      {
        what: "2,000 files of 16 KiB, hashed, against reading them 32 at a time",
        value: against(taken.hash),
        goal: "at most 1.2",
      },
      {
        what: "the same as a folder: its archive, and the archive's digest",
        value: against(taken.pack),
        goal: "at most 1.2",
      },
    ];
  });
}

function compare(page) {
  return byTurns({
    read: async () => {
      const { ms, said } = await page.evaluate(() => bare.reference("read"));
      assert.deepEqual(said, [COUNT * BYTES]);
      return ms;
    },
    hash: async () => {
      const { ms, said } = await page.evaluate(() => bare.hashAll());
      assert.equal(new Set(said).size, COUNT);
      return ms;
    },
    pack: async () => {
      const { ms, said } = await page.evaluate(() => bare.pack());
      assert.ok(said[1] > COUNT * BYTES, `the archive has ${said[1]} bytes`);
      return ms;
    },
  });
}
