/** An archive as the kernel unpacks it at its start (cpio, "newc"). */

const ALIGN = 4;
const KINDS = { file: 0o100000, folder: 0o040000, link: 0o120000, device: 0o020000 };

const padded = (size) => (ALIGN - (size % ALIGN)) % ALIGN;

export class Archive {
  #parts = [];
  #number = 0;

  folder(path, mode = 0o755) { return this.#add(path, KINDS.folder | mode); }
  file(path, content, mode = 0o644) { return this.#add(path, KINDS.file | mode, Buffer.from(content)); }
  link(path, to) { return this.#add(path, KINDS.link | 0o777, Buffer.from(to)); }
  device(path, major, minor, mode = 0o600) { return this.#add(path, KINDS.device | mode, Buffer.alloc(0), major, minor); }

  #add(path, mode, content = Buffer.alloc(0), major = 0, minor = 0) {
    const name = Buffer.from(`${path}\0`);
    this.#number += 1;
    const fields = [this.#number, mode, 0, 0, 1, 0, content.length, 0, 0, major, minor, name.length, 0];
    const head = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`;
    this.#parts.push(Buffer.from(head), name, Buffer.alloc(padded(head.length + name.length)));
    this.#parts.push(content, Buffer.alloc(padded(content.length)));
    return this;
  }

  /** The whole archive. */
  bytes() {
    this.#add("TRAILER!!!", 0);
    return Buffer.concat(this.#parts);
  }
}
