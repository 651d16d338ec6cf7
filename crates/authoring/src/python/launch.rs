//! Which Python program a command starts.

use super::{
    command::commands,
    files::{Files, join, tidy},
};

/// What the command starts.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Launch {
    /// `python PATH`, or a script by itself. The path is as written, from the job's folder.
    Script(String),
    /// `python -m NAME`.
    Module {
        /// With its dots.
        name: String,
        /// Where the command is then, as a path in the job's folder.
        folder: String,
    },
}

/// Words that are followed by a command that they run.
const BEFORE_A_COMMAND: [&str; 14] = [
    "!", "{", "command", "do", "elif", "else", "env", "exec", "if", "nohup", "then", "time", "until", "while",
];

/// Options of the interpreter that have a value.
const WITH_VALUE: [char; 4] = ['c', 'm', 'W', 'X'];

/// The first command of `cmd` that runs a Python program: an interpreter with a file or `-m`, or a file that begins with
/// `#!` and names Python. A `cd` in front of it is followed, as are assignments and words such as `exec`. Programs that
/// start another (`torchrun main.py`) are not known.
pub(super) fn launch(cmd: &str, files: &Files) -> Option<Launch> {
    let mut folder = String::new();
    commands(cmd).iter().find_map(|words| {
        let mut words = words
            .iter()
            .map(String::as_str)
            .skip_while(|word| BEFORE_A_COMMAND.contains(word) || is_assignment(word));
        let program = words.next()?;
        if program == "cd" {
            if let Some(inner) = words.next().and_then(|to| tidy(&join(&folder, to))) {
                folder = inner;
            }
            return None;
        }
        let interpreted = is_interpreter(program).then(|| argument(words, &folder)).flatten();
        interpreted.or_else(|| {
            let path = join(&folder, program);
            is_script(&path, files).then_some(Launch::Script(path))
        })
    })
}

fn is_assignment(word: &str) -> bool {
    let Some((name, _)) = word.split_once('=') else {
        return false;
    };
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// `python`, `python3`, `python3.12`, `/usr/bin/python3`, `python.exe`.
fn is_interpreter(program: &str) -> bool {
    let name = program.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    name.strip_prefix("python").is_some_and(|version| {
        let version = version.trim_end_matches(['d', 'm', 't', 'u']);
        version.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
    })
}

/// What an interpreter with these arguments runs.
fn argument<'a>(mut words: impl Iterator<Item = &'a str>, folder: &str) -> Option<Launch> {
    let script = |path: &str| Some(Launch::Script(join(folder, path)));
    while let Some(word) = words.next() {
        match word.strip_prefix('-') {
            // The program comes from elsewhere.
            Some("") => return None,
            Some("-") => return words.next().and_then(script),
            Some("-check-hash-based-pycs") => {
                words.next();
            }
            Some(long) if long.starts_with('-') => {}
            Some(letters) => {
                let Some(at) = letters.find(WITH_VALUE) else { continue };
                let (option, value) = letters[at..].split_at(1);
                let value = if value.is_empty() { words.next()? } else { value };
                match option {
                    "c" => return None,
                    "m" => {
                        return Some(Launch::Module {
                            name: value.to_owned(),
                            folder: folder.to_owned(),
                        });
                    }
                    _ => {}
                }
            }
            None if word.starts_with(['<', '>']) => return None,
            None => return script(word),
        }
    }
    None
}

/// Whether the file begins with `#!` and names a Python.
fn is_script(path: &str, files: &Files) -> bool {
    let text = tidy(path).and_then(|path| files.text(&path)).unwrap_or_default();
    let line = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    line.strip_prefix("#!")
        .is_some_and(|hint| hint.split_whitespace().any(is_interpreter))
}

#[cfg(test)]
mod tests {
    use super::{super::Source, *};

    fn script(path: &str) -> Option<Launch> {
        Some(Launch::Script(path.into()))
    }

    fn module(name: &str, folder: &str) -> Option<Launch> {
        Some(Launch::Module {
            name: name.into(),
            folder: folder.into(),
        })
    }

    #[test]
    fn an_interpreter_runs_a_file_or_a_module() {
        let files = Files::new(&[]);
        for (cmd, expected) in [
            ("python main.py --x 1", script("main.py")),
            ("python3 -m pkg.train -m no", module("pkg.train", "")),
            ("python3.11 -u x.py", script("x.py")),
            ("python -W ignore -X dev -OO x.py", script("x.py")),
            ("python -Wignore -um pkg", module("pkg", "")),
            ("python -mpkg", module("pkg", "")),
            ("A=1 B='x y' /usr/bin/python3 'my file.py'", script("my file.py")),
            ("env A=1 python x.py", script("x.py")),
            ("set -e; ls && exec python a.py; python b.py", script("a.py")),
            ("cd src && cd .. && cd ./lib && python a.py", script("lib/a.py")),
            ("cd src; python -m a", module("a", "src")),
            ("python -c 'import a' && python -- b.py", script("b.py")),
            ("python - < x.py", None),
            ("python < x.py", None),
            ("python --version", None),
            ("pythonic x.py", None),
            ("torchrun --nproc 2 x.py", None),
            ("echo python x.py", None),
            ("python", None),
            ("", None),
        ] {
            assert_eq!(launch(cmd, &files), expected, "{cmd}");
        }
    }

    #[test]
    fn a_script_says_itself_that_it_is_python() {
        let source = |path: &str, text: &str| Source {
            path: path.into(),
            text: text.into(),
        };
        let sources = [
            source("bin/run", "#!/usr/bin/env python3\r\nimport os\r\n"),
            source("stream", "#!/usr/bin/env -S python3.12 -u\n"),
            source("venv", "#!/opt/my env/bin/python\n"),
            source("shell", "#!/bin/sh\npython x.py\n"),
            source("plain.py", "import os\n"),
        ];
        let files = Files::new(&sources);
        assert_eq!(launch("./bin/run -x", &files), script("./bin/run"));
        assert_eq!(launch("cd bin && ./run", &files), script("bin/./run"));
        assert_eq!(launch("./stream", &files), script("./stream"));
        assert_eq!(launch("./venv", &files), script("./venv"));
        assert_eq!(launch("./shell; ./plain.py", &files), None);
    }
}
