/** Debian's packages for i386, fetched with apt's own checks of their signatures, without any change to this computer. */

import { execFile } from "node:child_process";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const MOST_OUTPUT = 64 << 20;
/** The kernel is the one that this package depends on: its own name changes with each update. */
const KERNEL = "linux-image-686";
/** What is in the machine beside the kernel. */
export const PROGRAMS = [
  "bash-static", "busybox-static", "coreutils", "dash", "diffutils", "findutils", "grep", "mawk", "sed", "tar", "util-linux",
];
export const LIBRARIES = ["libacl1", "libattr1", "libc6", "libgmp10", "libpcre2-8-0", "libselinux1"];
const NAMES = [...PROGRAMS, ...LIBRARIES, "seabios", "libc-bin", "musl-dev", "libgcc-12-dev", "linux-libc-dev"];

/** The packages of the machine and of the agent's compiler, unpacked below `folder`. */
export class Packages {
  #folder;
  #options;
  #known;

  constructor(folder) {
    this.#folder = folder;
    this.#options = [
      "APT::Architecture=i386", "APT::Architectures::=i386", "APT::Sandbox::User=",
      "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
      `Dir::State::Lists=${join(folder, "lists")}`, `Dir::State::Status=${join(folder, "status")}`,
      `Dir::Cache=${join(folder, "cache")}`,
    ].flatMap((option) => ["-o", option]);
  }

  /** Fetches and unpacks; the kernel's package is named `kernel` in what follows. */
  async fetch() {
    for (const name of ["lists/partial", "cache/archives/partial", "archives"]) {
      await mkdir(join(this.#folder, name), { recursive: true });
    }
    await writeFile(join(this.#folder, "status"), "");
    await this.#update();
    const depends = await this.#apt("apt-cache", "depends", KERNEL);
    this.kernel = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
    if (!this.kernel) throw new Error(`${KERNEL} depends on no kernel: ${depends}`);
    this.names = [this.kernel, ...NAMES];
    await this.#download();
    for (const name of this.names) await this.#unpack(name);
  }

  /** One archive that cannot be read just now is no reason to stop: what is found in the others is checked all the same. */
  async #update() {
    try {
      await this.#apt("apt-get", "update", "-q");
    } catch (error) {
      console.warn(`some lists of packages could not be fetched: ${error.stderr ?? error}`);
    }
  }

  async #download() {
    const archives = join(this.#folder, "archives");
    const wanted = await this.records();
    const has = new Set(await readdir(archives));
    for (const file of has) {
      if (!wanted.some((record) => record.file === file)) await rm(join(archives, file));
    }
    const missing = wanted.filter((record) => !has.has(record.file));
    if (missing.length === 0) return;
    await this.#apt("apt-get", "download", ...missing.map((record) => `${record.Package}=${record.Version}`));
  }

  async #unpack(name) {
    const into = this.path(name);
    await rm(into, { recursive: true, force: true });
    await mkdir(into, { recursive: true });
    const record = (await this.records()).find((one) => one.Package === name);
    await run("dpkg-deb", ["-x", join(this.#folder, "archives", record.file), into]);
  }

  /** A file of a package. */
  path(name, ...file) { return join(this.#folder, "unpacked", name, ...file); }

  /** What Debian says of each package: version, hash, and the exact source that it was built from. */
  async records() {
    this.#known ??= (await this.#apt("apt-cache", "show", "--no-all-versions", ...this.names))
      .split(/\n\n+/)
      .filter((text) => text.trim())
      .map((text) => {
        const record = Object.fromEntries(Array.from(text.matchAll(/^([A-Za-z0-9-]+): (.*)$/gm), ([, key, value]) => [key, value]));
        const version = record.Version.replaceAll(":", "%3a");
        return { ...record, file: `${record.Package}_${version}_${record.Architecture}.deb` };
      });
    return this.#known;
  }

  async #apt(program, ...words) {
    const cwd = join(this.#folder, "archives");
    const { stdout } = await run(program, [...this.#options, ...words], { cwd, maxBuffer: MOST_OUTPUT });
    return stdout;
  }
}

/** The source package and version of a record, as Debian names them. */
export function sourceOf(record) {
  const [, name, version] = /^(\S+)(?: \((.*)\))?$/.exec(record.Source ?? record.Package);
  return { name, version: version ?? record.Version };
}
