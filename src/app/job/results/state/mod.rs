//! Outputs and their content.

pub(crate) mod content;
pub(crate) mod item;
pub(crate) mod preview;
pub(crate) mod unnamed;

use leptos::prelude::*;

use self::item::Item;

/// What the parts of the section share.
#[derive(Clone, Copy)]
pub(crate) struct Results {
    pub(crate) project: StoredValue<String>,
    pub(crate) job_id: StoredValue<String>,
    /// What is looked into.
    pub(crate) shown: RwSignal<Option<Item>>,
}

pub(crate) fn results() -> Results {
    expect_context()
}
