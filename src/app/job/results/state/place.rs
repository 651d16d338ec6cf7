//! The preview in the page's address: a link opens it, and the way back closes it. What the address says of the log stands
//! beside it and stays.

use leptos::prelude::*;

use super::{Results, finding::Finder, item::Item};
use crate::{
    app::{job::results::state::item::path, task::run_while_mounted},
    browser::{document, history},
};

/// The part behind `?` that names an output.
const OUTPUT_QUERY: &str = "output";
/// The part behind `?` that names a file in the output, which is an archive.
const ENTRY_QUERY: &str = "entry";

/// Where a file lies among the outputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) output: String,
    pub(crate) entry: Option<String>,
}

/// What the history holds of the preview.
#[derive(Debug, Clone, Default)]
pub(crate) struct Steps {
    /// Whether the page was opened without it: one step back leads there.
    has_entry: bool,
    /// What the address is to be once that step is made.
    after_back: Option<String>,
}

impl Place {
    fn of(item: &Item) -> Self {
        Self {
            output: path(&item.file),
            entry: item.entry.as_ref().map(|entry| entry.path.clone()),
        }
    }

    fn in_address() -> Option<Self> {
        let output = document::query(OUTPUT_QUERY).filter(|output| !output.is_empty())?;
        let entry = document::query(ENTRY_QUERY).filter(|entry| !entry.is_empty());
        Some(Self { output, entry })
    }

    fn address(place: Option<&Self>) -> Option<String> {
        let output = place.map_or("", |place| place.output.as_str());
        let entry = place.and_then(|place| place.entry.as_deref()).unwrap_or_default();
        history::address_with(&[(OUTPUT_QUERY, output), (ENTRY_QUERY, entry)], None)
    }

    /// As a person reads it.
    pub(crate) fn name(&self) -> &str {
        self.entry.as_deref().unwrap_or(&self.output)
    }
}

impl Results {
    /// Looks into `item`, and says so in the address.
    pub(crate) fn open(self, item: Item) {
        let address = Place::address(Some(&Place::of(&item)));
        let was_open = self.shown.read_untracked().is_some();
        self.wanted.set(None);
        self.shown.set(Some(item));
        match address {
            Some(address) if was_open => history::replace_address(&address),
            Some(address) => {
                history::push_address(&address);
                self.steps.update_value(|steps| steps.has_entry = true);
            }
            None => {}
        }
    }

    /// Looks into nothing any more.
    pub(crate) fn close(self) {
        self.wanted.set(None);
        self.shown.set(None);
        let Some(address) = Place::address(None) else { return };
        let has_entry = self
            .steps
            .try_update_value(|steps| std::mem::take(&mut steps.has_entry));
        if has_entry == Some(true) {
            // The step back brings an older address; what the log has written since is put in again.
            self.steps.update_value(|steps| steps.after_back = Some(address));
            history::go_back();
        } else {
            history::replace_address(&address);
        }
    }

    /// Keeps what is shown as the address says, as long as the section is there.
    pub(crate) fn live_in_address(self) {
        let look = move || {
            let wanted = Place::in_address();
            let shown = self.shown.with_untracked(|shown| shown.as_ref().map(Place::of));
            if wanted == shown {
                return;
            }
            if wanted.is_none() {
                self.shown.set(None);
                self.steps.update_value(|steps| steps.has_entry = false);
            }
            self.wanted.set(wanted);
        };
        look();
        let listener = window_event_listener(leptos::ev::popstate, move |_| {
            let after = self.steps.try_update_value(|steps| steps.after_back.take()).flatten();
            if let Some(address) = after {
                history::replace_address(&address);
            }
            look();
        });
        on_cleanup(move || listener.remove());
        Effect::new(move || {
            let (Some(place), files) = (self.wanted.get(), self.files.get()) else {
                return;
            };
            let finder = Finder::new(self.job_id.get_value(), files);
            run_while_mounted(async move {
                let found = finder.find(&place).await;
                // Something else may be wanted by now.
                if found.is_some() && self.wanted.get_untracked().as_ref() == Some(&place) {
                    self.wanted.set(None);
                    self.shown.set(found);
                }
            });
        });
    }
}
