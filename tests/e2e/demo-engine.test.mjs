// The demo's engine in browsers. Runs when `node demo/machine/build.mjs` has made it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch } from "./harness/browser.mjs";
import { host, isBuilt } from "./harness/demo-engine.mjs";
import { Firefox } from "./harness/firefox.mjs";

const OPTIONS = { skip: !(await isBuilt()) && "the demo's machine is not built", timeout: 240_000 };

/**
 * A job that tries to get out, at once and from a worker of its own while it sleeps. What answers at once is printed; what
 * would answer later is seen from outside: by the host, and by the page, which listens.
 */
const ESCAPE = `
import json, os, time
import js
from pyodide.ffi import to_js
A = os.environ["ADDRESS"] + "escape/"
later = """
const refused = () => {};
fetch(A + 'fetch').catch(refused);
fetch(A + 'opaque', { mode: 'no-cors' }).catch(refused);
import(A + 'module').catch(refused);
for (const act of [
  () => new WebSocket(A.replace('http', 'ws') + 'socket'),
  () => new EventSource(A + 'events'),
  () => new BroadcastChannel('page').postMessage('from a job'),
  () => new Worker(A + 'worker'),
  () => importScripts(A + 'scripts'),
  () => eval('fetch(A + "eval")').catch(refused),
]) try { act(); } catch {}
"""
def request():
    asked = js.XMLHttpRequest.new()
    asked.open("GET", A + "request", False)
    asked.send()
    return asked.status
def database():
    return js.indexedDB.open("x").readyState
def send():
    js.BroadcastChannel.new("page").postMessage("from Python")
    raise OSError("nobody hears it")
tries = {
    "request": request,
    "script": lambda: js.importScripts(A + "script"),
    "eval": lambda: js.eval("1"),
    "database": database,
    "page storage": lambda: js.localStorage.length,
    "page": lambda: js.parent.location.href,
    "other pages": send,
}
results = {}
for name, act in tries.items():
    try:
        results[name] = f"reached {act()}"
    except Exception:
        results[name] = "refused"
for act in (lambda: js.fetch(A + "python"), lambda: js.navigator.storage.getDirectory(), lambda: js.caches.open("x")):
    try:
        act()
    except Exception:
        pass
text = to_js(["const A = " + json.dumps(A) + ";" + later])
js.Worker.new(js.URL.createObjectURL(js.Blob.new(text)))
print(json.dumps(results))
time.sleep(3)
`;
const REFUSED = Object.fromEntries(
  ["request", "script", "eval", "database", "page storage", "page", "other pages"].map((name) => [name, "refused"]),
);

let files;
let browser;

before(async () => {
  if (OPTIONS.skip) return;
  [files, browser] = [await host(), await launch()];
});
after(async () => {
  await browser?.close();
  files?.close();
});

async function open() {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(200_000);
  await page.goto(files.address);
  await page.waitForFunction("globalThis.isReady");
  return page;
}

let count = 0;
const request = (command, rest = {}) => ({ run: `job-${(count += 1)}`, command, ...rest });

/** Runs to its end; the machine stays for what is collected. */
const run = (page, asked) => page.evaluate((one) => { begin(one); return ended(one.run); }, asked);

const PROGRAM = `import json, os, sys
print(sys.argv[1:], os.getcwd(), os.environ["WHO"], sys.version_info >= (3, 12))
print("to the other", file=sys.stderr, flush=True)
with open(os.environ["JOB_PROGRESS_FILENAME"], "a") as file:
    print(json.dumps({"progress": 50}), file=file, flush=True)
os.makedirs("made/deep", exist_ok=True)
open("made/deep/ü.bin", "wb").write(bytes(range(256)))
open("data.txt", "a").write("more\\n")
os.remove("gone.txt")
sys.exit(7)
`;

