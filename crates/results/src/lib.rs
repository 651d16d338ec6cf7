//! What a job left, as a person looks at it: the tree of its outputs, what kind each file is, and the beginnings of
//! tables, texts and documents in a form that a page can show without believing anything in them.

pub mod bundle;
pub mod frozen;
pub mod json;
pub mod kind;
pub mod listing;
pub mod markdown;
pub mod plot;
pub mod table;
pub mod tree;

use jobsphere_api as api;
pub use jobsphere_rules::nearest;
use serde::{Deserialize, Serialize};

/// What is asked of whoever reads a content: a worker, away from the page's own thread and out of its first load.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Question {
    /// Rows and columns.
    Table {
        /// The beginning of the file.
        text: String,
        /// What is between cells.
        delimiter: char,
        /// Whether that is all of it.
        is_whole: bool,
    },
    /// A document.
    Markdown(
        /// The beginning of the file.
        String,
    ),
    /// Values.
    Json(
        /// The beginning of the file.
        String,
    ),
}

/// To the [`Question`] of the same name.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub enum Answer {
    /// Rows and columns.
    Table(table::Table),
    /// The blocks.
    Markdown(Vec<markdown::Node>),
    /// The indented text.
    Json(String),
}

impl Question {
    /// The answer.
    pub fn answer(self) -> Answer {
        match self {
            Self::Table {
                text,
                delimiter,
                is_whole,
            } => Answer::Table(table::Table::read(&text, delimiter, is_whole)),
            Self::Markdown(text) => Answer::Markdown(markdown::read(&text)),
            Self::Json(text) => Answer::Json(json::indented(&text)),
        }
    }
}
