//! What only a browser gives, behind typed functions and without a framework: fetch, workers, hashing, uploads, files and
//! their handles, storage. It is the one place that talks to JavaScript; the app, the module for other pages and the
//! service in a page stand on it.

use jobsphere_api as api;

pub mod asset;
pub mod caret;
pub mod channel;
pub mod clock;
pub mod database;
pub mod digests;
pub mod document;
pub mod drops;
pub mod entries;
pub mod error;
pub mod fetching;
pub mod files;
pub mod handle;
pub mod hashing;
pub mod history;
pub mod icon;
pub mod idle;
pub mod in_page;
pub mod inert_page;
pub mod inflate;
pub mod intl;
pub mod links;
pub mod log_rows;
pub mod log_view;
pub mod log_worker;
pub mod notification;
pub mod object_url;
pub mod paste;
pub mod previewer;
pub mod reader;
pub mod remembered_servers;
pub mod saving;
pub mod server;
pub mod shared_file;
pub mod slots;
pub mod storage;
pub mod token;
pub mod transport;
pub mod upload;
pub mod view_port;
pub mod worker_script;

pub use jobsphere_client::gate;

use jobsphere_client::servers::ServerUrl;

/// The client that every page uses: calls go to the server that the page is about.
pub type Client = jobsphere_client::Client<transport::Fetch, clock::BrowserClock>;

/// A client for the server that the page is about.
pub fn client() -> Client {
    Client::new(transport::Fetch::default(), clock::BrowserClock)
}

/// A client for the server that the page is about, with this token, for finding out whether it is good.
pub fn holder(token: &str) -> Client {
    Client::new(transport::Fetch::with_token(token), clock::BrowserClock)
}

/// A client without a token, for finding out whether there is a service at `url`.
pub fn stranger(url: ServerUrl) -> Client {
    Client::new(transport::Fetch::to_stranger(url), clock::BrowserClock)
}
