/** A job's files in Python's own file system: put in before it begins, and what it has changed when it ends. */

const ROOTS = ["/job", "/tmp", "/run/job"];
const TAIL_BYTES = 64 * 1024;
const PROGRESS_EVERY_MS = 50;
const USUAL_UMASK = 0o022;
const MODE = 0o7777;

export class PythonFiles {
  #fs;
  #before = new Map();
  #written = new WeakSet();
  #progress;
  #toldMs = 0;

  /**
   * @param {object} fs the file system
   * @param {object[]} files what lies in the machine
   * @param {{ path: string, tell: (bytes: Uint8Array) => void }} progress the file that is told of while Python runs
   */
  constructor(fs, files, progress) {
    this.#fs = fs;
    this.#progress = progress;
    for (const root of ROOTS) fs.mkdirTree(root);
    const ordered = [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
    for (const file of ordered) this.#put(file);
    for (const [path, node] of this.#walk()) this.#before.set(path, mark(node));
    this.#watch();
  }

  #put(file) {
    const fs = this.#fs;
    fs.mkdirTree(file.path.slice(0, file.path.lastIndexOf("/")) || "/");
    if (file.type === "folder") fs.mkdirTree(file.path);
    if (file.type === "link") fs.symlink(file.to, file.path);
    if (file.type === "file") fs.writeFile(file.path, file.content, { canOwn: true });
    if (file.type === "link") return;
    fs.chmod(file.path, file.mode);
    fs.utime(file.path, file.mtimeMs, file.mtimeMs);
  }

  *#walk() {
    const open = ROOTS.map((path) => [path, this.#fs.lookupPath(path).node]);
    while (open.length > 0) {
      const [folder, node] = open.pop();
      for (const [name, inner] of Object.entries(node.contents)) {
        const path = `${folder}/${name}`;
        yield [path, inner];
        if (this.#fs.isDir(inner.mode)) open.push([path, inner]);
      }
    }
  }

  /** Sees each write: times are too coarse to tell of all. */
  #watch() {
    const probe = "/.probe";
    this.#fs.writeFile(probe, "");
    const operations = this.#fs.lookupPath(probe).node.stream_ops;
    this.#fs.unlink(probe);
    const write = operations.write;
    operations.write = (stream, ...rest) => {
      const size = write(stream, ...rest);
      this.#written.add(stream.node);
      if (stream.path === this.#progress.path) this.#tellProgress(stream.node);
      return size;
    };
  }

  #tellProgress(node) {
    const now = Date.now();
    if (now - this.#toldMs < PROGRESS_EVERY_MS) return;
    this.#toldMs = now;
    this.#progress.tell(content(node).slice(-TAIL_BYTES));
  }

  /** What was made, changed or removed: folders before what is in them. */
  changes() {
    const changed = [];
    const there = new Set();
    for (const [path, node] of this.#walk()) {
      there.add(path);
      const [before, now] = [this.#before.get(path), mark(node)];
      if (before === now && !this.#written.has(node)) continue;
      const entry = this.#entry(path, node, before === undefined);
      if (entry) changed.push(entry);
    }
    const gone = [...this.#before.keys()].filter((path) => !there.has(path)).map((path) => ({ type: "gone", path }));
    return [...gone, ...changed];
  }

  #entry(path, node, isNew) {
    const fs = this.#fs;
    const mode = node.mode & MODE & (isNew ? ~USUAL_UMASK : MODE);
    if (fs.isDir(node.mode)) return { type: "folder", path, mode };
    if (fs.isLink(node.mode)) return { type: "link", path, to: node.link };
    if (!fs.isFile(node.mode)) return null;
    return { type: "file", path, mode, mtimeMs: Math.trunc(Number(node.mtime ?? node.timestamp)), content: content(node).slice() };
  }
}

function content(node) {
  const bytes = node.contents ?? new Uint8Array(0);
  return (bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)).subarray(0, node.usedBytes);
}

/** What differs between two states of a thing. */
function mark(node) {
  const isFolder = (node.mode & 0o170000) === 0o040000;
  return `${node.mode} ${isFolder ? "" : `${node.usedBytes} ${Number(node.mtime ?? node.timestamp)} ${node.link ?? ""}`}`;
}
