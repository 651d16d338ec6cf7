/** The sentences of `.system.log`, as the server says them (`rules::timeline`, `supervisor`). */

export const KILLED = "Cancelled: the command is killed";
export const OVERDUE = "The time is over: the command is killed";

export const begun = (pid) => `The command has begun as process ${pid}`;
export const ended = (code, tookMs) => `The command has ended with ${code} after ${(tookMs / 1000).toFixed(1)} s`;
export const signalSent = (signal) => `Cancelled: signal ${signal} is sent`;
export const endedBySignal = (signal) => `The command was ended by signal ${signal}`;
export const left = (count) =>
  `The command left processes in the background, which were ended with it: ${count} (\`wait\` waits for them)`;
export const tooLong = (ms) =>
  `The command ran longer than the ${Math.round(ms / 1000)} s of its instance type and was ended; choose one with more time`;
export const tooMuchMemory = (bytes) =>
  `The command used more than the ${Math.floor(bytes / (1 << 20))} MiB of memory of its instance type and was ended; choose one with more`;
export const python = (version) =>
  `\`python3\` is Pyodide ${version} in this page, not a program of the Linux: no threads, no processes, no signal handlers`;
