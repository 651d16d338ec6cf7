//! What is pasted into a field.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Whether the text of a `paste` event has several lines.
pub fn has_lines(event: &JsValue) -> bool {
    pasted(event).is_some_and(|text| text.trim_end_matches(['\r', '\n']).contains(['\r', '\n']))
}

fn pasted(event: &JsValue) -> Option<String> {
    let data = Reflect::get(event, &"clipboardData".into()).ok()?;
    let read: Function = Reflect::get(&data, &"getData".into()).ok()?.dyn_into().ok()?;
    read.call1(&data, &"text/plain".into()).ok()?.as_string()
}
