/** Starts a machine, waits until it is at rest, and saves it. */

import { setTimeout as pause } from "node:timers/promises";

import { Machine } from "../engine/machine.js";

const PATIENCE_MS = 300_000;
/** Time for the machine to come to rest. */
const REST_MS = 2_000;

/** @returns {Promise<{ bytes: Uint8Array, open: [number, number][] }>} */
export async function start(parts) {
  let console = "";
  let whenReady = () => {};
  const ready = () => new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the machine does not start:\n${console}`)), PATIENCE_MS);
    whenReady = () => {
      clearTimeout(late);
      resolve();
    };
  });
  const machine = new Machine(ownBuffers(parts), (type) => type === "R" && whenReady());
  machine.onConsole((byte) => {
    console += String.fromCharCode(byte);
  });
  machine.isPolled = true;
  await machine.loaded;
  const started = ready();
  await machine.run();
  await started;
  const cleared = ready();
  machine.say("z");
  await cleared;
  await pause(REST_MS);
  await machine.stop();
  const saved = await machine.save();
  await machine.destroy();
  return saved;
}

/** The emulator takes whole buffers, and a small one of Node's is a part of a shared one. */
function ownBuffers(parts) {
  const own = (part) => (Buffer.isBuffer(part) ? part.buffer.slice(part.byteOffset, part.byteOffset + part.length) : part);
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, own(part)]));
}
