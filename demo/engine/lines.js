/** What a command prints, as messages of its log: each ends where a line does, if it can, and never within a letter. */

const WAIT_MS = 100;
/** A beginning of a line that is longer waits no more. */
const MAX_HELD_BYTES = 64 * 1024;
const LINE_END = 10;
const EMPTY = new Uint8Array(0);

export class Lines {
  #write;
  #held = { stdout: EMPTY, stderr: EMPTY };
  #timers = { stdout: 0, stderr: 0 };

  /** @param {(stream: "stdout" | "stderr", bytes: Uint8Array) => void} write */
  constructor(write) {
    this.#write = write;
  }

  /** Takes what was printed on a stream; the streams stay in the order in which they were written to. */
  add(stream, bytes) {
    this.#writeHeld(stream === "stdout" ? "stderr" : "stdout");
    const ended = bytes.lastIndexOf(LINE_END) + 1;
    if (ended > 0) {
      this.#forget(stream);
      this.#write(stream, joined(this.#held[stream], bytes.subarray(0, ended)));
      this.#held[stream] = EMPTY;
    }
    if (ended === bytes.length) return;
    this.#held[stream] = joined(this.#held[stream], bytes.subarray(ended));
    if (this.#held[stream].length > MAX_HELD_BYTES) this.#writeHeld(stream);
    else if (!this.#timers[stream]) this.#timers[stream] = setTimeout(() => this.#writeHeld(stream), WAIT_MS);
  }

  /** Writes all there is: nothing follows. */
  end() {
    for (const stream of ["stdout", "stderr"]) {
      this.#forget(stream);
      if (this.#held[stream].length > 0) this.#write(stream, this.#held[stream]);
      this.#held[stream] = EMPTY;
    }
  }

  #forget(stream) {
    clearTimeout(this.#timers[stream]);
    this.#timers[stream] = 0;
  }

  #writeHeld(stream) {
    this.#forget(stream);
    const held = this.#held[stream];
    const whole = held.length - unfinishedLetter(held);
    if (whole === 0) return;
    this.#write(stream, held.slice(0, whole));
    this.#held[stream] = held.slice(whole);
  }
}

function joined(first, second) {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** How many bytes at the end are the beginning of a letter of UTF-8. */
export function unfinishedLetter(bytes) {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return back < size ? back : 0;
  }
  return 0;
}
