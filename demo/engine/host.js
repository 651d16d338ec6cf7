/** The page's half of the engine: adds the sandboxed frame, and fetches for it what it asks for. */

/**
 * @param {{ base: URL | string }} options where the demo's files lie
 * @returns {{ port: MessagePort, frame: HTMLIFrameElement, close: () => void }} `port` is the service's
 */
export function openEngine({ base }) {
  const folder = new URL("machine/", base);
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts";
  frame.hidden = true;
  frame.title = "";
  frame.src = new URL("frame.html", folder);
  const [service, files] = [new MessageChannel(), new MessageChannel()];
  let about = null;
  files.port1.onmessage = ({ data }) => {
    if (data.type === "need" && about.files.some((file) => file.name === data.name)) hand(files.port1, folder, data.name);
  };
  const begin = async ({ source, data }) => {
    if (source !== frame.contentWindow || data?.type !== "frame") return;
    removeEventListener("message", begin);
    about = await describe(folder).catch((error) => answerForFrame(service.port2, error));
    if (about) frame.contentWindow.postMessage({ type: "begin", about }, "*", [service.port2, files.port2]);
  };
  addEventListener("message", begin);
  document.body.append(frame);
  const close = () => {
    removeEventListener("message", begin);
    frame.remove();
  };
  return { port: service.port1, frame, close };
}

/** Where not even the description of the files can be fetched, nothing runs: each run is told so. */
function answerForFrame(port, error) {
  const answer = { type: "failed", kind: "load", message: String(error?.message ?? error) };
  port.onmessage = ({ data }) => {
    if (data.type === "run") port.postMessage({ ...answer, run: data.run });
    if (data.type === "load") port.postMessage(answer);
  };
}

async function describe(folder) {
  const response = await fetch(new URL("about.json", folder));
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return response.json();
}

/** Fetches one file; those that no host packs are packed already. */
async function hand(port, folder, name) {
  try {
    const response = await fetch(new URL(`${name}.gz`, folder));
    if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
    let loaded = 0;
    const count = new TransformStream({
      transform(part, stream) {
        loaded += part.length;
        port.postMessage({ type: "progress", name, loaded });
        stream.enqueue(part);
      },
    });
    const bytes = await new Response(await unpacked(response.body.pipeThrough(count))).arrayBuffer();
    port.postMessage({ type: "have", name, bytes }, [bytes]);
  } catch (error) {
    port.postMessage({ type: "absent", name, message: String(error?.message ?? error) });
  }
}

/** Some hosts say of a packed file that it is packed, and then the browser has unpacked it already. */
async function unpacked(stream) {
  const reader = stream.getReader();
  const { value = new Uint8Array(0), done } = await reader.read();
  const isPacked = value[0] === 0x1f && value[1] === 0x8b;
  const whole = new ReadableStream({
    start(controller) {
      if (!done) controller.enqueue(value);
    },
    async pull(controller) {
      const next = await reader.read();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return isPacked ? whole.pipeThrough(new DecompressionStream("gzip")) : whole;
}
