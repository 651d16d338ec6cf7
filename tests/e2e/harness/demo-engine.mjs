// The demo's engine in a page: a plain file host for what was built, and a service's half that asks for runs.

import { createReadStream } from "node:fs";
import { access, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** What `node demo/machine/build.mjs` has made. */
export const BUILT = process.env.JOBSPHERE_DEMO_MACHINE ?? fileURLToPath(new URL("../../machine", import.meta.url));

const HOST = fileURLToPath(new URL("../../../demo/engine/host.js", import.meta.url));

const KINDS = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json" };
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'";
const PAGE = `<!doctype html><meta charset="utf-8"><title>Engine</title><script type="module" src="/service.js"></script>`;

/** The page's half of the test: the service that the engine serves. Bytes cross to the test as text of Latin-1. */
const SERVICE = `
import { openEngine } from "./demo/engine/host.js";
const latin = (bytes) => { let text = ""; for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192)); return text; };
const bytes = (text) => new TextEncoder().encode(text);
const engine = openEngine({ base: new URL("./demo/", location) });
const logs = new Map(), questions = new Map(), ends = new Map();
let lastId = 0, loaded;
globalThis.seen = [];
engine.port.onmessage = ({ data }) => {
  const log = logs.get(data.run);
  if (data.type === "loaded" || (data.type === "failed" && !data.run)) loaded?.(data);
  if (data.type === "about") globalThis.about = data;
  if (!log) return;
  if (data.type === "output") { log[data.stream] += latin(data.bytes); log.outputs.push([data.stream, latin(data.bytes), performance.now()]); }
  if (data.type === "system") log.system.push(data.line);
  if (data.type === "started") log.startedMs = performance.now();
  if (data.type === "progress") log.progress.push(latin(data.bytes));
  if (data.type === "usage") log.usage.push(data);
  if (data.type === "collected" || data.type === "listed") questions.get(data.id)?.(data);
  if (data.type === "exit" || data.type === "failed") { log.end = data.type === "exit" ? { ...data, progress: latin(data.progress) } : data; log.endedMs = performance.now(); ends.get(data.run)?.(log); }
};
globalThis.load = (python) => new Promise((resolve) => { loaded = resolve; engine.port.postMessage({ type: "load", python }); });
globalThis.begin = (request) => {
  const log = { stdout: "", stderr: "", outputs: [], system: [], progress: [], usage: [], askedMs: performance.now() };
  logs.set(request.run, log);
  const inputs = (request.inputs ?? []).map((input) => ({ ...input, content: bytes(input.content) }));
  engine.port.postMessage({ type: "run", ...request, inputs });
};
globalThis.log = (run) => logs.get(run);
globalThis.ended = (run) => new Promise((resolve) => { const log = logs.get(run); if (log.end) resolve(log); else ends.set(run, resolve); });
globalThis.order = (message) => engine.port.postMessage(message);
globalThis.ask = (type, run, path) => new Promise((resolve) => {
  const id = (lastId += 1);
  questions.set(id, (answer) => resolve({ ...answer, entries: answer.entries.map((entry) => (entry.content ? { ...entry, content: latin(entry.content) } : entry)) }));
  engine.port.postMessage({ type, run, id, path });
});
globalThis.isReady = true;
`;

export async function isBuilt() {
  return access(join(BUILT, "about.json")).then(() => true, () => false);
}

/** Serves the page and the engine's files. */
export async function host() {
  const asked = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://host").pathname;
    asked.push(path);
    if (path === "/") return response.writeHead(200, { "content-type": KINDS[".html"], "content-security-policy": POLICY }).end(PAGE);
    if (path === "/service.js") return response.writeHead(200, { "content-type": KINDS[".js"] }).end(SERVICE);
    const file = path === "/demo/engine/host.js" ? HOST : join(BUILT, normalize(path.replace(/^\/demo\/machine/, "")));
    const found = path.startsWith("/demo/") ? await stat(file).catch(() => null) : null;
    if (!found?.isFile()) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": KINDS[extname(file)] ?? "application/octet-stream", "content-length": found.size });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}/`, asked, close: () => server.close() };
}
