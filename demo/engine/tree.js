/** Files that a machine hands out, message by message: one for what has changed, one for each thing that is asked for. */

import { Fields } from "./frames.js";

const KIND = 0o170000;
const KINDS = { 0o040000: "folder", 0o100000: "file", 0o120000: "link" };
const ANSWERS = { f: "file", d: "folder", "-": "missing", o: "other" };
const MODE = 0o7777;

/** Makes entries out of messages. */
export class Entries {
  #each;
  #file = null;
  #parts = [];

  /** @param {(entry: object) => void} each */
  constructor(each) {
    this.#each = each;
  }

  /** Takes a message; whether it was one about a file. */
  take(type, body) {
    const fields = new Fields(body);
    switch (type) {
      case "D": this.#each({ type: "folder", ...head(fields), path: fields.text() }); return true;
      case "F":
        this.#file = { type: "file", ...head(fields) };
        fields.u64();
        this.#file.path = fields.text();
        this.#parts = [];
        return true;
      case "W": this.#parts.push(body); return true;
      case "E": this.#end(); return true;
      case "L": {
        const [path, to] = fields.texts();
        this.#each({ type: "link", path, to });
        return true;
      }
      case "N": this.#each({ type: "gone", path: fields.text() }); return true;
      case "O": this.#each({ type: "other", path: fields.text() }); return true;
      default: return false;
    }
  }

  #end() {
    const content = new Uint8Array(this.#parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.#parts) {
      content.set(part, at);
      at += part.length;
    }
    this.#parts = [];
    this.#each({ ...this.#file, content });
  }
}

function head(fields) {
  return { mode: fields.u32() & MODE, mtimeMs: fields.u64() };
}

/** An answer to `collect` or `list` that is still coming. */
export class Answer {
  entries = [];
  leftOut = [];
  #files = new Entries((entry) => {
    if (entry.type === "other") this.leftOut.push(entry.path);
    else this.entries.push(entry);
  });

  constructor(question) {
    this.question = question;
  }

  take(type, body) {
    if (type === "V") this.entries.push(listed(new Fields(body)));
    else this.#files.take(type, body);
  }

  /** The message that answers the question. */
  finished(body) {
    const { type, run, id, mostBytes } = this.question;
    const byPath = (one, other) => (one.path < other.path ? -1 : 1);
    this.entries.sort(byPath);
    if (type === "list") return { type: "listed", run, id, entries: this.entries };
    const kind = ANSWERS[String.fromCharCode(body[4])] ?? "other";
    const bytes = this.entries.reduce((sum, entry) => sum + (entry.content?.length ?? 0), 0);
    if (mostBytes !== undefined && bytes > mostBytes) {
      return { type: "collected", run, id, kind: "tooLarge", entries: [], leftOut: [], sizeBytes: bytes };
    }
    return { type: "collected", run, id, kind, entries: this.entries, leftOut: this.leftOut };
  }
}

function listed(fields) {
  const [mode, isNew, mtimeMs, sizeBytes] = [fields.u32(), fields.u32(), fields.u64(), fields.u64()];
  return { path: fields.text(), type: KINDS[mode & KIND] ?? "other", mode: mode & MODE, mtimeMs, sizeBytes, isNew: isNew === 1 };
}
