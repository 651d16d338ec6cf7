"""What `python3` does with its command line, for an interpreter that was started before it was known."""

import atexit
import builtins
import errno
import importlib.machinery
import importlib.util
import io
import linecache
import os
import runpy
import sys
import types

HERE = "<page>"
USAGE = "usage: python3 [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
NO_PROGRAMS = "this Python runs in the page and cannot start programs: call them from the command, or send the job to a server"
NO_THREADS = "can't start new thread: this Python runs in the page, where there are none; send the job to a server"
NO_SIGNALS = "Python in the page is never told of signals: handlers are not called, and a cancelled job ends it at once"
WITH_VALUE = {"W", "X"}
FLAGS = set("bBdEIOPqsSuvxR")


class Refused(Exception):
    """The command line is not right."""


def parse(words):
    """What to run (`c`, `m`, `file`, `-`, `version`, `help`), with what, and the options before it."""
    options = {"W": [], "X": [], "flags": ""}
    at = 0
    while at < len(words):
        word = words[at]
        if word == "-" or not word.startswith("-"):
            return ("-" if word == "-" else "file"), word, words[at:], options
        at += 1
        if word in ("--version", "--help"):
            return word[2:], None, [], options
        if word.startswith("--"):
            if word == "--check-hash-based-pycs":
                at += 1
                continue
            raise Refused(f"Unknown option: --\n")
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in "Vh?":
                return ("version" if letter == "V" else "help"), None, [], options
            if letter in "cm" or letter in WITH_VALUE:
                value = letters
                if not value:
                    if at >= len(words):
                        raise Refused(f"Argument expected for the -{letter} option\n")
                    value, at = words[at], at + 1
                if letter in WITH_VALUE:
                    options[letter].append(value)
                    break
                return letter, value, [f"-{letter}", *words[at:]], options
            if letter == "i":
                raise Refused("Nobody can answer an interactive Python here\n")
            if letter not in FLAGS:
                raise Refused(f"Unknown option: -{letter}\n")
            options["flags"] += letter
    return "-", None, [""], options


def main_module(**attributes):
    module = types.ModuleType("__main__")
    module.__dict__.update(__builtins__=builtins, __spec__=None, **attributes)
    sys.modules["__main__"] = module
    return module.__dict__


def run_text(text, name, level):
    lines = text if isinstance(text, str) else text.decode("utf-8", "replace")
    linecache.cache[name] = (len(lines), None, lines.splitlines(True), name)
    exec(compile(text, name, "exec", optimize=level), main_module())


def run_file(path, level):
    whole = os.path.abspath(path)
    if os.path.isdir(path):
        runpy.run_path(path, run_name="__main__")
        return
    try:
        with io.open_code(whole) as file:
            text = file.read()
    except OSError as error:
        raise Refused(f"can't open file {whole!r}: [Errno {error.errno}] {error.strerror}") from None
    if text.startswith(b"PK\x03\x04"):
        runpy.run_path(path, run_name="__main__")
        return
    sys.path.insert(0, os.path.dirname(os.path.realpath(path)))
    loader = importlib.machinery.SourceFileLoader("__main__", whole)
    exec(compile(text, whole, "exec", optimize=level), main_module(__file__=whole, __cached__=None, __loader__=loader))


def run(kind, what, level):
    if kind == "c":
        sys.path.insert(0, "")
        run_text(what, "<string>", level)
    elif kind == "m":
        sys.path.insert(0, os.getcwd())
        runpy._run_module_as_main(what)
    elif kind == "-":
        sys.path.insert(0, "")
        run_text(sys.stdin.buffer.read(), "<stdin>", level)
    else:
        run_file(what, level)


def code_of(exit):
    if exit.code is None:
        return 0
    if isinstance(exit.code, int):
        return exit.code & 255
    print(exit.code, file=sys.stderr)
    return 1


