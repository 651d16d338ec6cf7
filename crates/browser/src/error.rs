//! JavaScript's exceptions as text.

use wasm_bindgen::{JsCast, JsValue};

/// The message of a thrown value, whatever was thrown.
pub fn message(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => thrown.as_string().unwrap_or_else(|| format!("{thrown:?}")),
    }
}
