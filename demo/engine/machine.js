/** One Linux: starts it or takes it up where it was saved, and exchanges messages with the first process in it. */

import { Frames, frame, i64, u32 } from "./frames.js";
import { HostFiles } from "./host-files.js";

/** Memory of a machine; part of its saved state. */
export const MEMORY_BYTES = 256 << 20;
const VIDEO_MEMORY_BYTES = 1 << 20;
/** Bytes drawn by chance for a machine that is taken up, which would else draw the same numbers each time. */
const CHANCE_BYTES = 128;

export class Machine {
  #emulator;
  #files;

  /**
   * @param {object} parts `V86` (its class), `wasm` (a compiled module), and to start one: `bios`, `videoBios`, `kernel`,
   * `initrd`, `commandLine`; to take one up: `open` (the files that were open when it was saved)
   * @param {(type: string, body: Uint8Array) => void} heard takes each message of the machine
   */
  constructor(parts, heard) {
    const frames = new Frames(heard);
    this.#files = new HostFiles((bytes) => frames.add(bytes), parts.open);
    const buffer = (bytes) => (bytes ? { buffer: bytes } : undefined);
    this.#emulator = new parts.V86({
      wasm_fn: async (imports) => (await WebAssembly.instantiate(parts.wasm, imports)).exports,
      memory_size: MEMORY_BYTES,
      vga_memory_size: VIDEO_MEMORY_BYTES,
      bios: buffer(parts.bios),
      vga_bios: buffer(parts.videoBios),
      bzimage: buffer(parts.kernel),
      initrd: buffer(parts.initrd),
      cmdline: parts.commandLine,
      filesystem: { handle9p: this.#files.handle },
      disable_keyboard: true,
      disable_mouse: true,
      disable_speaker: true,
      autostart: false,
      log_level: 0,
    });
    this.loaded = new Promise((resolve) => this.#emulator.add_listener("emulator-loaded", resolve));
  }

  /** Hands each byte of the machine's console on: what its kernel prints. */
  onConsole(each) { this.#emulator.add_listener("serial0-output-byte", each); }

  run() { return this.#emulator.run(); }
  stop() { return this.#emulator.stop(); }
  destroy() { return this.#emulator.destroy(); }

  say(type, ...fields) { this.#files.say(...frame(type, ...fields)); }

  /** Bytes that the machine has not taken yet. */
  get unread() { return this.#files.unread; }

  /** While it is on, the machine asks again and again, so that no question is open. */
  set isPolled(value) { this.#files.isPolled = value; }

  /** Saves the machine, which must be polled and at rest. */
  async save() {
    return { bytes: new Uint8Array(await this.#emulator.save_state()), open: this.#files.state };
  }

  /** Takes up a saved machine; it goes on when it is run, with the time of now and luck of its own. */
  async restore(bytes) {
    await this.loaded;
    const [device, table] = findDevice(this.#emulator, this.#files.handle);
    await this.#emulator.restore_state(bytes.buffer);
    // The table of open questions does not outlive a saved state, which held none.
    device[table] = new Map();
    this.say("t", ...timeAndChance());
  }
}

function timeAndChance() {
  const now = Date.now();
  const chance = crypto.getRandomValues(new Uint8Array(CHANCE_BYTES));
  return [i64(now / 1000), u32((now % 1000) * 1e6), chance];
}

/** The device that calls `handle`, and its table: the emulator's names are not to be relied on, so both are looked for. */
function findDevice(root, handle) {
  const [seen, next] = [new Set([root]), [root]];
  while (next.length > 0) {
    const object = next.shift();
    const inners = Object.entries(object);
    const table = inners.find(([, inner]) => inner instanceof Map);
    if (table && inners.some(([, inner]) => inner === handle)) return [object, table[0]];
    for (const [, inner] of inners) {
      if (typeof inner !== "object" || inner === null || ArrayBuffer.isView(inner) || seen.has(inner)) continue;
      seen.add(inner);
      next.push(inner);
    }
  }
  throw new Error("the emulator has no device for files");
}
