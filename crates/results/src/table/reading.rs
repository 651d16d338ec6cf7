//! From a text to a table.

use super::{
    Column, Content, Separator, Table, Value,
    cut::MAX_CELLS,
    decide::{Decider, Origin},
    form::Form,
    guess,
    head::{self, Head},
    numbers::Sum,
    order::whole,
    ruled,
};

/// How a text is to be read as a table.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// What stands between cells, where that is known.
    pub separator: Option<Separator>,
    /// Whether the text is all there is; else its last row may be cut off, and is left out.
    pub is_whole: bool,
    /// Whether it has an encoding that office programs write.
    pub is_office: bool,
}

impl Table {
    /// Reads `text`.
    pub fn read(text: &str, manner: Manner) -> Self {
        let is_ruled = matches!(manner.separator, None | Some(Separator::Char('|')));
        match ruled::unruled(text).filter(|_| is_ruled) {
            Some(plain) => {
                let separator = Some(Separator::Char('|'));
                Self::read_plain(&plain, Manner { separator, ..manner })
            }
            None => Self::read_plain(text, manner),
        }
    }

    fn read_plain(text: &str, manner: Manner) -> Self {
        let head = Head::of(text);
        let separator = manner.separator.or(head.separator);
        let separator = separator.unwrap_or_else(|| guess::separator(head.rest, manner.is_whole));
        let cut = separator.cut(head.rest, manner.is_whole);
        let (mut rows, widest) = (cut.rows, cut.widest);
        let mut above: Vec<String> = head.comments.iter().map(|line| (*line).to_owned()).collect();
        above.extend(head::titles(&mut rows));
        drop_comments(&mut rows, &head, &mut above);
        let names = names(&mut rows, &mut above, separator);
        let width = rows.iter().map(Vec::len).max().unwrap_or_default().max(names.len());
        let uneven = uneven(&rows, &names, width);
        let origin = Origin {
            is_office: manner.is_office || head.separator.is_some() || separator == Separator::Char(';'),
            is_cut_at_commas: separator == Separator::Char(','),
        };
        let mut names = names.into_iter();
        let contents = contents(&rows, width, origin).into_iter();
        let columns = contents.map(|content| Column {
            // Programs pad the names to the width of the columns.
            name: names.next().unwrap_or_default().trim().to_owned(),
            content,
        });
        Self {
            separator,
            above,
            columns: columns.collect(),
            rows,
            uneven,
            left_out: widest.saturating_sub(MAX_CELLS),
        }
    }
}

/// Puts comments among the rows with those above the table, where there are some: elsewhere `#1` is a cell.
fn drop_comments(rows: &mut Vec<Vec<String>>, head: &Head<'_>, above: &mut Vec<String>) {
    let Some(mark) = head.comments.first().and_then(|line| line.chars().next()) else {
        return;
    };
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    rows.retain(|row| {
        let is_comment = row.len() != width && row.first().is_some_and(|cell| cell.trim_start().starts_with(mark));
        if is_comment {
            above.push(row.join(" "));
        }
        !is_comment
    });
}

/// The names of the columns, out of the first row or the last comment above it.
fn names(rows: &mut Vec<Vec<String>>, above: &mut Vec<String>, separator: Separator) -> Vec<String> {
    let width = rows.first().map(Vec::len).unwrap_or_default();
    let has_names = head::names_columns(rows);
    if let Some(comment) = above.last().filter(|line| line.starts_with(['#', '%'])) {
        let cells = separator.cut(head::bare(comment), true).rows.pop().unwrap_or_default();
        // `#id;name` is meant as names; `# a remark` only where the table has no others.
        let is_meant = above.len() == 1 && !comment[1..].starts_with([' ', '\t']);
        if width > 1 && cells.len() == width && (!has_names || is_meant) {
            above.pop();
            return cells;
        }
    }
    if !has_names {
        return Vec::new();
    }
    let mut names = rows.remove(0);
    // R names the rows, and does not name that column.
    let has_row_names = rows.first().is_some_and(|row| row.len() == names.len() + 1)
        && rows.iter().all(|row| row.len() == names.len() + 1)
        && rows
            .iter()
            .any(|row| row.last().is_some_and(|cell| !cell.trim().is_empty()));
    if has_row_names && (names.len() > 1 || separator != Separator::Char(',')) {
        names.insert(0, String::new());
    }
    names
}

/// How many rows do not fit the columns; blank cells at their ends are no cells.
fn uneven(rows: &[Vec<String>], names: &[String], width: usize) -> usize {
    let wanted = if names.is_empty() { width } else { names.len() };
    let is_uneven = |row: &&Vec<String>| {
        let too_many = row.iter().skip(wanted).any(|cell| !cell.trim().is_empty());
        row.len() < wanted || too_many
    };
    rows.iter().filter(is_uneven).count()
}

/// What the columns hold, each decided over all its cells.
fn contents(rows: &[Vec<String>], width: usize, mut origin: Origin) -> Vec<Content> {
    let mut deciders: Vec<Decider> = std::iter::repeat_with(Decider::default).take(width).collect();
    for row in rows {
        deciders
            .iter_mut()
            .zip(row)
            .for_each(|(decider, cell)| decider.hear(cell));
    }
    origin.is_office |= deciders.iter().any(Decider::is_office);
    let forms: Vec<Option<Form>> = deciders.iter().map(|decider| decider.form(origin)).collect();
    let mut sums: Vec<Option<Sum>> = forms.iter().map(|form| form.as_ref().map(|_| Sum::default())).collect();
    let mut are_whole = vec![true; width];
    for row in rows {
        for (place, cell) in row.iter().enumerate() {
            are_whole[place] = are_whole[place] && (whole(cell).is_some() || is_gap(cell));
            if let (Some(form), Some(sum)) = (&forms[place], &mut sums[place]) {
                match form.read(cell) {
                    Some(value) => sum.add(value),
                    None => sums[place] = None,
                }
            }
        }
    }
    let content = |form: Option<Form>, sum: Option<Sum>, are_whole: bool, decider: &Decider| {
        let is_number = form.is_some();
        match (form, sum.and_then(|sum| sum.of_rows(rows.len()))) {
            (Some(form), Some(numbers)) => Content::Numbers(form, numbers),
            _ if is_number && are_whole => Content::Wholes,
            _ if decider.is_unsure(origin) => Content::Unsure,
            _ => Content::Words,
        }
    };
    let columns = forms.into_iter().zip(sums).zip(are_whole.iter().zip(&deciders));
    columns
        .map(|((form, sum), (are_whole, decider))| content(form, sum, *are_whole, decider))
        .collect()
}

fn is_gap(cell: &str) -> bool {
    Value::of_word(cell.trim()) == Some(Value::Gap)
}
