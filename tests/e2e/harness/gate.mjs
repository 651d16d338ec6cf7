// Gates: a job's program stops at each until the test opens it, so that a test sees the middle of a run for certain.

import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class Gates {
  static async make() {
    const gates = new Gates();
    gates.folder = await mkdtemp(join(tmpdir(), "jobsphere-gates-"));
    // The program may run as another user than the test.
    await chmod(gates.folder, 0o755);
    return gates;
  }

  open(name) {
    return writeFile(join(this.folder, String(name)), "");
  }

  /** A shell command that waits for a gate; when the gates are gone it ends the program. */
  wait(name) {
    return `until [ -e ${this.folder}/${name} ]; do [ -d ${this.folder} ] || exit 1; sleep 0.05; done`;
  }

  remove() {
    return rm(this.folder, { recursive: true, force: true });
  }
}
