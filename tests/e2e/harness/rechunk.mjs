// A proxy in front of the server that cuts the bodies of gRPC-web answers in two at a chosen byte.
//
// The second piece leaves only after the page has read the first: the page's own reads decide, not a clock. For
// this the page runs `watchReads`, which tells the proxy of each first read and its length. The worker that reads the log
// runs it, too: the proxy puts it before the worker's own script.

import http from "node:http";
import { once } from "node:events";

const SEEN = "/.rechunk/";
const TRAILERS = 0x80;
/** The script of the worker that reads the log. */
const LOG_WORKER = /^\/log(_loader|-[0-9a-f]+)\.js$/;

export class Rechunk {
  #http;
  #held = new Map();
  #next = 0;

  /** Byte at which answers are cut; 0 leaves them whole. */
  at = 0;
  /** What was cut: method, place, length of the whole, length of the page's first read. */
  cuts = [];
  /** The length of the longest answer of each method. */
  lengths = new Map();
  /** Replaces the verdict in the last frame of the methods it names: `{ "ProjectJobService/ReadLogs": "grpc-status:…\r\n" }`. */
  verdicts = {};

  static async start(server) {
    const proxy = new Rechunk();
    proxy.server = server;
    proxy.#http = http.createServer((request, response) => {
      proxy.#answer(request, response).catch((error) => response.destroy(error));
    });
    proxy.#http.listen(0, "127.0.0.1");
    await once(proxy.#http, "listening");
    proxy.url = `http://127.0.0.1:${proxy.#http.address().port}`;
    return proxy;
  }

  async stop() {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  async #answer(request, response) {
    if (request.url.startsWith(SEEN)) {
      const [id, length] = request.url.slice(SEEN.length).split("/").map(Number);
      this.#held.get(id)?.(length);
      response.writeHead(204).end();
      return;
    }
    const isLogWorker = LOG_WORKER.test(request.url);
    if (isLogWorker) delete request.headers["accept-encoding"];
    const upstream = await this.#forward(request);
    const headers = { ...upstream.headers };
    delete headers.connection;
    if (isLogWorker) {
      delete headers["content-length"];
      response.writeHead(upstream.statusCode, headers);
      response.write(`(${watchReads})();\n`);
      upstream.pipe(response);
      return;
    }
    if (!headers["content-type"]?.startsWith("application/grpc-web")) {
      response.writeHead(upstream.statusCode, headers);
      upstream.pipe(response);
      return;
    }
    const pieces = [];
    for await (const piece of upstream) pieces.push(piece);
    const method = request.url.split(".").at(-1);
    const whole = withVerdict(Buffer.concat(pieces), this.verdicts[method]);
    this.lengths.set(method, Math.max(whole.length, this.lengths.get(method) ?? 0));
    delete headers["content-length"];
    delete headers["transfer-encoding"];
    await this.#cut(method, whole, headers, upstream.statusCode, response);
  }

  async #cut(method, whole, headers, status, response) {
    const at = this.at;
    if (at < 1 || at >= whole.length) {
      response.writeHead(status, headers);
      response.end(whole);
      return;
    }
    const id = this.#next++;
    const read = new Promise((resolve) => this.#held.set(id, resolve));
    const gone = once(response, "close").then(() => undefined);
    response.writeHead(status, { ...headers, "x-rechunk": String(id) });
    response.write(whole.subarray(0, at));
    const firstRead = await Promise.race([read, gone]);
    this.#held.delete(id);
    if (firstRead !== undefined) this.cuts.push({ method, at, length: whole.length, firstRead });
    response.end(whole.subarray(at));
  }

  #forward(request) {
    const target = new URL(this.server.url);
    const headers = { ...request.headers, host: target.host };
    if (headers.origin) headers.origin = target.origin;
    const options = { host: target.hostname, port: target.port, method: request.method, path: request.url, headers };
    return new Promise((resolve, reject) => {
      const forwarded = http.request(options, resolve).on("error", reject);
      request.pipe(forwarded);
    });
  }
}

/** The frames of `body`, the last one's text replaced when `verdict` is given. */
function withVerdict(body, verdict) {
  if (verdict === undefined) return body;
  const frames = [];
  for (let at = 0; at < body.length; ) {
    const end = at + 5 + body.readUInt32BE(at + 1);
    if ((body[at] & TRAILERS) === 0) frames.push(body.subarray(at, end));
    at = end;
  }
  const head = Buffer.alloc(5);
  head[0] = TRAILERS;
  head.writeUInt32BE(Buffer.byteLength(verdict), 1);
  return Buffer.concat([...frames, head, Buffer.from(verdict)]);
}

/** Runs in the page before the app, and in its worker: tells the proxy how long the first read of each cut answer was. */
export function watchReads() {
  const plainFetch = globalThis.fetch;
  const plainReader = ReadableStream.prototype.getReader;
  const cut = new WeakMap();
  globalThis.fetch = async (...request) => {
    const response = await plainFetch.apply(globalThis, request);
    const id = response.headers.get("x-rechunk");
    if (id !== null && response.body) cut.set(response.body, id);
    return response;
  };
  ReadableStream.prototype.getReader = function (...options) {
    const reader = plainReader.apply(this, options);
    const id = cut.get(this);
    if (id === undefined) return reader;
    const plainRead = reader.read.bind(reader);
    let told = false;
    reader.read = async () => {
      const result = await plainRead();
      if (!told && !result.done) {
        told = true;
        plainFetch.call(globalThis, `/.rechunk/${id}/${result.value.byteLength}`);
      }
      return result;
    };
    return reader;
  };
}
