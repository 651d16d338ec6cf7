// Several values of an argument: the jobs they make, their comparison, and the list that finds and orders them by it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "./harness/api.mjs";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { JobList } from "./harness/list.mjs";
import { NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
/** Prints a loss that follows from its two arguments. */
const COMMAND = "wc -c < ${DATA}; for epoch in 1 2; do echo epoch=$epoch loss=${lr}${seed}; done";

let server;
let browser;
let api;

before(async () => {
  server = await Server.start();
  browser = await launch();
  api = await Api.of(server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Fills in the form: two arguments, of which one has three values and the other two. */
async function write(page, name) {
  const form = new NewJob(page, server);
  await form.open();
  await form.text("name-label").fill(name);
  await form.choose({ name: "data.bin", content: "x".repeat(1000), var: "DATA" });
  await form.argument("lr", "0.3");
  await form.argument("seed", "1");
  await form.command(COMMAND);
  for (const [argument, more] of [["lr", "0.05\n\n0.2\n0.3"], ["seed", "2"]]) {
    await page.getByRole("button", { name: say("several-values-of", { name: argument }), exact: true }).click();
    await page.getByRole("textbox", { name: say("further-values", { name: argument }), exact: true }).fill(more);
  }
  return form;
}

const runs = (page) => page.getByRole("region", { name: say("compare-runs-heading"), exact: true });

/** The table of the runs as a person reads it: of each row its name and its cells. */
const rows = (page) => runs(page).getByRole("row").evaluateAll((rows) =>
  rows.slice(1).map((row) => [row.querySelector("a").textContent, ...[...row.querySelectorAll("td")].map((cell) => cell.textContent)]));

test("values make jobs in one step, their file is sent once, and the table orders them by what came out", async () => {
  const page = await open(browser);
  const sent = [];
  page.on("request", (request) => ["PUT", "PATCH"].includes(request.method()) && sent.push(request.url()));
  const form = await write(page, "train");
  await form.config.waitFor();
  assert.match(await form.config.inputValue(), /lr: ['"]?0\.3/);
  await page.getByRole("button", { name: say("run-several", { count: 6 }), exact: true }).click();
  await page.waitForURL(/\/compare\?jobs=/);
  const ids = new URL(page.url()).searchParams.get("jobs").split(",");
  assert.equal(ids.length, 6);
  assert.equal(sent.length, 1, "one content is sent once");

  const names = ["lr=0.3 seed=1", "lr=0.3 seed=2", "lr=0.05 seed=1", "lr=0.05 seed=2", "lr=0.2 seed=1", "lr=0.2 seed=2"];
  const whole = (found) => found.length === 6 && found.every((row) => row.length === 7 && !row.includes("–"));
  const found = await until(() => rows(page), whole, "every run has its numbers");
  assert.deepEqual(found.map(([name]) => name), names.map((name) => `train ${name}`));
  const [, state, lr, seed, ran, epoch, loss] = found[2];
  assert.deepEqual([state, lr, seed, epoch, loss], [say("status-success"), "0.05", "1", "2", "0.051"], ran);
  const head = (name) => runs(page).getByRole("columnheader", { name, exact: true });
  const order = async () => (await rows(page)).map((row) => row.at(-1));
  await head("loss").getByRole("button").click();
  await until(order, (order) => order.join() === "0.051,0.052,0.21,0.22,0.31,0.32", "the least comes first");
  await head("loss").getByRole("button").click();
  assert.equal(await head("loss").getAttribute("aria-sort"), "descending");
  assert.equal((await order())[0], "0.32");
  await page.getByRole("region", { name: say("compare-curves-heading"), exact: true }).getByRole("figure").first().waitFor();

  // What a single job was made of says its own value.
  const job = await api.jobs.get({ jobId: ids[5] });
  assert.match(job.config, /lr: ['"]?0\.2/);
  assert.deepEqual(job.jobParameters.arguments.map(({ name, value }) => [name, value]), [["lr", "0.2"], ["seed", "2"]]);
  assertNoComplaints(page);
  await page.context().close();
});

test("a group that was interrupted goes on without a second job", async () => {
  const page = await open(browser);
  const before = (await api.jobs.list({ projectId: "default" })).jobs.length;
  let creates = 0;
  const cut = (route) => (++creates === 3 ? route.fulfill({ status: 403, body: "no" }) : route.continue());
  await page.route("**/*ProjectJobService/Create", cut);
  const form = await write(page, "cut");
  await page.getByRole("button", { name: say("run-several", { count: 6 }), exact: true }).click();
  await page.getByText(say("group-interrupted", { count: 2 }), { exact: true }).waitFor();
  const jobs = async () => (await api.jobs.list({ projectId: "default" })).jobs;
  // Those that were started may have ended when it goes on.
  await until(jobs, (jobs) => jobs.filter(({ status }) => status === 4).length === before + 2, "two have ended");
  await page.unroute("**/*ProjectJobService/Create");
  await page.reload();
  await page.getByText(say("group-interrupted", { count: 2 }), { exact: true }).waitFor();
  await form.text("name-label").waitFor();
  await page.getByRole("button", { name: say("run-several", { count: 6 }), exact: true }).click();
  await page.waitForURL(/\/compare\?jobs=/);
  const ids = new URL(page.url()).searchParams.get("jobs").split(",");
  assert.equal(new Set(ids).size, 6);
  assert.equal((await jobs()).length, before + 6, "no job was made twice");
  await page.context().close();
});

test("the list finds commands and arguments, and has them and final numbers as columns", async () => {
  const page = await open(browser);
  const list = new JobList(page, server);
  await list.open();
  await list.search.fill("wc -c lr=0.05 train");
  await list.shows("train lr=0.05 seed=2", "train lr=0.05 seed=1");
  await list.search.fill("train epoch=$epoch");
  await until(() => list.names(), (names) => names.length === 6, "the command is searched");
  const menu = list.main.locator("summary").filter({ hasText: say("columns") });
  await menu.click();
  const box = (kind, name) => page.getByRole("group", { name: say(kind), exact: true }).getByRole("checkbox", { name, exact: true });
  await box("arguments-heading", "lr").check();
  await box("columns-numbers", "loss").check();
  const values = () => new URL(page.url()).searchParams.getAll("value");
  await until(values, (values) => values.join() === "arg.lr,num.loss", "the address says which");
  const head = (name) => list.table.getByRole("columnheader", { name, exact: true });
  const cells = () => list.table.getByRole("row").evaluateAll((rows) => rows.slice(1).map((row) => row.lastElementChild.innerText));
  const whole = (cells) => cells.length === 6 && cells.every((cell) => /^0\.\d+$/.test(cell));
  await until(cells, whole, "the numbers come");
  // The open menu lies over the table.
  await menu.click();
  await head("loss").getByRole("button").click();
  await until(cells, (cells) => cells.join() === "0.051,0.052,0.21,0.22,0.31,0.32", "ordered by the number");

  // They are remembered, and come from the browser the second time.
  const reads = [];
  page.on("request", (request) => request.url().endsWith("/ReadLogs") && reads.push(request.url()));
  await list.open("?q=train");
  await until(cells, whole, "the numbers are back");
  assert.equal(reads.length, 0, "no log is read again");
  assertNoComplaints(page);
  await page.context().close();
});
