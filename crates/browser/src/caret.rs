//! The caret of a text area, in UTF-16 units, as JavaScript counts.

use std::ops::Range;

use wasm_bindgen::JsCast;
use web_sys::{Event, EventInit, HtmlTextAreaElement};

use super::document;

fn area(id: &str) -> Option<HtmlTextAreaElement> {
    document::document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Where the caret of the text area `id` stands.
pub fn place(id: &str) -> Option<u32> {
    area(id)?.selection_start().ok()?
}

/// Puts `text` in the place of `range` as if it had been typed: the focus and the caret are behind it at once, so that
/// the next key already goes there, and the area says `input`.
pub fn write(id: &str, range: Range<u32>, text: &str) {
    let Some(area) = area(id) else { return };
    // These fail only for an element that is gone, or for a range that ends before it begins.
    let _ = area.focus();
    let _ = area.set_range_text_with_start_and_end_and_mode(text, range.start, range.end, "end");
    let init = EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
        let _ = area.dispatch_event(&event);
    }
}
