// A door to the server by another name than this machine's: without encryption, what comes through it is not trusted.

import http from "node:http";
import { once } from "node:events";

export class PlainDoor {
  #http;
  #server;
  /** Logs that are being read, and the most that were at once. */
  logs = 0;
  mostLogs = 0;

  /** `name` is one that the browser finds on this machine. */
  static async open(server, name) {
    const door = new PlainDoor();
    door.#server = server;
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
    const headers = { ...request.headers, host };
    if (headers.origin) headers.origin = origin;
    const passed = http.request({ hostname, port, method: request.method, path: request.url, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    if (request.url.endsWith("/ReadLogs")) this.#count(response);
    response.on("close", () => passed.destroy());
    passed.on("error", () => response.destroy());
    request.pipe(passed);
  }

  #count(response) {
    this.logs += 1;
    this.mostLogs = Math.max(this.mostLogs, this.logs);
    response.on("close", () => (this.logs -= 1));
  }
}
