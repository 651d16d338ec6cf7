//! Numbers that a program prints: a line that is JSON or a dictionary of Python, or `loss=0.25 acc: 91%` among words.
//!
//! What is no number for sure is none: a date, an address, a version, a place in a file.

mod columns;
mod object;
mod pairs;
mod place;

pub(super) use self::{
    columns::Heading,
    place::{is_epoch, is_step},
};

/// A longer line is no report of numbers.
const MAX_LINE_BYTES: usize = 4096;
/// Names are labels of charts.
const MAX_NAME_BYTES: usize = 60;
/// One line gives no more numbers.
const MAX_NUMBERS: usize = 40;

/// A number with its name; NaN stands for one that the program could not tell.
pub(super) type Number = (String, f64);

/// The numbers of a text, in their order.
pub(super) fn read(text: &str) -> Vec<Number> {
    let mut found = Vec::new();
    if text.len() > MAX_LINE_BYTES || !text.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'{')) {
        return found;
    }
    if text.trim_start().starts_with('{') {
        object::read(text.trim(), &mut found);
    } else {
        place::read(text, &mut found);
        pairs::read(text, &mut found);
    }
    found.truncate(MAX_NUMBERS);
    found
}

fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME_BYTES && name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

/// A number as people and programs write it: `1e-4`, `1,234.5`, `1,234,567`, `nan`, `inf`. `1,234` alone may be a fraction as
/// well, and is none.
fn number(cell: &str) -> Option<f64> {
    let plain = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    if matches!(plain.to_ascii_lowercase().as_str(), "nan" | "inf" | "infinity") {
        return Some(f64::NAN);
    }
    if !plain.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.') {
        return None;
    }
    if !plain.contains(',') {
        return cell.parse().ok().filter(|value: &f64| value.is_finite());
    }
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let is_sure = !fraction.contains(',') && (!fraction.is_empty() || whole.matches(',').count() > 1);
    let mut groups = whole.split(',');
    let is_grouped = is_sure
        && !whole.starts_with('0')
        && groups.next().is_some_and(|first| (1..=3).contains(&first.len()))
        && groups.all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()));
    is_grouped.then(|| cell.replace(',', "").parse().ok()).flatten()
}

#[cfg(test)]
mod tests;
