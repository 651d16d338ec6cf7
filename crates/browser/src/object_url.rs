//! Addresses of bytes in memory, for the elements that show them.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, File, Url};

use super::error::message;

/// An address that holds until it is dropped.
#[derive(Debug, PartialEq, Eq)]
pub struct ObjectUrl(String);

impl ObjectUrl {
    /// The address of `bytes`, which a browser takes for `kind` and nothing else.
    ///
    /// # Errors
    /// The browser's words when it makes none.
    pub fn of(bytes: &[u8], kind: &str) -> Result<Self, String> {
        let options = BlobPropertyBag::new();
        options.set_type(kind);
        let parts = Array::of1(&Uint8Array::from(bytes));
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).map_err(said)?;
        Url::create_object_url_with_blob(&blob).map(Self).map_err(said)
    }

    /// The address of a file on the disk.
    ///
    /// # Errors
    /// The browser's words when it makes none.
    pub fn of_file(file: &File) -> Result<Self, String> {
        Url::create_object_url_with_blob(file).map(Self).map_err(said)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        // Refused only for what is no such address.
        let _ = Url::revoke_object_url(&self.0);
    }
}

fn said(thrown: JsValue) -> String {
    message(&thrown)
}
