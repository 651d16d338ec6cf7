// Keeps the service running, whichever tabs are open: one tab at a time runs its worker, and when that tab closes another
// takes over. Who speaks with the service needs nothing of this: the channels have names that all tabs know.

const RETRY_MS = 1000;
/** `Hall` of crates/browser/src/in_page/wire.rs. */
const HELLO = 0;
const REFUSED = 2;

const place = new URL("./", document.baseURI).pathname.replace(/\/$/, "");
const name = `jobsphere-in-page:${place}`;
const told = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
const script = told("in-page");
/** What opens the engine; a copy of the demo may have none. */
const host = told("engine");
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Tells all who come that there is no service; what is returned takes it back. */
function refuse(sentence) {
  const hall = new BroadcastChannel(name);
  const say = () => hall.postMessage([REFUSED, sentence]);
  hall.onmessage = ({ data }) => {
    if (data?.[0] === HELLO) say();
  };
  say();
  return () => hall.close();
}

/** The engine of this tab: its frame is there, and nothing is loaded before a job runs. */
async function openEngine() {
  if (!host) return null;
  const base = new URL("./", document.baseURI);
  const module = await import(new URL(host, base));
  return module.openEngine({ base });
}

/** Runs the service until its worker has ended, which is never as long as all is well. */
async function run() {
  const engine = await openEngine();
  const worker = new Worker(script, { name: place });
  try {
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = (event) => reject(new Error(event.message || "its program did not come"));
    });
    const ports = engine ? [engine.port] : [];
    worker.postMessage(null, ports);
    // The lock that the worker holds as long as it lives.
    await navigator.locks.request(`${name}:service`, () => {});
  } finally {
    worker.terminate();
    engine?.close();
  }
}

async function keep() {
  for (;;) {
    const takeBack = await run().then(
      () => () => {},
      (error) => refuse(`the service inside this browser does not start: ${error.message}`),
    );
    await pause(RETRY_MS);
    takeBack();
  }
}

if (navigator.locks) {
  navigator.locks.request(`${name}:keeper`, keep);
} else {
  refuse("the service inside this browser needs an address with https, or one of this computer itself");
}
