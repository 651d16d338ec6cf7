//! What this browser remembers: small settings for good, and secrets for as long as the tab lives.
//! Private windows may forbid it; then nothing is remembered.

use web_sys::Storage;

/// How long something is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// As long as the tab.
    Tab,
    /// Until it is removed.
    Browser,
}

fn storage(keep: Scope) -> Option<Storage> {
    let window = web_sys::window()?;
    match keep {
        Scope::Tab => window.session_storage().ok()?,
        Scope::Browser => window.local_storage().ok()?,
    }
}

/// What is remembered under `key`, if anything.
pub fn get(keep: Scope, key: &str) -> Option<String> {
    storage(keep)?.get_item(key).ok()?
}

/// Remembers `value` under `key`.
pub fn set(keep: Scope, key: &str, value: &str) {
    if let Some(storage) = storage(keep) {
        // Full or forbidden: it then holds for this page only.
        let _ = storage.set_item(key, value);
    }
}

/// Forgets what was under `key`.
pub fn remove(keep: Scope, key: &str) {
    if let Some(storage) = storage(keep) {
        let _ = storage.remove_item(key);
    }
}
