// Opening pages of the app with an empty cache, over a network of 20 Mbit/s and 40 ms, from the real server.
//
// Everything is counted that has come until the page can be used, with the heads of answers and with the icon. The other
// pages' code, which the app loads later when it is idle, is not. The reference is a page without an app that loads as
// many bytes in one file over the same network. The emulation delays each answer, not the opening of connections.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http from "node:http";

import { launch, open } from "../../tests/e2e/harness/browser.mjs";
import { NewJob } from "../../tests/e2e/harness/pages.mjs";
import { Server } from "../../tests/e2e/harness/server.mjs";
import { HOME, Traffic, loadIcon } from "../../tests/e2e/harness/traffic.mjs";
import { words } from "../../tests/e2e/harness/words.mjs";
import { byTurns, milliseconds, ratio } from "./numbers.mjs";

const say = words("en");

export async function measure() {
  const server = await Server.start();
  const browser = await launch();
  const findings = [];
  try {
    const job = await finishedJob(browser, server);
    const pages = {
      "the app, opened at `/`": { path: "/", heading: say("jobs-heading"), then: { role: "link", name: say("nav-new-job") } },
      "the form for a new job": {
        path: "/projects/default/jobs/new",
        heading: say("new-job-title"),
        then: { role: "button", name: say("run") },
      },
      "the page of a job that has ended": { path: job, heading: "First load", then: { role: "link", name: say("nav-jobs") } },
    };
    for (const [what, page] of Object.entries(pages)) {
      const seen = {};
      const ours = () => load(browser, `${server.url}${page.path}`, page, seen);
      await ours();
      const bare = await Bare.start(seen.bytes);
      const taken = await byTurns({ ours, bare: () => bare.load(browser) });
      await bare.stop();
      findings.push(
        { what: `${what}: bytes over the wire`, value: `${seen.bytes.toLocaleString("en")} in ${seen.requests} requests`, goal: "350 KB" },
        {
          what: `${what}: until it can be used; ratio to a bare page of as many bytes`,
          value: `${milliseconds(taken.ours)}; ${ratio(taken.ours, taken.bare)}`,
          goal: "1 s",
        },
      );
    }
  } finally {
    await browser.close();
    await server.stop();
  }
  return findings;
}

/** The path of the page of a job. */
async function finishedJob(browser, server) {
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  await form.text("name-label").fill("First load");
  await form.command("echo loaded");
  const job = await form.submit();
  await job.reaches("success");
  await page.context().close();
  return new URL(job.address).pathname;
}

/** Milliseconds until the heading is there and what a person would use next. */
async function load(browser, address, { heading, then }, seen) {
  const page = await open(browser);
  try {
    const traffic = await Traffic.watch(page, HOME);
    await page.addInitScript(watchUntilUsable, heading);
    await page.goto(address, { waitUntil: "commit" });
    const ms = await page.evaluate(() => globalThis.usable);
    await page.getByRole(then.role, { name: then.name, exact: true }).first().click({ trial: true });
    await loadIcon(page);
    Object.assign(seen, { bytes: traffic.bytes, requests: traffic.requests.length });
    return ms;
  } finally {
    await page.context().close();
  }
}

/** Runs in the page: when the heading has been painted, and nothing says that it is still loading. */
function watchUntilUsable(heading) {
  globalThis.usable = new Promise((resolve) => {
    const look = () => {
      const is = document.querySelector("main h1")?.textContent.includes(heading);
      if (!is) return requestAnimationFrame(look);
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    };
    requestAnimationFrame(look);
  });
}

/** The reference. */
class Bare {
  #http;
  #address;

  static async start(bytes) {
    const bare = new Bare();
    const content = randomBytes(bytes);
    const html = "<!doctype html><title>Bare</title><p>Bare";
    bare.#http = http.createServer((request, response) => {
      const isPage = request.url === "/";
      response.writeHead(200, { "content-type": isPage ? "text/html" : "application/octet-stream" });
      response.end(isPage ? html : content);
    });
    bare.#http.listen(0, "127.0.0.1");
    await once(bare.#http, "listening");
    bare.#address = `http://127.0.0.1:${bare.#http.address().port}/`;
    return bare;
  }

  async load(browser) {
    const page = await open(browser);
    try {
      await Traffic.watch(page, HOME);
      await page.goto(this.#address);
      return await page.evaluate(async () => {
        await (await fetch("/content")).arrayBuffer();
        return performance.now();
      });
    } finally {
      await page.context().close();
    }
  }

  async stop() {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}
