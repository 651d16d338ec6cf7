// A real nginx in front of a server, with a folder of its own, as the user who runs the tests.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./browser.mjs";

const PROGRAM = process.env.JOBSPHERE_NGINX ?? "/usr/sbin/nginx";

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

const configuration = ({ port, upstream, own, place, ofPlace }) => `
daemon off;
master_process off;
pid nginx.pid;
error_log error.log;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  ${own}
  server {
    listen 127.0.0.1:${port};
    location ${place} {
      proxy_pass ${upstream};
      proxy_set_header Host $http_host;
      ${ofPlace}
    }
  }
}
`;

export class Nginx {
  /**
   * Starts it; `own` are lines of its `http`, `ofPlace` of what it does with the server, which has `place` of the site.
   * Where it takes that off the paths, `isTakenOff` says so.
   */
  static async before(server, { own = "", ofPlace = "", place = "/", isTakenOff = false } = {}) {
    const nginx = new Nginx();
    nginx.folder = await mkdtemp(join(tmpdir(), "jobsphere-nginx-"));
    const port = await freePort();
    const upstream = `http://127.0.0.1:${server.port}${isTakenOff ? "/" : ""}`;
    nginx.url = `http://127.0.0.1:${port}`;
    await writeFile(join(nginx.folder, "nginx.conf"), configuration({ port, upstream, own, place, ofPlace }));
    const words = ["-p", nginx.folder, "-c", "nginx.conf", "-e", "error.log"];
    nginx.process = spawn(PROGRAM, words, { stdio: "ignore" });
    nginx.ended = once(nginx.process, "exit");
    process.on("exit", () => nginx.process.kill("SIGKILL"));
    const answers = () => fetch(`${nginx.url}${place}`).then(({ ok }) => ok, () => false);
    await until(answers, Boolean, `nginx answers on ${port}`).catch(async (error) => {
      throw new Error(`${error.message}\n${await readFile(join(nginx.folder, "error.log"), "utf8").catch(() => "")}`);
    });
    return nginx;
  }

  async stop() {
    this.process.kill("SIGTERM");
    await this.ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
