// nginx from Debian, as an operator puts it in front of the server.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./browser.mjs";

// Debian puts it where only root looks.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

export class Nginx {
  #process;
  #folder;

  /** Starts one whose only site has these `lines`. */
  static async start(lines) {
    const nginx = new Nginx();
    nginx.#folder = await mkdtemp(join(tmpdir(), "jobsphere-nginx-"));
    nginx.port = await freePort();
    nginx.url = `http://127.0.0.1:${nginx.port}`;
    const file = join(nginx.#folder, "nginx.conf");
    await writeFile(file, configuration(nginx.port, lines));
    const child = spawn("nginx", ["-p", nginx.#folder, "-c", file, "-e", "error.log"], { stdio: "ignore", env });
    nginx.#process = child;
    process.on("exit", () => child.kill("SIGKILL"));
    const failed = new Promise((_, reject) => child.once("error", reject));
    await Promise.race([failed, until(() => nginx.#answers(), Boolean, "nginx answers")]);
    return nginx;
  }

  async #answers() {
    if (this.#process.exitCode !== null) {
      throw new Error(`nginx ended: ${await readFile(join(this.#folder, "error.log"), "utf8")}`);
    }
    const socket = connect(this.port, "127.0.0.1");
    const answers = await Promise.race([
      once(socket, "connect").then(() => true),
      new Promise((resolve) => socket.once("error", () => resolve(false))),
    ]);
    socket.destroy();
    return answers;
  }

  async stop() {
    if (this.#process.exitCode === null) {
      const ended = once(this.#process, "exit");
      this.#process.kill("SIGTERM");
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

function configuration(port, lines) {
  const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off;
worker_processes 1;
pid nginx.pid;
events {}
http {
  access_log off;
  ${folders.map((name) => `${name}_temp_path ${name};`).join(" ")}
  server {
    listen 127.0.0.1:${port};
    ${lines.join("\n    ")}
  }
}
`;
}
