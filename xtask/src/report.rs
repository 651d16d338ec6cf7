//! What each step found, the totals of its runner, and the last line.

use std::{
    io::{self, Write},
    thread,
};

use anyhow::{Result, anyhow};

use crate::process::Transcript;

/// How many checks or tests of one step went which way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Those that ended well.
    pub(crate) passed: usize,
    /// Those that did not.
    pub(crate) failed: usize,
    /// Those that were left out.
    pub(crate) skipped: usize,
    /// The names of the failed ones, as far as the runner tells them.
    pub(crate) names: Vec<String>,
}

impl Tally {
    /// A step that is one check, and passed.
    pub(crate) fn one() -> Self {
        Self {
            passed: 1,
            ..Self::default()
        }
    }

    /// Sums up every `test result:` line of cargo test.
    pub(crate) fn of_cargo(transcript: &Transcript) -> Self {
        let mut tally = Self::default();
        for line in transcript.text.lines() {
            if let Some(result) = line.strip_prefix("test result: ") {
                tally.passed += count(result, "passed");
                tally.failed += count(result, "failed");
                tally.skipped += count(result, "ignored");
            } else if let Some(name) = line
                .strip_prefix("test ")
                .and_then(|rest| rest.strip_suffix(" ... FAILED"))
            {
                tally.names.push(name.to_owned());
            }
        }
        tally.ended(transcript)
    }

    /// Reads what Python's unittest prints: a line for each failure, and the totals at the end.
    pub(crate) fn of_unittest(transcript: &Transcript) -> Self {
        let lines = || transcript.text.lines();
        let names: Vec<String> = lines()
            .filter_map(|line| line.strip_prefix("FAIL: ").or_else(|| line.strip_prefix("ERROR: ")))
            .map(str::to_owned)
            .collect();
        let total = |what: &str| {
            let line = lines()
                .rev()
                .find(|line| line.starts_with("OK") || line.starts_with("FAILED"));
            let number = line.and_then(|line| line.split_once(&format!("{what}=")));
            number
                .map(|(_, rest)| rest.chars().take_while(char::is_ascii_digit).collect::<String>())
                .and_then(|digits| digits.parse::<usize>().ok())
                .unwrap_or(0)
        };
        let ran: usize = lines()
            .rev()
            .find_map(|line| line.strip_prefix("Ran ")?.split(' ').next()?.parse().ok())
            .unwrap_or(0);
        let (failed, skipped) = (total("failures") + total("errors"), total("skipped"));
        let tally = Self {
            passed: ran.saturating_sub(failed + skipped),
            failed,
            skipped,
            names,
        };
        tally.ended(transcript)
    }

    /// Reads the TAP that node's test runner wrote next to what it printed.
    pub(crate) fn of_tap(tap: &str, transcript: &Transcript) -> Self {
        let total = |what: &str| {
            // The totals are the last comments; what tests print comes before them.
            tap.lines()
                .rev()
                .find_map(|line| line.strip_prefix("# ")?.strip_prefix(what)?.trim().parse().ok())
                .unwrap_or(0)
        };
        let names = tap
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("not ok "))
            .filter(|rest| !rest.contains("# TODO"))
            .filter_map(|rest| Some(rest.split_once(" - ")?.1.to_owned()))
            .collect();
        let tally = Self {
            passed: total("pass "),
            failed: total("fail ") + total("cancelled "),
            skipped: total("skipped ") + total("todo "),
            names,
        };
        tally.ended(transcript)
    }

    /// A runner that ended badly without a failed test is itself the failure.
    fn ended(mut self, transcript: &Transcript) -> Self {
        if let (Some(failure), 0) = (&transcript.failure, self.failed) {
            self.failed = 1;
            self.names.push(failure.clone());
        }
        self
    }
}

/// The number before `word` in `ok. 5 passed; 0 failed; 1 ignored; …`.
fn count(result: &str, word: &str) -> usize {
    let words: Vec<&str> = result.split([' ', ';']).filter(|word| !word.is_empty()).collect();
    words
        .windows(2)
        .find(|pair| pair[1] == word)
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or(0)
}

/// The steps in the order they were taken.
#[derive(Default)]
pub(crate) struct Report {
    steps: Vec<(String, Tally)>,
}

impl Report {
    /// Takes a step; an error is its failure and the next steps are still taken.
    pub(crate) fn step(&mut self, name: &str, take: impl FnOnce() -> Result<Tally>) -> bool {
        eprintln!("\n── {name}");
        self.add(name, take())
    }

    /// Takes two steps at once, of which one mostly waits. What they print is mixed, what they found is not.
    pub(crate) fn both(
        &mut self,
        (name, take): (&str, impl FnOnce() -> Result<Tally> + Send),
        (other, take_other): (&str, impl FnOnce() -> Result<Tally>),
    ) -> (bool, bool) {
        eprintln!("\n── {name}, and meanwhile: {other}");
        let (found, found_other) = thread::scope(|scope| {
            let beside = scope.spawn(take);
            let found_other = take_other();
            let found = beside.join().unwrap_or_else(|_| Err(anyhow!("the step broke off")));
            (found, found_other)
        });
        (self.add(name, found), self.add(other, found_other))
    }

