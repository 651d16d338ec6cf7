//! Loading the code of a page before it is opened: when somebody points at a link to it, and when there is nothing else
//! to do.

use leptos::task::spawn_local;

use super::piece::Pages;
use crate::browser::{clock::BrowserClock, document, idle::idle, links};
use jobsphere_client::Clock;

/// The first page has its own code and data to load, and comes first.
const AFTER_MS: u32 = 3000;

/// Begins to watch.
pub(crate) fn begin(pages: Pages) {
    links::on_approach(move |path| {
        if let Some(page) = pages.at(path) {
            spawn_local(async move {
                // Whoever opens the page tries again, and sees why it fails.
                let _ = (page.load)().await;
            });
        }
    });
    spawn_local(async move {
        BrowserClock.sleep(AFTER_MS).await;
        for page in pages.next_after(&document::path()) {
            idle().await;
            let _ = (page.load)().await;
        }
    });
}
