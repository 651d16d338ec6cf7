"""The server under test, as its users start it, and the command-line client on it."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("JOBSPHERE_SERVER", str(ROOT / "target/debug/jobsphere-server"))
CLI = str(Path(__file__).with_name("cli.py"))


class Server:
    """A server process over a data folder of its own."""

    def __init__(self):
        self.data_dir = tempfile.TemporaryDirectory(prefix="jobsphere-foreign-")
        self.process = subprocess.Popen(
            [SERVER, "--listen", "127.0.0.1:0", "--data-dir", self.data_dir.name],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.endpoint = self.process.stdout.readline().strip().rsplit("/", 1)[1]

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.data_dir.cleanup()


class Test(unittest.TestCase):
    """Tests that share one server, each in an empty folder."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def read(self, name):
        return (self.folder / name).read_text()

    def cli(self, *arguments, code=0):
        """Runs the command-line client; everything it said."""
        ended = subprocess.run(
            [sys.executable, CLI, "--log-dir", str(self.folder), *arguments],
            cwd=self.folder,
            env={**os.environ, "ENDPOINT": self.server.endpoint},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
            check=False,
        )
        self.assertEqual(ended.returncode, code, ended.stdout)
        return ended.stdout

    def job(self, *arguments, code=0):
        return self.cli("project", "job", *arguments, code=code)

    def execute(self, config, *arguments, code=0):
        """Executes a configuration to its end; what was said, and the job's id."""
        self.write("config.yaml", config)
        said = self.job("execute", "-p", "default", "-c", "config.yaml", *arguments, code=code)
        return said, re.search(r"created job `(\w+)`", said)[1]
