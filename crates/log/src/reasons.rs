//! Of all lines that tell errors, those that tell why a job failed.

use super::{errors::Grade, story::Told};

/// So many lines are given at most: an exception and what it came of.
const MAX_LINES: usize = 4;

/// What is known until now; lines by their number among all.
#[derive(Debug, Default)]
pub(super) struct Reasons {
    /// The last exception that ended a program, with what it came of.
    exception: Vec<u64>,
    /// The first cause since then that is no exception.
    cause: Option<u64>,
    /// The first error.
    error: Option<u64>,
    /// The first sign.
    sign: Option<u64>,
}

impl Reasons {
    /// Hears of the next line that tells something.
    pub(super) fn hear(&mut self, line: u64, told: Told) {
        match told {
            Told::Exception => {
                self.exception = vec![line];
                self.cause = None;
            }
            Told::ExceptionOf => {
                self.exception.insert(0, line);
                self.exception.truncate(MAX_LINES);
                self.cause = None;
            }
            Told::Part if self.exception.is_empty() => {
                self.sign.get_or_insert(line);
            }
            Told::Part if self.exception.len() < MAX_LINES => self.exception.push(line),
            Told::Part => {}
            Told::Alone(Grade::Cause) => {
                self.cause.get_or_insert(line);
            }
            Told::Alone(Grade::Error) => {
                self.error.get_or_insert(line);
            }
            Told::Alone(Grade::Sign) => {
                self.sign.get_or_insert(line);
            }
        }
    }

    /// The lines that tell the reason, the one that says most first.
    pub(super) fn lines(&self) -> Vec<u64> {
        match (self.cause, &*self.exception) {
            (Some(cause), _) => vec![cause],
            (None, []) => self.error.or(self.sign).into_iter().collect(),
            (None, exception) => exception.to_vec(),
        }
    }
}
