"""Prints which packages an environment has, with their versions, on one line.

Every Python from 3.6 on runs it, at the end of a build. What it prints is read by the server as any output is: as data.
"""

import re
import sys

# The server cuts the line there in any case.
MOST_CHARACTERS = 4000
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*\Z")


def packages():
    try:
        from importlib import metadata
    except ImportError:
        return {}
    found = {}
    for package in metadata.distributions():
        try:
            name, version = package.metadata["Name"], package.version
        except Exception:
            continue
        if isinstance(name, str) and isinstance(version, str) and NAME.match(name) and VERSION.match(version):
            found.setdefault(name.lower(), "%s %s" % (name, version))
    return found


def line(found):
    texts = [found[name] for name in sorted(found)]
    shown, length = [], 0
    for text in texts:
        length += len(text) + 2
        if length > MOST_CHARACTERS:
            return "Installed: %s, and %d more" % (", ".join(shown), len(texts) - len(shown))
        shown.append(text)
    return "Installed: " + ", ".join(shown)


found = packages()
if found:
    sys.stdout.write(line(found) + "\n")
