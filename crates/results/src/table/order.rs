//! The order of a table's rows.

use super::{Content, Form, Table, Value};

/// Where a cell of numbers stands.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
enum Place {
    Number(f64),
    Gap,
    Blank,
}

impl Table {
    /// The places of the rows in the order of a column: numbers by size, words by letters, then what holds none, blank
    /// cells last.
    pub fn order(&self, column: usize, is_descending: bool) -> Vec<usize> {
        let content = self.columns.get(column).map(|column| &column.content);
        match content {
            Some(Content::Numbers(form, _)) => self.by_size(column, form, is_descending),
            Some(Content::Wholes) => self.by_key(column, is_descending, |cell| whole(cell).unwrap_or_default()),
            _ => self.by_key(column, is_descending, str::to_lowercase),
        }
    }

    fn by_size(&self, column: usize, form: &Form, is_descending: bool) -> Vec<usize> {
        let places: Vec<Place> = (0..self.rows.len())
            .map(|row| place(form, self.cell(row, column)))
            .collect();
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_by(|one, other| match (places[*one], places[*other]) {
            (Place::Number(one), Place::Number(other)) if is_descending => other.total_cmp(&one),
            (Place::Number(one), Place::Number(other)) => one.total_cmp(&other),
            (one, other) => rank(one).cmp(&rank(other)),
        });
        order
    }

    fn by_key<K: Ord>(&self, column: usize, is_descending: bool, key: impl Fn(&str) -> K) -> Vec<usize> {
        let is_gap = |row: &usize| Value::of_word(self.cell(*row, column).trim()) == Some(Value::Gap);
        let is_blank = |row: &usize| self.cell(*row, column).trim().is_empty();
        let has_wholes = matches!(self.columns.get(column), Some(column) if column.content == Content::Wholes);
        let (mut blank, filled): (Vec<usize>, Vec<usize>) = (0..self.rows.len()).partition(is_blank);
        let (gaps, mut filled): (Vec<usize>, Vec<usize>) =
            filled.into_iter().partition(|row| has_wholes && is_gap(row));
        filled.sort_by_cached_key(|row| key(self.cell(*row, column)));
        if is_descending {
            filled.reverse();
        }
        filled.extend(gaps);
        filled.append(&mut blank);
        filled
    }
}

fn place(form: &Form, cell: &str) -> Place {
    match form.read(cell) {
        Some(Value::Number(number)) => Place::Number(number),
        Some(Value::Endless { is_negative: true }) => Place::Number(f64::NEG_INFINITY),
        Some(Value::Endless { is_negative: false }) => Place::Number(f64::INFINITY),
        _ if cell.trim().is_empty() => Place::Blank,
        _ => Place::Gap,
    }
}

fn rank(place: Place) -> u8 {
    match place {
        Place::Number(_) => 0,
        Place::Gap => 1,
        Place::Blank => 2,
    }
}

/// A whole number of any size that people write, without anything around it; a name such as `007` is none.
pub(super) fn whole(cell: &str) -> Option<i128> {
    let cell = cell.trim();
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = digits.len() > 1 && digits.starts_with('0');
    (is_whole && !is_name).then(|| cell.parse().ok()).flatten()
}
