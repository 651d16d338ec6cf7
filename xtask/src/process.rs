//! Running programs, with errors that name the command.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// Runs to the end with output passed through; a failure is an error that names the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("`{}` does not start", spelled(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", spelled(command));
    }
    Ok(())
}

/// The same for a program whose output says nothing to a person as long as it ends well.
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{}` does not start", spelled(command)))?;
    if !output.status.success() {
        std::io::stderr().lock().write_all(&output.stderr)?;
        bail!("`{}` ended with {}", spelled(command), output.status);
    }
    Ok(())
}

/// Whether the command can be started and ends well; its output is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The standard output of a command that ended well; `None` when it did not, or is not there.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What a runner printed, and whether it ended well.
pub(crate) struct Transcript {
    /// Standard output, line by line as it was passed through.
    pub(crate) text: String,
    /// `None` when the command ended well, else the sentence that says how it ended.
    pub(crate) failure: Option<String>,
}

/// Runs to the end, passing standard output through while keeping a copy of it.
pub(crate) fn transcript(command: &mut Command) -> Result<Transcript> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{}` does not start", spelled(command)))?;
    let mut text = String::new();
    if let Some(stdout) = child.stdout.take() {
        let mut lines = BufReader::new(stdout);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            std::io::stdout().lock().write_all(&line)?;
            text.push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    }
    let status = child.wait()?;
    let failure = (!status.success()).then(|| format!("`{}` ended with {status}", spelled(command)));
    Ok(Transcript { text, failure })
}

/// The command as a person would type it, shortened to its first words.
fn spelled(command: &Command) -> String {
    const WORDS: usize = 6;
    let program = std::path::Path::new(command.get_program());
    let mut words = vec![
        program
            .file_name()
            .unwrap_or(OsStr::new("?"))
            .to_string_lossy()
            .into_owned(),
    ];
    let arguments = command.get_args();
    let more = arguments.len() >= WORDS;
    words.extend(
        arguments
            .take(WORDS - 1)
            .map(|argument| argument.to_string_lossy().into_owned()),
    );
    if more {
        words.push("…".to_owned());
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let error = run(&mut Command::new("false")).map_err(|error| error.to_string());
        assert_eq!(error, Err("`false` ended with exit status: 1".to_owned()));
    }

    #[test]
    fn a_transcript_keeps_what_was_printed_and_how_it_ended() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two; exit 3"]);
        let transcript = transcript(&mut command).expect("sh starts");
        assert_eq!(transcript.text, "one\ntwo\n");
        assert!(transcript.failure.is_some_and(|failure| failure.contains("3")));
    }

    #[test]
    fn an_absent_program_answers_nothing() {
        assert_eq!(answer(&mut Command::new("no-such-program-here")), None);
        assert!(!succeeds(&mut Command::new("no-such-program-here")));
    }
}
