//! Outputs and their content.

pub(crate) mod content;
pub(crate) mod finding;
pub(crate) mod item;
pub(crate) mod pictures;
pub(crate) mod place;
pub(crate) mod preview;
pub(crate) mod unnamed;
pub(crate) mod unpacking;

use leptos::prelude::*;

use self::{item::Item, place::Place};
use crate::api::jobs::File;

/// What the parts of the section share.
#[derive(Clone, Copy)]
pub(crate) struct Results {
    pub(crate) project: StoredValue<String>,
    pub(crate) job_id: StoredValue<String>,
    /// The job's outputs.
    pub(crate) files: Memo<Vec<File>>,
    /// What is looked into.
    pub(crate) shown: RwSignal<Option<Item>>,
    /// What the address wants to be looked into, until it is found.
    pub(crate) wanted: RwSignal<Option<Place>>,
    /// How the address came to name what is looked into.
    pub(crate) steps: StoredValue<place::Steps>,
}

pub(crate) fn results() -> Results {
    expect_context()
}
