//! Beginning a blank form while another one is open.

use leptos::prelude::*;

/// How often "New job" was pressed: each press begins a blank form.
#[derive(Clone, Copy)]
pub(crate) struct Fresh(pub(crate) RwSignal<u32>);

impl Fresh {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(0))
    }

    /// Begins a blank form.
    pub(crate) fn begin(self) {
        self.0.update(|count| *count += 1);
    }
}
