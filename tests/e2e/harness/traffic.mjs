// What a page loads, counted where it comes off the wire.

/** A network as many have it at home: 20 Mbit/s, 40 ms. */
export const HOME = { offline: false, latency: 40, downloadThroughput: 20e6 / 8, uploadThroughput: 20e6 / 8 };

export class Traffic {
  /** By request: `{ url, headers, bytes }`. */
  #requests = new Map();

  /** Begins to count what `page` loads, over `network` if there is one. */
  static async watch(page, network) {
    const traffic = new Traffic();
    const session = await page.context().newCDPSession(page);
    const requests = traffic.#requests;
    session.on("Network.requestWillBeSent", ({ requestId, request: { url } }) => {
      if (url.startsWith("http")) requests.set(requestId, { url, headers: {}, bytes: 0 });
    });
    session.on("Network.responseReceived", ({ requestId, response: { headers } }) => {
      const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
      if (requests.has(requestId)) requests.get(requestId).headers = Object.fromEntries(lower);
    });
    session.on("Network.dataReceived", ({ requestId, encodedDataLength }) => {
      if (requests.has(requestId)) requests.get(requestId).bytes += encodedDataLength;
    });
    // Counts the heads, too.
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (requests.has(requestId)) requests.get(requestId).bytes = encodedDataLength;
    });
    await session.send("Network.enable");
    if (network) await session.send("Network.emulateNetworkConditions", network);
    return traffic;
  }

  /** All requests so far. */
  get requests() {
    return [...this.#requests.values()];
  }

  /** The bytes of all answers so far, with their heads. */
  get bytes() {
    return this.requests.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

/** Loads the icon, which a browser without a window leaves out. */
export function loadIcon(page) {
  return page.evaluate(async () => {
    const icon = document.querySelector("link[rel=icon]").href;
    if (icon.startsWith("http")) await (await fetch(icon)).arrayBuffer();
  });
}
