//! The server that the page is about: its own, unless the address names another. Which one it is does not change while the
//! page lives: another server is another page.

use std::cell::OnceCell;

use jobsphere_client::servers::ServerUrl;

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
