/**
 * The two files that a machine shares with the page, `in` and `out`, over the protocol that Linux mounts (9p2000.L).
 *
 * `out` takes what the machine says; reading `in` waits until the page has something to say. Nothing else is served, so that
 * there is no file system here that could lose, keep or mix up anything.
 */

const HEAD = 7;
const ROOT = 0;
const FILES = ["in", "out"];
const IN = 1;
const OUT = 2;
const MOST_MESSAGE = 131_096;
/** Errors of Linux. */
const ENOENT = 2;
const EOPNOTSUPP = 95;

const T = {
  statfs: 8, lopen: 12, setattr: 26, getattr: 24, xattrwalk: 30, readdir: 40, fsync: 50,
  version: 100, attach: 104, flush: 108, walk: 110, read: 116, write: 118, clunk: 120,
};
const ERROR = 7;

/** Numbers and texts of one message, written one after the other. */
class Writer {
  #bytes;
  #view;
  #at = HEAD;

  constructor(size) {
    this.#bytes = new Uint8Array(HEAD + size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  u8(value) { this.#view.setUint8(this.#at, value); this.#at += 1; return this; }
  u16(value) { this.#view.setUint16(this.#at, value, true); this.#at += 2; return this; }
  u32(value) { this.#view.setUint32(this.#at, value, true); this.#at += 4; return this; }
  u64(value) { this.#view.setBigUint64(this.#at, BigInt(value), true); this.#at += 8; return this; }
  bytes(value) { this.#bytes.set(value, this.#at); this.#at += value.length; return this; }

  /** What the kernel calls the identity of a file. */
  qid(file) { return this.u8(file === ROOT ? 0x80 : 0).u32(0).u64(file); }

  message(type, tag) {
    this.#view.setUint32(0, this.#at, true);
    this.#view.setUint8(4, type);
    this.#view.setUint16(5, tag, true);
    return this.#bytes.subarray(0, this.#at);
  }
}

const write = (size) => new Writer(size);

export class HostFiles {
  /** Which file a number of the kernel's stands for; part of a machine's saved state. */
  #open;
  #heard;
  #said = [];
  #reader = null;
  /** Whether a question for `in` is answered at once, with nothing: none may be open while a state is saved. */
  isPolled = false;

  /**
   * @param {(bytes: Uint8Array) => void} heard takes what the machine says
   * @param {[number, number][]} open what {@link HostFiles#state} gave
   */
  constructor(heard, open = []) {
    this.#heard = heard;
    this.#open = new Map(open);
  }

  /** What must be kept together with a saved state of the machine. */
  get state() { return [...this.#open]; }

  /** Lets the machine read `parts`, one after the other. */
  say(...parts) {
    this.#said.push(...parts.filter((part) => part.length > 0));
    this.#answerReader();
  }

  /** Bytes that the machine has not read yet. */
  get unread() { return this.#said.reduce((sum, part) => sum + part.length, 0); }

  /** Answers a message of the kernel's: the hook of the machine's 9p device. */
  handle = (request, reply) => {
    const view = new DataView(request.buffer, request.byteOffset, request.length);
    const [type, tag] = [view.getUint8(4), view.getUint16(5, true)];
    const answer = (writer, as = type + 1) => reply(writer.message(as, tag));
    const fail = (code) => answer(write(4).u32(code), ERROR);
    const fid = request.length >= HEAD + 4 ? view.getUint32(HEAD, true) : 0;
    switch (type) {
      case T.version: return answer(this.#version(view));
      case T.attach:
        this.#open.set(fid, ROOT);
        return answer(write(13).qid(ROOT));
      case T.walk: return this.#walk(request, view, fid, answer, fail);
      case T.getattr: return answer(this.#attributes(fid));
      case T.lopen: return answer(write(17).qid(this.#open.get(fid) ?? ROOT).u32(0));
      case T.read: return this.#read(fid, view.getUint32(HEAD + 12, true), answer, fail);
      case T.write: return this.#write(request, view, answer);
      case T.clunk:
        this.#open.delete(fid);
        return answer(write(0));
      case T.flush: return answer(write(0));
      case T.setattr:
      case T.fsync: return answer(write(0));
      case T.readdir: return answer(write(4).u32(0));
      case T.statfs: return answer(write(60).u32(0x01021997).u32(4096).u64(0).u64(0).u64(0).u64(0).u64(0).u64(0).u32(255));
      default: return fail(EOPNOTSUPP);
    }
  };

  #version(view) {
    const size = Math.min(view.getUint32(HEAD, true), MOST_MESSAGE);
    const name = new TextEncoder().encode("9P2000.L");
    this.#open.clear();
    return write(6 + name.length).u32(size).u16(name.length).bytes(name);
  }

  #walk(request, view, fid, answer, fail) {
    const [newFid, count] = [view.getUint32(HEAD + 4, true), view.getUint16(HEAD + 8, true)];
    let file = this.#open.get(fid) ?? ROOT;
    if (count > 0) {
      const size = view.getUint16(HEAD + 10, true);
      const name = new TextDecoder().decode(request.subarray(HEAD + 12, HEAD + 12 + size));
      const found = FILES.indexOf(name) + 1;
      if (found === 0 || count > 1) return fail(ENOENT);
      file = found;
    }
    this.#open.set(newFid, file);
    const reply = write(2 + 13).u16(count > 0 ? 1 : 0);
    return answer(count > 0 ? reply.qid(file) : reply);
  }

  #attributes(fid) {
    const file = this.#open.get(fid) ?? ROOT;
    const mode = file === ROOT ? 0o040700 : 0o100600;
    const reply = write(153).u64(0x7ff).qid(file).u32(mode).u32(0).u32(0).u64(1).u64(0).u64(0).u64(4096).u64(0);
    for (let time = 0; time < 10; time += 1) reply.u64(0);
    return reply;
  }

  #read(fid, count, answer, fail) {
    if (this.#open.get(fid) !== IN) return fail(EOPNOTSUPP);
    this.#reader = { count, answer };
    return this.#answerReader();
  }

  #answerReader() {
    const reader = this.#reader;
    if (!reader || (this.#said.length === 0 && !this.isPolled)) return;
    this.#reader = null;
    const bytes = this.#take(reader.count);
    reader.answer(write(4 + bytes.length).u32(bytes.length).bytes(bytes));
  }

  /** The next bytes for the machine, as many as it wants and there are. */
  #take(most) {
    const taken = new Uint8Array(Math.min(most, this.unread));
    let filled = 0;
    while (filled < taken.length) {
      const part = this.#said[0].subarray(0, taken.length - filled);
      taken.set(part, filled);
      filled += part.length;
      if (part.length === this.#said[0].length) this.#said.shift();
      else this.#said[0] = this.#said[0].subarray(part.length);
    }
    return taken;
  }

  #write(request, view, answer) {
    const count = view.getUint32(HEAD + 12, true);
    const bytes = request.slice(HEAD + 16, HEAD + 16 + count);
    answer(write(4).u32(bytes.length));
    this.#heard(bytes);
  }
}