def complain(error):
    """Prints an error as the interpreter does, without what stands between it and the program."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename == HERE:
        trace = trace.tb_next
    error = error.with_traceback(trace)
    try:
        sys.excepthook(type(error), error, trace)
    except BaseException:
        sys.__excepthook__(type(error), error, trace)


def guarded(act):
    """The exit code of `act`."""
    try:
        act()
        return 0
    except SystemExit as exit:
        return code_of(exit)
    except Refused:
        raise
    except BaseException as error:
        complain(error)
        return 1


def set_up(options, env, cwd, note):
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.executable = "/usr/bin/python3"
    # The loader's own first entry.
    sys.path[:] = [path for path in sys.path if path]
    flags = options["flags"]
    if "I" not in flags and "E" not in flags and env.get("PYTHONPATH"):
        sys.path[:0] = [os.path.abspath(path) for path in env["PYTHONPATH"].split(":")]
    if "u" in flags or env.get("PYTHONUNBUFFERED"):
        sys.stdout.reconfigure(write_through=True)
    if "B" in flags or env.get("PYTHONDONTWRITEBYTECODE"):
        sys.dont_write_bytecode = True
    if asked := [*filter(None, env.get("PYTHONWARNINGS", "").split(",")), *options["W"]]:
        import warnings

        warnings._processoptions(asked)
    say_what_is_missing(note)


def say_what_is_missing(note):
    """Lets what cannot be had here say so by itself."""
    import _thread
    import signal
    import threading

    def no_programs(*_, **__):
        raise OSError(errno.ENOSYS, NO_PROGRAMS)

    def no_threads(*_, **__):
        raise RuntimeError(NO_THREADS)

    set_handler, is_said = signal.signal, []

    def signal_never_comes(number, handler):
        # Ctrl-C is not among those that a job is sent; asyncio takes it each time.
        if callable(handler) and number != signal.SIGINT and not is_said:
            is_said.append(True)
            note(NO_SIGNALS)
        return set_handler(number, handler)

    signal.signal = signal_never_comes
    _thread.start_new_thread = _thread.start_joinable_thread = no_threads
    threading._start_joinable_thread = no_threads
    os.system = os.popen = no_programs
    for name in ("fork", "posix_spawn", "execv", "execve"):
        if hasattr(os, name):
            setattr(os, name, no_programs)
    once_imported("subprocess", lambda module: setattr(module.Popen, "__init__", no_programs))
    once_imported("asyncio", replace_loop)


def once_imported(name, change):
    """Changes a module: now, or when it is imported."""
    if name in sys.modules:
        change(sys.modules[name])
    else:
        sys.meta_path.insert(0, Afterwards(name, change))


class Afterwards:
    """Changes a module when it is imported."""

    def __init__(self, name, change):
        self.name, self.change = name, change

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        run_module = spec.loader.exec_module

        def exec_module(module):
            run_module(module)
            self.change(module)

        spec.loader.exec_module = exec_module
        return spec


def replace_loop(asyncio):
    import time

    class Selector:
        def select(self, timeout=None):
            if timeout:
                time.sleep(timeout)
            return []

    class Loop(asyncio.base_events.BaseEventLoop):
        _selector = Selector()

        def _process_events(self, events):
            pass

        def _write_to_self(self):
            pass

    class Policy(asyncio.events._BaseDefaultEventLoopPolicy):
        _loop_factory = Loop

    # The loader's own loop, which is the page's, counts as running all the time.
    asyncio.events._set_running_loop(None)
    asyncio.run = asyncio.runners.run
    asyncio.events._set_event_loop_policy(Policy())


def close():
    try:
        atexit._run_exitfuncs()
    finally:
        for stream in (sys.stdout, sys.stderr):
            # A program may have closed it, or put something else in its place.
            if stream is not None and not getattr(stream, "closed", False):
                stream.flush()


def main(words, env, cwd, note):
    """Runs the command line; the exit code."""
    try:
        kind, what, sys.argv, options = parse(words[1:])
        sys.orig_argv = list(words)
        if kind == "version":
            print("Python", sys.version.split()[0])
            return 0
        if kind == "help":
            print(USAGE, end="")
            return 0
        set_up(options, env, cwd, note)
        code = guarded(lambda: run(kind, what, min(options["flags"].count("O"), 2)))
    except Refused as refusal:
        text = str(refusal)
        # As the interpreter: what is wrong with an option is followed by how it is used.
        print(f"{text}{USAGE}Try `python3 -h' for more information." if text.endswith("\n") else f"python3: {text}", file=sys.stderr)
        code = 2
    finally:
        close()
    return code
