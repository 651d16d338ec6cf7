//! The service inside the browser: how pages and workers reach it.
//!
//! It runs in a worker of one tab. Everybody else speaks with it by a [`BroadcastChannel`](web_sys::BroadcastChannel) of
//! their own, which both open by its name: nobody has to hand ports on, in any tab, and when another tab takes the service
//! over, the names stay. Who closes is noticed by locks. Files travel as the browser's own, by reference.
//!
//! What is asked is a request with a path, as of a server; addresses begin with `in-page:` and the path of the app.

mod client;
mod wire;

use std::{cell::OnceCell, rc::Rc};

pub use self::{
    client::{Answer, Asked, Body, Question, ask},
    wire::{Hall, Headers, ToPage, ToService, client_channel, client_lock, hall, service_lock},
};
use super::asset;

/// How addresses of such a service begin.
pub const SCHEME: &str = "in-page:";
/// What says that the page has one.
const MARK: &str = "in-page";
/// Behind the place of the service, in addresses of files.
const FILES: &str = "/files/";

thread_local! {
    static IS_HERE: OnceCell<bool> = const { OnceCell::new() };
}

/// Whether the page's own server is inside the browser.
pub fn is_here() -> bool {
    IS_HERE.with(|here| *here.get_or_init(|| asset::address(MARK).is_some()))
}

/// Whether this is an address in a browser.
pub fn is(address: &str) -> bool {
    address.starts_with(SCHEME)
}

/// The place of the service, and the path at it, of the address of a file.
pub fn parts_of_file(address: &str) -> Option<(Rc<str>, &str)> {
    let rest = address.strip_prefix(SCHEME)?;
    let (place, path) = rest.split_at(rest.rfind(FILES)?);
    Some((place.into(), path))
}
