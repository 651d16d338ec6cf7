// A proxy in front of the server that breaks uploads off: each cut lets so many bytes of a body through, then the
// connections on both sides end without a word.

import http from "node:http";
import { once } from "node:events";

export class Cutter {
  #http;

  /** Bytes after which the next uploads are cut, first come first served. */
  cuts = [];
  /** What the next uploads are answered, instead of by the server. */
  answers = [];
  /** Paths of calls that reach the server, but whose answers never come back; each once. */
  loses = [];
  /** Whether uploads hang. */
  holds = false;
  /** The calls whose answers were lost. */
  lost = [];
  /** The uploads that came: method, `Upload-Offset`, and whether it was cut. */
  uploads = [];

  static async start(server) {
    const cutter = new Cutter();
    cutter.server = server;
    cutter.#http = http.createServer((request, response) => cutter.#answer(request, response));
    cutter.#http.listen(0, "127.0.0.1");
    await once(cutter.#http, "listening");
    cutter.url = `http://127.0.0.1:${cutter.#http.address().port}`;
    return cutter;
  }

  async stop() {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #answer(request, response) {
    const isUpload = ["PUT", "PATCH"].includes(request.method);
    if (isUpload && (this.holds || this.answers.length > 0)) {
      this.uploads.push({ method: request.method, isCut: false });
      if (this.holds) return;
      const status = this.answers.shift();
      request.resume();
      request.on("end", () => response.writeHead(status).end("as the test wants it\n"));
      return;
    }
    const target = new URL(this.server.url);
    const options = {
      host: target.hostname,
      port: target.port,
      method: request.method,
      path: request.url,
      headers: request.headers,
    };
    const lost = this.loses.findIndex((end) => request.url.endsWith(end));
    if (lost >= 0) this.loses.splice(lost, 1);
    const forwarded = http.request(options, (answer) => {
      if (lost >= 0) {
        // The server has done its part; the page must not learn of it.
        answer.resume();
        answer.on("end", () => this.lost.push(request.url));
        return;
      }
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    if (!isUpload) {
      request.pipe(forwarded);
      return;
    }
    let left = this.cuts.shift() ?? Infinity;
    const { method, headers } = request;
    this.uploads.push({ method, offset: headers["upload-offset"], isCut: left < Infinity });
    request.on("data", (chunk) => {
      const passed = chunk.subarray(0, left);
      left -= passed.length;
      // The server must have these bytes before it hears of the end.
      forwarded.write(passed, () => {
        if (left > 0) return;
        forwarded.destroy();
        request.socket.destroy();
      });
    });
    request.on("end", () => forwarded.end());
  }
}
