"""Makes what a job's own environment begins as: a venv above the one that runs this, which stays as it is.

Every Python from 3.6 on runs it, at the end of a build. `VENV_OF_JOB` is the folder to make; a job's copy of it is what
its `JOBSPHERE_VENV` names.
"""

import os
import shutil
import sys
import sysconfig

BELOW = os.environ["VIRTUAL_ENV"]
ABOVE = os.environ["VENV_OF_JOB"]
VERSION = "%d.%d" % sys.version_info[:2]
# More than this beside its modules is no packages' data, but a system's.
MOST_FILES = 1000


def write(path, text):
    with open(os.path.join(ABOVE, path), "w", encoding="utf-8", newline="") as file:
        file.write(text)
    os.chmod(os.path.join(ABOVE, path), 0o644)


def make_python():
    settings = os.path.join(BELOW, "pyvenv.cfg")
    if os.path.exists(settings):
        shutil.copyfile(settings, os.path.join(ABOVE, "pyvenv.cfg"))
    else:
        home = os.path.join(BELOW, "bin")
        write("pyvenv.cfg", "home = %s\ninclude-system-site-packages = false\nversion = %s\n" % (home, VERSION))
    for name in ("python", "python3", "python" + VERSION):
        os.symlink(os.path.join(BELOW, "bin", "python"), os.path.join(ABOVE, "bin", name))


def make_modules():
    """What is installed above counts before what lies below, whose own `.pth` files are read as well."""
    below = sysconfig.get_path("purelib")
    above = os.path.relpath(below, BELOW)
    os.makedirs(os.path.join(ABOVE, above))
    os.symlink("lib", os.path.join(ABOVE, "lib64"))
    write(os.path.join(above, "environment.pth"), "import site; site.addsitedir(%r)\n" % below)


def make_programs():
    """The programs of packages, run by the Python above; they find there what is installed above."""
    python = os.path.join(BELOW, "bin", "python").encode()
    start = b"""#!/bin/sh\n'''exec' "${JOBSPHERE_VENV:-%s}/bin/python" "$0" "$@"\n' '''\n""" % BELOW.encode()
    for name in os.listdir(os.path.join(BELOW, "bin")):
        path = os.path.join(BELOW, "bin", name)
        if not os.path.isfile(path) or os.path.lexists(os.path.join(ABOVE, "bin", name)):
            continue
        with open(path, "rb") as file:
            if file.read(2) != b"#!":
                continue
            file.seek(0)
            lines = file.read().splitlines(True)
        # A path that is too long, or has blanks, stands in the second line.
        if lines[0].startswith(b"#!" + python):
            rest = lines[1:]
        elif len(lines) > 2 and lines[1].startswith(b"'''exec' ") and python in lines[1]:
            rest = lines[3:]
        else:
            continue
        with open(os.path.join(ABOVE, "bin", name), "wb") as file:
            file.write(start + b"".join(rest))
        os.chmod(os.path.join(ABOVE, "bin", name), 0o755)


def make_data():
    """What packages bring beside their modules is looked for under the prefix of the Python that runs."""
    for name in os.listdir(BELOW):
        below, above = os.path.join(BELOW, name), os.path.join(ABOVE, name)
        if not os.path.isdir(below) or os.path.lexists(above) or name == "lib":
            continue
        if sum(len(files) for _, _, files in os.walk(below)) > MOST_FILES:
            os.symlink(below, above)
        else:
            shutil.copytree(below, above, symlinks=True, copy_function=os.symlink)


os.makedirs(os.path.join(ABOVE, "bin"))
make_python()
make_modules()
make_programs()
make_data()