test("a command runs with its files, and Python in place of the machine's", OPTIONS, async () => {
  const page = await open();
  assert.ok(!files.asked.some((path) => path.endsWith(".gz")), "nothing is fetched before it is needed");
  const command = [
    "./main.sh one 'two words'", "python3 main.py a 'b c'; echo code $?", "cat data.txt; ls",
    "printf '3\\n1\\n' | python3 -c 'import sys; print(sys.stdin.read().split())' | tr 13 ab",
    "printf '1\\n2\\n3\\n' > lines; while read -r line; do python3 -c \"print('line', $line)\"; done < lines",
    "printf '4\\n5\\n' | while read -r line; do python3 -c \"print('piped', $line)\"; done",
    "echo 'print(6*7)' | python3 -; python3 -c 'import sys; sys.exit(\"bad\")'; echo $?; python3 -c '1/0' 2>&1 | tail -1",
    "python3 -m json.tool --compact <<< '{\"a\": 1}'; python3 nothing.py; echo $?; python3 --version | cut -c1-8",
    "python3 -c 'import asyncio; asyncio.run(asyncio.sleep(0.01)); print(\"slept\")'",
    "python3 -c 'import subprocess; subprocess.run([\"ls\"])' 2>&1 | tail -1",
  ].join("\n");
  const text = (path, content, mode) => ({ path, content, ...(mode ? { mode } : {}) });
  const asked = request(command, {
    env: { WHO: "you" },
    inputs: [text("main.sh", "#!/bin/bash\necho \"$@\"\n"), text("main.py", PROGRAM), text("data.txt", "first\n"), text("gone.txt", ""), text("in/ä/e", "")],
  });
  const log = await run(page, asked);
  const latin = (words) => Buffer.from(words, "latin1").toString();
  assert.deepEqual(latin(log.stdout).split("\n"), [
    "one two words", "['a', 'b c'] /job you True", "code 7", "first", "more", "data.txt", "in", "made", "main.py", "main.sh",
    "['b', 'a']",
    "line 1", "line 2", "line 3", "piped 4", "piped 5", "42", "1", "ZeroDivisionError: division by zero", "{\"a\":1}", "2", "Python 3", "slept",
    "OSError: [Errno 52] this Python runs in the page and cannot start programs: call them from the command, or send the job to a server",
    "",
  ]);
  assert.deepEqual(log.stderr.split("\n"), ["to the other", "bad", "python3: can't open file '/job/nothing.py': [Errno 44] No such file or directory", ""]);
  assert.equal(log.end.returnCode, 0);
  assert.ok(log.progress.some((told) => told === "{\"progress\": 50}\n"), "progress is told");
  assert.ok(log.system.some((line) => line.includes("Pyodide")), "which Python ran is said");
  const made = await page.evaluate((name) => ask("collect", name, "made"), asked.run);
  assert.deepEqual(made.entries.map(({ path, type }) => [path, type]), [["deep", "folder"], ["deep/ü.bin", "file"]]);
  assert.equal(made.entries[1].content, String.fromCharCode(...Array(256).keys()));
  const all = await page.evaluate((name) => ask("list", name), asked.run);
  assert.equal(all.entries.find(({ path }) => path === "main.sh").isNew, false);
  assert.equal(all.entries.find(({ path }) => path === "data.txt").isNew, true);
});

test("a cancelled command ends as it is told to", OPTIONS, async () => {
  const page = await open();
  const cancelled = async (command, order) => {
    const asked = request(command);
    await page.evaluate((one) => begin(one), asked);
    await page.waitForFunction((name) => log(name).stdout.includes("ready"), asked.run);
    await page.evaluate((message) => globalThis.order(message), { type: "cancel", run: asked.run, ...order });
    return page.evaluate((name) => ended(name), asked.run);
  };
  const gently = await cancelled("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.1; done", { signal: 15, timeoutMs: 60_000 });
  assert.deepEqual([gently.stdout, gently.end.returnCode, gently.end.cancelled], ["ready\nbye\n", 3, true]);
  assert.ok(gently.system.includes("Cancelled: signal 15 is sent"));
  const late = await cancelled("trap '' TERM; echo ready; while :; do sleep 0.1; done", { signal: 15, timeoutMs: 300 });
  assert.deepEqual([late.end.returnCode, late.end.signal], [137, 9]);
  assert.ok(late.system.includes("The time is over: the command is killed"));
  const hard = await cancelled("echo ready; python3 -c 'while True: pass'", { signal: null });
  assert.deepEqual([hard.end.returnCode, hard.end.cancelled], [137, true]);
});

const escape = () => request("python3 try.py", {
  inputs: [{ path: "try.py", content: ESCAPE }],
  env: { ADDRESS: files.address },
});

/** In the page: begins to listen for what a job may send to other pages of the browser. */
const listen = () => {
  globalThis.overheard = [];
  new BroadcastChannel("page").onmessage = ({ data }) => globalThis.overheard.push(data);
};

function assertConfined(log, overheard) {
  assert.equal(log.stderr, "");
  assert.deepEqual(JSON.parse(log.stdout), REFUSED);
  assert.deepEqual(files.asked.filter((path) => path.startsWith("/escape")), []);
  assert.deepEqual(overheard, []);
}

test("a job reaches no address, no store and no other page", OPTIONS, async () => {
  const page = await open();
  await page.evaluate(listen);
  const log = await run(page, escape());
  assertConfined(log, await page.evaluate(() => globalThis.overheard));
});

test("Firefox runs and confines a job too", OPTIONS, async () => {
  const firefox = await Firefox.launch();
  try {
    const page = await firefox.open();
    await page.goto(files.address);
    await page.waitForFunction("globalThis.isReady");
    await page.evaluate(listen);
    const begin = (asked) => page.evaluate((one) => { globalThis.begin(one); return globalThis.ended(one.run); }, asked);
    assertConfined(await begin(escape()), await page.evaluate(() => globalThis.overheard));
  } finally {
    await firefox.close();
  }
});
