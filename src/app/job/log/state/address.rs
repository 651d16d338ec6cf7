//! The view in the page's address: a link reproduces it, and leads to the lines that were marked.

use leptos::prelude::*;

use super::{goto::Goto, log::Log, reading::QUERY};
use crate::browser::{document, files};
use jobsphere_log::view::place::{beside, read_fragment};

impl Log {
    /// Keeps the address as the view is, and the view as the address says. Runs until the page is gone.
    pub(crate) fn live_in_address(self) {
        let goto = move || {
            let places = files::fragment().and_then(|fragment| fragment.split('&').find_map(read_fragment));
            if let Some((first, last)) = places {
                self.goto.set(Some(Goto::marking(first, last)));
            }
        };
        goto();
        let listener = window_event_listener(leptos::ev::hashchange, move |_| goto());
        on_cleanup(move || listener.remove());
        let view = Memo::new(move |_| (self.reading.settings().write(), self.reading.marked.get()));
        Effect::new(move |was: Option<()>| {
            let (query, marked) = view.get();
            // The address that the page was opened with says it already.
            if was.is_some() {
                self.write_address(&query, marked.map(|marked| marked.fragment()));
            }
        });
    }

    fn write_address(self, query: &str, fragment: Option<String>) {
        let was = files::fragment().unwrap_or_default();
        let fragment = beside(&was, fragment.as_deref());
        document::set_address(QUERY, query, &fragment);
    }
}
