//! What programs write of their own end, by the forms they use: shells and the system, compilers and linkers, package
//! managers, test runners, runtimes of languages.

use super::Grade;

/// What a line of one of these forms tells.
pub(super) fn grade(text: &str) -> Option<Grade> {
    if is_sign(text) {
        return Some(Grade::Sign);
    }
    let is_cause = [
        of_system,
        of_compiler,
        of_linker,
        of_packages,
        of_tests,
        of_runtime,
        of_device,
    ]
    .iter()
    .any(|form| form(text));
    is_cause.then_some(Grade::Cause)
}

/// Headings, and what follows from a failure that was told before.
fn is_sign(text: &str) -> bool {
    const BEGIN: [&str; 30] = [
        "FAILED (",
        "FAILURES!",
        "BUILD FAILED",
        "FAILURE: Build failed",
        "FAIL: ",
        "FAIL\t",
        "--- FAIL: ",
        "ERROR: subprocess-exited",
        "ERROR: Failed building wheel",
        "ERROR: Could not build wheels",
        "ERROR: Failed to build",
        "error: subprocess-exited-with-error",
        "error: metadata-generation-failed",
        "error: could not compile",
        "error: aborting due to",
        "error: test failed",
        "error: failed-wheel-build",
        "error: recipe `",
        "npm error code",
        "npm error errno",
        "npm error syscall",
        "npm error path",
        "npm error A complete log",
        "npm error command",
        "npm error Lifecycle script",
        "npm error workspace",
        "npm error location",
        "terminate called after",
        "Execution halted",
        "Caused by: ",
    ];
    const INSIDE: [&str; 11] = [
        "Traceback (most recent call last):",
        "ld returned ",
        "CalledProcessError",
        "ChildFailedError",
        "returned non-zero exit status",
        "failed with exit code",
        "failed with exit status",
        "panicked at ",
        "npm ERR! code",
        "npm ERR! A complete log",
        "Process completed with exit code",
    ];
    let start = text.trim_start();
    BEGIN.iter().any(|begin| start.starts_with(begin))
        || INSIDE.iter().any(|inside| text.contains(inside)) && !is_old_panic(text)
        || start.starts_with("make") && text.contains(": *** ") && !text.ends_with("Stop.")
        || text.starts_with("Exception in thread ") && text.ends_with(':')
        || matches!(start, "npm error" | "npm ERR!" | "FAIL" | "FAILED")
}

/// `thread 'main' panicked at 'what', src/main.rs:2:5`: before Rust 1.73 the reason stood in the same line.
fn is_old_panic(text: &str) -> bool {
    text.contains("panicked at '") || text.contains("panicked at \"")
}

/// `sh: 1: foo: not found`, `cat: x: No such file or directory`: who says it, of what, and the system's words, which end
/// the line.
fn of_system(text: &str) -> bool {
    const WORDS: [&str; 24] = [
        "not found",
        "no such file or directory",
        "permission denied",
        "is a directory",
        "not a directory",
        "cannot execute binary file: exec format error",
        "exec format error",
        "bad interpreter: no such file or directory",
        "unbound variable",
        "parameter not set",
        "bad substitution",
        "no space left on device",
        "disk quota exceeded",
        "argument list too long",
        "cannot allocate memory",
        "connection refused",
        "name or service not known",
        "temporary failure in name resolution",
        "operation not permitted",
        "read-only file system",
        "too many open files",
        "not in gzip format",
        "input/output error",
        "illegal seek",
    ];
    const BEGIN: [&str; 10] = [
        "unrecognized option",
        "invalid option",
        "unknown option",
        "syntax error",
        "cannot find",
        "cannot open",
        "unable to resolve",
        "no module named",
        "can't open file",
        "error while finding module",
    ];
    let text = without_number(text).trim_end_matches(['.', ')', ']']);
    let Some((who, rest)) = text.split_once(": ").filter(|(who, _)| is_program(who)) else {
        return false;
    };
    let (who, rest) = (who.to_ascii_lowercase(), rest.to_ascii_lowercase());
    let ends = |word: &str| {
        rest.strip_suffix(word)
            .is_some_and(|of| of.is_empty() || of.ends_with([' ', ':']))
    };
    let is_python_path = who.contains("python") && BEGIN.iter().any(|begin| rest.starts_with(begin));
    let mut says = rest.split(": ").map(str::trim_start);
    let is_denied = rest.ends_with("... not found") || rest.ends_with("was not found");
    !is_denied
        && (WORDS.iter().any(|word| ends(word))
            || is_python_path
            || says.any(|says| BEGIN[..7].iter().any(|begin| says.starts_with(begin)))
            || who == "curl" && rest.starts_with('(')
            || rest.contains("could not resolve"))
}

/// `No such file or directory (2)` without the system's number.
fn without_number(text: &str) -> &str {
    let is_number = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    match text.strip_suffix(')').and_then(|text| text.rsplit_once(" (")) {
        Some((before, number)) if is_number(number) => before,
        _ => text,
    }
}

