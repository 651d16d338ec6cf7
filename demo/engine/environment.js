/** The environment of a command, as on a server whose commands have a view of their own. */

import { PROGRESS, WORK } from "./paths.js";

const BEFORE = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  LANG: "C.UTF-8",
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  HOME: WORK,
  TMPDIR: "/tmp",
  USER: "job",
  LOGNAME: "job",
  BASH_ENV: "/etc/login.bash",
  PIP_BREAK_SYSTEM_PACKAGES: "1",
};
const USERS_PROGRAMS = `${WORK}/.local/bin`;

/** @param {Record<string, string>} asked what the job sets, and the service adds */
export function environment(asked) {
  const all = { ...BEFORE, ...asked };
  all.PATH = [USERS_PROGRAMS, all.PATH].filter(Boolean).join(":");
  all.JOBSPHERE_PATH = all.PATH;
  all.JOB_PROGRESS_FILENAME = PROGRESS;
  return Object.entries(all).map(([name, value]) => `${name}=${value}\0`);
}
