// What the pages show that are looked at: a server with jobs in many states and links to them, made once.

import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Api } from "../harness/api.mjs";
import { open } from "../harness/browser.mjs";
import { Cutter } from "../harness/cutter.mjs";
import { Gates } from "../harness/gate.mjs";
import { NewJob } from "../harness/pages.mjs";
import { Server } from "../harness/server.mjs";
import { Sharing } from "../harness/sharing.mjs";

/** From so many bytes on the page asks before it sends. */
const ASKED_FROM_BYTES = 64 << 20;
/** The jobs that run do so until every page was looked at; without a test they end by themselves. */
const PATIENCE_S = 1200;

export class Scene {
  #gates;

  /** Starts the server and makes everything; leaves nothing behind where that fails. */
  static async set(browser) {
    const scene = new Scene();
    try {
      await scene.#make(browser);
    } catch (error) {
      await scene.strike();
      throw error;
    }
    return scene;
  }

  async #make(browser) {
    this.server = await Server.start();
    /** The same server behind a connection that lets no content through. */
    this.holding = await Cutter.start(this.server);
    this.holding.holds = true;
    this.home = await makeFiles();
    this.#gates = new Gates(this.server);
    const api = await Api.of(this.server);
    const training = await api.start("Training with numbers", NUMBERS);
    /** Addresses of jobs, by what there is to see. */
    this.jobs = await makeJobs(browser, this.server, this.#gates);
    await makeRuns(api, id(this.jobs.done));
    await api.ended(training);
    this.jobs.training = `/projects/default/jobs/${training}`;
    /** Addresses of links. */
    this.links = await makeLinks(browser, this.server.url + this.jobs.done);
  }

  /** Takes everything away. */
  async strike() {
    await this.#gates?.open("end");
    await this.holding?.stop();
    await this.server?.stop();
    if (this.home) await rm(this.home, { recursive: true });
  }

  /** The id of a job that has an address. */
  id(name) {
    return id(this.jobs[name]);
  }

  /** Opens the page of a job. */
  async visit(page, name, part = "") {
    await page.goto(this.server.url + this.jobs[name] + part);
  }
}

const id = (address) => address.split("/").at(-1);

/** Runs long enough to be measured twice. */
const NUMBERS =
  "for i in $(seq 50); do awk -v i=$i 'BEGIN { printf \"step=%d loss=%.4f accuracy=%.3f\\n\", i, 1 / i, 1 - 1 / (i + 1) }'; sleep 0.1; done";

/** Files to be dropped and chosen. */
async function makeFiles() {
  const home = await mkdtemp(join(tmpdir(), "jobsphere-looks-"));
  const project = join(home, "проект");
  await mkdir(join(project, "data"), { recursive: true });
  await writeFile(join(project, "main.py"), "print(1)\n");
  await writeFile(join(project, "data", "measurements-2026-november-with-a-long-name.csv"), "1\n2\n");
  await writeFile(join(project, ".gitignore"), "*.log\n");
  await writeFile(join(project, "noise.log"), "noise\n");
  await writeFile(join(home, "large.bin"), "");
  await truncate(join(home, "large.bin"), ASKED_FROM_BYTES);
  return home;
}

/** A job in each state that has a look of its own; their addresses. */
async function makeJobs(browser, server, gates) {
  const page = await open(browser);
  const submit = async (name, write, seen) => {
    const form = new NewJob(page, server);
    await form.open();
    await form.text("name-label").fill(name);
    await write(form);
    const job = await form.submit();
    await seen(job);
    return new URL(job.address).pathname;
  };
  const done = await submit(
    "Mean of the measurements",
    async (form) => {
      await form.choose({ name: "measurements-2026-november-long-name.csv", content: "1\n2\n3\n", var: "NUMBERS" });
      await form.output("mean.txt", "MEAN");
      await form.output("figures");
      await form.env("PRECISION", "3");
      await form.command("awk '{ s += $1; print \"read\", $1 } END { print s / NR > \"mean.txt\" }' ${NUMBERS}; mkdir figures; echo x > figures/a.svg; echo 'no display' >&2");
    },
    async (job) => {
      await job.reaches("success");
      await job.logIsComplete();
    },
  );
  const outputs = await submit(
    "Outputs of every kind",
    async (form) => {
      for (const path of ["tables/measurements-of-november.csv", "notes.md", "figures", "model.bin"]) await form.output(path);
      await form.command(
        "mkdir tables figures; (echo city,degrees; for i in 1 2 3 4 5 6 7; do echo Oslo $i,$((i * i % 5)); done) > tables/measurements-of-november.csv; "
          + "echo '# Notes' > notes.md; cp notes.md figures; echo x > model.pt",
      );
    },
    async (job) => {
      await job.reaches("incomplete");
      await job.logIsComplete();
    },
  );
  const failed = await submit(
    "Model training",
    (form) => form.command("echo epoch 1; echo 'cuda: out of memory, '$(seq -s , 1 80) >&2; exit 3"),
    async (job) => {
      await job.reaches("error");
      await job.logIsComplete();
    },
  );
  const running = await submit(
    "Nightly export",
    (form) =>
      form.command(
        `echo '{"progress": 40, "message": "table 4 of 10"}' >> $JOB_PROGRESS_FILENAME; echo begun; ${gates.wait("end", PATIENCE_S)}`,
      ),
    (job) => job.line("out", "begun"),
  );
  const cancelling = await submit(
    "Long simulation",
    async (form) => {
      await form.openGroup("group-life");
      await page.getByRole("checkbox", { name: form.say("shutdown-label") }).check();
      await form.text("timeout-label").fill("1h");
      await form.command(`trap : TERM; echo begun; for i in $(seq 6000); do [ -e ${Gates.file("end")} ] && exit; sleep 0.1; done`);
    },
    async (job) => {
      await job.line("out", "begun");
      await job.cancelGracefully("the input was wrong");
      await job.reaches("cancelling");
    },
  );
  await page.context().close();
  return { done, outputs, failed, running, cancelling };
}


/** Two further runs of a job, one with a change. */
async function makeRuns(api, sourceJobId) {
  for (const [name, jobParametersOverrides] of [
    ["Mean once more", undefined],
    ["Mean of fewer", { cmd: "head -2 ${NUMBERS} > mean.txt; mkdir figures; cp mean.txt figures" }],
  ]) {
    const cloned = await api.jobs.clone({ sourceJobId, name, jobParametersOverrides });
    await api.jobs.execute({ jobId: api.unpack(cloned).jobId });
  }
}

/** The paths of a link that is good, and of one that was revoked. */
async function makeLinks(browser, address) {
  const page = await open(browser);
  const sharing = new Sharing(page);
  const made = async (tickables) => {
    await sharing.open(address);
    for (const id of tickables) await sharing.tickable(id).check();
    for (const path of ["mean.txt", "figures"]) await sharing.file(path).check();
    const { pathname, hash } = new URL(await sharing.make());
    return pathname + hash;
  };
  const revoked = await made([]);
  await sharing.revokeAll();
  const good = await made(["share-parameters", "share-preview", "share-badge", "share-embed"]);
  await page.context().close();
  return { good, framed: good.replace("/s/", "/embed/"), revoked };
}
