// A host of plain files, as there are many: no headers but a type, and 404.html for what is not there.

import http from "node:http";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";

const KINDS = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml",
  ".wasm": "application/wasm", ".json": "application/json", ".txt": "text/plain; charset=utf-8" };

/** The folder that `cargo xtask demo` makes. */
export const DEMO = process.env.JOBSPHERE_DEMO ?? resolve(import.meta.dirname, "../../../target/demo");

export class FolderHost {
  #http;
  #place;
  #folder;

  /** Shows the files of `folder` below `place`, such as `/some/folder/`. */
  static async show(folder, place) {
    const host = new FolderHost();
    host.#folder = folder;
    host.#place = place;
    host.#http = http.createServer((request, response) => host.#answer(request, response));
    host.#http.listen(0, "127.0.0.1");
    await once(host.#http, "listening");
    host.site = `http://127.0.0.1:${host.#http.address().port}`;
    host.url = host.site + place.replace(/\/$/, "");
    return host;
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, this.site);
    const below = pathname.startsWith(this.#place) ? pathname.slice(this.#place.length) : null;
    // Only that part of the site is ours.
    const found = below === null ? null : await this.#read(below.replace(/(^|\/)$/, "$1index.html"));
    const shown = found ?? (below === null ? Buffer.from("nothing here") : await this.#read("404.html"));
    const type = found ? KINDS[extname(pathname) || ".html"] ?? "application/octet-stream" : KINDS[".html"];
    response.writeHead(found ? 200 : 404, { "content-type": type }).end(shown);
  }

  #read(name) {
    return readFile(join(this.#folder, name)).catch(() => null);
  }

  async stop() {
    this.#http.closeAllConnections();
    this.#http.close();
  }
}
