"""What the published client's own parser says of configurations: one JSON text a line in, one answer a line out.

Files named as inputs must exist for it; they are made, empty, in a folder of their own.
"""

import json
import logging
import os
import sys
import tempfile
from io import StringIO
from types import SimpleNamespace

import yaml
from datasphere import config, files, validation
from datasphere.api import jobs_pb2 as jobs
from datasphere.api import project_job_service_pb2 as service

logging.disable(logging.CRITICAL)
os.environ.clear()
os.environ["PRESENT"] = "here"


def root_modules(self):
    """The modules of a Python program, without looking for the main one: that depends on who calls, not on the file."""
    paths = self.env.python.root_modules_paths
    if paths and not config._is_list_of_strings(paths):
        raise ValueError("root-paths are taken apart and found nowhere")
    return []


config.Config._python_root_modules = root_modules


def make(path):
    """Makes an empty file, unless it would lie outside of the folder."""
    try:
        if os.path.isabs(path) or os.path.normpath(path).startswith(".."):
            return
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        open(path, "a").close()
    except (OSError, ValueError, TypeError):
        pass


def prepare(text):
    """Makes the files that the configuration names, as far as it can be read."""
    try:
        tree = yaml.load(StringIO(text), Loader=yaml.BaseLoader)
        for entry in tree.get("inputs", []):
            make(entry if isinstance(entry, str) else next(iter(entry)))
        make(tree["env"]["python"]["requirements-file"])
    except Exception:  # what does not fit is refused below
        pass


def python_env(parsed):
    """What is sent of the Python environment, without what is found by looking around."""
    python = parsed.env.python
    if python is None:
        return None
    return SimpleNamespace(version=python.version or None, requirements=[], pip_options=python.pip_options)


def request(parsed):
    """What is sent; here fails what the parser took and nothing can send."""
    return service.CreateProjectJobRequest(
        job_parameters=parsed.get_job_params(python_env(parsed), []),
        config=parsed.content,
        name=parsed.name,
        desc=parsed.desc,
    )


def tree(node):
    """What the text says as YAML: mappings as pairs, in their order."""
    if isinstance(node, dict):
        return {"map": [[tree(key), tree(value)] for key, value in node.items()]}
    if isinstance(node, list):
        return [tree(item) for item in node]
    return node and "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in node)


def tree_of(text):
    try:
        return {"says": tree(yaml.load(StringIO(text), Loader=yaml.BaseLoader))}
    except Exception as error:  # PyYAML falls over some files instead of refusing them
        return {"error": str(error)}


def judge(text):
    try:
        prepare(text)
        parsed = config.parse_config(StringIO(text))
        validation.validate_outputs(parsed)
        validation.validate_inputs(parsed)
        named = parsed.inputs
        with tempfile.TemporaryDirectory() as archives:
            parsed.inputs = files.prepare_inputs(named, archives)
            config.check_limits(parsed, [])
            sent = request(parsed)
        parsed.inputs = named
        sent.SerializeToString()
    except Exception as error:  # whatever it is, a user of the client sees the file refused
        return {"refused": f"{type(error).__name__}: {error}"}
    return {"means": meaning(parsed, sent)}


def meaning(parsed, sent):
    parameters = sent.job_parameters
    shutdown = parameters.graceful_shutdown_parameters
    image = parameters.env.docker_image_spec
    python = parameters.env.python_env
    pip = python.pip_options
    return {
        "name": sent.name,
        "desc": sent.desc,
        "cmd": parameters.cmd,
        "inputs": [[entry.path, entry.var or ""] for entry in parsed.inputs],
        "outputs": [[entry.path, entry.var or ""] for entry in parsed.outputs],
        "mounts": [[entry.path, entry.var or ""] for entry in parsed.s3_mounts],
        "datasets": [[entry.path, entry.var or ""] for entry in parsed.datasets],
        "args": [[argument.name, argument.value] for argument in parameters.arguments],
        "vars": sorted([name, value] for name, value in parameters.env.vars.items()),
        "disk": parameters.attach_project_disk,
        "instances": [kind.name for kind in parameters.cloud_instance_types],
        "storage": parameters.extended_working_storage.size_gb,
        "made": [
            [made.name, made.var, made.size_gb, made.description, sorted(map(list, made.labels.items()))]
            for made in parameters.output_datasets
        ],
        "shutdown": [shutdown.signal, shutdown.timeout.seconds],
        "spark": parameters.spark_parameters.connector_id,
        "image": [parameters.env.docker_image_resource_id, image.image_url, image.username, image.password_ds_secret_name],
        "python": [
            parameters.env.HasField("python_env"),
            python.python_version,
            pip.index_url,
            list(pip.extra_index_urls),
            list(pip.trusted_hosts),
            pip.no_deps,
        ],
    }


for line in sys.stdin:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        answer = {"tree": tree_of(json.loads(line)), **judge(json.loads(line))}
        os.chdir("/")
    print(json.dumps(answer), flush=True)
