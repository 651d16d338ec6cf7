//! Text cut into rows of cells.

use std::borrow::Cow;

use csv_core::{ReadRecordResult, ReaderBuilder};
use serde::{Deserialize, Serialize};

/// More cells of a row than this are left out.
pub(super) const MAX_CELLS: usize = 1000;

/// What stands between cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Separator {
    /// This character of ASCII.
    Char(char),
    /// Blanks, any number of them.
    Blanks,
}

/// Rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) rows: Vec<Vec<String>>,
    /// The most cells of a row, with those that were left out.
    pub(super) widest: usize,
}

impl Separator {
    /// Cuts `text`; without `is_whole` the last row may be cut off and is left out. Blank lines are no rows.
    pub(super) fn cut(self, text: &str, is_whole: bool) -> Cut {
        match self {
            Self::Blanks => at_blanks(text, is_whole),
            Self::Char(letter) => at(u8::try_from(letter).unwrap_or(b','), text, is_whole),
        }
    }
}

fn at(delimiter: u8, text: &str, is_whole: bool) -> Cut {
    let closed = close_to_quotes(delimiter, text);
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    let mut rest = closed.as_bytes();
    let mut cut = Cut::default();
    let (mut cells, mut ends) = (vec![0; 1024], vec![0; 32]);
    let (mut length, mut count) = (0, 0);
    loop {
        let (result, read, written, ended) = reader.read_record(rest, &mut cells[length..], &mut ends[count..]);
        let at_end = rest.is_empty();
        rest = &rest[read..];
        length += written;
        count += ended;
        match result {
            ReadRecordResult::OutputFull => cells.resize(cells.len() * 2, 0),
            ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
            // Asked again with nothing, it gives the row that no line end closes.
            ReadRecordResult::InputEmpty if at_end || !is_whole => return cut,
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::End => return cut,
            ReadRecordResult::Record => {
                let starts = std::iter::once(0).chain(ends.iter().copied());
                let row = starts.zip(&ends[..count]).map(|(start, end)| &cells[start..*end]);
                let row = row.take(MAX_CELLS);
                let row = row.map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
                cut.widest = cut.widest.max(count);
                cut.rows.push(row);
                (length, count) = (0, 0);
            }
        }
    }
}

/// The text without blanks between a delimiter and a quotation mark, where they would make the mark one of the cell's
/// letters: `1, "x, y"`.
fn close_to_quotes(delimiter: u8, text: &str) -> Cow<'_, str> {
    let delimiter = char::from(delimiter);
    let may_be = text.contains(&format!("{delimiter} ")) && text.contains(" \"");
    if delimiter.is_whitespace() || !may_be {
        return Cow::Borrowed(text);
    }
    let mut closed = String::with_capacity(text.len());
    let (mut rest, mut is_quoted, mut begins) = (text, false, true);
    while let Some(letter) = rest.chars().next() {
        rest = &rest[letter.len_utf8()..];
        let behind = rest.trim_start_matches(' ');
        if letter == delimiter && !is_quoted && behind.starts_with('"') {
            rest = behind;
        }
        match letter {
            // Two within quotation marks are one letter: they close and open again.
            '"' if is_quoted || begins => is_quoted = !is_quoted,
            _ => {}
        }
        begins = letter == '"' || (!is_quoted && (letter == delimiter || letter == '\n' || letter == '\r'));
        closed.push(letter);
    }
    Cow::Owned(closed)
}

fn at_blanks(text: &str, is_whole: bool) -> Cut {
    let mut cut = Cut::default();
    let mut lines = Lines(text);
    while let Some((line, is_closed)) = lines.next_line() {
        if line.trim().is_empty() || !(is_closed || is_whole) {
            continue;
        }
        let mut words = Words(line);
        let row: Vec<String> = words.by_ref().take(MAX_CELLS).collect();
        cut.widest = cut.widest.max(row.len() + words.count());
        cut.rows.push(row);
    }
    cut
}

/// Lines that end with a line feed, a carriage return, or both.
pub(super) struct Lines<'a>(pub(super) &'a str);

impl<'a> Lines<'a> {
    /// The next, and whether its end is there.
    pub(super) fn next_line(&mut self) -> Option<(&'a str, bool)> {
        let text = self.0;
        if text.is_empty() {
            return None;
        }
        let Some(end) = text.find(['\n', '\r']) else {
            self.0 = "";
            return Some((text, false));
        };
        let rest = &text[end..];
        self.0 = rest.strip_prefix("\r\n").unwrap_or(&rest[1..]);
        Some((&text[..end], true))
    }
}

/// Words between blanks; one in quotation marks may hold some.
struct Words<'a>(&'a str);

impl Iterator for Words<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let rest = self.0.trim_start();
        let Some(inside) = rest.strip_prefix('"') else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            self.0 = &rest[end..];
            return (end > 0).then(|| rest[..end].to_owned());
        };
        let mut word = String::new();
        let mut letters = inside.char_indices().peekable();
        while let Some((place, letter)) = letters.next() {
            match letter {
                '\\' | '"' if letters.next_if(|(_, next)| *next == '"').is_some() => word.push('"'),
                '"' => {
                    self.0 = &inside[place + 1..];
                    return Some(word);
                }
                letter => word.push(letter),
            }
        }
        self.0 = "";
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_three_ways() {
        let mut lines = Lines("a\rb\r\nc\n\nd");
        let all: Vec<_> = std::iter::from_fn(|| lines.next_line()).collect();
        assert_eq!(all, [("a", true), ("b", true), ("c", true), ("", true), ("d", false)]);
        assert_eq!(Separator::Char(',').cut("a,b\r1,2\r3,4\r", true).rows.len(), 3);
    }

    #[test]
    fn blanks_before_quotation_marks_do_not_cut_cells() {
        let rows = Separator::Char(',')
            .cut("a, b, c\n1, \"x, \"\"y\"\", \"\"z\", 2\n2, it\"s, 3\n", true)
            .rows;
        assert_eq!(rows[1], ["1", "x, \"y\", \"z", " 2"]);
        assert_eq!(rows[2], ["2", " it\"s", " 3"]);
        let rows = Separator::Char(';').cut("\"a; \"\"b\";  \"c\"\n", true).rows;
        assert_eq!(rows[0], ["a; \"b", "c"]);
    }

    #[test]
    fn blanks_of_any_number_stand_between_cells() {
        let text = "  1.0   2.0\t3\n\"a \\\"b\\\" c\" \"d \"\"e\"\"\" f\n\n 4 5";
        let rows = Separator::Blanks.cut(text, true).rows;
        assert_eq!(rows[0], ["1.0", "2.0", "3"]);
        assert_eq!(rows[1], ["a \"b\" c", "d \"e\"", "f"]);
        assert_eq!(rows.len(), 3);
        assert_eq!(Separator::Blanks.cut(text, false).rows.len(), 2);
    }

    #[test]
    fn a_row_of_very_many_cells_is_bounded_and_counted() {
        let cut = Separator::Char(',').cut(&",".repeat(5000), true);
        assert_eq!((cut.rows[0].len(), cut.widest), (MAX_CELLS, 5001));
        let cut = Separator::Blanks.cut(&"1 ".repeat(5000), true);
        assert_eq!((cut.rows[0].len(), cut.widest), (MAX_CELLS, 5000));
    }
}
