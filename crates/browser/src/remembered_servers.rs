//! The servers that this browser remembers, besides the page's own.

use jobsphere_client::servers::{self, Remembered, ServerUrl};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response, wasm_bindgen::JsCast};

use super::{
    server,
    storage::{self, Scope},
    token,
};

const KEY: &str = "servers";

/// All of them, in the order they came.
pub fn all() -> Vec<Remembered> {
    storage::get(Scope::Browser, KEY)
        .map(|text| servers::read(&text))
        .unwrap_or_default()
}

/// Remembers one, under a new name if it is known.
pub fn add(server: Remembered) {
    let mut all = all();
    match all.iter_mut().find(|known| known.url == server.url) {
        Some(known) => *known = server,
        None => all.push(server),
    }
    storage::set(Scope::Browser, KEY, &servers::written(&all));
}

/// Forgets one, and its token.
pub fn forget(url: &ServerUrl) {
    let mut all = all();
    all.retain(|known| known.url != *url);
    storage::set(Scope::Browser, KEY, &servers::written(&all));
    token::forget_for(url);
}

/// Whether calls may go out: to the page's own server, or to one that the person has agreed to.
pub fn is_agreed() -> bool {
    server::current().is_none_or(|url| all().iter().any(|known| known.url == url))
}

/// The other servers that the page's own lets it reach; `None` when any.
///
/// The policy that the browser obeys is what is read, so the two cannot disagree.
pub async fn reachable() -> Option<Vec<ServerUrl>> {
    let window = web_sys::window()?;
    let init = RequestInit::new();
    init.set_method("HEAD");
    let answer = JsFuture::from(window.fetch_with_str_and_init("/", &init)).await.ok()?;
    let answer: Response = answer.unchecked_into();
    servers::allowed(&answer.headers().get("content-security-policy").ok()??)
}
