/** What the built folder holds of others' work: licences, and for Debian's packages the exact sources. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { sourceOf } from "./packages.mjs";

const ARCHIVE = "https://snapshot.debian.org/package";
/** What is in the machine or its state, with the licence of each. */
const LICENCES = {
  "busybox-static": "GPL-2.0-only",
  "bash-static": "GPL-3.0-or-later",
  coreutils: "GPL-3.0-or-later",
  dash: "BSD-3-Clause",
  diffutils: "GPL-3.0-or-later",
  findutils: "GPL-3.0-or-later",
  grep: "GPL-3.0-or-later",
  mawk: "GPL-2.0-only",
  sed: "GPL-3.0-or-later",
  tar: "GPL-3.0-or-later",
  "util-linux": "GPL-2.0-or-later and others",
  libacl1: "LGPL-2.1-or-later",
  libattr1: "LGPL-2.1-or-later",
  libc6: "LGPL-2.1-or-later",
  libgmp10: "LGPL-3.0-or-later or GPL-2.0-or-later",
  "libpcre2-8-0": "BSD-3-Clause",
  libselinux1: "public domain",
  seabios: "LGPL-3.0-only, GPL-3.0-only",
  "libc-bin": "LGPL-2.1-or-later, GPL-2.0-or-later",
  "musl-dev": "MIT",
  "libgcc-12-dev": "GPL-3.0-or-later WITH GCC-exception-3.1",
};
const KERNEL_LICENCE = "GPL-2.0-only WITH Linux-syscall-note";
const OWN = { name: "agent", licence: "MIT OR Apache-2.0", source: "demo/machine/guest" };

/** @returns {Promise<{ debian: object[], npm: object[], own: object[] }>} */
export async function sources(packages, modules) {
  const records = (await packages.records()).filter((record) => licenceOf(record.Package, packages.kernel));
  return {
    debian: records.map((record) => ({
      name: record.Package,
      version: record.Version,
      architecture: record.Architecture,
      sha256: record.SHA256,
      licence: licenceOf(record.Package, packages.kernel),
      sources: [sourceOf(record), ...builtUsing(record)].map(({ name, version }) => ({ name, version, address: `${ARCHIVE}/${name}/${version}/` })),
    })),
    npm: await Promise.all(["v86", "pyodide"].map((name) => ofNpm(modules, name))),
    own: [OWN],
  };
}

function licenceOf(name, kernel) {
  return name === kernel ? KERNEL_LICENCE : LICENCES[name];
}

/** Other sources whose code is in a package: a library that a program is linked with. */
function builtUsing(record) {
  return Array.from((record["Built-Using"] ?? "").matchAll(/(\S+) \(= ([^)]+)\)/g), ([, name, version]) => ({ name, version }));
}

async function ofNpm(modules, name) {
  const { version, license, repository } = JSON.parse(await readFile(join(modules, name, "package.json")));
  return { name, version, licence: license, address: typeof repository === "string" ? repository : repository?.url };
}
