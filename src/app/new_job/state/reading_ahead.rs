//! Large files are read while the form is still filled in, so that Run finds their digests known.

use leptos::prelude::*;

use super::{form::Form, inputs::source::Source};
use crate::{
    app::task::run_while_mounted,
    browser::{digests::WORTH_BYTES, files, idle::idle},
};

/// So much is read that may never be sent.
const MOST_BYTES: f64 = 4.0 * 1024.0 * 1024.0 * 1024.0;

/// Reads the form's large files one after another whenever the page is idle, for as long as they are among its inputs; not
/// during a Run, which reads them itself and joins a reading that is under way.
pub(crate) fn read_ahead(form: Form, is_running: Memo<bool>) {
    if !files::notices_changes() {
        // What was read could be another content by now, and nobody would know.
        return;
    }
    let used = Memo::new(move |_| form.used_sources().into_iter().map(|(id, _)| id).collect::<Vec<_>>());
    Effect::new(move |before: Option<Vec<u64>>| {
        let used = used.get();
        for id in before.into_iter().flatten().filter(|id| !used.contains(id)) {
            end(form.source(id));
        }
        let worth = if is_running.get() {
            Vec::new()
        } else {
            worth_reading(used.iter().filter_map(|id| form.source(*id)))
        };
        run_while_mounted(async move {
            for source in worth {
                idle().await;
                source.read_ahead().await;
            }
        });
        used
    });
    on_cleanup(move || used.get_untracked().into_iter().for_each(|id| end(form.source(id))));
}

fn end(source: Option<Source>) {
    if let Some(source) = source {
        source.end_ahead();
    }
}

/// The large ones, up to [`MOST_BYTES`].
fn worth_reading(sources: impl Iterator<Item = Source>) -> Vec<Source> {
    let mut left = MOST_BYTES;
    let mut worth = Vec::new();
    for source in sources {
        let size = source.as_file().map_or(0.0, |file| file.size());
        if (WORTH_BYTES..=left).contains(&size) {
            left -= size;
            worth.push(source);
        }
    }
    worth
}
