//! What only a browser has, behind typed functions: the one place that talks to JavaScript.

pub mod caret;
pub mod clock;
pub mod database;
pub mod digests;
pub mod document;
pub mod entries;
pub mod error;
pub mod files;
pub mod gate;
pub mod handle;
pub mod hashing;
pub mod idle;
pub mod intl;
pub mod links;
pub mod log_view;
pub mod reader;
pub mod storage;
pub mod token;
pub mod transport;
pub mod upload;
pub mod worker_script;

/// The client that every page uses: calls go to the page's own origin.
pub type Client = crate::client::Client<transport::Fetch, clock::BrowserClock>;

/// A client for the page's own origin.
pub fn client() -> Client {
    Client::new(transport::Fetch, clock::BrowserClock)
}
