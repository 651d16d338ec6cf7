/** Where files of a job lie in its machine. */

export const WORK = "/job";
export const PROGRESS = "/run/job/progress.jsonl";
const ROOTS = [WORK, "/tmp", "/run/job"];

/** The absolute path of a file of the job; `null` when it is not in a folder of the job. */
export function absolute(path) {
  const whole = path.startsWith("/") ? path : `${WORK}/${path}`;
  const parts = [];
  for (const part of whole.split("/")) {
    if (part === "..") return null;
    if (part !== "" && part !== ".") parts.push(part);
  }
  const clean = `/${parts.join("/")}`;
  const isInside = ROOTS.some((root) => clean === root || clean.startsWith(`${root}/`));
  return isInside && !clean.includes("\0") ? clean : null;
}
