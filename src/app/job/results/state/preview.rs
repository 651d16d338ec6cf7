//! Finding out what an output is, and making of its beginning what the page shows.

use std::{rc::Rc, sync::Arc};

use send_wrapper::SendWrapper;

use super::{
    content::{ContentError, Source},
    item::Item,
};
use crate::browser::{object_url::ObjectUrl, previewer};
use jobsphere_results::{
    kind::{self, Kind},
    markdown::Node,
    table::Table,
};

/// Read at first.
pub(crate) const FIRST_BYTES: u64 = 256 << 10;
/// A picture or document up to this size is read as a whole without a question.
const UNASKED_BYTES: u64 = 4 << 20;

/// What is shown.
#[derive(Clone)]
pub(crate) enum Shown {
    Reading,
    /// It can be shown only as a whole, which is large.
    Large,
    Failed(ContentError),
    /// The worker that reads it failed.
    Unread(String),
    Image(Address),
    Pdf(Address),
    Html(String),
    Table(Arc<Table>),
    Markdown(Arc<Vec<Node>>),
    Text(String),
    Empty,
    Binary,
}

pub(crate) type Address = SendWrapper<Rc<ObjectUrl>>;

/// Reads up to `limit` bytes and finds out what they are; with how many bytes of it are known.
pub(crate) async fn look(source: &Source, item: &Item, limit: u64) -> (Shown, u64) {
    let first = match source.beginning(item, limit.max(FIRST_BYTES)).await {
        Ok(first) => first,
        Err(error) => return (Shown::Failed(error), 0),
    };
    if first.bytes.is_empty() {
        return (Shown::Empty, 0);
    }
    let mut count = first.bytes.len() as u64;
    let kind = Kind::of(&item.name(), &first.bytes);
    if !kind.is_read_in_parts() && kind != Kind::Binary && !first.is_whole {
        let size_bytes = item.size_bytes();
        if size_bytes > UNASKED_BYTES {
            return (Shown::Large, count);
        }
        return match source.beginning(item, size_bytes).await {
            Ok(whole) => (show(kind, whole.bytes, true).await, size_bytes),
            Err(error) => (Shown::Failed(error), 0),
        };
    }
    if kind == Kind::Binary {
        count = item.size_bytes();
    }
    (show(kind, first.bytes, first.is_whole).await, count)
}

/// What the page shows of `bytes` of this kind.
pub(crate) async fn show(kind: Kind, bytes: Vec<u8>, is_whole: bool) -> Shown {
    let words = || kind::text(&bytes).unwrap_or_default().to_owned();
    let address = |kind: &str| ObjectUrl::of(&bytes, kind).map(|url| SendWrapper::new(Rc::new(url)));
    match kind {
        Kind::Binary => Shown::Binary,
        Kind::Image(kind) => address(kind).map_or_else(Shown::Unread, Shown::Image),
        Kind::Pdf => address("application/pdf").map_or_else(Shown::Unread, Shown::Pdf),
        Kind::Html => Shown::Html(words()),
        Kind::Text => Shown::Text(words()),
        Kind::Json => match previewer::json(words()).await {
            Ok(text) => Shown::Text(text),
            Err(error) => Shown::Unread(error.to_string()),
        },
        Kind::Markdown => match previewer::markdown(words()).await {
            Ok(nodes) => Shown::Markdown(Arc::new(nodes)),
            Err(error) => Shown::Unread(error.to_string()),
        },
        Kind::Table(delimiter) => match previewer::table(words(), delimiter, is_whole).await {
            Ok(table) => Shown::Table(Arc::new(table)),
            Err(error) => Shown::Unread(error.to_string()),
        },
    }
}
