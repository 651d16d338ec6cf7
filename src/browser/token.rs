//! The token that the page calls with.
//!
//! It is kept as long as the tab lives; longer only when the person asks for it. It never stands in an address that
//! stays: the one in a link's fragment is taken out before anything else happens.

use std::cell::RefCell;

use wasm_bindgen::JsValue;

use super::storage::{self, Keep};

const KEY: &str = "token";
const FRAGMENT: &str = "#token=";

thread_local! {
    /// For browsers that let a page store nothing.
    static HELD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The token, if there is one.
pub fn get() -> Option<String> {
    HELD.with_borrow(Clone::clone)
        .or_else(|| storage::get(Keep::Tab, KEY))
        .or_else(|| storage::get(Keep::Browser, KEY))
}

/// Calls with `token` from now on.
pub fn set(keep: Keep, token: &str) {
    forget();
    storage::set(keep, KEY, token);
    HELD.set(Some(token.to_owned()));
}

/// Calls without one from now on.
pub fn forget() {
    HELD.set(None);
    storage::remove(Keep::Tab, KEY);
    storage::remove(Keep::Browser, KEY);
}

/// Takes the token out of the page's address, where a link has brought one.
///
/// # Errors
/// When the browser does not let the address be changed; the token is then not used either.
pub fn take_from_address() -> Result<(), JsValue> {
    let Some(window) = web_sys::window() else {
        return Ok(());
    };
    let location = window.location();
    let fragment = location.hash()?;
    let Some(token) = fragment.strip_prefix(FRAGMENT).filter(|token| !token.is_empty()) else {
        return Ok(());
    };
    let address = format!("{}{}", location.pathname()?, location.search()?);
    window
        .history()?
        .replace_state_with_url(&JsValue::NULL, "", Some(&address))?;
    set(Keep::Tab, token);
    Ok(())
}
