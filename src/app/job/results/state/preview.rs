//! Finding out what an output is, and making of its beginning what the page shows.

use std::{rc::Rc, sync::Arc};

use send_wrapper::SendWrapper;

use super::{
    content::{ContentError, Source},
    item::Item,
};
use crate::browser::{object_url::ObjectUrl, previewer};
use jobsphere_results::{
    decoding::Said,
    kind::Kind,
    look::{Answer, Choice, Content, Question},
    markdown::Node,
    table::{Separator, Table},
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
    /// Nothing that could be seen; only the mark of an encoding, or blanks.
    Blank {
        is_mark: bool,
    },
    Binary,
}

pub(crate) type Address = SendWrapper<Rc<ObjectUrl>>;

/// How a text was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Manner {
    pub(crate) said: Said,
    /// Where its cells are cut.
    pub(crate) separator: Option<Separator>,
    pub(crate) may_be_table: bool,
}

/// What is shown, how it was read, and how many bytes of it are known.
pub(crate) struct Look {
    pub(crate) shown: Shown,
    pub(crate) manner: Option<Manner>,
    pub(crate) read_bytes: u64,
}

impl Look {
    fn of(shown: Shown, read_bytes: u64) -> Self {
        Self {
            shown,
            manner: None,
            read_bytes,
        }
    }
}

/// Reads up to `limit` bytes and finds out what they are.
pub(crate) async fn look(source: &Source, item: &Item, limit: u64, choice: Choice) -> Look {
    let first = match source.beginning(item, limit.max(FIRST_BYTES)).await {
        Ok(first) => first,
        Err(error) => return Look::of(Shown::Failed(error), 0),
    };
    if first.bytes.is_empty() {
        return Look::of(Shown::Empty, 0);
    }
    let count = first.bytes.len() as u64;
    let kind = Kind::of(&item.name(), &first.bytes);
    if kind.is_read_in_parts() {
        let question = Question {
            name: item.name(),
            is_whole: first.is_whole,
            choice,
        };
        return match previewer::look(question, &first.bytes).await {
            Ok(answer) => words(answer, count, item.size_bytes()),
            Err(error) => Look::of(Shown::Unread(error.to_string()), count),
        };
    }
    if first.is_whole {
        return Look::of(whole(kind, &first.bytes), count);
    }
    let size_bytes = item.size_bytes();
    if size_bytes > UNASKED_BYTES.max(limit) {
        return Look::of(Shown::Large, count);
    }
    match source.beginning(item, size_bytes).await {
        Ok(read) => Look::of(whole(kind, &read.bytes), size_bytes),
        Err(error) => Look::of(Shown::Failed(error), 0),
    }
}

/// What the page shows of `bytes`, the beginning of a file of this name, or all of it.
pub(crate) async fn show(name: &str, bytes: &[u8], is_whole: bool) -> Shown {
    let kind = Kind::of(name, bytes);
    if !kind.is_read_in_parts() {
        return whole(kind, bytes);
    }
    let question = Question {
        name: name.to_owned(),
        is_whole,
        choice: Choice::default(),
    };
    let count = bytes.len() as u64;
    match previewer::look(question, bytes).await {
        Ok(answer) => words(answer, count, count).shown,
        Err(error) => Shown::Unread(error.to_string()),
    }
}

/// What can be shown only as a whole.
fn whole(kind: Kind, bytes: &[u8]) -> Shown {
    let address = |kind: &str| ObjectUrl::of(bytes, kind).map(|url| SendWrapper::new(Rc::new(url)));
    match kind {
        Kind::Image(kind) => address(kind).map_or_else(Shown::Unread, Shown::Image),
        Kind::Pdf => address("application/pdf").map_or_else(Shown::Unread, Shown::Pdf),
        Kind::Words(_) => Shown::Binary,
    }
}

fn words(answer: Answer, count: u64, size_bytes: u64) -> Look {
    let separator = match &answer.content {
        Content::Table(table) => Some(table.separator),
        _ => None,
    };
    let manner = answer.said.map(|said| Manner {
        said,
        separator,
        may_be_table: answer.may_be_table,
    });
    let shown = match answer.content {
        Content::Table(table) => Shown::Table(Arc::new(table)),
        Content::Markdown(nodes) => Shown::Markdown(Arc::new(nodes)),
        Content::Text(text) => Shown::Text(text),
        Content::Html(page) => Shown::Html(page),
        Content::Blank { is_mark } => Shown::Blank { is_mark },
        // More of it would not be shown either.
        Content::Binary => return Look::of(Shown::Binary, size_bytes),
    };
    Look {
        shown,
        manner,
        read_bytes: count,
    }
}
