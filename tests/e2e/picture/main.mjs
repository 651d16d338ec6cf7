// Makes the README's pictures: a job as it was run by the page, light and dark. `node main.mjs FOLDER`.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assertNoComplaints, launch, open } from "../harness/browser.mjs";
import { JobPage, NewJob } from "../harness/pages.mjs";
import { withPalette } from "./palette.mjs";
import { Server } from "../harness/server.mjs";

const FOLDER = process.argv[2];
/** The log is as high as its window lets it be: a low one leaves room for the curves. */
const WINDOW = { width: 1180, height: 560 };
/** Curves that a first look can do without. */
const LEFT_OUT = ["series-memory", "series-disk-read", "series-disk-write"];
/** Long enough to be measured a few times. */
const EPOCHS = "80";

/** Runs the job; its address. */
async function train(browser, server) {
  const page = await open(browser, WINDOW);
  const form = new NewJob(page, server);
  await form.open();
  await form.text("name-label").fill("Two moons, 48 hidden units");
  await form.choose({ name: "train.py", content: await readFile(join(import.meta.dirname, "train.py"), "utf8"), var: "SCRIPT" });
  for (const output of ["figures", "metrics.csv", "model.json"]) await form.output(output);
  await form.argument("EPOCHS", EPOCHS);
  await form.command("python3 ${SCRIPT} ${EPOCHS}");
  const job = await form.submit();
  await job.reaches("success");
  const { address } = job;
  await page.context().close();
  return address;
}

/** The page of the job when everything on it has come. */
async function take(browser, address, theme, path) {
  const page = await open(browser, { ...WINDOW, theme });
  await page.goto(address);
  const job = new JobPage(page);
  await job.reaches("success");
  await job.logIsComplete();
  const curve = (name) => page.getByRole("slider", { name, exact: true });
  for (const name of ["loss", "accuracy", job.say("series-cpu")]) await curve(name).waitFor();
  for (const name of [...LEFT_OUT.map((id) => job.say(id)), "epoch"]) {
    await page.getByRole("button", { name, exact: true }).click();
    await curve(name).waitFor({ state: "detached" });
  }
  // From the top of the page to where the curves end.
  const end = page.getByRole("heading", { name: job.say("other-files-heading") });
  const [width, height] = await end.evaluate((heading) => [
    document.documentElement.clientWidth,
    Math.floor(heading.getBoundingClientRect().top + window.scrollY),
  ]);
  const png = await page.screenshot({ clip: { x: 0, y: 0, width, height }, fullPage: true });
  assertNoComplaints(page);
  // The app's own policy lets no page of its read pictures as data.
  await page.goto("about:blank");
  await writeFile(path, await withPalette(page, png));
  await page.context().close();
}

const server = await Server.start();
try {
  const browser = await launch();
  try {
    const address = await train(browser, server);
    await take(browser, address, "light", join(FOLDER, "job.png"));
    await take(browser, address, "dark", join(FOLDER, "job-dark.png"));
  } finally {
    await browser.close();
  }
} finally {
  await server.stop();
}
