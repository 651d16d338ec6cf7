"""Writes the published API's descriptors, and all they stand on, as one FileDescriptorSet to the named file."""

import sys

from google.protobuf import descriptor_pb2
from google.rpc import error_details_pb2
from yandex.cloud.datasphere.v2 import project_service_pb2
from yandex.cloud.datasphere.v2.jobs import project_job_service_pb2
from yandex.cloud.operation import operation_service_pb2

published = descriptor_pb2.FileDescriptorSet()
seen = set()


def add(file):
    if file.name not in seen:
        seen.add(file.name)
        for needed in file.dependencies:
            add(needed)
        file.CopyToProto(published.file.add())


for module in (error_details_pb2, project_service_pb2, project_job_service_pb2, operation_service_pb2):
    add(module.DESCRIPTOR)
with open(sys.argv[1], "wb") as out:
    out.write(published.SerializeToString())
