// A client of another family, made from the published descriptors: connect-web over gRPC-web.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { create, createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { anyUnpack, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

import { Server } from "./harness/server.mjs";

const PACKAGE = "yandex.cloud.datasphere.v2.jobs";

let server, registry, jobs, operations;

before(async () => {
  server = await Server.start();
  const descriptors = await readFile(process.env.JOBSPHERE_DESCRIPTORS);
  registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
  const transport = createGrpcWebTransport({ baseUrl: server.url });
  jobs = createClient(registry.getService(`${PACKAGE}.ProjectJobService`), transport);
  operations = createClient(registry.getService("yandex.cloud.operation.OperationService"), transport);
});

after(() => server.stop());

/** Creates a job; its id. */
async function newJob(cmd) {
  const parameters = create(registry.getMessage(`${PACKAGE}.JobParameters`), { cmd });
  const created = await jobs.create({ projectId: "default", jobParameters: parameters });
  return anyUnpack(created.result.value, registry).jobId;
}

test("unary calls: a job from Create to its result", async () => {
  const jobId = await newJob("exit 7");
  let operation = await jobs.execute({ jobId });
  for await (const _ of jobs.readLogs({ jobId, offset: 0n }));
  operation = await operations.get({ operationId: operation.id });
  assert.equal(operation.done, true);
  const response = anyUnpack(operation.result.value, registry);
  assert.equal(response.result.returnCode, 7n);
  assert.equal((await jobs.get({ jobId })).statusDetails, "The command returned 7");
});

test("a stream comes while the job runs, and ends with it", async () => {
  const jobId = await newJob("echo one; sleep 0.5; echo two >&2");
  await jobs.execute({ jobId });
  const said = [];
  for await (const answer of jobs.readLogs({ jobId, offset: 0n })) {
    for (const { source, content } of answer.logs) {
      if (source.case === "standardStream") said.push([source.value, new TextDecoder().decode(content), Date.now()]);
    }
  }
  assert.deepEqual(said.map(([stream, text]) => [stream, text]), [[1, "one\n"], [2, "two\n"]]);
  assert.ok(said[1][2] - said[0][2] > 300, "the first line did not wait for the second");
});

test("an error has its code, its sentence and its fields", async () => {
  const refused = await newJob("").then(() => assert.fail("it was taken"), (error) => ConnectError.from(error));
  assert.equal(refused.code, Code.InvalidArgument);
  assert.match(refused.rawMessage, /cmd/);
  const [bad] = refused.findDetails(registry.getMessage("google.rpc.BadRequest"));
  assert.equal(bad.fieldViolations[0].field, "job_parameters.cmd");
  const unknown = await jobs.get({ jobId: "nosuchid" }).catch((error) => ConnectError.from(error));
  assert.equal(unknown.code, Code.NotFound);
  const stream = jobs.readLogs({ jobId: "nosuchid", offset: 0n })[Symbol.asyncIterator]();
  const ended = await stream.next().catch((error) => ConnectError.from(error));
  assert.equal(ended.code, Code.NotFound);
});
