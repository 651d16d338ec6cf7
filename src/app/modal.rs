//! Dialogs over the page.

use leptos::{html, prelude::*};

/// Has a dialog over the page as long as it is wanted.
pub(crate) fn show_while(is_wanted: Signal<bool>, dialog: NodeRef<html::Dialog>) {
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match (is_wanted.get(), dialog.open()) {
            // Fails only for a dialog that is not in the page.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
}
