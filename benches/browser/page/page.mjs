// What the benchmarks call in the bare page, as `bare.hash(…)`.

const SCRIPTS = { ours: ["/hasher.js", {}], reference: ["reference.mjs", { type: "module" }] };

const workers = new Map();

/** A worker of a kind, started once and ready; its first word says so. */
function worker(kind, number = 0) {
  const name = `${kind} ${number}`;
  if (!workers.has(name)) {
    const [script, options] = SCRIPTS[kind];
    const worker = new Worker(script, options);
    workers.set(name, answer(worker, (data) => data === null || data[1] === '"Listening"').then(() => worker));
  }
  return workers.get(name);
}

function answer(worker, accept) {
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message || "the worker did not start"));
    worker.onmessage = ({ data }) => {
      if (Array.isArray(data) && data[0] === "failed") reject(new Error(data.slice(1).join(": ")));
      else if (accept(data)) resolve(data);
    };
  });
}

async function ask(worker, task) {
  const end = answer(worker, Array.isArray);
  worker.postMessage(task);
  return end;
}

/** Has one of the app's workers do something: `[id, words as JSON, values beside them]`, and back. */
async function askOurs(worker, request, files) {
  const end = answer(worker, (data) => Array.isArray(data) && !data[1].startsWith('{"Progress"'));
  worker.postMessage([1, JSON.stringify(request), files]);
  const [, words, beside] = await end;
  const { Ok } = JSON.parse(words).Answer ?? {};
  if (Ok === undefined) throw new Error(words);
  return { answer: Ok, beside };
}

/** The digests of files, whose places in the message are their names there. */
async function digests(worker, files) {
  const { answer } = await askOurs(worker, { Digest: [...files.keys()] }, files);
  return answer.Digests;
}

const chosen = () => [...document.querySelectorAll("input")].flatMap((input) => [...input.files]);

async function timed(work) {
  const begun = performance.now();
  const said = await work();
  return { ms: performance.now() - begun, said };
}

/** Hashes chosen files with one of the app's workers; how long it took, and the digests. */
async function hash(places) {
  const ours = await worker("ours");
  const files = chosen();
  return timed(() => digests(ours, places.map((place) => files[place])));
}

/** The same with a worker for each file, all at once. */
async function hashAtOnce(places) {
  const ours = await Promise.all(places.map((_, number) => worker("ours", number)));
  const files = chosen();
  return timed(() => Promise.all(places.map((place, number) => digests(ours[number], [files[place]]))));
}

/** Hashes all chosen files with one of the app's workers. */
function hashAll() {
  return hash([...chosen().keys()]);
}

/** Packs all chosen files as a folder. */
async function pack() {
  const ours = await worker("ours");
  const files = chosen();
  const entries = files.map((file, place) => [`folder/${file.name}`, place]);
  const { ms, said } = await timed(() => askOurs(ours, { Pack: entries }, files));
  const [digest, place] = said.answer.Packed;
  return { ms, said: [digest, said.beside[place].size] };
}

/** Has a reference do its work with the chosen files. */
async function reference(way, places) {
  const other = await worker("reference");
  const files = chosen();
  return timed(() => ask(other, [way, ...(places?.map((place) => files[place]) ?? files)]));
}

/** Every entry below, as a File: all that a page must do to know a folder. */
async function list(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const batch = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) break;
    found.push(...batch.map(list));
  }
  return (await Promise.all(found)).flat();
}

/** Waits for a folder to be dropped; how long listing it took, and how many files are in it. */
function listed() {
  return new Promise((resolve, reject) => {
    addEventListener(
      "drop",
      (event) => {
        event.preventDefault();
        const entry = event.dataTransfer.items[0].webkitGetAsEntry();
        timed(() => list(entry)).then(({ ms, said }) => resolve({ ms, said: said.length }), reject);
      },
      { once: true },
    );
  });
}

addEventListener("dragover", (event) => event.preventDefault());

globalThis.bare = { hash, hashAtOnce, hashAll, pack, reference, listed };
