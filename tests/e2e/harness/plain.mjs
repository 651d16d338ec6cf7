// A door to the server by another name than this machine's: without encryption, what comes through it is not trusted.
// It may be narrow: then what is sent to the server waits in it.

import http from "node:http";
import { once } from "node:events";

export class PlainDoor {
  #http;
  #server;
  #isStrange;
  /** Logs that are being read, and the most that were at once. */
  logs = 0;
  mostLogs = 0;
  /** Files that are being sent, and the most that were at once. */
  uploads = 0;
  mostUploads = 0;
  /** Settles when files may pass. */
  opened = Promise.resolve();

  /** `name` is one that the browser finds on this machine. */
  static async open(server, name) {
    const door = new PlainDoor();
    door.#server = server;
    door.#isStrange = name !== "127.0.0.1";
    door.#http = http.createServer((request, response) => door.#pass(request, response));
    door.#http.listen(0, "127.0.0.1");
    await once(door.#http, "listening");
    door.url = `http://${name}:${door.#http.address().port}`;
    return door;
  }

  async close() {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #pass(request, response) {
    const { host, hostname, port, origin } = new URL(this.#server.url);
    const headers = { ...request.headers };
    // The server does not know the other name; what it is asked for by this machine's, files are sent to.
    if (this.#isStrange) {
      headers.host = host;
      if (headers.origin) headers.origin = origin;
    }
    const passed = http.request({ hostname, port, method: request.method, path: request.url, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    if (request.url.endsWith("/ReadLogs")) this.#count("logs", "mostLogs", response);
    response.on("close", () => passed.destroy());
    passed.on("error", () => response.destroy());
    if (request.method !== "PUT" && request.method !== "PATCH") {
      request.pipe(passed);
      return;
    }
    this.#count("uploads", "mostUploads", response);
    this.opened.then(() => request.pipe(passed));
  }

  #count(now, most, response) {
    this[now] += 1;
    this[most] = Math.max(this[most], this[now]);
    response.on("close", () => (this[now] -= 1));
  }
}
