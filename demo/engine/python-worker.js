/** The worker of one `python3`: loads Python when it is made, runs one command line, and says how it went. */

import { PythonFiles } from "./python-files.js";

/** No address: what the loader asks for under it is answered from memory. */
const NOWHERE = "https://files.invalid/";

let loaded = null;

const tell = (message, transfer) => self.postMessage(message, transfer);
const asModule = (text) => import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));

/** Lets the loader find its files in memory, and nothing else. */
async function withFiles({ wasm, stdlib }, load) {
  const [fetchBefore, instantiateBefore] = [self.fetch, WebAssembly.instantiateStreaming];
  self.fetch = async (address) => new Response(String(address).endsWith(".zip") ? stdlib : new Uint8Array(0));
  WebAssembly.instantiateStreaming = async (_, imports) => ({ module: wasm, instance: await WebAssembly.instantiate(wasm, imports) });
  try {
    return await load();
  } finally {
    self.fetch = fetchBefore;
    WebAssembly.instantiateStreaming = instantiateBefore;
  }
}

/** Often wanted, and without luck of their own: a picture of memory would draw the same numbers each time. */
const IMPORTS = "import argparse, atexit, collections, csv, dataclasses, datetime, io, json, linecache, math, pathlib, re, runpy, signal, threading, traceback, typing";

/** Starts Python, or takes it up from a picture of its memory, which is made by the first start and handed out. */
async function load(parts) {
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all([asModule(parts.loader), asModule(parts.program)]);
  const pyodide = await withFiles(parts, () => loadPyodide({
    createPyodideModule,
    indexURL: NOWHERE,
    packageBaseUrl: NOWHERE,
    lockFileContents: parts.lock,
    env: { HOME: "/job", PYTHONINSPECT: "" },
    ...(parts.memory ? { _loadSnapshot: parts.memory } : { _makeSnapshot: true }),
  }));
  if (!parts.memory) {
    pyodide.runPython(IMPORTS);
    tell({ type: "memory", memory: pyodide.makeMemorySnapshot() });
  }
  const globals = pyodide.toPy({ __name__: "page" });
  pyodide.runPython(parts.main, { globals, filename: "<page>" });
  return { pyodide, main: globals.get("main"), version: parts.version };
}

function connect(pyodide, input) {
  let consumed = 0;
  const print = (stream) => ({
    write(bytes) {
      tell({ type: "print", stream, bytes: bytes.slice() });
      return bytes.length;
    },
    isatty: false,
  });
  pyodide.setStdout(print(1));
  pyodide.setStderr(print(2));
  pyodide.setStdin({
    read(buffer) {
      const part = input.subarray(consumed, consumed + buffer.length);
      buffer.set(part);
      consumed += part.length;
      return part.length;
    },
    isatty: false,
  });
  return () => consumed;
}

async function run({ args, env, cwd, input, files, progress }) {
  const { pyodide, main, version } = await loaded;
  tell({ type: "begun", version });
  const lie = new PythonFiles(pyodide.FS, files, { path: progress, tell: (bytes) => tell({ type: "progress", bytes }) });
  const consumed = connect(pyodide, input);
  const note = (line) => tell({ type: "note", line });
  const code = main(pyodide.toPy(args), pyodide.toPy(env), cwd, note);
  tell({ type: "end", code, consumed: consumed(), changes: lie.changes() });
}

const fail = (error) => tell({ type: "failed", message: String(error?.message ?? error) });

self.onmessage = ({ data }) => {
  if (data.type === "load") {
    loaded = load(data);
    loaded.then(() => tell({ type: "ready" }), fail);
    return;
  }
  run(data).catch(fail);
};
