// Gates: a job's program stops at each until the test opens it, so that a test sees the middle of a run for certain.

import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A program whose test has gone ends by itself. */
const PATIENCE_S = 120;

/** The gates of one server's programs. They stand in the working directories: a program may see no other folder. */
export class Gates {
  #runs;

  constructor(server) {
    this.#runs = join(server.dataDir, "runs");
  }

  /** Opens a gate for every program that runs now. */
  async open(name) {
    for (const run of await readdir(this.#runs)) {
      await writeFile(join(this.#runs, run, "work", Gates.file(name)), "");
    }
  }

  /** A shell command that waits for a gate, for so many seconds at most. */
  wait(name, patienceS = PATIENCE_S) {
    return `timeout ${patienceS} sh -c 'until [ -e ${Gates.file(name)} ]; do sleep 0.05; done' || exit 1`;
  }

  static file(name) {
    return `gate-${name}`;
  }
}
