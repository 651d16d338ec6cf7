// The references, in a worker as the app's own work is. It speaks as the app's workers do: `null` when it listens, and
// an array as the answer.

import { createSHA256 } from "/hash-wasm/index.esm.min.js";

const SLICE_BYTES = 4 * 1024 * 1024;
const READS_AT_ONCE = 32;

const hasher = await createSHA256();

const ways = {
  async "hash-wasm stream"(file) {
    hasher.init();
    for await (const bytes of file.stream()) hasher.update(bytes);
    return [hasher.digest()];
  },

  async "hash-wasm slices"(file) {
    hasher.init();
    const slice = (at) => file.slice(at, at + SLICE_BYTES).arrayBuffer();
    let next = slice(0);
    for (let at = 0; at < file.size; at += SLICE_BYTES) {
      const bytes = await next;
      // While this one is hashed.
      next = slice(at + SLICE_BYTES);
      hasher.update(new Uint8Array(bytes));
    }
    return [hasher.digest()];
  },

  async subtle(file) {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [[...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("")];
  },

  /** Reads small files and does nothing with them; how many bytes there were. */
  async read(...files) {
    let next = 0;
    let bytes = 0;
    const lane = async () => {
      while (next < files.length) {
        const { byteLength } = await files[next++].arrayBuffer();
        bytes += byteLength;
      }
    };
    await Promise.all(Array.from({ length: READS_AT_ONCE }, lane));
    return [bytes];
  },

  /** Sends files to a server that throws them away, two at a time. */
  async send(...files) {
    let next = 0;
    const lane = async () => {
      while (next < files.length) {
        const answer = await fetch("/thrown-away", { method: "PUT", body: files[next++] });
        if (!answer.ok) throw new Error(answer.statusText);
      }
    };
    await Promise.all([lane(), lane()]);
    return [files.length];
  },
};

onmessage = async ({ data: [way, ...files] }) => {
  try {
    postMessage(await ways[way](...files));
  } catch (error) {
    postMessage(["failed", way, error.message]);
  }
};
postMessage(null);
