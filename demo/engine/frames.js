/** Messages between the page and a machine: size of the body (u32, little-endian), type (one letter), body. */

const HEAD = 5;
const TEXT = new TextEncoder();

/** One message, as parts that need not be joined. */
export function frame(type, ...fields) {
  const parts = fields.map((field) => (typeof field === "string" ? TEXT.encode(field) : field));
  const head = new Uint8Array(HEAD);
  new DataView(head.buffer).setUint32(0, parts.reduce((sum, part) => sum + part.length, 0), true);
  head[4] = type.charCodeAt(0);
  return [head, ...parts];
}

export function u32(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

export function i64(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(Math.trunc(value)), true);
  return bytes;
}

/** Reads the fields of one message. */
export class Fields {
  #view;
  #at = 0;

  constructor(bytes) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  u32() { this.#at += 4; return this.#view.getUint32(this.#at - 4, true); }
  i32() { this.#at += 4; return this.#view.getInt32(this.#at - 4, true); }
  /** A number that JavaScript can hold: sizes and times are. */
  u64() { this.#at += 8; return Number(this.#view.getBigInt64(this.#at - 8, true)); }
  rest() { return this.bytes.subarray(this.#at); }
  /** The rest as text; bytes that are none become U+FFFD. */
  text() { return new TextDecoder().decode(this.rest()); }
  /** The rest as texts that end with a zero each. */
  texts() { return this.text().split("\0").slice(0, -1); }
}

/** Takes a stream apart into messages. */
export class Frames {
  #parts = [];
  #size = 0;
  #each;

  /** @param {(type: string, body: Uint8Array) => void} each */
  constructor(each) {
    this.#each = each;
  }

  add(bytes) {
    this.#parts.push(bytes);
    this.#size += bytes.length;
    if (this.#size < HEAD) return;
    let all = this.#join();
    while (all.length >= HEAD) {
      const size = new DataView(all.buffer, all.byteOffset).getUint32(0, true);
      if (all.length < HEAD + size) break;
      this.#each(String.fromCharCode(all[4]), all.slice(HEAD, HEAD + size));
      all = all.subarray(HEAD + size);
    }
    this.#parts = all.length > 0 ? [all] : [];
    this.#size = all.length;
  }

  #join() {
    if (this.#parts.length === 1) return this.#parts[0];
    const all = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}
