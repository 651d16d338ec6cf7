//! What a command's return code is known to mean.

/// A meaning that shells and programs agree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// 1: any error; a Python program that ended with an exception.
    General,
    /// 2: the program was started in a way that it does not understand.
    Usage,
    /// 124: the time that `timeout` of the coreutils gave was over.
    TimedOut,
    /// 126: the file is there and cannot be run.
    NotExecutable,
    /// 127: there is no such program.
    NotFound,
    /// A signal ended it; the number.
    Signal(i32),
    /// SIGKILL ended it, which is what happens when memory runs out.
    Killed,
    /// SIGSEGV ended it: it reached for memory that is not its own.
    Segfault,
}

const BY_SIGNAL: i64 = 128;
const RETURNED: &str = "The command returned ";
const LAST_SIGNAL: i64 = 64;

/// What `code` means; `None` when it is the program's own business.
pub fn meaning(code: i64) -> Option<Meaning> {
    match code {
        1 => Some(Meaning::General),
        2 => Some(Meaning::Usage),
        124 => Some(Meaning::TimedOut),
        126 => Some(Meaning::NotExecutable),
        127 => Some(Meaning::NotFound),
        137 => Some(Meaning::Killed),
        139 => Some(Meaning::Segfault),
        _ => {
            let signal = code - BY_SIGNAL;
            let signal = (1..=LAST_SIGNAL).contains(&signal).then_some(signal)?;
            i32::try_from(signal).ok().map(Meaning::Signal)
        }
    }
}

/// The words of `status_details` where the code says all there is.
pub fn details(code: i64) -> String {
    match code {
        0 => "Done".to_owned(),
        _ => format!("{RETURNED}{code}"),
    }
}

/// The code that such words name, and what stands behind it.
pub fn read(said: &str) -> Option<(i64, &str)> {
    let rest = said.strip_prefix(RETURNED)?;
    let (code, more) = rest.split_once(". ").unwrap_or((rest, ""));
    Some((code.parse().ok()?, more))
}

/// Whether `code` says all that `said`, a job's `status_details`, does.
pub fn says_all(code: Option<i64>, said: &str) -> bool {
    code.is_some_and(|code| said == details(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_with_what_stands_behind_it() {
        assert_eq!(read(&details(3)), Some((3, "")));
        assert_eq!(
            read("The command returned 127. Line 2 is odd. So."),
            Some((127, "Line 2 is odd. So."))
        );
        for said in ["Done", "The command returned", "The command returned nothing"] {
            assert_eq!(read(said), None, "{said}");
        }
    }

    #[test]
    fn codes_of_shells_and_signals_are_known_and_others_are_not() {
        let known = [
            (1, Meaning::General),
            (2, Meaning::Usage),
            (124, Meaning::TimedOut),
            (126, Meaning::NotExecutable),
            (127, Meaning::NotFound),
            (130, Meaning::Signal(2)),
            (137, Meaning::Killed),
            (139, Meaning::Segfault),
            (143, Meaning::Signal(15)),
        ];
        for (code, expected) in known {
            assert_eq!(meaning(code), Some(expected), "{code}");
        }
        for code in [0, 3, 100, 128, 193, 255, -1] {
            assert_eq!(meaning(code), None, "{code}");
        }
    }
}
