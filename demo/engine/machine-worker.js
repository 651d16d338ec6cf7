/** The worker of one machine: the first message has its parts and the run, the others are the service's. */

import { MEMORY_BYTES, Machine } from "./machine.js";
import { Run } from "./run.js";

const LINE_END = 10;

/** What a run answers that was cancelled before its command could begin. */
const NEVER_BEGAN = {
  type: "exit", returnCode: null, signal: null, cancelled: true, isOverLimit: false, details: "", progress: new Uint8Array(0), tookMs: 0,
};

let run = null;
let isCancelled = false;

/** Reads the kernel's console: it says there when memory is used up, and when it breaks. */
function readConsole(machine) {
  let line = "";
  machine.onConsole((byte) => {
    if (byte !== LINE_END) {
      line = (line + String.fromCharCode(byte)).slice(-500);
      return;
    }
    if (line.includes("Out of memory: Killed process")) run?.ranOutOfMemory(MEMORY_BYTES);
    if (line.includes("Kernel panic")) fail("machine", line);
    line = "";
  });
}

function fail(kind, message) {
  self.postMessage({ type: "failed", kind, message });
}

const address = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));

/** Python's parts: here from the beginning, or asked for by the first `python3`. */
const python = {
  parts: null,
  waiting: [],
  give(parts) {
    this.parts = parts;
    for (const resolve of this.waiting.splice(0)) resolve(parts);
  },
  refuse(message) {
    for (const resolve of this.waiting.splice(0)) resolve(Promise.reject(new Error(message)));
  },
  wanted() {
    if (this.parts) return Promise.resolve(this.parts);
    self.postMessage({ type: "needPython" });
    return new Promise((resolve) => this.waiting.push(resolve));
  },
};

/**
 * Waits until Python has started, before any of a job's code is in that worker: what it says until then is its own, such as
 * the picture of its memory from which the next ones are taken up.
 */
function isReady(worker) {
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => {
      if (data.type === "ready") resolve();
      if (data.type === "failed") reject(new Error(data.message));
      if (data.type === "memory") {
        python.parts = { ...python.parts, memory: data.memory };
        self.postMessage(data);
      }
    };
  });
}

async function startPython() {
  const parts = await python.wanted();
  const worker = new Worker(address(parts.worker));
  worker.postMessage({ type: "load", ...parts });
  await isReady(worker);
  return worker;
}

async function begin({ parts, request }) {
  const { V86 } = await import(address(parts.emulator));
  const machine = new Machine({ V86, wasm: parts.wasm, open: parts.open }, (type, body) => run?.heard(type, body));
  readConsole(machine);
  await machine.restore(parts.state);
  if (isCancelled) {
    self.postMessage(NEVER_BEGAN);
    return;
  }
  const tell = (message, transfer) => self.postMessage(message, transfer);
  run = new Run(request, machine, tell, startPython);
  await run.begin();
}

self.onmessage = ({ data }) => {
  if (data.type === "begin") {
    begin(data).catch((error) => fail(kindOf(error), String(error?.message ?? error)));
    return;
  }
  if (data.type === "python") {
    if (data.parts) python.give(data.parts);
    else python.refuse(data.message);
  } else if (data.type === "cancel") {
    if (run) run.cancel(data);
    else isCancelled = true;
  } else {
    run?.ask(data);
  }
};

function kindOf(error) {
  if (error instanceof RangeError) return /memory|alloc/i.test(error.message) ? "memory" : "refused";
  return "machine";
}
