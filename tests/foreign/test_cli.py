"""What people do with the command-line client."""

import json
import re
import sys
import time
import unittest

import jobsphere

WORDS = """
name: words
desc: counts words
cmd: python3 ${PROGRAM} ${TEXT} ${COUNT} --rate ${rate} && cp -r parts made && echo $GREETING
inputs:
  - count.py: PROGRAM
  - text.txt: TEXT
  - parts
outputs:
  - count.txt: COUNT
  - made
  - never.txt
env:
  vars:
    GREETING: hello
args:
  rate: 0.5
"""
PROGRAM = """
import sys
words = open(sys.argv[1]).read().split()
open(sys.argv[2], "w").write(f"{len(words)} at {sys.argv[4]}")
print("counted", len(words))
print("a warning", file=sys.stderr)
"""


class Cli(jobsphere.Test):
    def words(self):
        self.write("count.py", PROGRAM)
        self.write("text.txt", "one two three")
        self.write("parts/deep/part.txt", "part")
        said, job_id = self.execute(WORDS)
        return said, job_id

    def test_execute_with_files_folders_variables_and_arguments(self):
        said, _ = self.words()
        self.assertEqual(self.read("count.txt"), "3 at 0.5")
        self.assertEqual(self.read("made/deep/part.txt"), "part")
        for line in ("counted 3", "a warning", "hello", "never.txt", "job completed successfully"):
            self.assertIn(line, said)

    def test_a_program_that_fails_fails_the_client_with_its_code(self):
        said, job_id = self.execute("cmd: sh -c 'echo went wrong >&2; exit 3'", code=1)
        self.assertIn("went wrong", said)
        self.assertRegex(said, "return code 3|code.*3")
        self.assertIn("ERROR", self.job("get", "--id", job_id))

    def test_a_python_environment(self):
        self.write("helper.py", "import six\n\ndef text(): return six.__version__\n")
        self.write("main.py", "import sys\nimport helper\nprint('version', helper.text(), sys.prefix != sys.base_prefix)\n")
        minor = f"{sys.version_info[0]}.{sys.version_info[1]}"
        self.write("requirements.txt", "six==1.16.0\n")
        config = (
            "cmd: python main.py\ninputs: [main.py]\nenv:\n  python:\n    type: manual\n"
            f"    version: '{minor}'\n    requirements-file: requirements.txt\n    local-paths: [helper.py]\n"
        )
        said, _ = self.execute(config)
        self.assertIn("version 1.16.0 True", said)

    def test_async_then_attach(self):
        self.write("config.yaml", "cmd: sh -c 'sleep 8; echo late'")
        self.job("execute", "-p", "default", "-c", "config.yaml", "--async", "-o", "execution.json")
        job_id = json.loads(self.read("execution.json"))["job_id"]
        said = self.job("attach", "--id", job_id)
        self.assertIn("late", said)
        self.assertIn("job completed successfully", said)
        # Once more, after its end.
        self.assertIn("job completed successfully", self.job("attach", "--id", job_id))

    def test_fork_with_other_arguments_variables_and_environment(self):
        _, job_id = self.words()
        self.write("other.txt", "one two three four five")
        said = self.job(
            "fork", "--id", job_id, "--arg", "rate=0.9", "--var", "TEXT=other.txt", "--env-var", "GREETING=bye", "--name", "again"
        )
        self.assertEqual(self.read("count.txt"), "5 at 0.9")
        self.assertIn("bye", said)
        forked = re.search(r"created job `(\w+)`", said)[1]
        self.assertIn("again", self.job("get", "--id", forked))

    def started(self, program, config=""):
        """A job that has said "ready"."""
        self.write("program.py", program)
        self.write("config.yaml", f"cmd: python3 -u program.py\ninputs: [program.py]\n{config}")
        self.job("execute", "-p", "default", "-c", "config.yaml", "--async", "-o", "execution.json")
        job_id = json.loads(self.read("execution.json"))["job_id"]
        deadline = time.monotonic() + 30
        while "EXECUTING" not in self.job("get", "--id", job_id):
            self.assertLess(time.monotonic(), deadline)
        return job_id

    def ended(self, job_id):
        deadline = time.monotonic() + 30
        while True:
            said = self.job("get", "--id", job_id, "--format", "json")
            if any(state in said for state in ("CANCELLED", "SUCCESS", "ERROR")):
                return said
            self.assertLess(time.monotonic(), deadline, said)

    def test_cancel_at_once(self):
        job_id = self.started("import time\nprint('ready')\ntime.sleep(300)\n")
        self.job("cancel", "--id", job_id)
        self.assertIn("CANCELLED", self.ended(job_id))

    def test_cancel_gracefully(self):
        program = (
            "import signal, sys, time\n"
            "def save(*_):\n    open('saved.txt', 'w').write('saved'); sys.exit(0)\n"
            "signal.signal(signal.SIGTERM, save)\nprint('ready')\nwhile True: time.sleep(0.1)\n"
        )
        config = "outputs: [saved.txt]\ngraceful-shutdown:\n  signal: SIGTERM\n  timeout: 20s\n"
        job_id = self.started(program, config)
        time.sleep(1)  # until the program has set its handler
        self.job("cancel", "--id", job_id, "-g")
        self.assertIn("CANCELLED", self.ended(job_id))
        self.job("download-files", "--id", job_id)
        self.assertEqual(self.read("saved.txt"), "saved")

    def test_list_and_get_in_both_formats(self):
        _, job_id = self.words()
        table = self.job("list", "-p", "default")
        self.assertIn(job_id, table)
        self.assertIn("words", table)
        jobs = json.loads(self.only_json(self.job("list", "-p", "default", "--format", "json")))
        self.assertIn(job_id, [job["id"] for job in jobs])
        job = json.loads(self.only_json(self.job("get", "--id", job_id, "--format", "json")))
        self.assertEqual((job["name"], job["status"]), ("words", "SUCCESS"))
        self.assertIn(job_id, self.job("get", "--id", job_id))

    @staticmethod
    def only_json(said):
        """Without the lines of the client's log, which are coloured."""
        return "\n".join(line for line in said.splitlines() if not line.startswith("\x1b"))

    def test_set_data_ttl(self):
        _, job_id = self.words()
        self.assertIn("data ttl updated", self.job("set-data-ttl", "--id", job_id, "--days", "3"))
        self.assertIn("data ttl updated", self.job("set-data-ttl", "--id", job_id, "--days", "infinity"))

    def test_download_files_with_logs_and_diagnostics(self):
        _, job_id = self.words()
        self.job("download-files", "--id", job_id, "--with-logs", "--with-diagnostics", "--output-dir", "all")
        self.assertEqual(self.read("all/count.txt"), "3 at 0.5")
        self.assertEqual(self.read("all/stdout.txt"), "counted 3\nhello\n")
        self.assertIn("a warning", self.read("all/stderr.txt"))
        self.assertIn("has begun", self.read("all/system.log"))
        self.assertTrue(self.read("all/docker_stats.tsv").startswith("time\tcpu_percent"))

    def test_projects(self):
        self.assertIn("default", self.cli("project", "get", "--id", "default"))
        self.assertIn("default", self.cli("project", "list", "-c", "community"))


if __name__ == "__main__":
    unittest.main()
