"""Writes the published descriptors, as one serialized FileDescriptorSet, to standard output."""

import importlib
import sys

from google.protobuf import descriptor_pb2

published = descriptor_pb2.FileDescriptorSet()
for path in sys.argv[1:]:
    module = importlib.import_module(path.removesuffix(".proto").replace("/", ".") + "_pb2")
    module.DESCRIPTOR.CopyToProto(published.file.add())
sys.stdout.buffer.write(published.SerializeToString())
