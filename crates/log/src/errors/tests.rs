use super::*;

fn grade(line: &str) -> Option<Grade> {
    let errors = Errors::new().expect("words");
    let is_looked_at = errors.next_word(line.as_bytes(), 0).is_some() || begins_as_one(line.as_bytes());
    errors.grade(line).filter(|_| is_looked_at)
}

#[test]
fn errors_are_told_from_words_about_them() {
    for line in [
        "Traceback (most recent call last):",
        "ValueError: no such column",
        "sqlalchemy.exc.OperationalError: (sqlite3) locked",
        "json.decoder.JSONDecodeError: Expecting value",
        "AssertionError",
        "KeyboardInterrupt",
        "error: could not compile `x`",
        "error[E0308]: mismatched types",
        "main.c:3:5: error: expected ;",
        "debug.c:3: error: expected ;",
        "errors.c:3:5: error: expected ;",
        "ERROR: Could not find a version that satisfies the requirement x",
        "2026-01-01 10:00:00 ERROR trainer lost",
        "2026-01-01 10:00:00,123 - root - ERROR - lost",
        "[ERROR] lost",
        "CRITICAL:root:no",
        "FATAL no disk",
        "fatal: not a git repository",
        "thread 'main' panicked at src/main.rs:1:1:",
        "panic: runtime error: index out of range",
        "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried",
        "RuntimeError: CUDA error: device-side assert",
        "Killed",
        "sh: line 1:    42 Killed                  python main.py",
        "Out of memory: Killed process 42",
        "Segmentation fault (core dumped)",
        "npm ERR! code E404",
        "Error: 404",
        "FAILED tests/test_error.py::test_a - assert 1 == 2",
        "FAILED tests/test_sum.py::test_two - assert 2 == 3",
        "Failed to initialize NVML: Driver/library version mismatch",
        "x.py: error: unrecognized arguments: --foo",
    ] {
        assert!(grade(line).is_some(), "{line}");
    }
    for line in [
        "0 errors, 3 warnings",
        "mean error: 0.123",
        "error: 1.5e-3",
        "error: 0",
        "Error: 0.05",
        "errors: 0, failures: 0",
        "PASSED 12 ERROR 0 SKIPPED 1",
        "error rate falls",
        "terror: of the sea",
        "no exceptions here",
        "no error: all is well",
        "critical section",
        "skilled worker",
        "do not panic",
        "the killed process was cleaned",
        "fatalistic",
        "compiling errors.c",
        "src/error.rs: formatted",
        "test_error_handling PASSED",
        "ok 5 - throws error: bad input",
        "  ✓ shows error: bad",
        "test tests::error ... ok",
        "cc -Wall -Werror -c main.c",
        "log level = ERROR",
        "--log-level=ERROR",
        "WARNING: Retrying after connection broken by 'NewConnectionError: Name or service not known'",
        "2026-01-01 10:00:00 WARNING worker: error: will try again",
        "INFO: recovered from ValueError: x",
        "checking for nvcc... not found",
        "tests failed: 0",
        "0 failed, 12 passed",
        "Assertions: 12 passed",
        "E",
        "Emma: 5",
    ] {
        assert_eq!(grade(line), None, "{line}");
    }
}

#[test]
fn what_ended_a_program_says_more_than_what_follows_from_it() {
    for line in [
        "E       assert 2 == 3",
        "\u{1b}[1m\u{1b}[31mE   \u{1b}[0m\u{1b}[31mValueError: no\u{1b}[0m",
        "E: Unable to locate package libfoo-dev",
        "sh: 1: pyhton: not found",
        "run.sh: line 3: foo: command not found",
        "bash: ./x: Permission denied",
        "cat: data.csv: No such file or directory",
        "python3: can't open file '/job/train.py': [Errno 2] No such file or directory",
        "/usr/bin/python3: No module named nosuch",
        "bash: -c: line 1: syntax error near unexpected token `('",
        "curl: (6) Could not resolve host: nowhere.invalid",
        "main.c:3:5: error: expected ';' before '}' token",
        "./main.go:5:2: undefined: x",
        "    sum_test.go:7: got 1, want 2",
        "main.c:(.text+0x5): undefined reference to `foo'",
        "/usr/bin/ld: cannot find -lfoo: No such file or directory",
        "make: *** No rule to make target 'x'.  Stop.",
        "npm error 404 Not Found - GET https://registry.npmjs.org/x - Not found",
        "npm error Missing script: \"build\"",
        "a.out: main.c:4: main: Assertion `x > 1' failed.",
        "free(): invalid pointer",
        "broke at main.pl line 3.",
        "a.rb:1:in `<main>': undefined local variable or method `x' (NameError)",
        "not ok 3 - adds",
        "RuntimeError: No CUDA GPUs are available: CUDA error: no device",
        "Fatal Python error: Segmentation fault",
    ] {
        let shown = line
            .replace("\u{1b}[1m", "")
            .replace("\u{1b}[31m", "")
            .replace("\u{1b}[0m", "");
        assert!(begins_as_one(line.as_bytes()) == begins_as_one(shown.as_bytes()));
        assert_eq!(grade(&shown), Some(Grade::Cause), "{line}");
    }
    for line in [
        "make: *** [Makefile:2: all] Error 1",
        "make[1]: *** [CMakeFiles/Makefile2:83: all] Error 2",
        "error: could not compile `x` (bin \"x\") due to 1 previous error",
        "collect2: error: ld returned 1 exit status",
        "error: subprocess-exited-with-error",
        "npm error code ELIFECYCLE",
        "subprocess.CalledProcessError: Command '['false']' returned non-zero exit status 1.",
        "FAILED (failures=1)",
    ] {
        assert_eq!(grade(line), Some(Grade::Sign), "{line}");
    }
}
