// A server with very many jobs.

import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { Server } from "./server.mjs";

const FILL = resolve(import.meta.dirname, "fill.py");

/** Starts a server whose database holds `count` ended jobs, each with a configuration of about `configBytes`. */
export async function serverWith(count, configBytes = 0) {
  const server = await Server.start();
  await server.kill();
  const more = configBytes > 0 ? [String(configBytes)] : [];
  execFileSync("python3", [FILL, join(server.dataDir, "jobsphere.sqlite"), String(count), ...more]);
  await server.restart();
  return server;
}
