// The real server as its users start it: an own process, an own data folder, one line when it is ready.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);

const ROOT = resolve(import.meta.dirname, "../../..");
const PROGRAM = process.env.JOBSPHERE_SERVER ?? join(ROOT, "target/debug/jobsphere-server");
const READY = /^Jobsphere is ready: ((http:\/\/127\.0\.0\.1:(\d+)[^#\s]*?)(?:\/#token=\S+)?)$/;
const READY_WITHIN_MS = 30_000;

export class Server {
  #process;
  #said = "";
  #onExit;

  constructor(dataDir, options) {
    this.dataDir = dataDir;
    this.options = options;
  }

  /** Starts a server with an empty data folder on a free port. */
  static async start(...options) {
    return Server.startIn(await mkdtemp(join(tmpdir(), "jobsphere-e2e-")), ...options);
  }

  /** Starts a server with this data folder on a free port. */
  static async startIn(dataDir, ...options) {
    const server = new Server(dataDir, options);
    await server.#launch("127.0.0.1:0");
    return server;
  }

  async #launch(listen) {
    const child = spawn(PROGRAM, ["--listen", listen, "--data-dir", this.dataDir, ...this.options], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    this.#onExit ??= process.on("exit", () => this.#process.kill("SIGKILL"));
    child.stderr.setEncoding("utf8").on("data", (text) => (this.#said += text));
    const late = setTimeout(() => child.kill("SIGKILL"), READY_WITHIN_MS);
    const failed = once(child, "error").then(([error]) => error.message);
    const ended = once(child, "close").then(([code, signal]) => `it ended with ${code ?? signal}`);
    const first = once(createInterface(child.stdout), "line").then(([line]) => READY.exec(line) ?? `it said: ${line}`);
    const outcome = await Promise.race([first, failed, ended]);
    clearTimeout(late);
    if (typeof outcome === "string") {
      throw new Error(`${PROGRAM} did not start: ${outcome}\n${this.#said}`);
    }
    [, this.link, this.url] = outcome;
    this.port = Number(outcome[3]);
  }

  /** Makes a token of the server's, or removes one; what the command printed. */
  async token(...words) {
    const { stdout } = await run(PROGRAM, ["token", ...words, "--data-dir", this.dataDir]);
    return stdout.trim();
  }

  /** What the server wrote to its log. */
  get said() {
    return this.#said;
  }

  async #end(signal) {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill(signal);
    await ended;
  }

  /** Takes the process away without a word, as a power cut would. */
  kill() {
    return this.#end("SIGKILL");
  }

  /** Starts again with the same port and data folder. */
  restart() {
    return this.#launch(`127.0.0.1:${this.port}`);
  }

  /** Ends the server and removes its data. */
  async stop() {
    await this.#end("SIGTERM");
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
