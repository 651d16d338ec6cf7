//! Work that lives as long as the part of the page that wants it.

use futures::future::abortable;
use leptos::{prelude::*, task::spawn_local};

/// Runs `work` until it ends or the current part of the page is gone.
pub(crate) fn run_while_mounted(work: impl Future<Output = ()> + 'static) {
    let (work, handle) = abortable(work);
    spawn_local(async move {
        // Aborted means: nobody looks any more.
        let _ = work.await;
    });
    on_cleanup(move || handle.abort());
}
