//! What is being done, on standard error; standard output is left to results.

use std::time::{Duration, Instant};

/// Announces a step that takes a noticeable time; says how long it took when dropped.
pub(crate) struct Doing {
    what: String,
    started: Instant,
}

/// `what` begins with a capital; `about` is how long it takes, for example "2 minutes, once".
pub(crate) fn doing(what: &str, about: &str) -> Doing {
    eprintln!("• {what} (about {about})");
    Doing {
        what: what.to_owned(),
        started: Instant::now(),
    }
}

impl Drop for Doing {
    fn drop(&mut self) {
        let took = self.started.elapsed();
        if took >= Duration::from_secs(2) {
            // Another step may have been announced meanwhile.
            eprintln!("  {}: {}", self.what, spoken(took));
        }
    }
}

/// One sentence the reader should know: a choice made, a thing that is not there.
pub(crate) fn note(sentence: &str) {
    eprintln!("• {sentence}");
}

/// Why a command ended early, with every cause.
pub(crate) fn failed(error: &anyhow::Error) {
    eprintln!("xtask: {error:#}");
}

/// A duration as people say it: `42 s`, `3 min 07 s`.
pub(crate) fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{seconds} s")
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spoken_in_minutes_from_one_minute_on() {
        assert_eq!(spoken(Duration::from_secs(59)), "59 s");
        assert_eq!(spoken(Duration::from_secs(187)), "3 min 07 s");
    }
}