/// A program's name or path, perhaps with a place: `bash`, `/bin/sh`, `./run.sh`.
fn is_program(who: &str) -> bool {
    let who = who.strip_suffix(" (child)").unwrap_or(who);
    !who.starts_with('[')
        && who.len() < 200
        && !who.contains(char::is_whitespace)
        && !["info", "warning", "warn", "debug", "note", "notice", "hint"]
            .iter()
            .any(|level| who.eq_ignore_ascii_case(level))
        && who.chars().any(char::is_alphabetic)
}

/// `main.c:3:5: error: what`, `Main.java:3: error: what`, `./main.go:5:2: what`, `a.rb:1:in 'f': what (NameError)`.
fn of_compiler(text: &str) -> bool {
    let is_placed = |mark: &str| {
        let Some((place, what)) = text.split_once(mark) else {
            return false;
        };
        let place = place.trim_start();
        let number = place
            .rsplit([':', '(', ','])
            .next()
            .unwrap_or_default()
            .trim_end_matches(')');
        !what.is_empty()
            && !place.contains(": ")
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    if is_placed(": error: ") || is_placed(": fatal error: ") || is_placed(": error ") || text.starts_with("error[E") {
        return true;
    }
    let start = text.trim_start();
    if let Some((file, rest)) = start.split_once(".go:") {
        let mut parts = rest.splitn(3, ':');
        let line = parts.next().unwrap_or_default();
        let is_line = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
        let column = parts.next().unwrap_or_default();
        let is_column = !column.is_empty() && column.bytes().all(|byte| byte.is_ascii_digit());
        let is_test = file.ends_with("_test") && text.starts_with(' ');
        return is_line && !file.contains(char::is_whitespace) && (is_column && parts.next().is_some() || is_test);
    }
    start.contains(".rb:") && start.contains(":in ") && start.ends_with("Error)")
}

fn of_linker(text: &str) -> bool {
    text.contains("undefined reference to ")
        || text.contains("ld: cannot find ")
        || text.contains("ld: library not found")
        || text.contains("ld: symbol(s) not found")
        || text.contains(": *** ") && text.ends_with("Stop.")
        || text.starts_with("CMake Error")
}

fn of_packages(text: &str) -> bool {
    let apt = text
        .strip_prefix("E: ")
        .is_some_and(|what| what.starts_with(char::is_alphabetic));
    let npm = text
        .strip_prefix("npm error ")
        .or_else(|| text.strip_prefix("npm ERR! "));
    let npm = npm.is_some_and(|what| {
        what.starts_with("404 ") || what.starts_with("Missing script") || what.starts_with("notarget")
    });
    let node = text.starts_with("Error: Cannot find module");
    apt || npm || node || text.starts_with("nvcc fatal")
}

/// pytest's `E   what`, TAP's `not ok`.
fn of_tests(text: &str) -> bool {
    // A row of a table has numbers.
    let is_row = |what: &str| what.split_whitespace().all(|cell| cell.parse::<f64>().is_ok());
    text.strip_prefix("E  ").is_some_and(|what| !is_row(what)) || text.starts_with("not ok ")
}

fn of_runtime(text: &str) -> bool {
    let start = text.trim_start();
    is_old_panic(text)
        || start.starts_with("what():  ")
        || start.starts_with("Fatal Python error: ")
        || text.starts_with("Exception in thread ")
        || start.starts_with("fatal error: ") && !start.contains("warn")
        || start.starts_with("PHP Fatal error: ")
        || start.starts_with("syntax error at ")
        || start.starts_with("Error in ") && start.contains(" : ")
        || start.starts_with("Can't locate ") && start.contains("@INC")
        || start.contains("*** stack smashing detected ***")
        || [
            "double free or corruption",
            "free(): ",
            "malloc(): ",
            "corrupted size",
            "corrupted double",
        ]
        .iter()
        .any(|words| start.starts_with(words))
        || is_assertion(text)
        || is_perl(text)
}

/// C's `prog: main.c:4: main: Assertion `x > 1' failed.`
fn is_assertion(text: &str) -> bool {
    (text.contains(": Assertion `") || text.contains(": Assertion '")) && text.contains("' failed")
        || text.starts_with("Assertion failed: ")
}

/// Perl's `what at main.pl line 3.`
fn is_perl(text: &str) -> bool {
    let Some((what, place)) = text.rsplit_once(" line ") else {
        return false;
    };
    let is_number = place.trim_end_matches('.').bytes().all(|byte| byte.is_ascii_digit());
    what.contains(" at ") && (what.ends_with(".pl") || what.ends_with(".pm")) && is_number
}

/// Of accelerators.
fn of_device(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "CUDA out of memory",
        "CUDA error: ",
        "CUDA driver version is insufficient",
        "no CUDA-capable device is detected",
        "CUDA_ERROR_",
        "cuDNN error: ",
        "NCCL error",
        "CUBLAS_STATUS_",
        "HIP error: ",
    ];
    WORDS.iter().any(|word| text.contains(word)) && !text.contains("arning")
}
