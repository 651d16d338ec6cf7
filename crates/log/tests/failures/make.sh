#!/usr/bin/env bash
# Writes the logs beside it anew, by running the real tools: `make.sh FOLDER`. What a tool prints differs between its
# versions; `reasons.tsv` says which line of each log tells the reason.
set -u
to=$(realpath "$1")
home=$(mktemp -d) && cd "$home"
run() { # NAME COMMAND: its two streams together, as they come
  local name=$1; shift
  mkdir -p "$home/$name" && cd "$home/$name"
  bash -c "$1" run.sh </dev/null >"$to/$name.log" 2>&1
  # Nobody's folders; where packages come from is of no interest.
  sed -i "s#$home/$name#/job#g; s#$home#/job#g; s#[^ \"']*/lib/python#/usr/lib/python#g; s#$HOME#/home/me#g
    /^Looking in /d" "$to/$name.log"
}
py() { run "$1" "cat > main.py <<'END'
$2
END
echo loading; ${3:-python3.11} ${4:-main.py}"; }

py py-value 'def f(x):
    return int(x)
f("a")'
py py-import 'import nosuchpackage'
py py-attribute 'import os
os.nosuch()' python3.13
py py-chained 'try:
    {}["a"]
except KeyError as e:
    raise RuntimeError("no config") from e'
py py-during 'try:
    1/0
except ZeroDivisionError:
    open("/nonexistent/x")'
py py-group 'import asyncio
async def a(): raise ValueError("first")
async def b(): raise TypeError("second")
async def main():
    async with asyncio.TaskGroup() as g:
        g.create_task(a()); g.create_task(b())
asyncio.run(main())' python3.12
py py-custom 'class Problem(Exception): pass
raise Problem("the data is empty:\nrow 1\nrow 2")'
py py-syntax 'print("a"
x = 1'
py py-indent 'def f():
pass'
py py-exit 'import sys
sys.exit("no input given")'
py py-recursion 'def f(): return f()
f()' python3.12
py py-memory 'x = bytearray(1 << 62)'
py py-argparse 'import argparse
p = argparse.ArgumentParser(); p.add_argument("--lr", type=float); p.parse_args()' python3.11 'main.py --lr abc'
py py-called 'import subprocess
subprocess.run(["bash", "-c", "cat nosuch.csv"], check=True)'
py py-thread 'import threading
def f(): raise OSError("thread broke")
t = threading.Thread(target=f); t.start(); t.join(); raise SystemExit(1)'
py py-pool 'import multiprocessing
def f(x): return 1 // x
if __name__ == "__main__":
    with multiprocessing.Pool(2) as p: p.map(f, [1, 0])'
py py-logged 'import logging, sys
logging.basicConfig(level=logging.INFO)
try:
    int("x")
except ValueError:
    logging.exception("row 3 cannot be read")
sys.exit(1)'
py py-27 'print undefined_name' python2.7
py py-json 'import json
json.loads("{")'
py py-unicode 'print(open("main.bin", encoding="utf-8").read())' 'printf "\xff\xfe" > main.bin; python3.11'
py py-assert 'assert 1 + 1 == 3, "sums are off"'
py py-faulthandler 'import faulthandler, ctypes; faulthandler.enable(); ctypes.string_at(0)'
py py-unittest 'import unittest
class T(unittest.TestCase):
    def test_a(self): self.assertEqual(1, 2)
    def test_b(self): raise KeyError("b")
unittest.main()'
py py-note 'e = ValueError("bad shape"); e.add_note("in layer 3"); raise e'
run py-nofile 'python3 train.py --epochs 3'
run py-nomodule 'python3.11 -m nosuch.tool'
PYTEST=${PYTEST:-pytest}
run pytest-assert "printf 'def test_a():\n    assert 2 == 3\n' > test_a.py; $PYTEST -q --color=no"
run pytest-colour "printf 'def test_a():\n    assert {\"a\": 1} == {\"a\": 2}\n' > test_a.py; $PYTEST --color=yes"
run pytest-import "printf 'import nosuch\n' > test_a.py; $PYTEST"
run pytest-raise "printf 'def f():\n    raise OSError(\"disk\")\ndef test_a():\n    f()\n' > test_a.py; $PYTEST"
run pytest-none "$PYTEST nosuch_test.py"
run pip-version 'pip download --no-deps six==99.0'
run pip-name 'pip download --no-deps nosuchpackage-jobsphere-xyz'
run pip-build "mkdir p; printf 'import nosuch_build_helper\n' > p/setup.py; python3.11 -m pip install --no-deps --target t ./p"
run pip-requirements 'pip install -r requirements.txt'
run gcc-error "printf 'int main() { int x = 1\n return x; }\n' > main.c; gcc main.c"
run gcc-header "printf '#include <nosuch.h>\nint main() {}\n' > main.c; gcc main.c"
run gcc-link "printf 'int f(); int main() { return f(); }\n' > main.c; gcc main.c"
run gcc-library "printf 'int main() {}\n' > main.c; gcc main.c -lnosuch"
run gpp-template "printf '#include <vector>\nint main() { std::vector<int> v; v.push_back(\"a\"); }\n' > main.cpp; g++ -c main.cpp"
run c-segfault "printf 'int main() { *(volatile int*)0 = 1; }\n' > main.c; gcc -w main.c && ./a.out"
run c-assert "printf '#include <assert.h>\nint main() { assert(1 > 2); }\n' > main.c; gcc main.c && ./a.out"
run cpp-throw "printf '#include <stdexcept>\nint main() { throw std::runtime_error(\"no model\"); }\n' > main.cpp; g++ main.cpp && ./a.out"
run c-free "printf '#include <stdlib.h>\nint main() { char* p = malloc(8); free(p); free(p); }\n' > main.c; gcc -w main.c && ./a.out"
run make-rule 'printf "all: nosuch.o\n" > Makefile; make'
run make-command 'printf "all:\n\tnosuchtool --build\n" > Makefile; make'
run make-compile 'printf "all:\n\tgcc main.c\n" > Makefile; printf "int main() { return y; }\n" > main.c; make'
run cargo-compile 'cargo init -q --name a --vcs none; printf "fn main() { let x: u8 = \"a\"; }\n" > src/main.rs; cargo run --offline'
run cargo-panic 'cargo init -q --name a --vcs none; printf "fn main() { let v: Vec<u8> = vec![]; println!(\"{}\", v[3]); }\n" > src/main.rs; cargo run -q --offline'
run cargo-test 'cargo init -q --name a --lib --vcs none; cargo test --offline -q 2>/dev/null >/dev/null; sed -i "s/assert_eq!(result, 4)/assert_eq!(result, 5)/" src/lib.rs; cargo test --offline'
run cargo-missing 'cargo build'
run node-throw 'echo "function f() { throw new TypeError(\"no rows\") } f()" > main.js; node main.js'
run node-module 'echo "require(\"nosuch\")" > main.js; node main.js'
run node-syntax 'echo "let x = {" > main.js; node main.js'
run node-reject 'echo "Promise.reject(new Error(\"late\"))" > main.js; node main.js'
run node-test 'printf "const t = require(\"node:test\"), a = require(\"assert\"); t(\"adds\", () => a.equal(1, 2))" > a.test.js; node --test --test-reporter=tap a.test.js'
run npm-script 'echo "{}" > package.json; npm run build'
run npm-package 'npm install --no-audit nosuchpackage-jobsphere-xyz'
run npm-fails "echo '{\"scripts\": {\"build\": \"node nosuch.js\"}}' > package.json; npm run build"
run apt-package 'apt-get install -y --no-install-recommends nosuchpackage-jobsphere'
run sh-command 'sh -c "pyhton main.py"'
run bash-command 'pyhton main.py'
run bash-file 'cat data.csv | wc -l; ./run.sh'
run bash-permission 'echo "echo a" > run.sh; ./run.sh'
run bash-syntax 'printf "if true; then\necho a\n" > a.sh; bash a.sh'
run bash-unset 'set -u; echo $NOSUCH'
run dash-unset 'dash -c "set -u; echo \$NOSUCH"'
run bash-killed 'bash -c "kill -9 \$\$"; true; sh -c "sh -c \"kill -9 \\\$\\\$\"; exit 137"'
run cd-missing 'cd build && make'
run perl-die 'echo "die \"no rows\" unless 0;" > main.pl; perl main.pl'
run perl-module 'echo "use No::Such;" > main.pl; perl main.pl'
run java-throw "printf 'public class Main { public static void main(String[] a) { try { Integer.parseInt(\"x\"); } catch (Exception e) { throw new IllegalStateException(\"no number\", e); } } }' > Main.java; javac Main.java && java Main"
run javac-error "printf 'public class Main { int x = }' > Main.java; javac Main.java"
run git-repository 'git log'
run git-branch 'git init -q .; git checkout nosuch'
run tar-missing 'tar xzf data.tar.gz'
run tar-format 'echo a > data.tar.gz; tar xzf data.tar.gz'
run unzip-missing 'unzip data.zip'
run curl-host 'curl -sS http://nowhere.invalid/'
run wget-host 'wget http://nowhere.invalid/'
run jq-parse 'echo "{" | jq .'
run sqlite-table 'sqlite3 a.db "select * from nosuch"'
run tcl-error 'echo "error {no rows}" > a.tcl; tclsh a.tcl'
run disk-full 'dd if=/dev/zero of=/dev/full bs=1024 count=1'
rm -rf "$home"
