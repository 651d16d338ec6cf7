"""The stubs of the published package `yandexcloud` over native gRPC: each method, each error."""

import hashlib
import io
import unittest
import urllib.request
import zipfile

import grpc
from google.protobuf import duration_pb2, empty_pb2
from google.rpc import error_details_pb2, status_pb2
from yandex.cloud.datasphere.v2 import project_service_pb2 as projects
from yandex.cloud.datasphere.v2 import project_service_pb2_grpc as projects_grpc
from yandex.cloud.datasphere.v2.jobs import jobs_pb2 as jobs
from yandex.cloud.datasphere.v2.jobs import project_job_service_pb2 as service
from yandex.cloud.datasphere.v2.jobs import project_job_service_pb2_grpc as service_grpc
from yandex.cloud.operation import operation_service_pb2 as operations
from yandex.cloud.operation import operation_service_pb2_grpc as operations_grpc

import jobsphere

INVALID, MISSING, STATE = (
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.FAILED_PRECONDITION,
)
NOWHERE = "nosuchidnosuchidnosu"


def unpack(packed, kind):
    message = kind()
    assert packed.Unpack(message), packed.TypeName()
    return message


def violations(error):
    """The fields that `google.rpc.BadRequest` names, with their sentences."""
    trailers = dict(error.trailing_metadata())
    status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
    bad = unpack(status.details[0], error_details_pb2.BadRequest)
    return {violation.field: violation.description for violation in bad.field_violations}


