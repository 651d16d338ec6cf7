"""The published `datasphere` command-line client, its code untouched, on a server of this machine.

    ENDPOINT=127.0.0.1:8080 [TOKEN=...] python cli.py project job list -p default

The package speaks only to the cloud, over TLS, and waits five seconds between looks. Here it gets another
endpoint, a channel without TLS, and shorter waits, before its command line is started.
"""

import os
import sys

ENDPOINT = os.environ["ENDPOINT"]
os.environ["YC_IAM_TOKEN"] = os.environ.get("TOKEN", "none")

import grpc
from datasphere import api

api.project_endpoint = api.job_endpoint = api.op_endpoint = api.ui_endpoint = ENDPOINT

from datasphere import channel


def open_channel(_endpoint, user_agent):
    agent = [("grpc.primary_user_agent", user_agent)] if user_agent else []
    return grpc.insecure_channel(ENDPOINT, options=[*channel.CHANNEL_OPTIONS, *agent])


channel._get_channel = open_channel

from datasphere import client, main

client.operation_check_interval_seconds = 0.2
client.log_read_interval_seconds = 0.2
main.check_package_version = lambda: None

if __name__ == "__main__":
    sys.argv[0] = "datasphere"
    main.main()
