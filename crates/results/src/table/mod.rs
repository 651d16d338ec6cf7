//! Rows and columns of a table in a text, what can be counted of a column, and their order.

mod cut;
mod decide;
mod form;
mod guess;
mod head;
mod numbers;
mod order;
mod reading;
mod ruled;
mod shape;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use cut::Separator;
pub use form::{Form, Value};
pub use numbers::Numbers;
pub use reading::Manner;

/// Whether a text that is not named so is a table: nearly all rows have as many cells, many of them numbers.
pub fn is_table(text: &str, is_whole: bool) -> bool {
    ruled::unruled(text).is_some() || guess::is_table(head::Head::of(text).rest, is_whole)
}

/// What was read of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// What stands between cells.
    pub separator: Separator,
    /// Comments and titles above the table.
    pub above: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The cells of each row as they stand; a row may end before the last column.
    pub rows: Vec<Vec<String>>,
    /// How many rows have fewer cells than there are columns, or more than there are names.
    pub uneven: usize,
    /// How many columns were left out, because nobody looks at so many.
    pub left_out: usize,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// From the first line; empty where that holds values.
    pub name: String,
    /// What it holds.
    pub content: Content,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// Words.
    Words,
    /// Numbers in a form that can be read in more than one way: they are treated as words.
    Unsure,
    /// Whole numbers, some of which are too great to be counted with: only their order is known.
    Wholes,
    /// Numbers.
    Numbers(Form, Numbers),
}

impl Column {
    /// What is known of its numbers; `None` for any other column.
    pub fn numbers(&self) -> Option<&Numbers> {
        match &self.content {
            Content::Numbers(_, numbers) => Some(numbers),
            _ => None,
        }
    }
}

impl Table {
    /// A cell; blank where the row ends before it.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        let row = self.rows.get(row);
        row.and_then(|row| row.get(column))
            .map(String::as_str)
            .unwrap_or_default()
    }

    /// The numbers of a column, with `None` for cells without one.
    pub fn values(&self, column: usize) -> Vec<Option<f64>> {
        let content = self.columns.get(column).map(|column| &column.content);
        let Some(Content::Numbers(form, _)) = content else {
            return vec![None; self.rows.len()];
        };
        let cells = (0..self.rows.len()).map(|row| self.cell(row, column));
        cells.map(|cell| form.read(cell).and_then(Value::number)).collect()
    }
}
