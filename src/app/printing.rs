//! Whether the page is being put on paper: what is closed on the screen is open there.

use leptos::prelude::*;

/// True from the moment when the browser begins to print until it has done so.
pub(crate) fn use_printing() -> Signal<bool> {
    let is_printing = RwSignal::new(false);
    let begins = window_event_listener_untyped("beforeprint", move |_| is_printing.set(true));
    let ends = window_event_listener_untyped("afterprint", move |_| is_printing.set(false));
    on_cleanup(move || {
        begins.remove();
        ends.remove();
    });
    is_printing.into()
}
