//! The token that the page calls with. Each server has its own, and none is ever sent to another one.
//!
//! It is kept as long as the tab lives; longer only when the person asks for it. It never stands in an address that
//! stays: the one in a link's fragment is taken out before anything else happens.

use std::cell::RefCell;

use wasm_bindgen::JsValue;

use super::{
    server,
    storage::{self, Keep},
};
use crate::client::servers::ServerUrl;

const KEY: &str = "token";
const FRAGMENT: &str = "#token=";

thread_local! {
    /// For browsers that let a page store nothing.
    static HELD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Where the token of the page's own server is kept, or that of another.
fn key(server: Option<&ServerUrl>) -> String {
    match server {
        None => KEY.to_owned(),
        Some(url) => format!("{KEY} {}", url.origin()),
    }
}

/// The token for the server that the page is about, if there is one.
pub fn get() -> Option<String> {
    HELD.with_borrow(Clone::clone).or_else(|| {
        let key = key(server::current().as_ref());
        storage::get(Keep::Tab, &key).or_else(|| storage::get(Keep::Browser, &key))
    })
}

/// Calls with `token` from now on.
pub fn set(keep: Keep, token: &str) {
    forget();
    storage::set(keep, &key(server::current().as_ref()), token);
    HELD.set(Some(token.to_owned()));
}

/// Calls without one from now on.
pub fn forget() {
    HELD.set(None);
    remove(server::current().as_ref());
}

/// Forgets the token for another server.
pub fn forget_for(url: &ServerUrl) {
    if server::current().as_ref() == Some(url) {
        HELD.set(None);
    }
    remove(Some(url));
}

fn remove(server: Option<&ServerUrl>) {
    let key = key(server);
    storage::remove(Keep::Tab, &key);
    storage::remove(Keep::Browser, &key);
}

/// Takes the token out of the page's address, where a link has brought one. Such links are printed by a server for its
/// own page: one in an address that names another server is used for nothing.
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
    if server::current().is_none() {
        set(Keep::Tab, token);
    }
    Ok(())
}
