"""Projects as people have them, in the shapes of the official examples, run by the command-line client."""

import os
import subprocess
import sys
import unittest

import jobsphere

MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"
ODD = "my data (1).txt"


def manual(local_paths, requirements="requirements.txt"):
    return (
        "env:\n  python:\n    type: manual\n"
        f"    version: '{MINOR}'\n    requirements-file: {requirements}\n"
        f"    local-paths: [{', '.join(local_paths)}]\n"
    )


class Projects(jobsphere.Test):
    def operator(self, *arguments, text=""):
        """Runs a command of the server's program on its data folder."""
        ended = subprocess.run(
            [jobsphere.SERVER, *arguments, "--data-dir", self.server.data_dir.name],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended.stdout

    def system_log(self):
        return (self.folder / "system.log").read_text()

    def test_program_and_data_travel_as_local_paths(self):
        self.write("requirements.txt", "")
        self.write("steps/__init__.py", "def total(numbers): return sum(numbers)\n")
        self.write("bin/run.py", "import os, sys\nfrom steps import total\n"
                   "colour = open('settings.env').read().split('=')[1].strip()\n"
                   "numbers = [int(line) for line in open('conf/numbers.txt')]\n"
                   "os.makedirs('results')\n"
                   "open('results/sum.txt', 'w').write(f'{total(numbers)} {colour}')\n"
                   "print(os.environ['PYTHONPATH'].split(':'), os.getcwd())\n")
        self.write("conf/numbers.txt", "1\n2\n3\n")
        self.write("settings.env", "COLOUR=green\n")
        self.write("hello.sh", "#!/bin/sh\necho hello from $0\n")
        config = (
            "cmd: ./hello.sh && python bin/run.py\noutputs: [results]\n"
            + manual(["steps", "bin/", "conf", "settings.env", "hello.sh"])
            + "  vars:\n    - PYTHONPATH: /of/the/user\n"
        )
        said, _ = self.execute(config)
        self.assertEqual(self.read("results/sum.txt"), "6 green")
        self.assertIn("hello from ./hello.sh", said)
        self.assertRegex(said, r"\['/of/the/user', '([^']+)'\] \1\n")

    def test_an_input_stays_where_a_module_has_another_file(self):
        self.write("requirements.txt", "")
        self.write("shared/same.txt", "the same")
        self.write("shared/mine.txt", "of the module")
        self.write("shared/new.txt", "new")
        self.write("other/shared/mine.txt", "of the input")
        os.makedirs(self.folder / "run")
        # The folder of the same name, from elsewhere, is an input.
        self.write("run/shared/mine.txt", "of the input")
        self.write("run/shared/same.txt", "the same")
        self.write("run/lib/shared/mine.txt", "of the module")
        self.write("run/lib/shared/same.txt", "the same")
        self.write("run/lib/shared/new.txt", "new")
        self.write("run/requirements.txt", "")
        config = "cmd: cat shared/mine.txt shared/new.txt\ninputs: [shared]\n" + manual(["lib/shared"])
        self.folder = self.folder / "run"
        said, _ = self.execute(config)
        self.assertIn("of the inputnew", said)
        said = self.system_log()
        self.assertIn("`shared/mine.txt`", said)
        self.assertNotIn("same.txt", said)

    def test_a_variable_holds_wherever_the_command_goes(self):
        self.write("data.txt", "1\n2\n")
        self.write("parts/p.txt", "p")
        self.write("job.py", "import os, sys\nos.chdir('/')\n"
                   "open(sys.argv[1], 'w').write(' '.join(os.listdir(sys.argv[2])))\n")
        self.execute(
            "cmd: |\n  mkdir -p deep/er\n  cd deep/er\n  wc -l < ${DATA} > ${RESULT}\n  python3 ${JOB} ${SECOND} ${PARTS}\n"
            "inputs:\n  - data.txt: DATA\n  - job.py: JOB\n  - parts: PARTS\n"
            "outputs:\n  - result.txt: RESULT\n  - out/second.txt: SECOND\n"
        )
        self.assertEqual(self.read("result.txt").strip(), "2")
        self.assertEqual(self.read("out/second.txt"), "p.txt")

    def test_a_path_with_a_blank_is_itself_in_every_kind_of_quotes(self):
        self.write(ODD, "twelve bytes")
        for cmd, expected in [
            ("|\n  # it doesn't matter\n  wc -c < ${IN}", "12"),
            ("|\n  n=\"$(wc -c < \"${IN}\")\"\n  echo \"bytes=$n\"", "bytes=12"),
            ("|\n  cat <<EOF\n  it's at ${IN}\n  EOF", f"/{ODD}"),
            ("|\n  python3 -c 'print(len(open(\"${IN}\").read()))'", "12"),
            ("printf '%s\\n' \"${IN}\".bak", f"/{ODD}.bak"),
        ]:
            said, _ = self.execute(f"cmd: {cmd}\ninputs:\n  - {ODD}: IN\n")
            self.assertIn(expected, said, cmd)
        self.write("config.yaml", f"cmd: |\n  true\n  echo $((${{IN}} + 1))\ninputs:\n  - {ODD}: IN\n")
        said = self.job("execute", "-p", "default", "-c", "config.yaml", code=1)
        self.assertRegex(said, r"job_parameters\.cmd.*line 2.*IN")

    def test_names_that_a_shell_does_not_know_reach_programs(self):
        self.operator("secret", "set", "MY-SECRET", text="of the project")
        program = "import os; print(os.environ['MY-SECRET'], os.environ['spark.master'], os.environ['MY-TOKEN'])"
        self.write("show.py", program)
        said, _ = self.execute(
            "cmd: python3 show.py; printenv MY-TOKEN\ninputs: [show.py]\n"
            "env:\n  vars:\n    - MY-TOKEN: token\n    - spark.master: local\n"
        )
        # The log goes through the client; the value is the program's own print.
        self.assertIn("of the project local token", said)

    def test_secret_dataset_and_project_disk_together(self):
        self.operator("secret", "set", "PLAIN_SECRET", text="hidden")
        made = "output-datasets:\n  - name: words\n    var: WORDS\n    size: 100Gb\n"
        said, _ = self.execute("cmd: echo from the dataset > ${WORDS}/w.txt\n" + made)
        listed = self.operator("dataset", "list")
        dataset = next(word for line in listed.splitlines() for word in line.split() if len(word) == 20 and word.isalnum())
        config = (
            "cmd: cat ${DATA}/w.txt; echo \"$PLAIN_SECRET\" >> ${DS_PROJECT_HOME}/kept.txt;"
            " wc -l < ${DS_PROJECT_HOME}/kept.txt\n"
            f"datasets:\n  - {dataset}: DATA\nflags: [attach-project-disk]\n"
        )
        said, _ = self.execute(config)
        self.assertIn("from the dataset", said)
        self.assertIn("1", said)
        said, _ = self.execute(config)
        self.assertRegex(said, r"(?m)\b2$")

    def test_an_auto_environment_with_a_package_and_a_package_of_ones_own(self):
        self.write("ours/__init__.py", "")
        self.write("ours/deep/__init__.py", "import six\n\ndef version(): return six.__version__\n")
        self.write("main.py", "import sys\nfrom ours.deep import version\nimport six\n"
                   "if __name__ == '__main__':\n"
                   "    print('six', version(), version() == six.__version__, sys.prefix != sys.base_prefix)\n")
        said, _ = self.execute("cmd: python3 main.py\nenv:\n  python: auto\n")
        self.assertRegex(said, r"six [\d.]+ True True")

    def test_python_without_any_package(self):
        self.write("main.py", "import sys\nprint('ran', sys.version_info[1])\n")
        self.write("requirements.txt", "")
        said, _ = self.execute("cmd: python main.py && python3 main.py && pip --version\n" + manual(["main.py"]))
        self.assertEqual(said.count(f"ran {sys.version_info[1]}"), 2)
        self.assertRegex(said, r"pip \d+")
        # Without an environment too.
        said, _ = self.execute("cmd: python -c 'print(6 * 7)'\n")
        self.assertIn("42", said)

    def test_a_command_may_install_more_into_its_environment(self):
        self.write("requirements.txt", "six==1.16.0\n")
        said, _ = self.execute(
            "cmd: pip install --quiet six==1.15.0 && python -c 'import six; print(\"own\", six.__version__)'"
            " && python -m venv mine && mine/bin/pip install --quiet six==1.14.0"
            " && mine/bin/python -c 'import six; print(\"mine\", six.__version__)'\n" + manual(["requirements.txt"])
        )
        self.assertIn("own 1.15.0", said)
        self.assertIn("mine 1.14.0", said)
        said, _ = self.execute("cmd: python -c 'import six; print(six.__version__)'\n" + manual(["requirements.txt"]))
        self.assertIn("1.16.0", said)

    def test_what_a_command_installs_is_installed_as_into_any_environment(self):
        self.write("requirements.txt", "six==1.16.0\npytest==8.3.4\nzope.event==5.0\n")
        self.write("local/pyproject.toml", '[project]\nname = "ours"\nversion = "2.5"\n[project.scripts]\nours = "ours:run"\n'
                   '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n')
        self.write("local/ours.py", "def run(): print('ours runs')\n")
        self.write("test_it.py", "import six, ours\ndef test(): assert six.__version__ == '1.15.0'\n")
        cmd = "\n  ".join([
            "set -e",
            "pip install -q six==1.17.0 && python -c 'import six; print(\"first\", six.__version__)'",
            # Another version of what was installed before, and of what its Python has already.
            "pip install -q six==1.15.0 && python -c 'import six; print(\"then\", six.__version__)'",
            # Packages that share a folder with one of the environment.
            "pip install -q zope.interface==7.2",
            "python -c 'import zope.event, zope.interface; print(\"both parts\")'",
            # Programs of the second and of every later installation.
            "pip install -q pyjokes==0.6.0 && pip install -q cowsay==6.1 && pyjoke > /dev/null && cowsay -t moo > /dev/null",
            "python -m pip install -q ./local && ours",
            "pip uninstall -q -y ours && test ! -e $VIRTUAL_ENV/bin/ours && echo gone",
            "pip install -q -e ./local && ours",
            # A program of the environment sees what was installed above it.
            "pytest -q test_it.py",
            "pip check",
        ])
        said, _ = self.execute(f"cmd: |\n  {cmd}\n" + manual(["requirements.txt", "local", "test_it.py"]))
        for words in ("first 1.17.0", "then 1.15.0", "both parts", "gone", "1 passed", "No broken requirements"):
            self.assertIn(words, said)
        self.assertEqual(said.count("ours runs"), 2)
        self.assertNotIn("notice", said)

    def test_an_empty_folder_this_folder_and_an_empty_file(self):
        os.makedirs(self.folder / "empty")
        said, _ = self.execute("cmd: test -d ${E} && ls -a ${E} && touch ${E}/made && echo there\ninputs:\n  - empty: E\n")
        self.assertIn("there", said)
        self.write("work/x.txt", "x of this folder")
        for entry in ("- .: HERE", "- ./"):
            cmd = "cat ${HERE}/work/x.txt" if "HERE" in entry else "cat work/x.txt"
            said, _ = self.execute(f"cmd: {cmd}\ninputs:\n  {entry}\n")
            self.assertIn("x of this folder", said)
        self.write("zero.bin", "")
        self.execute(
            "cmd: wc -c < ${Z} > sizes.txt && touch ${N}\ninputs:\n  - zero.bin: Z\n"
            "outputs:\n  - sizes.txt\n  - nothing.bin: N\n"
        )
        self.assertEqual(self.read("sizes.txt").strip(), "0")
        self.assertEqual(self.read("nothing.bin"), "")

    def test_a_long_log_that_comes_at_once_is_read_to_its_end(self):
        self.execute("cmd: |\n  python3 -c \"for number in range(100_000): print('line', number, 'x' * 40)\"\n  printf 'd\\351j\\340\\n'\n  echo vu\n")
        written = (self.folder / "stdout.txt").read_text().splitlines()
        said = [line for line in written if line.startswith("line ")]
        self.assertEqual((len(said), said[-1].split()[1]), (100_000, "99999"))
        # A line that is no text costs no other.
        self.assertEqual(written[-1], "vu")

    def test_an_absolute_output_is_found_where_the_command_was_told_or_where_it_says(self):
        for to in ("${MADE}", f"{self.folder}/made.txt"):
            self.execute(f"cmd: mkdir -p {self.folder} && echo made > {to}\noutputs:\n  - {self.folder}/made.txt: MADE\n")
            self.assertEqual(self.read("made.txt"), "made\n")
            (self.folder / "made.txt").unlink()

    def test_streams_can_be_opened_by_name(self):
        said, _ = self.execute(
            "cmd: |\n  set -e\n  echo one > /dev/stdout; echo two >> /dev/fd/2; echo three | tee /dev/stderr > /dev/null\n"
            "  python3 -c \"open('/dev/stdout', 'w').write('four')\"\n"
        )
        for word in ("one", "two", "three", "four"):
            self.assertIn(word, said)

    def test_readers_of_what_a_shell_writes_come_to_their_end(self):
        self.write("run.sh", "exec > >(while read line; do echo \"T $line\"; done | tee log.txt) 2>&1\n"
                   "for i in $(seq 2000); do echo line $i; done\necho FINAL\n")
        self.execute("cmd: bash run.sh\ninputs: [run.sh]\noutputs: [log.txt]\n")
        self.assertEqual(self.read("log.txt").splitlines()[-1], "T FINAL")
        self.assertEqual((self.folder / "stdout.txt").read_text().splitlines()[-1], "T FINAL")
        # What goes on without being waited for is ended, and that is said.
        self.execute("cmd: nohup sleep 600 > log.txt 2>&1 &\n")
        self.assertIn("left processes in the background", self.system_log())

    def test_folders_of_outputs_are_the_commands_to_make(self):
        self.execute(
            "cmd: |\n  set -e\n  mkdir logs; echo y > logs/train.log; echo x > ${MODEL}; mkdir ${ALL}; echo z > ${ALL}m.txt\n"
            "outputs: [logs/train.log, {out/model.bin: MODEL}, {res/: ALL}]\n"
        )
        self.assertEqual([self.read(name) for name in ("logs/train.log", "out/model.bin", "res/m.txt")], ["y\n", "x\n", "z\n"])

    def test_names_that_are_no_text_are_told_apart_and_listed(self):
        said, _ = self.execute(
            "cmd: |\n  mkdir -p out\n  printf one > \"out/$(printf 'r\\351sum\\351.txt')\"\n"
            "  printf two > \"out/$(printf 'r\\350sum\\350.txt')\"\n  printf three > out/plain.txt\noutputs: [out]\n"
        )
        found = sorted(path.read_text() for path in (self.folder / "out").iterdir())
        self.assertEqual(found, ["one", "three", "two"])
        self.assertIn("r\\xe9sum\\xe9.txt", self.system_log())

    def test_a_command_may_install_beside_the_python_of_the_machine(self):
        said, _ = self.execute(
            "cmd: python3 -m pip install --quiet --no-warn-script-location pyjokes==0.6.0"
            " && python3 -c 'import pyjokes; print(\"from\", pyjokes.__file__)' && pyjoke >/dev/null && echo its program\n"
        )
        self.assertRegex(said, r"from \S*/\.local/")
        self.assertIn("its program", said)

    def test_a_login_shell_has_the_environment_and_the_user_a_name(self):
        self.write("requirements.txt", "six==1.16.0\n")
        said, _ = self.execute(
            "cmd: |\n  bash -lc 'python -c \"import six; print(\\\"six\\\", six.__version__)\"'\n"
            "  python -c 'import getpass; print(\"I am\", getpass.getuser())'\n"
            "  python -c 'import os, pwd; print(\"named\", pwd.getpwuid(os.getuid()).pw_name, pwd.getpwuid(0).pw_name)'\n"
            + manual(["requirements.txt"])
        )
        self.assertIn("six 1.16.0", said)
        self.assertRegex(said, r"I am \w+")
        self.assertRegex(said, r"named \w+ root")

    def test_a_path_is_itself_in_a_script_of_another_shell(self):
        self.write(ODD, "twelve bytes")
        for cmd in (
            "bash -c \"wc -c < ${IN}\"",
            "bash -ec 'wc -c < \"${IN}\"'",
            "eval \"wc -c < ${IN}\"",
            "|\n  sh <<EOF\n  wc -c < ${IN}\n  EOF",
        ):
            said, _ = self.execute(f"cmd: {cmd}\ninputs:\n  - {ODD}: IN\n")
            self.assertRegex(said, r"(?m)\b12$", cmd)

    def test_a_traceback_keeps_its_indentation(self):
        self.write("fail.py", "def f():\n    raise ValueError('no')\nf()\n")
        said = self.execute("cmd: python3 fail.py\ninputs: [fail.py]\n", code=1)[0]
        self.assertRegex(said, r'(?m)  File ".*fail.py", line 3')
        self.assertRegex(said, r"(?m)    raise ValueError")

    def test_a_command_folded_over_lines_says_what_it_became(self):
        self.execute("cmd: >\n  python3 -V\n    --data x\n", code=1)
        self.assertIn("begins with `--data`", self.system_log())

    def test_a_link_to_a_folder_is_what_is_there(self):
        self.execute("cmd: mkdir -p out/ckpt-9; echo model > out/ckpt-9/model.pt; ln -s ckpt-9 out/latest\noutputs: [out]\n")
        self.assertEqual(self.read("out/latest/model.pt"), "model\n")

    def test_a_russian_log_keeps_its_lines(self):
        lines = [f"строка {number:04d} " + "жёлтый ключ " * (number % 9) + "конец😀" for number in range(2000)]
        self.write("lines.txt", "\n".join(lines) + "\n")
        self.write("show.py", "import sys\nfor line in open('lines.txt', encoding='utf-8'): print(line, end='')\n")
        for python in ("python3", "python3 -u"):
            self.execute(f"cmd: {python} show.py\ninputs: [show.py, lines.txt]\n")
            written = (self.folder / "stdout.txt").read_text(encoding="utf-8").splitlines()
            self.assertEqual(written[-2000:], lines, python)
            self.assertNotIn("non-utf8", "".join(written))
            (self.folder / "stdout.txt").unlink()

    def test_a_folder_comes_back_though_parts_of_it_are_closed(self):
        self.execute(
            "cmd: |\n  mkdir -p go/mod out\n  echo module > go/mod/go.mod\n  chmod 0444 go/mod/go.mod\n  chmod 0555 go/mod\n"
            "  echo open > out/open.txt\n  echo closed > out/closed.txt\n  chmod 0000 out/closed.txt\noutputs: [out, go]\n"
        )
        self.assertEqual(self.read("out/open.txt"), "open\n")
        self.assertEqual(self.read("go/mod/go.mod"), "module\n")


if __name__ == "__main__":
    unittest.main()
