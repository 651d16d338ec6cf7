// One run of the demo's engine in this process, without a browser and without Python.

import { readFile } from "node:fs/promises";
import { gunzip } from "node:zlib";
import { join } from "node:path";
import { promisify } from "node:util";

import { Machine } from "../../../demo/engine/machine.js";
import { Run } from "../../../demo/engine/run.js";
import { BUILT } from "./demo-engine.mjs";

const part = async (name) => promisify(gunzip)(await readFile(join(BUILT, `${name}.gz`)));

/** What every machine is made of; loaded once. */
let parts = null;

async function load() {
  const emulator = `data:text/javascript;base64,${(await part("libv86.mjs")).toString("base64")}`;
  const state = await part("state.zst");
  const { open } = JSON.parse(await readFile(join(BUILT, "about.json")));
  return { ...(await import(emulator)), wasm: await WebAssembly.compile(await part("v86.wasm")), state: new Uint8Array(state), open };
}

/** A run whose command has been asked for: what it has said so far, and how to speak to it. */
export async function begin(request) {
  parts ??= await load();
  const log = { stdout: [], stderr: [], outputs: [], system: [], progress: [], usage: [] };
  const answers = new Map();
  let ended;
  log.ended = new Promise((resolve) => (ended = resolve));
  const tell = (message) => {
    if (message.type === "output") {
      log[message.stream].push(message.bytes);
      log.outputs.push([message.stream, Buffer.from(message.bytes).toString()]);
    }
    if (message.type === "system") log.system.push(message.line);
    if (message.type === "progress") log.progress.push(Buffer.from(message.bytes).toString());
    if (message.type === "usage") log.usage.push(message);
    if (message.type === "started") log.hasStarted = true;
    if (message.type === "exit") ended(message);
    answers.get(message.id)?.(message);
  };
  let run = null;
  const machine = new Machine(parts, (type, body) => run.heard(type, body));
  await machine.restore(parts.state.slice());
  run = new Run({ run: "test", ...request }, machine, tell, () => Promise.reject(new Error("no Python here")));
  await run.begin();
  let lastId = 0;
  const ask = (type, path) => new Promise((resolve) => {
    lastId += 1;
    answers.set(lastId, resolve);
    run.ask({ type, id: lastId, path });
  });
  return { log, run, ask, stop: () => machine.destroy() };
}

export const text = (parts) => Buffer.concat(parts).toString();
