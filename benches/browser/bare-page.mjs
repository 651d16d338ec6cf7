// A page without the app: it has the app's workers, and the references they are compared with.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import { dirname, extname, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { launchWithProfile } from "../../tests/e2e/harness/browser.mjs";

const APP = process.env.JOBSPHERE_APP ?? resolve(import.meta.dirname, "../../target/app");
const XTERM = dirname(dirname(fileURLToPath(import.meta.resolve("@xterm/xterm"))));
const HASH_WASM = dirname(fileURLToPath(import.meta.resolve("hash-wasm")));

/** Where what a page asks for lies; the app's workers expect to be at the root. */
const FOLDERS = [
  ["/bare/", join(import.meta.dirname, "page")],
  ["/hash-wasm/", HASH_WASM],
  ["/xterm/", XTERM],
  ["/", APP],
];
const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

/** The address of the app's worker for the bare page; its file has a hash in its name, which the app's page says. */
const WORKER = "/hasher.js";

async function worker() {
  const html = await readFile(join(APP, "index.html"), "utf8");
  return join(APP, /<meta name="worker-hasher" content="([^"]+)"/.exec(html)[1]);
}

function placeOf(path) {
  const [prefix, folder] = FOLDERS.find(([prefix]) => path.startsWith(prefix));
  return join(folder, path.slice(prefix.length));
}

/** A web server for it; what is put there is read and thrown away. */
export class Host {
  #http;

  static async start() {
    const host = new Host();
    host.#http = http.createServer((request, response) => host.#answer(request, response));
    host.#http.listen(0, "127.0.0.1");
    await once(host.#http, "listening");
    host.address = `http://127.0.0.1:${host.#http.address().port}/bare/index.html`;
    return host;
  }

  async stop() {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  async #answer(request, response) {
    if (request.method === "PUT") return request.resume().on("end", () => response.end());
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    try {
      const content = await readFile(path === WORKER ? await worker() : placeOf(path));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  }
}

/** How long the browser may take to look at what is chosen. */
const CHOOSING_MS = 2 * 60 * 1000;

/**
 * Runs `use` with the page in a window of its own, whose profile lies in `folder`, and with `chosen`: files, or the path of a
 * folder, which takes less time to hand over when it holds very many.
 */
export async function withBarePage(folder, chosen, use) {
  const host = await Host.start();
  const context = await launchWithProfile(join(folder, "profile"));
  try {
    const page = await context.newPage();
    page.on("pageerror", (error) => console.error(`thrown: ${error.message}`));
    await page.goto(host.address);
    const input = page.getByLabel(typeof chosen === "string" ? "Folder" : "Files");
    await input.setInputFiles(chosen, { timeout: CHOOSING_MS });
    return await use(page);
  } finally {
    await context.close();
    await host.stop();
  }
}
