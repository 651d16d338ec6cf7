//! The client of the job service: submit, follow, logs and files, over any transport.
//!
//! A [`Transport`] carries the calls (in a page: `fetch`), a [`Clock`] lets time pass. Everything here is
//! portable and is tested natively with the bytes a server sends, cut at every place.

pub mod between;
pub mod body;
pub mod calls;
pub mod error;
pub mod follow;
pub mod frames;
pub mod gate;
pub mod listed;
pub mod log_question;
mod log_stream;
pub mod log_tail;
pub mod logs;
pub mod manage;
pub mod projects;
pub mod retry;
pub mod servers;
pub mod shares;
pub mod slots;
pub mod submission;
pub mod unnamed;

pub use calls::Client;
pub use error::CallError;

use jobsphere_api as api;

use bytes::Bytes;
use http_body::Body as HttpBody;
use tonic::{body::Body, client::GrpcService};

/// An error of any kind, as tonic passes it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What carries calls to the service.
pub trait Transport:
    Clone
    + GrpcService<
        Body,
        Error: Into<BoxError>,
        ResponseBody: HttpBody<Data = Bytes, Error: Into<BoxError> + Send> + Send + 'static,
    >
{
}

impl<T> Transport for T where
    T: Clone
        + GrpcService<
            Body,
            Error: Into<BoxError>,
            ResponseBody: HttpBody<Data = Bytes, Error: Into<BoxError> + Send> + Send + 'static,
        >
{
}

/// How time passes.
pub trait Clock: Clone {
    /// Ends after `millis` milliseconds.
    fn sleep(&self, millis: u32) -> impl Future<Output = ()>;

    /// Ends after `millis` milliseconds, or sooner when there is reason to hope for a connection.
    fn pause_before_retry(&self, millis: u32) -> impl Future<Output = ()> {
        self.sleep(millis)
    }

    /// Ends after `millis` milliseconds; later where nobody looks, and then at once when somebody does.
    fn pause_before_look(&self, millis: u32) -> impl Future<Output = ()> {
        self.sleep(millis)
    }
}
