//! Saying aloud what comes, for who asked for it: a sum now and then, never line by line.

use crate::app::text::words;
use std::time::Duration;

use leptos::prelude::*;

use super::log::Log;

/// Between two sentences.
const PAUSE: Duration = Duration::from_secs(10);

/// Lines and errors until now.
fn sum(log: Log) -> (u64, u64) {
    let count = log.count.read_untracked();
    (count.lines, count.sources.iter().map(|one| one.errors).sum())
}

/// Speaks while the switch is on, until the page is gone.
pub(crate) fn say_what_comes(log: Log) {
    Effect::new(move || {
        if !log.reading.is_aloud.get() {
            return;
        }
        let said = StoredValue::new(sum(log));
        let speak = move || {
            let (was, now) = (said.get_value(), sum(log));
            if now.0 > was.0 {
                said.set_value(now);
                let lines = log.text.get(words::LogNewLines { count: now.0 - was.0 });
                let errors = log.text.get(words::LogNewErrors { count: now.1 - was.1 });
                log.announcer.say(format!("{lines}, {errors}"));
            }
        };
        // Fails only without a window; then nobody listens.
        if let Ok(timer) = set_interval_with_handle(move || untrack(speak), PAUSE) {
            on_cleanup(move || timer.clear());
        }
    });
}
