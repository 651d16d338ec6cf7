"""What the published client's own parser says of configurations: one JSON text a line in, one answer a line out.

Files named as inputs must exist for it; they are made, empty, in a folder of their own.
"""

import json
import os
import sys
import tempfile
from io import StringIO

import yaml
from datasphere import config, validation

os.environ["PRESENT"] = "here"


def make(path):
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        open(path, "a").close()
    except (OSError, ValueError):
        pass


def prepare(text):
    """Makes the files that the configuration names, as far as it can be read."""
    try:
        tree = yaml.load(StringIO(text), Loader=yaml.BaseLoader)
        for entry in tree.get("inputs", []):
            make(entry if isinstance(entry, str) else next(iter(entry)))
        make(tree["env"]["python"]["requirements-file"])
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, StopIteration):
        pass


def judge(text):
    try:
        prepare(text)
        parsed = config.parse_config(StringIO(text))
        validation.validate_outputs(parsed)
        validation.validate_inputs(parsed)
        config.check_limits(parsed, [])
    except Exception as error:  # whatever it is, a user of the client sees the file refused
        return {"refused": f"{type(error).__name__}: {error}"}
    return {
        "name": parsed.name or "",
        "cmd": parsed.cmd,
        "inputs": [[entry.path, entry.var or ""] for entry in parsed.inputs],
        "outputs": [[entry.path, entry.var or ""] for entry in parsed.outputs],
        "args": list(parsed.args.items()),
        "vars": sorted((parsed.env.vars or {}).items()),
        "instances": parsed.cloud_instance_types,
        "storage": parsed.working_storage.size_gb if parsed.working_storage else 0,
    }


for line in sys.stdin:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        answer = judge(json.loads(line))
        os.chdir("/")
    print(json.dumps(answer), flush=True)
