//! Large files are read while the form is still filled in, so that Run finds their digests known.

use leptos::prelude::*;

use super::{form::Form, inputs::source::Source};
use crate::{app::task::run_while_mounted, browser::idle::idle};

/// Smaller files are read in no time.
const WORTH_BYTES: f64 = 8.0 * 1024.0 * 1024.0;
/// So much is read that may never be sent.
const MOST_BYTES: f64 = 4.0 * 1024.0 * 1024.0 * 1024.0;

/// Reads the form's large files one after another whenever the page is idle, for as long as they are among its inputs.
pub(crate) fn read_ahead(form: Form) {
    Effect::new(move |before: Option<Vec<(u64, Source)>>| {
        let used = form.used_sources();
        for (id, source) in before.into_iter().flatten() {
            if !used.iter().any(|(other, _)| *other == id) {
                source.end_ahead();
            }
        }
        let worth = worth_reading(&used);
        run_while_mounted(async move {
            for source in worth {
                idle().await;
                source.read_ahead().await;
            }
        });
        used
    });
}

/// The large ones, up to [`MOST_BYTES`].
fn worth_reading(sources: &[(u64, Source)]) -> Vec<Source> {
    let mut left = MOST_BYTES;
    let mut worth = Vec::new();
    for (_, source) in sources {
        let size = source.as_file().map_or(0.0, |file| file.size());
        if (WORTH_BYTES..=left).contains(&size) {
            left -= size;
            worth.push(source.clone());
        }
    }
    worth
}
