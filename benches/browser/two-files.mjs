// Two large files, each hashed by a worker of its own, at once.

import { join } from "node:path";

import { withBarePage } from "./bare-page.mjs";
import { randomFile, withFolder } from "./disk.mjs";
import { byTurns, MIB, ratio, speed } from "./numbers.mjs";

const BYTES = 512 * MIB;

export function measure() {
  return withFolder(async (folder) => {
    const files = [await randomFile(join(folder, "a.bin"), BYTES), await randomFile(join(folder, "b.bin"), BYTES)];
    const taken = await withBarePage(folder, files, (page) =>
      byTurns({
        one: async () => (await page.evaluate(() => bare.hash([0]))).ms,
        two: async () => (await page.evaluate(() => bare.hashAtOnce([0, 1]))).ms,
      }),
    );
    return [
      {
        what: "two files of 512 MiB at once in two workers, against one in one",
        value: `${ratio(2 * taken.one, taken.two)} (${speed(2 * BYTES, taken.two)} to ${speed(BYTES, taken.one)})`,
        goal: "at least 1.5",
      },
    ];
  });
}
