// A small disk of its own, to be filled.

import { execFile } from "node:child_process";
import { mkdtemp, open, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const PIECE = Buffer.alloc(1 << 20, 1);

export class SmallDisk {
  /** `undefined` where this user cannot mount. */
  static async mount(megabytes) {
    const disk = new SmallDisk();
    disk.path = await mkdtemp(join(tmpdir(), "jobsphere-disk-"));
    try {
      await run("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", disk.path]);
      return disk;
    } catch {
      await rmdir(disk.path);
      return undefined;
    }
  }

  get #ballast() {
    return join(this.path, "ballast");
  }

  /** Leaves no byte free. */
  async fill() {
    const file = await open(this.#ballast, "w");
    try {
      for (;;) await file.write(PIECE);
    } catch (error) {
      if (error.code !== "ENOSPC") throw error;
    } finally {
      await file.close();
    }
  }

  /** Frees what `fill` took. */
  free() {
    return rm(this.#ballast);
  }

  async unmount() {
    await run("umount", ["--lazy", this.path]);
    await rmdir(this.path);
  }
}
