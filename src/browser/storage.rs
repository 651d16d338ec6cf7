//! Small settings that this browser remembers. Private windows may forbid it; then nothing is remembered.

use web_sys::Storage;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// The setting `key`, if it is remembered.
pub fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Remembers a setting.
pub fn set(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // Full or forbidden: the setting then holds for this page only.
        let _ = storage.set_item(key, value);
    }
}
