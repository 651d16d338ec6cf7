/** One run of a command in a machine of its own: its files, its output, its signals, its end. */

import { environment } from "./environment.js";
import { Fields, u32 } from "./frames.js";
import { Lines } from "./lines.js";
import { absolute } from "./paths.js";
import { Pythons } from "./pythons.js";
import { sayFile } from "./say-file.js";
import { Answer, Entries } from "./tree.js";
import * as words from "./words.js";

const FILE_MODE = 0o755;
const FOLDER_MODE = 0o755;

export class Run {
  #machine;
  #tell;
  #request;
  #lines;
  #pythons;
  /** What lies in the machine, as far as this side knows, by path. */
  #files = new Map();
  #changes = new Entries((entry) => this.#note(entry));
  #questions = [];
  #answer = null;
  #usage = null;
  #beganMs = 0;
  #progress = new Uint8Array(0);
  #isCancelled = false;
  #isKilled = false;
  #overLimit = "";
  #timers = [];
  #hasEnded = false;

  /**
   * @param {object} request the message `run`
   * @param {import("./machine.js").Machine} machine taken up, not going yet
   * @param {(message: object, transfer?: Transferable[]) => void} tell tells the service
   * @param {() => Worker} startPython
   */
  constructor(request, machine, tell, startPython) {
    this.#request = request;
    this.#machine = machine;
    this.#tell = (message, transfer) => tell({ run: request.run, ...message }, transfer);
    this.#lines = new Lines((stream, bytes) => this.#tell({ type: "output", stream, bytes }, [bytes.buffer]));
    this.#pythons = new Pythons({
      machine,
      files: this.#files,
      start: startPython,
      print: (stream, bytes) => this.#lines.add(stream, bytes),
      progress: (bytes) => this.#tell({ type: "progress", bytes }, [bytes.buffer]),
      system: (line) => this.system(line),
    });
  }

  /** Puts the files in place and starts the command. */
  async begin() {
    const { inputs = [], folders = [], command, env = {}, python } = this.#request;
    for (const folder of folders) this.#machine.say("d", u32(FOLDER_MODE), inside(folder));
    for (const input of inputs) await this.#put(input);
    if (python === "none") for (const name of ["python", "python3"]) this.#machine.say("u", `/usr/bin/${name}`);
    this.#machine.say("r", `${command}\0`, ...environment(env));
    await this.#machine.run();
  }

  async #put({ path, mode = FILE_MODE, mtimeMs = Date.now(), content }) {
    const at = inside(path);
    const bytes = new Uint8Array(content instanceof Blob ? await content.arrayBuffer() : content);
    sayFile(this.#machine, { path: at, mode, mtimeMs, content: bytes });
    this.#files.set(at, { type: "file", path: at, mode, mtimeMs, content: bytes });
  }

  system(line) {
    this.#tell({ type: "system", line });
  }

  /** Obeys the message `cancel`; never softer than an order before. */
  cancel({ signal, timeoutMs }) {
    if (this.#isKilled || this.#hasEnded) return;
    this.#isCancelled = true;
    if (signal === null || signal === undefined) {
      this.#kill(words.KILLED);
      return;
    }
    this.system(words.signalSent(signal));
    this.#machine.say("k", u32(signal));
    if (timeoutMs !== null && timeoutMs !== undefined) this.#after(timeoutMs, () => this.#kill(words.OVERDUE));
  }

  #kill(why) {
    if (this.#isKilled || this.#hasEnded) return;
    this.system(why);
    this.#isKilled = true;
    this.#pythons.endAll();
    this.#machine.say("x");
  }

  #after(ms, act) {
    this.#timers.push(setTimeout(act, ms));
  }

  /** Answers `collect` or `list`. */
  ask(question) {
    this.#questions.push(question);
    if (!this.#answer) this.#askNext();
  }

  #askNext() {
    const question = this.#questions.shift();
    if (!question) return;
    this.#answer = new Answer(question);
    if (question.type === "list") {
      this.#machine.say("s", u32(question.id));
      return;
    }
    const path = absolute(question.path);
    if (path) {
      this.#machine.say("c", u32(question.id), path);
      return;
    }
    this.#answer = null;
    this.#tell({ type: "collected", id: question.id, kind: "missing", entries: [], leftOut: [] });
    this.#askNext();
  }

  /** Takes what the machine says. */
  heard(type, body) {
    if (type === "1" || type === "2") {
      this.#lines.add(type === "1" ? "stdout" : "stderr", body);
    } else if (type === "Z") {
      this.#finishAnswer(body);
    } else if (this.#answer) {
      this.#answer.take(type, body);
    } else if (!this.#changes.take(type, body) && !this.#pythons.heard(type, body)) {
      this.#heardOfCommand(type, body);
    }
  }

  #heardOfCommand(type, body) {
    switch (type) {
      case "B": this.#began(new Fields(body).u32()); break;
      case "P": this.#tell({ type: "progress", bytes: body }, [body.buffer]); break;
      case "Q": this.#progress = body; break;
      case "U": this.#measure(new Fields(body)); break;
      case "X": this.#end(new Fields(body)); break;
      case "!":
        this.system(`There is no room in the machine for ${new Fields(body).text()}`);
        break;
    }
  }

  #began(pid) {
    this.#beganMs = Date.now();
    this.#tell({ type: "started", pid, atMs: this.#beganMs });
    this.system(words.begun(pid));
    const { timeMs } = this.#request.limits ?? {};
    if (timeMs) this.#after(timeMs, () => this.#breakLimit(words.tooLong(timeMs)));
  }

  #breakLimit(sentence) {
    if (this.#overLimit || this.#hasEnded) return;
    this.#overLimit = sentence;
    this.#kill(sentence);
  }

  /** The machine has ended a process because its memory was used up. */
  ranOutOfMemory(machineBytes) {
    const { memoryBytes = machineBytes } = this.#request.limits ?? {};
    this.#breakLimit(words.tooMuchMemory(Math.min(memoryBytes, machineBytes)));
  }

  #measure(fields) {
    const [cpuMs, memoryBytes, diskReadBytes, diskWriteBytes, processes] =
      [fields.u64(), fields.u64(), fields.u64(), fields.u64(), fields.u32()];
    const atMs = Date.now();
    const before = this.#usage ?? { atMs, cpuMs };
    const passed = atMs - before.atMs;
    const cpuPercent = passed > 0 ? (Math.max(0, cpuMs - before.cpuMs) / passed) * 100 : 0;
    this.#usage = { atMs, cpuMs };
    this.#tell({ type: "usage", atMs, cpuPercent, memoryBytes, diskReadBytes, diskWriteBytes, processes });
    const most = this.#request.limits?.memoryBytes;
    if (most && memoryBytes > most) this.#breakLimit(words.tooMuchMemory(most));
  }

  #end(fields) {
    const [status, left] = [fields.u32(), fields.u32()];
    const signal = status & 0x7f;
    const returnCode = signal === 0 ? (status >> 8) & 0xff : 128 + signal;
    const tookMs = Date.now() - this.#beganMs;
    this.#hasEnded = true;
    this.#timers.forEach(clearTimeout);
    this.#pythons.endAll();
    this.#lines.end();
    if (left > 0 && !this.#isCancelled && !this.#overLimit) this.system(words.left(left));
    this.system(words.ended(returnCode, tookMs));
    this.#tell({
      type: "exit",
      returnCode,
      signal: signal || null,
      cancelled: this.#isCancelled,
      isOverLimit: this.#overLimit !== "",
      details: this.#overLimit || (signal ? words.endedBySignal(signal) : ""),
      progress: this.#progress,
      tookMs,
    });
  }

  #note(entry) {
    if (entry.type === "gone") this.#files.delete(entry.path);
    else this.#files.set(entry.path, entry);
  }

  #finishAnswer(body) {
    const message = this.#answer?.finished(body);
    this.#answer = null;
    if (message) this.#tell(message, message.entries.flatMap((entry) => (entry.content ? [entry.content.buffer] : [])));
    this.#askNext();
  }
}

function inside(path) {
  const at = absolute(path);
  if (!at) throw new RangeError(`\`${path}\` is in no folder of the job`);
  return at;
}
