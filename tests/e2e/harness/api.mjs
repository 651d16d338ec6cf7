// The job service as another program calls it.

import { readFile } from "node:fs/promises";
import { create, createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { anyUnpack, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { until } from "./browser.mjs";

const PACKAGE = "yandex.cloud.datasphere.v2.jobs";
/** SUCCESS, ERROR, CANCELLED. */
const FINAL = [4, 5, 6];

/** Calls of a server's job service. */
export class Api {
  static async of(server) {
    const api = new Api();
    const descriptors = await readFile(process.env.JOBSPHERE_DESCRIPTORS);
    api.registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
    const transport = createGrpcWebTransport({ baseUrl: server.url });
    api.jobs = createClient(api.registry.getService(`${PACKAGE}.ProjectJobService`), transport);
    return api;
  }

  /** Creates a job; its id. `more` are further fields of the request. */
  async create(name, cmd, { outputs = [], project = "default", ...more } = {}) {
    const outputFiles = outputs.map((path) => create(this.registry.getMessage(`${PACKAGE}.FileDesc`), { path }));
    const jobParameters = create(this.registry.getMessage(`${PACKAGE}.JobParameters`), { cmd, outputFiles });
    const created = await this.jobs.create({ projectId: project, name, jobParameters, ...more });
    return this.unpack(created).jobId;
  }

  /** The message in an operation that has ended. */
  unpack(operation) {
    return anyUnpack(operation.result.value, this.registry);
  }

  /** Creates a job and executes it; its id. */
  async start(name, cmd, more) {
    const jobId = await this.create(name, cmd, more);
    await this.jobs.execute({ jobId });
    return jobId;
  }

  /** Runs a job to its end; its id. */
  async run(name, cmd, more) {
    const jobId = await this.start(name, cmd, more);
    await this.ended(jobId);
    return jobId;
  }

  ended(jobId) {
    return until(async () => (await this.jobs.get({ jobId })).status, (status) => FINAL.includes(status), `${jobId} ends`);
  }
}
