// A proxy in front of the server that misbehaves as it is told: it breaks uploads off at a byte, answers instead of the
// server, keeps answers for itself, lets requests hang, and is slow.

import http from "node:http";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";

/** Of a cut: the whole body goes through and the server answers, but the page does not hear of it. */
export const THE_ANSWER = "the answer";

export class Cutter {
  #http;
  #hanging = [];

  /**
   * Where the next uploads are cut, first come first served: after so many bytes of the body, after what a function
   * makes of its length, or before `THE_ANSWER`. The connections on both sides end without a word.
   */
  cuts = [];
  /** What the next uploads are answered, instead of by the server. */
  answers = [];
  /** The same for calls, by the end of their paths: `{ "/Create": [503] }`. */
  refusals = {};
  /** Paths of calls that reach the server, but whose answers never come back; each once. */
  loses = [];
  /** Whether uploads hang. */
  holds = false;
  /** A pattern of the paths that hang until `release`. */
  hangs = undefined;
  /** After so many bytes the answer of a log stands still until `release`. */
  logStandsAfter = Infinity;
  /** What the next uploads' addresses become on their way. */
  rewrites = [];
  /** How slow it is: answers begin `waitMs` later, and every body passes in pieces with `pauseMs` between them. */
  pace = undefined;
  /** The calls whose answers were lost. */
  lost = [];
  /** How many bytes of uploads were passed on. */
  passedBytes = 0;
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

  /** How many requests hang that came for `hangs`. */
  get hanging() {
    return this.#hanging.length;
  }

  /** Lets them go on. */
  release() {
    this.hangs = undefined;
    this.logStandsAfter = Infinity;
    for (const goOn of this.#hanging.splice(0)) goOn();
  }

  /** Ends every connection at once, as a network that goes away. */
  sever() {
    this.#http.closeAllConnections();
  }

  async #answer(request, response) {
    if (this.hangs?.test(request.url)) await new Promise((resolve) => this.#hanging.push(resolve));
    const isUpload = ["PUT", "PATCH"].includes(request.method);
    if (isUpload && this.holds) {
      this.uploads.push({ method: request.method, isCut: false });
      return;
    }
    const refused = Object.keys(this.refusals).find((end) => request.url.endsWith(end));
    const status = isUpload ? this.answers.shift() : this.refusals[refused]?.shift();
    if (status !== undefined) {
      if (isUpload) this.uploads.push({ method: request.method, isCut: false });
      request.resume();
      request.on("end", () => response.writeHead(status).end("as the test wants it\n"));
      return;
    }
    const cut = isUpload ? this.#cutOf(request) : undefined;
    const forwarded = this.#forward(request, response, isUpload, cut);
    forwarded.on("error", () => response.destroy());
    if (isUpload) this.#send(request, forwarded, cut);
    else request.pipe(forwarded);
  }

  #cutOf(request) {
    const next = this.cuts.shift();
    return typeof next === "function" ? next(Number(request.headers["content-length"])) : next;
  }

  #forward(request, response, isUpload, cut) {
    const target = new URL(this.server.url);
    const rewrite = isUpload ? this.rewrites.shift() : undefined;
    const options = {
      host: target.hostname,
      port: target.port,
      method: request.method,
      path: rewrite ? rewrite(request.url) : request.url,
      headers: request.headers,
    };
    const lost = this.loses.findIndex((end) => request.url.endsWith(end));
    if (lost >= 0) this.loses.splice(lost, 1);
    const forwarded = http.request(options, async (answer) => {
      if (lost >= 0 || cut === THE_ANSWER) {
        // The server has done its part; the page must not learn of it.
        answer.resume();
        await once(answer, "end");
        if (cut === THE_ANSWER) request.socket.destroy();
        else this.lost.push(request.url);
        return;
      }
      // A page that turns away ends the call on the server too.
      response.on("close", () => forwarded.destroy());
      if (this.pace) await wait(this.pace.waitMs);
      response.writeHead(answer.statusCode, answer.headers);
      const isLog = request.url.endsWith("/ReadLogs");
      let passed = 0;
      const pass = async (piece) => {
        response.write(piece);
        passed += piece.length;
        if (isLog && passed > this.logStandsAfter) await new Promise((resolve) => this.#hanging.push(resolve));
      };
      await this.#pass(answer, pass).catch(() => response.destroy());
      response.end();
    });
    return forwarded;
  }

  /** Passes an upload's bytes on, up to the cut. */
  async #send(request, forwarded, cut) {
    const isCut = cut !== undefined;
    this.uploads.push({ method: request.method, offset: request.headers["upload-offset"], isCut });
    let left = typeof cut === "number" ? cut : Infinity;
    const end = () => {
      forwarded.destroy();
      request.socket.destroy();
    };
    if (left <= 0) return end();
    const pass = (piece) => {
      if (left <= 0) return;
      const passed = piece.subarray(0, left);
      left -= passed.length;
      this.passedBytes += passed.length;
      // The server must have these bytes before it hears of the end.
      forwarded.write(passed, () => left <= 0 && end());
    };
    try {
      await this.#pass(request, pass);
      if (left > 0) forwarded.end();
    } catch {
      // The page went away.
      forwarded.destroy();
    }
  }

  async #pass(body, write) {
    for await (const chunk of body) {
      const pieceBytes = this.pace?.pieceBytes ?? chunk.length;
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        await write(chunk.subarray(at, at + pieceBytes));
        if (this.pace) await wait(this.pace.pauseMs);
      }
    }
  }
}
