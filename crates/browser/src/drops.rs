//! Files that are dropped anywhere on the page, or pasted into it. Left alone, the browser would leave the page to show
//! what was dropped.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Element, Event};

use super::entries::Dropped;

/// What happened.
#[derive(Debug)]
pub enum Brought {
    /// Files are held over the page.
    Over,
    /// They were taken away again.
    Away,
    /// Files were dropped.
    Dropped(Dropped),
    /// Files were pasted, where no words could have been meant.
    Pasted(Dropped),
}

/// Tells `hear` of all files that are brought to the page, until the listeners are dropped; whether pasted ones are taken
/// is its answer.
pub fn listen(hear: impl Fn(Brought) -> bool + Clone + 'static) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let on = |name: &'static str, act: fn(&Event, &dyn Fn(Brought) -> bool)| {
        let hear = hear.clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&window, name, options, move |event| act(event, &hear))
    };
    vec![
        on("dragover", |event, hear| {
            if dragged(event).is_some() {
                event.prevent_default();
                hear(Brought::Over);
            }
        }),
        on("dragleave", |event, hear| {
            // The pointer has left the window, not one element for another.
            let is_outside = event
                .dyn_ref::<DragEvent>()
                .is_some_and(|event| event.related_target().is_none());
            if is_outside {
                hear(Brought::Away);
            }
        }),
        on("drop", |event, hear| {
            hear(Brought::Away);
            if let Some(data) = dragged(event) {
                event.prevent_default();
                hear(Brought::Dropped(Dropped::take(&data)));
            }
        }),
        on("paste", |event, hear| {
            if let Some(data) = pasted(event)
                && hear(Brought::Pasted(Dropped::take(&data)))
            {
                event.prevent_default();
            }
        }),
    ]
}

fn holds(data: &DataTransfer, kind: &str) -> bool {
    data.types().includes(&kind.into(), 0)
}

fn dragged(event: &Event) -> Option<DataTransfer> {
    let data = event.dyn_ref::<DragEvent>()?.data_transfer()?;
    holds(&data, "Files").then_some(data)
}

/// Who copies cells of a table or a passage brings words and a picture of them; a field wants the words.
fn pasted(event: &Event) -> Option<DataTransfer> {
    let data = event.dyn_ref::<ClipboardEvent>()?.clipboard_data()?;
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_field =
        element.is_some_and(|element| element.matches("input, textarea, [contenteditable]").unwrap_or(false));
    let is_wanted = holds(&data, "Files") && !(is_field && holds(&data, "text/plain"));
    is_wanted.then_some(data)
}
