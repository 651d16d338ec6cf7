/** The commands `python3` of a run: each is run by a worker, and the program in the machine that stands for it is told. */

import { Fields, i64, u32 } from "./frames.js";
import { PROGRESS } from "./paths.js";
import { sayFile } from "./say-file.js";
import { python } from "./words.js";

const PACKET_BYTES = 32 * 1024;
/** Bytes that the program in the machine may have got and not printed yet. */
const MOST_UNPRINTED = 256 * 1024;
const MOST_NOTE = 500;
const STREAMS = { 1: "stdout", 2: "stderr" };
/** What a shell answers for a program that broke. */
const BROKE = 1;

export class Pythons {
  #with;
  #all = new Map();
  #isSaid = false;

  /** @param {object} hands machine, files, start, print, progress, system: what a run lends */
  constructor(hands) {
    this.#with = hands;
  }

  /** Takes a message of the machine; whether it was one about Python. */
  heard(type, body) {
    if (!"YIJKG".includes(type)) return false;
    const fields = new Fields(body);
    const id = fields.u32();
    if (type === "Y") {
      this.#all.set(id, new Python(id, fields, this.#with, (version) => this.#sayOnce(version)));
      return true;
    }
    const one = this.#all.get(id);
    if (type === "I") one?.addInput(fields.rest());
    if (type === "J") one?.begin();
    if (type === "K") one?.hasPrinted(fields.u32());
    if (type === "G") {
      one?.stop();
      this.#all.delete(id);
    }
    return true;
  }

  endAll() {
    for (const one of this.#all.values()) one.stop();
    this.#all.clear();
  }

  #sayOnce(version) {
    if (this.#isSaid) return;
    this.#isSaid = true;
    this.#with.system(python(version));
  }
}

class Python {
  #id;
  #with;
  #starting;
  #isStopped = false;
  #call;
  /** For each stream: of the command itself, or of the program in the machine. */
  #own;
  #input = [];
  #waiting = [];
  #unprinted = 0;
  #end = null;

  constructor(id, fields, hands, sayOnce) {
    this.#id = id;
    this.#with = hands;
    const own = fields.u32();
    this.#own = { 1: STREAMS[own & 0xff], 2: STREAMS[own >> 8] };
    const count = fields.u32();
    const [cwd, ...rest] = fields.texts();
    const env = Object.fromEntries(rest.slice(count).map((text) => splitOnce(text)));
    this.#call = { args: rest.slice(0, count), env, cwd };
    this.#starting = hands.start().then((worker) => {
      worker.onerror = (event) => this.#fail(event.message);
      worker.onmessage = ({ data }) => {
        if (data.type === "begun") sayOnce(String(data.version));
        else this.#heard(data);
      };
      if (this.#isStopped) worker.terminate();
      return worker;
    });
    this.#starting.catch((error) => this.#fail(error.message));
  }

  addInput(bytes) {
    this.#input.push(bytes.slice());
  }

  async begin() {
    const worker = await this.#starting.catch(() => null);
    if (!worker || this.#isStopped) return;
    const files = [...this.#with.files.values()];
    const input = new Uint8Array(this.#input.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.#input) {
      input.set(part, at);
      at += part.length;
    }
    worker.postMessage({ type: "run", ...this.#call, input, files, progress: PROGRESS }, [input.buffer]);
  }

  hasPrinted(bytes) {
    this.#unprinted -= bytes;
    this.#print();
  }

  stop() {
    this.#isStopped = true;
    this.#starting.then((worker) => worker.terminate(), () => {});
  }

  #heard(data) {
    if (data.type === "print" && data.bytes instanceof Uint8Array) this.#add(data.stream === 2 ? 2 : 1, data.bytes);
    if (data.type === "progress" && data.bytes instanceof Uint8Array) this.#with.progress(data.bytes);
    if (data.type === "note") this.#with.system(String(data.line).slice(0, MOST_NOTE));
    if (data.type === "failed") this.#fail(String(data.message));
    if (data.type === "end") {
      for (const change of data.changes) this.#apply(change);
      this.#end = { code: Number(data.code) | 0, consumed: Number(data.consumed) || 0 };
      this.#print();
    }
  }

  #fail(message) {
    if (this.#end) return;
    this.#add(2, new TextEncoder().encode(`python3: Python broke off in the page: ${message}\n`));
    this.#end = { code: BROKE, consumed: 0 };
    this.#print();
  }

  #add(stream, bytes) {
    const own = this.#own[stream];
    if (own) {
      this.#with.print(own, bytes);
      return;
    }
    for (let at = 0; at < bytes.length; at += PACKET_BYTES) {
      this.#waiting.push({ stream, bytes: bytes.subarray(at, at + PACKET_BYTES) });
    }
    this.#print();
  }

  #print() {
    const { machine } = this.#with;
    while (this.#waiting.length > 0 && this.#unprinted < MOST_UNPRINTED) {
      const { stream, bytes } = this.#waiting.shift();
      this.#unprinted += bytes.length;
      machine.say("o", u32(this.#id), String(stream), bytes);
    }
    if (this.#end && this.#waiting.length === 0) {
      machine.say("q", u32(this.#id), u32(this.#end.code), i64(this.#end.consumed));
      this.stop();
    }
  }

  /** Brings into the machine what Python has made, changed or removed. */
  #apply(change) {
    const { machine, files } = this.#with;
    if (change.type === "gone") {
      machine.say("u", change.path);
      files.delete(change.path);
      return;
    }
    if (change.type === "folder") machine.say("d", u32(change.mode), change.path);
    if (change.type === "link") machine.say("l", `${change.path}\0${change.to}\0`);
    if (change.type === "file") sayFile(machine, change);
    files.set(change.path, change);
  }
}

function splitOnce(text) {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}
