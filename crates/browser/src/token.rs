//! The token that the page calls with. Each server has its own, and none is ever sent to another one.
//!
//! It is kept as long as the tab lives; longer only when the person asks for it. It never stands in an address that
//! stays: the one in a link's fragment is taken out before anything else happens, and replaces none by itself.

use std::cell::RefCell;

use wasm_bindgen::JsValue;

use super::{
    server,
    storage::{self, Scope},
};
use jobsphere_client::servers::ServerUrl;

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
        storage::get(Scope::Tab, &key).or_else(|| storage::get(Scope::Browser, &key))
    })
}

/// Whether the token that calls carry is one that this browser keeps.
pub fn is_kept() -> bool {
    let held = get();
    held.is_some() && held == storage::get(Scope::Browser, &key(server::current().as_ref()))
}

/// Calls with `token` from now on, instead of the one before, which is forgotten; another one that the browser keeps is
/// not.
pub fn set(keep: Scope, token: &str) {
    let key = key(server::current().as_ref());
    if is_kept() {
        storage::remove(Scope::Browser, &key);
    }
    storage::remove(Scope::Tab, &key);
    storage::set(keep, &key, token);
    HELD.set(Some(token.to_owned()));
}

/// Calls with `token` from now on, in this tab alone; one that the browser keeps stays, for other tabs.
pub fn hold(token: &str) {
    storage::set(Scope::Tab, &key(server::current().as_ref()), token);
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
    storage::remove(Scope::Tab, &key);
    storage::remove(Scope::Browser, &key);
}

/// What the token of a link came upon.
#[derive(Clone, PartialEq, Eq)]
pub enum LinkToken {
    /// Itself, or a page about another server: it means nothing.
    Nothing,
    /// No other one: calls are made with it from now on.
    Taken,
    /// Another one, with which calls are still made.
    Other {
        /// The one that is held.
        held: String,
        /// The one of the link.
        offered: String,
    },
}

/// Takes the token out of the page's address, and uses it where the page has none for its server; `None` when no link has
/// brought one. Where the page has another one, nothing changes: anybody can make such a link, and who follows it would lose their
/// own token and go on under somebody else's name.
///
/// Such links are printed by a server for its own page: one in an address that names another server is used for nothing.
///
/// # Errors
/// When the browser does not let the address be changed; the token is then not used either.
pub fn take_from_address() -> Result<Option<LinkToken>, JsValue> {
    let Some(offered) = cut_out_of_address()? else {
        return Ok(None);
    };
    if server::current().is_some() {
        return Ok(Some(LinkToken::Nothing));
    }
    Ok(Some(match get() {
        None => {
            hold(&offered);
            LinkToken::Taken
        }
        Some(held) if held == offered => LinkToken::Nothing,
        Some(held) => LinkToken::Other { held, offered },
    }))
}

fn cut_out_of_address() -> Result<Option<String>, JsValue> {
    let Some(window) = web_sys::window() else {
        return Ok(None);
    };
    let location = window.location();
    let fragment = location.hash()?;
    let Some(token) = fragment.strip_prefix(FRAGMENT).filter(|token| !token.is_empty()) else {
        return Ok(None);
    };
    let address = format!("{}{}", location.pathname()?, location.search()?);
    window
        .history()?
        .replace_state_with_url(&JsValue::NULL, "", Some(&address))?;
    Ok(Some(token.to_owned()))
}
