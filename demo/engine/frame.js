/**
 * What runs in the sandboxed frame: a worker for each run, and the bytes that they need, which the page hands in.
 *
 * Nothing here, and nothing that is started here, can reach an address, a store or another page.
 */

const MACHINE_FILES = ["libv86.mjs", "v86.wasm", "state.zst", "machine-worker.js"];
const PYTHON_FILES = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "python-lock.json", "python-worker.js", "python-main.py"];
/** A machine that does not end within this time is ended from outside. */
const KILL_MS = 5_000;
const KILLED_CODE = 137;

const text = (bytes) => new TextDecoder().decode(bytes);

class Engine {
  #service;
  #page;
  #runs = new Map();
  #asked = new Map();
  #machine = null;
  #python = null;

  constructor(service, page, about) {
    this.#service = service;
    this.#page = page;
    this.about = about;
    service.onmessage = ({ data }) => this.#hear(data);
    page.onmessage = ({ data }) => this.#take(data);
  }

  #tell(message, transfer = []) {
    this.#service.postMessage(message, transfer);
  }

  #hear(message) {
    if (message.type === "load") this.#load(message);
    else if (message.type === "run") this.#begin(message);
    else if (message.type === "forget") this.#forget(message.run);
    else if (message.type === "cancel") this.#cancel(message);
    else if (message.type === "collect" || message.type === "list") this.#ask(message);
  }

  async #load({ python }) {
    this.#tell({ type: "about", ...this.about });
    try {
      await Promise.all([this.#machineParts(), python ? this.#pythonParts() : null]);
      this.#tell({ type: "loaded" });
    } catch (error) {
      this.#tell({ type: "failed", kind: "load", message: String(error?.message ?? error) });
    }
  }

  /** A file of the engine's, once for the life of the frame. */
  #file(name, part, run) {
    if (!this.#asked.has(name)) {
      const whole = new Promise((resolve, reject) => this.#waiting.set(name, { resolve, reject, part, run }));
      // What could not be fetched is tried again by the next run.
      whole.catch(() => this.#asked.delete(name));
      this.#asked.set(name, whole);
      this.#page.postMessage({ type: "need", name });
    }
    return this.#asked.get(name);
  }

  #waiting = new Map();
  #loadedBytes = { machine: new Map(), python: new Map() };
  #toldMs = 0;

  #take({ type, name, bytes, loaded, message }) {
    const waiting = this.#waiting.get(name);
    if (!waiting) return;
    if (type === "progress") {
      this.#loadedBytes[waiting.part].set(name, loaded);
      this.#tellLoading(waiting);
      return;
    }
    this.#waiting.delete(name);
    if (type === "have") waiting.resolve(new Uint8Array(bytes));
    else waiting.reject(new Error(message));
  }

  #tellLoading({ part, run }) {
    const now = Date.now();
    if (now - this.#toldMs < 100) return;
    this.#toldMs = now;
    const loadedBytes = [...this.#loadedBytes[part].values()].reduce((sum, bytes) => sum + bytes, 0);
    this.#tell({ type: "loading", ...(run ? { run } : {}), part, loadedBytes, totalBytes: this.about.fetchBytes[part] });
  }

  #machineParts(run) {
    this.#machine ??= this.#together(MACHINE_FILES, "machine", run)
      .then(async ([emulator, wasm, state, worker]) => ({
        emulator: text(emulator),
        wasm: await WebAssembly.compile(wasm),
        state,
        worker: text(worker),
        open: this.about.open,
      }));
    this.#machine.catch(() => (this.#machine = null));
    return this.#machine;
  }

  #pythonParts(run) {
    this.#python ??= this.#together(PYTHON_FILES, "python", run)
      .then(async ([loader, program, wasm, stdlib, lock, worker, main]) => ({
        loader: text(loader),
        program: text(program),
        wasm: await WebAssembly.compile(wasm),
        stdlib,
        lock: text(lock),
        worker: text(worker),
        main: text(main),
        version: this.about.python,
      }));
    this.#python.catch(() => (this.#python = null));
    return this.#python;
  }

  #together(names, part, run) {
    return Promise.all(names.map((name) => this.#file(name, part, run)));
  }

  async #begin(request) {
    const { run } = request;
    if (this.#runs.has(run)) return;
    const state = { worker: null, hasEnded: false };
    this.#runs.set(run, state);
    try {
      const machine = await this.#machineParts(run);
      if (this.#runs.get(run) !== state || state.hasEnded) return;
      this.#start(state, request, machine);
      // At the same time, where it is likely to be wanted.
      if (mayWantPython(request)) this.#givePython(run, state);
    } catch (error) {
      this.#fail(run, state, "load", error);
    }
  }

  async #givePython(run, state) {
    const answer = await this.#pythonParts(run).then((parts) => ({ parts }), (error) => ({ message: error.message }));
    state.worker.postMessage({ type: "python", ...answer });
  }

  /** The first start of Python has taken seconds: the next ones begin where it was. */
  async #keepMemory(memory) {
    const parts = await this.#pythonParts();
    parts.memory ??= memory;
  }

  #start(state, request, machine) {
    const { run } = request;
    const address = URL.createObjectURL(new Blob([machine.worker], { type: "text/javascript" }));
    state.worker = new Worker(address);
    state.worker.onmessage = ({ data }) => this.#hand(run, state, data);
    state.worker.onerror = (event) => this.#fail(run, state, "machine", event.message);
    state.worker.onmessageerror = () => this.#fail(run, state, "memory", "a message is too large for this tab");
    state.worker.postMessage({ type: "begin", parts: machine, request });
  }

  /** Hands a message of a run's worker on, under its own run's name whatever it says. */
  #hand(run, state, message) {
    if (message.type === "needPython") {
      this.#givePython(run, state);
      return;
    }
    if (message.type === "memory") {
      this.#keepMemory(message.memory);
      return;
    }
    if (state.hasEnded && !["collected", "listed"].includes(message.type)) return;
    if (message.type === "exit" || message.type === "failed") state.hasEnded = true;
    if (message.type === "failed") state.worker.terminate();
    const contents = message.entries?.flatMap((entry) => (entry.content ? [entry.content.buffer] : [])) ?? [];
    this.#tell({ ...message, run }, message.type === "output" ? [message.bytes.buffer] : contents);
  }

  #fail(run, state, kind, error) {
    if (state.hasEnded) return;
    state.hasEnded = true;
    state.worker?.terminate();
    this.#tell({ type: "failed", run, kind, message: String(error?.message ?? error) });
  }

  #cancel(order) {
    const state = this.#runs.get(order.run);
    if (!state || state.hasEnded) return;
    if (!state.worker) {
      state.hasEnded = true;
      this.#tell({ type: "exit", run: order.run, ...NEVER_BEGAN });
      return;
    }
    state.worker.postMessage(order);
    if (order.signal === null) setTimeout(() => this.#endFromOutside(order.run, state), KILL_MS);
  }

  #endFromOutside(run, state) {
    if (state.hasEnded) return;
    state.hasEnded = true;
    state.isLost = true;
    state.worker.terminate();
    this.#tell({ type: "exit", run, ...NEVER_BEGAN, returnCode: KILLED_CODE, signal: 9 });
  }

  #ask(question) {
    const state = this.#runs.get(question.run);
    if (!state?.worker || state.isLost || !state.hasEnded) {
      const { run, id } = question;
      if (question.type === "list") this.#tell({ type: "listed", run, id, entries: [] });
      else this.#tell({ type: "collected", run, id, kind: "lost", entries: [], leftOut: [] });
      return;
    }
    state.worker.postMessage(question);
  }

  #forget(run) {
    const state = this.#runs.get(run);
    if (!state) return;
    state.hasEnded = true;
    state.worker?.terminate();
    this.#runs.delete(run);
  }
}

const NEVER_BEGAN = {
  returnCode: null, signal: null, cancelled: true, isOverLimit: false, details: "", progress: new Uint8Array(0), tookMs: 0,
};

/** Whether a command, or the name of a file that it brings, lets one think of Python: then it is fetched at once. */
function mayWantPython({ command, python, inputs = [], env = {} }) {
  if (python === "none") return false;
  const isSaid = (words) => /python/.test(words);
  return isSaid(command) || Object.values(env).some(isSaid) || inputs.some(({ path }) => /\.pyz?$/.test(path));
}

addEventListener("message", ({ data, ports, source }) => {
  if (source !== parent || data?.type !== "begin") return;
  new Engine(ports[0], ports[1], data.about);
}, { once: true });
parent.postMessage({ type: "frame" }, "*");