    fn add(&mut self, name: &str, found: Result<Tally>) -> bool {
        let tally = found.unwrap_or_else(|error| {
            let sentence = format!("{error:#}");
            eprintln!("{sentence}");
            Tally {
                failed: 1,
                names: vec![sentence],
                ..Tally::default()
            }
        });
        let good = tally.failed == 0;
        self.steps.push((name.to_owned(), tally));
        good
    }

    /// Whether nothing failed.
    pub(crate) fn is_good(&self) -> bool {
        self.steps.iter().all(|(_, tally)| tally.failed == 0)
    }

    /// Writes each step's totals, what failed by name, and the sum as the last line.
    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let width = self
            .steps
            .iter()
            .map(|(name, _)| name.chars().count())
            .max()
            .unwrap_or(0);
        writeln!(out)?;
        for (name, tally) in &self.steps {
            let Tally {
                passed,
                failed,
                skipped,
                ..
            } = tally;
            write!(out, "{name:<width$}  {passed:>4} passed, {failed} failed")?;
            if *skipped > 0 {
                write!(out, ", {skipped} skipped")?;
            }
            writeln!(out)?;
        }
        for (name, tally) in self.steps.iter().filter(|(_, tally)| tally.failed > 0) {
            writeln!(out, "\nfailed: {name}")?;
            for name in &tally.names {
                writeln!(out, "  {name}")?;
            }
        }
        let sum = |of: fn(&Tally) -> usize| -> usize { self.steps.iter().map(|(_, tally)| of(tally)).sum() };
        let (passed, failed) = (sum(|tally| tally.passed), sum(|tally| tally.failed));
        writeln!(out, "\n{passed} passed, {failed} failed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(text: &str, failure: Option<&str>) -> Transcript {
        Transcript {
            text: text.to_owned(),
            failure: failure.map(str::to_owned),
        }
    }

    #[test]
    fn every_binary_of_cargo_test_counts() {
        let text = "running 2 tests\ntest a::b ... ok\ntest a::c ... FAILED\n\
            test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n\
            test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out\n";
        let tally = Tally::of_cargo(&ended(text, Some("`cargo test` ended with 101")));
        let names = vec!["a::c".to_owned()];
        assert_eq!(
            tally,
            Tally {
                passed: 13,
                failed: 1,
                skipped: 3,
                names
            }
        );
    }

    #[test]
    fn a_runner_that_broke_is_a_failure_of_its_own() {
        let tally = Tally::of_cargo(&ended("", Some("`cargo test` ended with 101")));
        assert_eq!((tally.passed, tally.failed), (0, 1));
        assert_eq!(tally.names, ["`cargo test` ended with 101"]);
    }

    #[test]
    fn tap_tells_totals_and_names() {
        let tap = "TAP version 13\n# pass 99\nok 1 - greps\n    not ok 1 - inner\nnot ok 2 - exits 3\n\
            not ok 3 - later # TODO\n1..3\n# tests 4\n# suites 0\n# pass 1\n# fail 2\n\
            # cancelled 0\n# skipped 1\n# todo 1\n# duration_ms 12.5\n";
        let tally = Tally::of_tap(tap, &ended("", Some("`node` ended with 1")));
        let names = vec!["inner".to_owned(), "exits 3".to_owned()];
        assert_eq!(
            tally,
            Tally {
                passed: 1,
                failed: 2,
                skipped: 2,
                names
            }
        );
    }

    #[test]
    fn steps_at_once_are_told_apart() {
        let mut report = Report::default();
        let slow = || panic!("a step that breaks is a failure");
        let good = report.both(("clients", slow), ("app", || Ok(Tally::one())));
        assert_eq!(good, (false, true));
        let mut out = Vec::new();
        report.write(&mut out).expect("a Vec takes everything");
        let text = String::from_utf8_lossy(&out);
        assert!(text.contains("failed: clients\n  the step broke off\n"), "{text}");
        assert_eq!(text.lines().last(), Some("1 passed, 1 failed"));
    }

    #[test]
    fn the_last_line_is_the_sum() {
        let mut report = Report::default();
        report.step("formatting", || Ok(Tally::one()));
        report.step("native tests", || anyhow::bail!("no compiler"));
        let mut out = Vec::new();
        report.write(&mut out).expect("a Vec takes everything");
        let text = String::from_utf8_lossy(&out);
        assert!(text.contains("failed: native tests\n  no compiler\n"), "{text}");
        assert_eq!(text.lines().last(), Some("1 passed, 1 failed"));
        assert!(!report.is_good());
    }
}
