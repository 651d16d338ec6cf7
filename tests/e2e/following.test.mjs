// Watching a job: while it runs, from several windows, through the death of the server.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open, SERVER_AWAY, until } from "./harness/browser.mjs";
import { Gates } from "./harness/gate.mjs";
import { JobPage, NewJob } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { words } from "./harness/words.mjs";

const say = words("en");
let server;
let browser;

before(async () => {
  server = await Server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const MEAN = `
import json, os, sys, time

numbers, mean, minutes = sys.argv[1:]
progress = os.environ["JOB_PROGRESS_FILENAME"]

def wait(gate):
    end = time.monotonic() + 60 * int(minutes)
    while not os.path.exists(f"gate-{gate}"):
        if time.monotonic() > end:
            sys.exit("the test is gone")
        time.sleep(0.02)

values = []
for number, line in enumerate(open(numbers), 1):
    values.append(float(line))
    print(f"read {number}: {line.strip()}", flush=True)
    print(f"note {number}", file=sys.stderr, flush=True)
    with open(progress, "a") as told:
        told.write(json.dumps({"progress": number * 25, "message": f"число {number}"}) + "\\n")
    wait(str(number))
with open(mean, "w") as result:
    print(sum(values) / len(values), file=result)
`;

test("a Python script is watched line by line, and its mean downloaded", async () => {
  const gates = new Gates(server);
  const page = await open(browser);
  // A call that has its answer ends by itself: broken off, it would cost its connection.
  const brokenOff = [];
  page.on("requestfailed", (request) => brokenOff.push(new URL(request.url()).pathname));
  const form = new NewJob(page, server);
  await form.open();
  await form.choose(
    { name: "mean.py", content: MEAN, var: "SCRIPT" },
    { name: "numbers.txt", content: "1.5\n2.5\n5\n7\n", var: "NUMBERS" },
  );
  await form.output("mean.txt", "MEAN");
  await form.argument("MINUTES", "2");
  await form.command("python3 ${SCRIPT} ${NUMBERS} ${MEAN} ${MINUTES}");
  const job = await form.submit();
  const bar = job.main.getByRole("progressbar", { name: say("progress-label") });
  for (const [index, value] of ["1.5", "2.5", "5", "7"].entries()) {
    const number = index + 1;
    await job.line("out", `read ${number}: ${value}`);
    await job.line("err", `note ${number}`);
    await job.reaches("executing");
    await until(() => bar.getAttribute("value"), (shown) => shown === String(number * 25), "the bar moves");
    await job.main.getByText(`число ${number}`, { exact: true }).waitFor();
    assert.equal((await job.texts("out")).length, number, "no line before its time");
    await gates.open(number);
  }
  await job.reaches("success");
  await job.logIsComplete();
  assert.deepEqual(await job.texts("out"), ["read 1: 1.5", "read 2: 2.5", "read 3: 5", "read 4: 7"]);
  assert.deepEqual(await job.texts("err"), ["note 1", "note 2", "note 3", "note 4"]);
  assert.equal((await job.download("mean.txt")).bytes.toString(), "4.0\n");
  assertNoComplaints(page);
  // Whoever looks for the log's end has it with the first words.
  assert.deepEqual(brokenOff.filter((path) => !path.endsWith("/ReadLogs")), []);
  await page.context().close();
});

test("the server dies in the middle of a follow; the page recovers and shows the log once", async () => {
  const gates = new Gates(server);
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  await form.output("end.txt");
  await form.command(
    `echo before; echo warned >&2; ${gates.wait("away")}; echo while away; ${gates.wait("back")}; echo after | tee end.txt`,
  );
  const job = await form.submit();
  await job.line("out", "before");
  await server.kill();
  const banner = job.main.getByText(say("connection-lost"), { exact: true });
  await banner.waitFor();
  await gates.open("away");
  await server.restart();
  await job.line("out", "while away");
  await banner.waitFor({ state: "detached" });
  await job.reaches("executing");

  const other = await open(browser);
  await other.goto(job.address);
  const elsewhere = new JobPage(other);
  await elsewhere.line("out", "while away");

  await gates.open("back");
  for (const view of [job, elsewhere]) {
    await view.reaches("success");
    await view.logIsComplete();
    assert.deepEqual(await view.texts("out"), ["before", "while away", "after"]);
    assert.deepEqual(await view.texts("err"), ["warned"]);
    assert.equal((await view.download("end.txt")).bytes.toString(), "after\n");
  }
  assertNoComplaints(page, SERVER_AWAY);
  assertNoComplaints(other);
  await server.kill();
  await server.restart();
  await other.reload();
  await elsewhere.reaches("success");
  await elsewhere.logIsComplete();
  assert.deepEqual(await elsewhere.texts("out"), ["before", "while away", "after"]);
  await page.context().close();
  await other.context().close();
});

test("Cancel ends the program, and says why it cannot be pressed again", async () => {
  const gates = new Gates(server);
  const page = await open(browser);
  const form = new NewJob(page, server);
  await form.open();
  await form.command(`echo begun; ${gates.wait("never")}; echo survived`);
  const job = await form.submit();
  await job.line("out", "begun");
  await job.cancelNow();
  await job.reaches("cancelled");
  await job.logIsComplete();
  assert.deepEqual(await job.texts("out"), ["begun"]);
  assert.equal(await job.cancel.getAttribute("aria-disabled"), "true");
  await job.main.getByText(say("forbidden-ended"), { exact: true }).waitFor();
  assertNoComplaints(page);
  await page.context().close();
});
