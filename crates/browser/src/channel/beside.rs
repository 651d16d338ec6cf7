//! Values that no text can hold: they stand in a list beside the text, which names their places.

use std::cell::RefCell;

use js_sys::{Array, Object};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use wasm_bindgen::JsCast;

thread_local! {
    /// Of the message that is being written or read.
    static VALUES: RefCell<Array> = RefCell::new(Array::new());
}

/// A value of the browser's in a message. It can be written and read only as a part of one.
#[derive(Debug, Clone)]
pub struct Beside<T>(pub T);

impl<T: JsCast> PartialEq for Beside<T> {
    fn eq(&self, other: &Self) -> bool {
        Object::is(self.0.as_ref(), other.0.as_ref())
    }
}

impl<T: JsCast> Serialize for Beside<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let length = VALUES.with_borrow(|values| values.push(self.0.as_ref()));
        serializer.serialize_u32(length - 1)
    }
}

impl<'de, T: JsCast> Deserialize<'de> for Beside<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let place = u32::deserialize(deserializer)?;
        let value = VALUES.with_borrow(|values| values.get(place));
        let value = value
            .dyn_into()
            .map_err(|_| de::Error::custom("a value of another kind"))?;
        Ok(Self(value))
    }
}

/// Runs `write`; what it wrote, and the values that belong beside it.
pub(super) fn collect<T>(write: impl FnOnce() -> T) -> (T, Array) {
    VALUES.set(Array::new());
    let written = write();
    (written, VALUES.replace(Array::new()))
}

/// Runs `read` with these values beside what it reads.
pub(super) fn with<T>(values: Array, read: impl FnOnce() -> T) -> T {
    VALUES.set(values);
    let read = read();
    VALUES.set(Array::new());
    read
}
