//! The published client's parser, in a process of its own.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

/// The process and the pipes to it.
pub(crate) struct Published {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Published {
    /// Starts it.
    pub(crate) fn start() -> Self {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = std::env::var("JOBSPHERE_TEST_PYTHON")
            .unwrap_or_else(|_| package.join("../../target/venv/bin/python").display().to_string());
        let mut process = Command::new(&python)
            .arg(package.join("tests/config/published.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{python}: {error}; `cargo xtask test` sets it up"));
        Self {
            input: process.stdin.take().unwrap(),
            output: BufReader::new(process.stdout.take().unwrap()),
            process,
        }
    }

    /// What it says of each text: `tree`, and `refused` or `means`.
    pub(crate) fn judge(&mut self, texts: &[String]) -> Vec<Value> {
        let (input, output) = (&mut self.input, &mut self.output);
        std::thread::scope(|scope| {
            // Both pipes are small: who only writes and then only reads waits for ever.
            scope.spawn(move || {
                for text in texts {
                    writeln!(input, "{}", json!(text)).unwrap();
                }
            });
            let answer = |_: &String| {
                let mut line = String::new();
                output.read_line(&mut line).unwrap();
                serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
            };
            texts.iter().map(answer).collect()
        })
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
