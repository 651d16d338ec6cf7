//! The service's own lines in `.system.log`, known by their form, so that a page can say them in its language.
//!
//! What is of no known form is shown as it was written.

use super::timeline::{BEGUN, ENDED, KILLED, Mark, OVERDUE, TURN};

/// What a line of the service says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceLine<'a> {
    /// The job left the queue.
    Turn,
    /// The command has begun, as a process with this number.
    Begun(&'a str),
    /// It has ended.
    Ended {
        /// With this code.
        code: &'a str,
        /// After so many seconds.
        seconds: &'a str,
    },
    /// It was asked to end, by this signal.
    SignalSent(i32),
    /// It is killed by an order.
    Killed,
    /// It is killed, because its time to end is over.
    Overdue,
    /// The environment with this key was made for an earlier job.
    EnvironmentKept(&'a str),
    /// The environment with this key was made.
    EnvironmentReady(&'a str),
    /// So many inputs lie in the working directory.
    DirectoryReady(&'a str),
    /// The server's value of this variable counts, not the job's.
    VariableReserved(&'a str),
    /// The project's secret of this name counts, not the job's variable.
    VariableSecret(&'a str),
    /// The image is on the machine.
    ImageThere(&'a str),
    /// An output became a dataset: its name and its id.
    DatasetKept(&'a str, &'a str),
    /// So many processes in the background were ended with the command.
    LeftProcesses(&'a str),
}

impl<'a> ServiceLine<'a> {
    /// Reads a line; `None` for one of no known form.
    pub fn of(line: &'a str) -> Option<Self> {
        match line {
            TURN => return Some(Self::Turn),
            KILLED => return Some(Self::Killed),
            OVERDUE => return Some(Self::Overdue),
            _ => {}
        }
        if let Some(Mark::SignalSent(signal)) = Mark::of_line(line) {
            return Some(Self::SignalSent(signal));
        }
        let between = |before: &str, after: &str| line.strip_prefix(before)?.strip_suffix(after);
        let begun = line
            .strip_prefix(BEGUN)
            .and_then(|rest| rest.strip_prefix(" as process "));
        begun
            .map(Self::Begun)
            .or_else(|| {
                let rest = line.strip_prefix(ENDED)?.strip_prefix(" with ")?.strip_suffix(" s")?;
                let (code, seconds) = rest.split_once(" after ")?;
                Some(Self::Ended { code, seconds })
            })
            .or_else(|| between("The environment ", " is kept from an earlier job").map(Self::EnvironmentKept))
            .or_else(|| between("The environment ", " is ready").map(Self::EnvironmentReady))
            .or_else(|| between("The working directory is ready; inputs: ", "").map(Self::DirectoryReady))
            .or_else(|| {
                between("The variable ", " has the server's value, not the one the job gives it")
                    .map(Self::VariableReserved)
            })
            .or_else(|| {
                let after = " has the value of the project's secret, not the one the job gives it";
                between("The variable ", after).map(Self::VariableSecret)
            })
            .or_else(|| between("The image ", " is there").map(Self::ImageThere))
            .or_else(|| {
                let (name, id) = line.strip_prefix("The output dataset `")?.split_once("` is kept as ")?;
                Some(Self::DatasetKept(name, id))
            })
            .or_else(|| {
                let before = "The command left processes in the background, which were ended with it: ";
                between(before, " (`wait` waits for them)").map(Self::LeftProcesses)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_known_by_their_form_and_others_are_not() {
        let known = [
            ("The turn of the job has come", ServiceLine::Turn),
            ("The command has begun as process 42", ServiceLine::Begun("42")),
            (
                "The command has ended with 0 after 1.2 s",
                ServiceLine::Ended {
                    code: "0",
                    seconds: "1.2",
                },
            ),
            ("Cancelled: signal 15 is sent", ServiceLine::SignalSent(15)),
            ("The environment abc is ready", ServiceLine::EnvironmentReady("abc")),
            (
                "The environment abc is kept from an earlier job",
                ServiceLine::EnvironmentKept("abc"),
            ),
            (
                "The working directory is ready; inputs: 3",
                ServiceLine::DirectoryReady("3"),
            ),
            (
                "The output dataset `a b` is kept as d1",
                ServiceLine::DatasetKept("a b", "d1"),
            ),
        ];
        for (line, meaning) in known {
            assert_eq!(ServiceLine::of(line), Some(meaning), "{line}");
        }
        for line in [
            "",
            "Collecting numpy",
            "The environment",
            "The turn of the job has come back",
        ] {
            assert_eq!(ServiceLine::of(line), None, "{line}");
        }
    }
}
