// The list of jobs: what is shown of how many, in which order, and what changes while one looks.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "./harness/api.mjs";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { Gates } from "./harness/gate.mjs";
import { JobList } from "./harness/list.mjs";
import { serverWith } from "./harness/many.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
const MANY = 3000;

let server, many, browser, api;

before(async () => {
  [server, many] = await Promise.all([Server.start(), serverWith(MANY)]);
  browser = await launch();
  api = await Api.of(server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await many?.stop();
});

async function withList(of, body, look = {}) {
  const page = await open(browser, look);
  try {
    await body(new JobList(page, of), page);
    assertNoComplaints(page);
  } finally {
    await page.context().close();
  }
}

test("search, states, order and columns stand in the address, and Back goes back", async () => {
  await api.run("alpha one", "true", { project: "asked" });
  await api.run("beta", "exit 3", { project: "asked" });
  await api.run("alpha two", "exit 4", { project: "asked" });
  await withList(server, async (list, page) => {
    const search = () => new URL(page.url()).search;
    const reaches = (wanted) => until(search, (now) => now === wanted, `the address says ${wanted}`);
    await list.open("", "asked");
    await list.shows("alpha two", "beta", "alpha one");
    await page.keyboard.press("/");
    await page.keyboard.type("alpha");
    await list.shows("alpha two", "alpha one");
    await list.says("jobs-some", { shown: 2, count: 3 });
    await reaches("?q=alpha");
    await list.openStates();
    assert.match(await list.state("error").locator("..").innerText(), /1/, "how many of those found failed");
    await list.state("error").check();
    await list.shows("alpha two");
    await reaches("?q=alpha&state=error");
    await page.goBack();
    await list.shows("alpha two", "alpha one");
    assert.equal(await list.search.inputValue(), "alpha");
    await list.sortBy("name");
    await list.shows("alpha one", "alpha two");
    assert.equal(await list.head("name").getAttribute("aria-sort"), "ascending");
    await reaches("?q=alpha&sort=name");
    await list.sortBy("name");
    await list.shows("alpha two", "alpha one");
    await list.search.fill("no such words");
    await list.says("filters-nothing");
    await page.getByRole("button", { name: say("filters-clear") }).click();
    await list.shows("beta", "alpha two", "alpha one");
    await page.locator("summary").filter({ hasText: say("columns") }).click();
    await page.getByRole("checkbox", { name: say("column-code"), exact: true }).check();
    await list.row("beta").getByRole("cell", { name: "3", exact: true }).waitFor();
    const address = page.url();
    await page.goto("about:blank");
    await page.goto(address);
    await list.shows("beta", "alpha two", "alpha one");
    await list.row("alpha two").getByRole("cell", { name: "4", exact: true }).waitFor();
    await list.open("", "asked");
    await list.head("code").waitFor();
  });
});

test("rows change in place while one looks, without losing selection or focus", async () => {
  const gates = new Gates(server);
  const cmd = `echo '{"progress": 40}' >> $JOB_PROGRESS_FILENAME; ${gates.wait("live")}`;
  const jobId = await api.start("live", cmd, { project: "live" });
  await withList(server, async (list, page) => {
    await list.open("", "live");
    await list.row("live").getByText(say("status-executing"), { exact: true }).waitFor();
    await list.row("live").getByText("40%", { exact: true }).waitFor();
    await list.box("live").check();
    await list.box("live").focus();
    await gates.open("live");
    await api.ended(jobId);
    await list.row("live").getByText(say("status-success"), { exact: true }).waitFor();
    assert.ok(await list.box("live").isChecked());
    assert.ok(await list.box("live").evaluate((box) => box === document.activeElement));
    await api.run("later", "true", { project: "live" });
    await list.shows("later", "live");
    assert.ok(await list.box("live").isChecked());
    await api.jobs.delete({ jobId });
    await list.shows("later");
  });
});

test("thousands of rows: all are found, few are in the page, new ones wait until one looks", () =>
  withList(many, async (list, page) => {
    await list.open();
    await list.says("jobs-all", { count: MANY.toLocaleString("en") });
    await until(() => list.table.getAttribute("aria-rowcount"), (count) => count === String(MANY + 1), "all rows count");
    assert.ok((await list.names()).length < 100, "only what is in view is in the page");
    assert.equal((await list.names())[0], `training run ${MANY}`);
    await page.keyboard.press("End");
    const last = list.row("training run 1");
    await last.waitFor();
    assert.equal(await last.getAttribute("aria-rowindex"), String(MANY + 1));
    const later = await Api.of(many);
    await later.run("came later", "true");
    const note = page.getByRole("button", { name: say("jobs-new", { count: 1 }) });
    await note.waitFor();
    await last.waitFor();
    await note.click();
    await until(() => list.names(), ([first]) => first === "came later", "the new job is first");
    await list.search.fill("Run 29 anna");
    const fits = Array.from({ length: MANY }, (_, place) => place + 1)
      .filter((place) => `training run ${place}`.includes("29") || `job${String(place).padStart(17, "0")}`.includes("29"))
      .filter((place) => place % 3 !== 0);
    await list.says("jobs-some", { shown: fits.length, count: (MANY + 1).toLocaleString("en") });
    await list.search.fill("");
    await list.sortBy("duration");
    await until(() => list.names(), ([first]) => first === "training run 2999", "the longest, and of these the newest");
    await page.getByRole("checkbox", { name: say("select-all") }).check();
    await list.bar.getByText(say("bulk-selected", { count: (MANY + 1).toLocaleString("en") })).waitFor();
    await page.getByRole("combobox", { name: say("column-created") }).selectOption("1h");
    await until(() => list.table.getAttribute("aria-rowcount"), (count) => count === "61", "a minute lies between two");
    await page.getByRole("combobox", { name: say("column-instance") }).selectOption("c1.4");
    await until(() => list.table.getAttribute("aria-rowcount"), (count) => Number(count) < 35, "every other has it");
  }));

test("on a phone a row is two lines with room for a thumb, and nothing hangs over the edge", () =>
  withList(
    many,
    async (list, page) => {
      await list.open("?q=run+29");
      await list.row("training run 2999").waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 390, `${wide} pixels are as wide as the page`);
      const row = await list.row("training run 2999").boundingBox();
      const box = await list.box("training run 2999").locator("..").boundingBox();
      assert.ok(row.height < 100 && box.height >= 44 && box.width >= 44);
      await list.row("training run 2999").getByText(say("status-success")).waitFor();
      await list.box("training run 2999").check();
      await list.bar.waitFor();
    },
    { width: 390, height: 844 },
  ));
