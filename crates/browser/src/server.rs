//! The server that the page is about: its own, unless the address names another, and the others that this browser
//! remembers. Which one it is does not change while the page lives: another server is another page.

use std::cell::OnceCell;

use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response, wasm_bindgen::JsCast};

use super::{
    storage::{self, Keep},
    token,
};
use jobsphere_client::servers::{self, Remembered, ServerUrl};

const KEY: &str = "servers";

thread_local! {
    static CURRENT: OnceCell<Option<ServerUrl>> = const { OnceCell::new() };
}

/// The other server that the address names; `None` for the page's own.
pub fn current() -> Option<ServerUrl> {
    CURRENT.with(|current| current.get_or_init(|| ServerUrl::at(&path()?)).clone())
}

fn path() -> Option<String> {
    web_sys::window()?.location().pathname().ok()
}

/// Where the paths of the page's addresses begin: nothing, or the place of the other server.
pub fn place() -> String {
    current().map(|url| url.place()).unwrap_or_default()
}

/// The servers this browser remembers, in the order they came.
pub fn remembered() -> Vec<Remembered> {
    storage::get(Keep::Browser, KEY)
        .map(|text| servers::read(&text))
        .unwrap_or_default()
}

/// Remembers a server, under a new name if it is known.
pub fn remember(server: Remembered) {
    let mut all = remembered();
    match all.iter_mut().find(|known| known.url == server.url) {
        Some(known) => *known = server,
        None => all.push(server),
    }
    storage::set(Keep::Browser, KEY, &servers::written(&all));
}

/// Forgets a server and its token.
pub fn forget(url: &ServerUrl) {
    let mut all = remembered();
    all.retain(|known| known.url != *url);
    storage::set(Keep::Browser, KEY, &servers::written(&all));
    token::forget_for(url);
}

/// Whether calls may go out: to the page's own server, or to one that the person has agreed to.
pub fn is_agreed() -> bool {
    current().is_none_or(|url| remembered().iter().any(|known| known.url == url))
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
