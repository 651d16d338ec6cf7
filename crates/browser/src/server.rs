//! The server that the page is about: its own, unless the address names another. Which one it is does not change while the
//! page lives: another server is another page.

use std::cell::OnceCell;

use jobsphere_client::servers::ServerUrl;

use super::{document, in_page};

thread_local! {
    static CURRENT: OnceCell<Option<ServerUrl>> = const { OnceCell::new() };
    static BASE: OnceCell<String> = const { OnceCell::new() };
}

/// The path below which the app's own server answers, as the page says by its `base`: nothing, or such as `/jobs`.
pub fn base() -> String {
    BASE.with(|base| base.get_or_init(document::base_path).clone())
}

/// The address of the page's own server: its origin, and where it has one, its [`base`].
pub fn own() -> String {
    format!("{}{}", document::origin(), base())
}

/// How addresses begin that the page's own server, or the service inside the browser, is called by.
pub fn callee() -> String {
    match in_page::is_here() {
        true => format!("{}{}", in_page::SCHEME, base()),
        false => own(),
    }
}

/// Where the app of the page's own server begins.
pub fn home() -> String {
    format!("{}/", base())
}

/// What a path of an address says below [`base`].
pub fn below_base(path: &str) -> &str {
    BASE.with(|base| {
        let below = path.strip_prefix(base.get_or_init(document::base_path).as_str());
        below.filter(|below| below.starts_with('/')).unwrap_or(path)
    })
}

/// The beginning of the paths of pages about another server.
pub fn place_of(url: &ServerUrl) -> String {
    format!("{}{}", base(), url.place())
}

/// The other server that the address names; `None` for the page's own.
pub fn current() -> Option<ServerUrl> {
    CURRENT.with(|current| {
        current
            .get_or_init(|| ServerUrl::at(below_base(&document::path())))
            .clone()
    })
}

/// Where the paths of the page's addresses begin: at [`base`], or at the place of the other server.
pub fn place() -> String {
    current().map_or_else(base, |url| place_of(&url))
}
