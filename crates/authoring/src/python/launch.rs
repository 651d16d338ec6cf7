//! Which Python program a command starts.

use super::{
    command::{commands, substituted},
    files::{Files, join, tidy},
    python_path,
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

/// A program that the command starts, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Launched {
    pub launch: Launch,
    /// Where the command is then, as a path in the job's folder.
    pub folder: String,
    /// Folders of `PYTHONPATH`.
    pub python_path: Vec<String>,
    /// Whether the command sets `PYTHONPATH` without what it was before.
    pub is_path_anew: bool,
}

/// More programs are not looked for.
const MOST: usize = 20;

/// The commands of `cmd` that run a Python program, in order: an interpreter with a file or `-m`, a file that begins with
/// `#!` and names Python, or a notebook given to another program. A `cd` in front of it is followed, as are assignments,
/// `export`, and words such as `exec`. Programs that start another (`torchrun main.py`) are not known. `PYTHONPATH` is
/// `python_path` at first.
pub(super) fn launches(cmd: &str, python_path: &str, files: &Files) -> Vec<Launched> {
    let mut shell = Shell {
        files,
        folder: String::new(),
        python_path: python_path::folders(python_path, "", &[]),
        is_path_anew: false,
    };
    let all = commands(cmd);
    let mut found: Vec<Launched> = all.iter().filter_map(|words| shell.run(words)).take(MOST).collect();
    if found.is_empty() {
        // As in `out=$(python main.py)`.
        let inner = substituted(cmd);
        let inner = inner.iter().flat_map(|inner| commands(inner));
        found.extend(inner.filter_map(|words| shell.run(&words)).take(1));
    }
    found
}

/// Programs that run the command among their own words, behind options.
const RUNNERS: [&str; 20] = [
    "chrt", "conda", "env", "ionice", "mamba", "mpiexec", "mpirun", "nice", "nohup", "numactl", "pipenv", "poetry",
    "setsid", "srun", "stdbuf", "sudo", "taskset", "time", "timeout", "uv",
];

/// Whether a command of `cmd` is an interpreter of Python, however it is called: by a path, behind assignments, a `cd`,
/// `env`, `exec` or `timeout 60`, or in `$(…)`.
pub fn starts_python(cmd: &str) -> bool {
    let is_python = |words: &Vec<String>| {
        let mut words = words.iter().map(String::as_str);
        let program = words.find(|word| !BEFORE_A_COMMAND.contains(word) && !is_assignment(word));
        let Some(program) = program else { return false };
        let name = program.rsplit('/').next().unwrap_or(program);
        // `env -i python` and `time -p python` have options of their own.
        let is_run = RUNNERS.contains(&name) || name.starts_with('-');
        is_interpreter(program) || is_run && words.any(is_interpreter)
    };
    let inner = substituted(cmd);
    let all = commands(cmd).into_iter();
    all.chain(inner.iter().flat_map(|inner| commands(inner)))
        .any(|words| is_python(&words))
}

/// What is known of the shell between commands.
struct Shell<'a> {
    files: &'a Files<'a>,
    folder: String,
    python_path: Vec<String>,
    is_path_anew: bool,
}