class Stubs(jobsphere.Test):
    def setUp(self):
        super().setUp()
        channel = grpc.insecure_channel(self.server.endpoint)
        self.addCleanup(channel.close)
        self.jobs = service_grpc.ProjectJobServiceStub(channel)
        self.operations = operations_grpc.OperationServiceStub(channel)
        self.projects = projects_grpc.ProjectServiceStub(channel)

    def request(self, cmd="true", project="default", **parameters):
        return service.CreateProjectJobRequest(
            project_id=project, job_parameters=jobs.JobParameters(cmd=cmd, **parameters), name="stub"
        )

    def create(self, *arguments, **parameters):
        created = self.jobs.Create(self.request(*arguments, **parameters))
        self.assertTrue(created.done)
        metadata = unpack(created.metadata, service.CreateProjectJobMetadata)
        response = unpack(created.response, service.CreateProjectJobResponse)
        self.assertEqual(metadata.job_id, response.job_id)
        return response

    def execute(self, job_id):
        return self.jobs.Execute(service.ExecuteProjectJobRequest(job_id=job_id))

    def logs(self, job_id, offset=0):
        """The log to the end of the job, and the last offset."""
        content = b""
        for answer in self.jobs.ReadLogs(service.ReadProjectJobLogsRequest(job_id=job_id, offset=offset)):
            content += b"".join(log.content for log in answer.logs if log.HasField("standard_stream"))
            offset = answer.offset
        return content, offset

    def run_job(self, *arguments, **parameters):
        job_id = self.create(*arguments, **parameters).job_id
        operation = self.execute(job_id)
        self.logs(job_id)
        return job_id, self.operations.Get(operations.GetOperationRequest(operation_id=operation.id))

    def refuses(self, code, method, request):
        with self.assertRaises(grpc.RpcError) as raised:
            answer = method(request)
            if hasattr(answer, "__next__"):
                next(answer)
        self.assertEqual(raised.exception.code(), code, raised.exception.details())
        self.assertGreater(len(raised.exception.details()), 10, "an error is a sentence")
        return raised.exception

    def test_a_job_from_create_to_its_files(self):
        content = b"some bytes"
        file = jobs.File(
            desc=jobs.FileDesc(path="in.txt", var="IN"),
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            compression_type=jobs.NONE,
        )
        response = self.create("cat ${IN} > out.txt", input_files=[file], output_files=[jobs.FileDesc(path="out.txt")])
        [upload] = response.upload_files
        missing = self.refuses(STATE, self.jobs.Execute, service.ExecuteProjectJobRequest(job_id=response.job_id))
        self.assertIn("in.txt", missing.details())
        urllib.request.urlopen(urllib.request.Request(upload.url, data=content, method="PUT"))
        self.assertFalse(self.create("true", input_files=[file]).upload_files, "nothing is sent twice")

        operation = self.execute(response.job_id)
        self.assertEqual(self.execute(response.job_id).id, operation.id)
        self.logs(response.job_id)
        operation = self.operations.Get(operations.GetOperationRequest(operation_id=operation.id))
        answer = unpack(operation.response, service.ExecuteProjectJobResponse)
        self.assertEqual(answer.result.return_code, 0)
        self.assertEqual(urllib.request.urlopen(answer.output_files[0].url).read(), content)
        metadata = unpack(operation.metadata, service.ExecuteProjectJobMetadata)
        self.assertEqual(metadata.job.id, response.job_id)
        self.assertEqual(metadata.metadata.status, jobs.SUCCESS)

        job = self.jobs.Get(service.GetProjectJobRequest(job_id=response.job_id))
        self.assertEqual(job.actual_cloud_instance_type.name, "c1.4")
        asked = service.DownloadProjectJobFilesRequest(job_id=job.id, files=[*job.output_files, *job.log_files])
        links = self.jobs.DownloadJobFiles(asked).download_files
        self.assertEqual(len(links), 1 + len(job.log_files))
        stranger = jobs.File(desc=jobs.FileDesc(path="x"), sha256="0" * 64)
        asked = service.DownloadProjectJobFilesRequest(job_id=job.id, files=[stranger])
        self.refuses(MISSING, self.jobs.DownloadJobFiles, asked)

    def uploaded(self, path, content, var="", compression=jobs.NONE):
        """A file that the service holds."""
        file = jobs.File(
            desc=jobs.FileDesc(path=path, var=var),
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            compression_type=compression,
        )
        for upload in self.create("true", input_files=[file]).upload_files:
            urllib.request.urlopen(urllib.request.Request(upload.url, data=content, method="PUT"))
        return file

    def test_paths_as_a_client_on_windows_sends_them(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("rgb_crops/a.txt", "1\n")
            archive.writestr("rgb_crops/deep/b.txt", "2\n")
        folder = self.uploaded("input\\rgb_crops", packed.getvalue(), "CROPS", jobs.ZIP)
        job_id, operation = self.run_job(
            "cat ${CROPS}/a.txt input/rgb_crops/deep/b.txt; echo made > ${OUT}",
            input_files=[folder],
            output_files=[jobs.FileDesc(path="out\\made.txt", var="OUT")],
        )
        self.assertEqual(self.logs(job_id)[0], b"1\n2\n")
        job = self.jobs.Get(service.GetProjectJobRequest(job_id=job_id))
        self.assertEqual(job.job_parameters.input_files[0].desc.path, "input\\rgb_crops")
        answer = unpack(operation.response, service.ExecuteProjectJobResponse)
        self.assertEqual([stored.file.desc.path for stored in answer.output_files], ["out\\made.txt"])

    def test_what_cannot_run_is_refused_at_create(self):
        file = self.uploaded("a", b"file")
        for field, parameters in [
            ("output_files[0].path", {"input_files": [file], "output_files": [jobs.FileDesc(path="a/b")]}),
            ("output_files[0].path", {"output_files": [jobs.FileDesc(path="./")]}),
            ("env.vars", {"env": jobs.Environment(vars={f"V{n}": "x" * 130_000 for n in range(20)})}),
            ("cmd", {"cmd": "echo " + "x" * 131_072}),
            ("cmd", {"cmd": "echo ${A}", "arguments": [jobs.Argument(name="A", value="x" * 131_070)]}),
        ]:
            refused = self.refuses(INVALID, self.jobs.Create, self.request(**parameters))
            self.assertIn(field, refused.details())
        # What is just within the limits runs.
        for parameters in [
            {"cmd": "true " + "x" * 131_000},
            {"env": jobs.Environment(vars={f"V{n}": "x" * 130_000 for n in range(8)})},
        ]:
            _, operation = self.run_job(**parameters)
            self.assertEqual(unpack(operation.response, service.ExecuteProjectJobResponse).result.return_code, 0)

    def test_logs_in_both_forms(self):
        job_id, _ = self.run_job("echo out; echo err >&2")
        content, end = self.logs(job_id)
        self.assertEqual(content, b"out\nerr\n")
        self.assertEqual(self.logs(job_id, -1)[0], b"")
        rest, _ = self.logs(job_id, end)
        self.assertEqual(rest, b"")
        old = list(self.jobs.ReadStdLogs(service.ReadProjectJobStdLogsRequest(job_id=job_id)))
        kinds = [(log.type, log.content) for answer in old for log in answer.logs]
        self.assertEqual(kinds, [(service.StdLog.OUT, b"out\n"), (service.StdLog.ERR, b"err\n")])
        for offset in (end + 1, -2):
            request = service.ReadProjectJobLogsRequest(job_id=job_id, offset=offset)
            self.assertIn("offset", violations(self.refuses(INVALID, self.jobs.ReadLogs, request)))

    def test_clone(self):
        arguments = [jobs.Argument(name="word", value="one")]
        job_id, _ = self.run_job("echo ${word}", arguments=arguments)
        overrides = jobs.JobParameters(arguments=[jobs.Argument(name="word", value="two")])
        request = service.CloneProjectJobRequest(source_job_id=job_id, job_parameters_overrides=overrides, name="two")
        operation = self.jobs.Clone(request)
        unpack(operation.metadata, service.CloneProjectJobMetadata)
        clone = unpack(operation.response, service.CloneProjectJobResponse)
        self.execute(clone.job_id)
        self.assertEqual(self.logs(clone.job_id)[0], b"two\n")
        job = self.jobs.Get(service.GetProjectJobRequest(job_id=clone.job_id))
        self.assertEqual((job.parent_job_id, job.name), (job_id, "two"))
        request.job_parameters_overrides.arguments[0].name = "other"
        self.assertTrue(violations(self.refuses(INVALID, self.jobs.Clone, request)))

    def test_cancel_keeps_its_reason(self):
        job_id = self.create("sleep 300").job_id
        operation = self.execute(job_id)
        request = service.CancelProjectJobRequest(job_id=job_id, reason="lunch")
        self.jobs.Cancel(request)
        self.logs(job_id)
        job = self.jobs.Get(service.GetProjectJobRequest(job_id=job_id))
        self.assertEqual((job.status, job.status_details), (jobs.CANCELLED, "Cancelled: lunch"))
        operation = self.operations.Get(operations.GetOperationRequest(operation_id=operation.id))
        self.assertEqual(operation.error.code, grpc.StatusCode.CANCELLED.value[0])
        self.refuses(STATE, self.jobs.Cancel, request)

    def test_cancel_of_the_operation(self):
        job_id = self.create("sleep 300").job_id
        request = operations.CancelOperationRequest(operation_id=self.execute(job_id).id)
        self.operations.Cancel(request)
        self.logs(job_id)
        self.assertEqual(self.jobs.Get(service.GetProjectJobRequest(job_id=job_id)).status, jobs.CANCELLED)
        self.refuses(STATE, self.operations.Cancel, request)

    def test_list_pages_and_filters(self):
        ids = [self.create("true", "paged").job_id for _ in range(5)]
        ended, _ = self.run_job("true", "paged")
        seen, token = [], ""
        while True:
            page = self.jobs.List(service.ListProjectJobRequest(project_id="paged", page_size=2, page_token=token))
            seen += [job.id for job in page.jobs]
            self.create("true", "paged")  # what comes later moves no page
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(seen, [ended, *reversed(ids)])
        only = service.ListProjectJobRequest(project_id="paged", filter="status IN (SUCCESS, ERROR)")
        self.assertEqual([job.id for job in self.jobs.List(only).jobs], [ended])
        for field, value in {"filter": "name = 1", "page_size": 1001, "page_token": "?"}.items():
            request = service.ListProjectJobRequest(project_id="paged", **{field: value})
            self.assertIn(field, violations(self.refuses(INVALID, self.jobs.List, request)))

    def test_lifetime_and_deletion(self):
        job_id, operation = self.run_job("echo kept")
        ttl = service.SetProjectJobDataTtlRequest(job_id=job_id, ttl=duration_pb2.Duration(seconds=3600))
        self.jobs.SetDataTtl(ttl)
        get = service.GetProjectJobRequest(job_id=job_id)
        self.assertTrue(self.jobs.Get(get).HasField("data_expires_at"))
        self.jobs.SetDataTtl(service.SetProjectJobDataTtlRequest(job_id=job_id))
        self.assertFalse(self.jobs.Get(get).HasField("data_expires_at"))
        ttl.ttl.seconds = -1
        self.assertIn("ttl", violations(self.refuses(INVALID, self.jobs.SetDataTtl, ttl)))

        answer = self.jobs.DeleteData(service.DeleteProjectJobDataRequest(job_id=job_id))
        unpack(answer.metadata, service.DeleteProjectJobDataMetadata)
        unpack(answer.response, service.DeleteProjectJobDataResponse)
        self.assertTrue(self.jobs.Get(get).data_cleared)
        self.refuses(STATE, self.jobs.ReadLogs, service.ReadProjectJobLogsRequest(job_id=job_id))
        self.refuses(STATE, self.jobs.Clone, service.CloneProjectJobRequest(source_job_id=job_id))

        answer = self.jobs.Delete(service.DeleteProjectJobRequest(job_id=job_id))
        self.assertEqual(unpack(answer.metadata, service.DeleteProjectJobMetadata).job_id, job_id)
        self.assertTrue(answer.done and answer.response.Is(empty_pb2.Empty.DESCRIPTOR))
        self.refuses(MISSING, self.jobs.Get, get)
        self.assertTrue(self.operations.Get(operations.GetOperationRequest(operation_id=operation.id)).done)

    def test_all_data_of_a_project(self):
        job_id, _ = self.run_job("true", "cleared")
        answer = self.jobs.DeleteAllData(service.DeleteAllProjectJobDataRequest(project_id="cleared"))
        unpack(answer.metadata, service.DeleteAllProjectJobDataMetadata)
        unpack(answer.response, service.DeleteAllProjectJobDataResponse)
        self.assertTrue(self.jobs.Get(service.GetProjectJobRequest(job_id=job_id)).data_cleared)

    def test_a_job_that_runs_is_not_deleted(self):
        job_id = self.create("sleep 300").job_id
        self.execute(job_id)
        self.refuses(STATE, self.jobs.Delete, service.DeleteProjectJobRequest(job_id=job_id))
        self.jobs.Cancel(service.CancelProjectJobRequest(job_id=job_id))

    def test_an_idempotency_key_makes_one_job(self):
        key = [("idempotency-key", "7c1d3f8e")]
        first = self.jobs.Create(self.request(), metadata=key)
        self.assertEqual(self.jobs.Create(self.request(), metadata=key).id, first.id)
        with self.assertRaises(grpc.RpcError) as raised:
            self.jobs.Create(self.request("false"), metadata=key)
        self.assertEqual(raised.exception.code(), INVALID)

    def test_bad_parameters_are_named(self):
        cases = {
            "job_parameters.cmd": {"cmd": ""},
            "job_parameters.output_files[0].path": {"output_files": [jobs.FileDesc(path="../../etc/passwd")]},
            "job_parameters.input_files[0].sha256": {"input_files": [jobs.File(desc=jobs.FileDesc(path="a"), sha256="XYZ")]},
            "job_parameters.arguments[0].name": {"arguments": [jobs.Argument(name="a b", value="1")]},
            'job_parameters.env.vars["A=B"]': {"env": jobs.Environment(vars={"A=B": "x"})},
        }
        for field, parameters in cases.items():
            error = self.refuses(INVALID, self.jobs.Create, self.request(**{"cmd": "true", **parameters}))
            self.assertIn(field, violations(error))

    def test_what_this_machine_cannot_do_is_refused(self):
        spark = self.request(spark_parameters=jobs.SparkParameters(connector_id="c"))
        self.assertIn("spark", self.refuses(STATE, self.jobs.Create, spark).details().lower())
        large = self.request(cloud_instance_types=[jobs.CloudInstanceType(name="g9.9")])
        self.assertIn("c1.4", self.refuses(STATE, self.jobs.Create, large).details())

    def test_unknown_ids(self):
        for method, request in [
            (self.jobs.Get, service.GetProjectJobRequest(job_id=NOWHERE)),
            (self.jobs.Execute, service.ExecuteProjectJobRequest(job_id=NOWHERE)),
            (self.jobs.Cancel, service.CancelProjectJobRequest(job_id=NOWHERE)),
            (self.jobs.Clone, service.CloneProjectJobRequest(source_job_id=NOWHERE)),
            (self.jobs.ReadLogs, service.ReadProjectJobLogsRequest(job_id=NOWHERE)),
            (self.jobs.ReadStdLogs, service.ReadProjectJobStdLogsRequest(job_id=NOWHERE)),
            (self.jobs.DownloadJobFiles, service.DownloadProjectJobFilesRequest(job_id=NOWHERE)),
            (self.jobs.Delete, service.DeleteProjectJobRequest(job_id=NOWHERE)),
            (self.jobs.DeleteData, service.DeleteProjectJobDataRequest(job_id=NOWHERE)),
            (self.jobs.DeleteAllData, service.DeleteAllProjectJobDataRequest(project_id=NOWHERE)),
            (self.jobs.SetDataTtl, service.SetProjectJobDataTtlRequest(job_id=NOWHERE)),
            (self.jobs.Get, service.GetProjectJobRequest(job_id="../../etc/passwd")),
            (self.operations.Get, operations.GetOperationRequest(operation_id=NOWHERE)),
            (self.operations.Cancel, operations.CancelOperationRequest(operation_id=NOWHERE)),
            (self.projects.Get, projects.GetProjectRequest(project_id=NOWHERE)),
        ]:
            with self.subTest(type(request).__name__):
                self.refuses(MISSING, method, request)
        self.refuses(INVALID, self.jobs.Get, service.GetProjectJobRequest())

    def test_projects(self):
        self.assertEqual(self.projects.Get(projects.GetProjectRequest(project_id="default")).name, "default")
        listed = self.projects.List(projects.ListProjectsRequest(community_id="any", page_size=1))
        self.assertEqual(len(listed.projects), 1)


if __name__ == "__main__":
    unittest.main()
