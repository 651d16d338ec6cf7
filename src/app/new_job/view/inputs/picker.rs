//! The browser's own dialog for files and folders.

use leptos::{html, prelude::*};

use crate::browser::entries::{Picked, picked};

/// What a picker lets choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PickerKind {
    File,
    Files,
    Folder,
}

/// The browser's own dialog, opened by [`open`].
#[component]
pub(crate) fn Picker(
    /// What can be chosen.
    kind: PickerKind,
    /// Opens it.
    node_ref: NodeRef<html::Input>,
    /// Hears what was chosen.
    on_pick: Callback<Vec<Picked>>,
) -> impl IntoView {
    node_ref.on_load(move |input| {
        if kind == PickerKind::Folder {
            input.set_webkitdirectory(true);
        }
    });
    let pick = move |_| {
        if let Some(input) = node_ref.get() {
            let all = picked(input.files());
            // Choosing the same file again must be noticed too.
            input.set_value("");
            on_pick.run(all);
        }
    };
    view! { <input type="file" multiple=kind == PickerKind::Files hidden node_ref=node_ref on:change=pick /> }
}

/// Opens a picker.
pub(super) fn open(picker: NodeRef<html::Input>) {
    if let Some(picker) = picker.get() {
        picker.click();
    }
}