impl Shell<'_> {
    fn run(&mut self, words: &[String]) -> Option<Launched> {
        let before = (self.python_path.clone(), self.is_path_anew);
        let mut words = words.iter().map(String::as_str).peekable();
        while let Some(word) = words.next_if(|word| BEFORE_A_COMMAND.contains(word) || is_assignment(word)) {
            self.assign(word);
        }
        // An assignment alone stays.
        let program = words.next()?;
        let found = match program {
            "cd" => {
                if let Some(inner) = words.next().and_then(|to| tidy(&join(&self.folder, to))) {
                    self.folder = inner;
                }
                None
            }
            "export" | "declare" | "typeset" => {
                words.for_each(|word| self.assign(word));
                return None;
            }
            _ => self.program(program, words),
        };
        let launched = found.map(|launch| Launched {
            launch,
            folder: self.folder.clone(),
            python_path: self.python_path.clone(),
            is_path_anew: self.is_path_anew,
        });
        // One in front of a command is for that alone.
        (self.python_path, self.is_path_anew) = before;
        launched
    }

    fn program<'b>(&self, program: &str, words: impl Iterator<Item = &'b str> + Clone) -> Option<Launch> {
        let interpreted = is_interpreter(program)
            .then(|| argument(words.clone(), &self.folder))
            .flatten();
        interpreted.or_else(|| {
            let is_own = |path: &String| is_script(path, self.files);
            let own = Some(join(&self.folder, program)).filter(is_own);
            own.or_else(|| self.notebook(words)).map(Launch::Script)
        })
    }

    /// The first of the words that is a notebook at hand: what `jupyter nbconvert --execute` and `papermill` run.
    fn notebook<'b>(&self, mut words: impl Iterator<Item = &'b str>) -> Option<String> {
        words.find_map(|word| {
            let path = join(&self.folder, word);
            let is_at_hand = word.ends_with(".ipynb") && tidy(&path).is_some_and(|path| self.files.has(&path));
            is_at_hand.then_some(path)
        })
    }

    fn assign(&mut self, word: &str) {
        if let Some(("PYTHONPATH", value)) = word.split_once('=') {
            self.is_path_anew = python_path::is_anew(value) || self.is_path_anew;
            self.python_path = python_path::folders(value, &self.folder, &self.python_path);
        }
    }
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
pub(super) fn is_interpreter(program: &str) -> bool {
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

    fn launch(cmd: &str, files: &Files) -> Option<Launch> {
        launches(cmd, "", files)
            .into_iter()
            .next()
            .map(|launched| launched.launch)
    }

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
    fn python_is_known_however_it_is_called() {
        for cmd in [
            "python main.py",
            "cd src && python a.py",
            "/usr/bin/python3 x",
            "env A=1 python3.11 -u x",
            "env -i A=1 .venv/bin/python x.py",
            "A=1 exec python -m pkg",
            "set -e\nmake; timeout -k 5 60 python3 x.py | tee log",
            "if python -c 'import x'; then ls; fi",
            "n=$(python count.py); echo $n",
            "nice -n 5 python.exe x.py",
            "time -p python3.12t x.py",
            "uv run python x.py",
        ] {
            assert!(starts_python(cmd), "{cmd}");
        }
        for cmd in [
            "",
            "ls python",
            "cat data/python/readme",
            "echo python x.py",
            "./pythonic x",
            "pythonx",
            "bash run.sh python",
            "cd python && make",
            "PYTHON=python make",
        ] {
            assert!(!starts_python(cmd), "{cmd}");
        }
    }

    #[test]
    fn python_path_is_followed_from_command_to_command() {
        let files = Files::new(&[]);
        for (cmd, expected) in [
            ("PYTHONPATH=src python a.py", vec![(vec!["src"], true)]),
            ("PYTHONPATH=src make; python a.py", vec![(vec![], false)]),
            (
                "export A=1 PYTHONPATH=$PWD/lib; cd x && python a.py && env PYTHONPATH=y:$PYTHONPATH python b.py",
                vec![(vec!["lib"], true), (vec!["x/y", "lib"], true)],
            ),
            (
                "PYTHONPATH=$PYTHONPATH:src python a.py",
                vec![(vec!["of-job", "src"], false)],
            ),
            (
                "PYTHONPATH=lib; export PYTHONPATH; x=$(python a.py)",
                vec![(vec!["lib"], true)],
            ),
        ] {
            let before = if cmd.starts_with("PYTHONPATH=$") { "of-job" } else { "" };
            let found = launches(cmd, before, &files);
            let found: Vec<(Vec<&str>, bool)> = found
                .iter()
                .map(|found| {
                    (
                        found.python_path.iter().map(String::as_str).collect(),
                        found.is_path_anew,
                    )
                })
                .collect();
            assert_eq!(found, expected, "{cmd}");
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
