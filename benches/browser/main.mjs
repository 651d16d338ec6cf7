// Benchmarks of the app in Chromium: `node main.mjs [NAME…]`.
//
// Each measures what the app is built of, or the app itself against the real server. Speed is given as a ratio to a
// reference measured in the same run, by turns, or as a plain count; nothing here passes or fails.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as firstLoad from "./first-load.mjs";
import * as hashing from "./hashing.mjs";
import * as twoFiles from "./two-files.mjs";
import * as smallFiles from "./small-files.mjs";
import * as drop from "./drop.mjs";
import * as submit from "./submit.mjs";
import * as largeFile from "./large-file.mjs";
import * as logFollow from "./log-follow.mjs";
import * as logLatency from "./log-latency.mjs";
import * as logOpen from "./log-open.mjs";
import * as logScroll from "./log-scroll.mjs";
import * as listing from "./listing.mjs";
import * as soak from "./soak.mjs";

const BENCHES = {
  "first-load": firstLoad,
  hashing,
  "two-files": twoFiles,
  "small-files": smallFiles,
  drop,
  submit,
  "large-file": largeFile,
  "log-follow": logFollow,
  "log-latency": logLatency,
  "log-open": logOpen,
  "log-scroll": logScroll,
  listing,
};
/** Those that take too long to run with the others: only when they are named. */
const LONG_BENCHES = { soak };
const ALL = { ...BENCHES, ...LONG_BENCHES };

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in ALL));
if (unknown !== undefined) {
  console.error(`there is no bench \`${unknown}\` of the browser; there are ${Object.keys(ALL).join(", ")}`);
  process.exit(1);
}
// Gigabytes are written, here and by the server; they go also when this is broken off.
const scratch = mkdtempSync(join(tmpdir(), "jobsphere-bench-"));
process.env.TMPDIR = scratch;
process.on("exit", () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

console.log("| measured | reached | goal |\n|---|---|---|");
for (const [name, { measure }] of Object.entries(asked.length > 0 ? ALL : BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const { what, value, goal } of await measure()) console.log(`| ${what} | ${value} | ${goal} |`);
}
