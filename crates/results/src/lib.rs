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

impl Question {
    /// The answer, as JSON: a [`table::Table`], blocks of [`markdown::Node`], or the indented text.
    ///
    /// # Errors
    /// None of these fails to become JSON.
    pub fn answer(self) -> serde_json::Result<String> {
        match self {
            Self::Table {
                text,
                delimiter,
                is_whole,
            } => serde_json::to_string(&table::Table::read(&text, delimiter, is_whole)),
            Self::Markdown(text) => serde_json::to_string(&markdown::read(&text)),
            Self::Json(text) => serde_json::to_string(&json::indented(&text)),
        }
    }
}
