//! Rows and columns of a CSV or TSV file, what can be counted of a column, and their order.

use csv_core::{ReadRecordResult, ReaderBuilder};
use serde::{Deserialize, Serialize};

/// What was read of a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// A name for each column; empty where there is none.
    pub columns: Vec<Column>,
    /// The cells, as many in each row as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// From the first line; empty where that holds values.
    pub name: String,
    /// What is known of its numbers; `None` for a column of words.
    pub numbers: Option<Numbers>,
}

/// The numbers of a column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Numbers {
    /// How many there are.
    pub count: usize,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
    /// Their mean.
    pub mean: f64,
}

/// The number that a cell says; a comma before decimals counts too.
pub fn number(cell: &str) -> Option<f64> {
    let cell = cell.trim();
    // Words such as "inf" and "nan" are no values of a scale.
    if !cell.ends_with(|last: char| last.is_ascii_digit() || last == '.') {
        return None;
    }
    let number = cell.parse().ok().or_else(|| cell.replacen(',', ".", 1).parse().ok());
    number.filter(|number: &f64| number.is_finite())
}

impl Table {
    /// Reads `text` with `delimiter` between cells; without `is_whole` the last row may be cut off and is left out.
    pub fn read(text: &str, delimiter: char, is_whole: bool) -> Self {
        let mut rows = records(text, delimiter, is_whole);
        let width = rows.iter().map(Vec::len).max().unwrap_or_default();
        rows.iter_mut().for_each(|row| row.resize(width, String::new()));
        let has_names = rows.first().is_some_and(|first| {
            first.iter().any(|cell| !cell.is_empty()) && first.iter().all(|cell| number(cell).is_none())
        });
        let names = if has_names {
            rows.remove(0)
        } else {
            vec![String::new(); width]
        };
        let columns = names.into_iter().enumerate();
        let columns = columns.map(|(place, name)| Column {
            name,
            numbers: numbers(rows.iter().map(|row| row[place].as_str())),
        });
        Self {
            columns: columns.collect(),
            rows,
        }
    }

    /// The places of the rows in the order of a column: numbers by size, words by letters, blank cells last.
    pub fn order(&self, column: usize, is_descending: bool) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        let has_numbers = self.columns.get(column).is_some_and(|column| column.numbers.is_some());
        let cell = |place: usize| self.rows[place].get(column).map(String::as_str).unwrap_or_default();
        let (mut filled, blank): (Vec<usize>, Vec<usize>) =
            order.drain(..).partition(|place| !cell(*place).trim().is_empty());
        if has_numbers {
            let keys: Vec<f64> = (0..self.rows.len())
                .map(|place| number(cell(place)).unwrap_or_default())
                .collect();
            filled.sort_by(|a, b| keys[*a].total_cmp(&keys[*b]));
        } else {
            filled.sort_by_cached_key(|place| cell(*place).to_lowercase());
        }
        if is_descending {
            filled.reverse();
        }
        filled.extend(blank);
        filled
    }

    /// The numbers of a column, with `None` for blank cells.
    pub fn values(&self, column: usize) -> Vec<Option<f64>> {
        let cells = self.rows.iter().map(|row| row.get(column));
        cells.map(|cell| cell.and_then(|cell| number(cell))).collect()
    }
}

fn numbers<'a>(cells: impl Iterator<Item = &'a str>) -> Option<Numbers> {
    let (mut count, mut sum) = (0_usize, 0.0);
    let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
    for cell in cells.filter(|cell| !cell.trim().is_empty()) {
        let number = number(cell)?;
        count += 1;
        sum += number;
        min = min.min(number);
        max = max.max(number);
    }
    (count > 0).then(|| Numbers {
        count,
        min,
        max,
        mean: sum / count as f64,
    })
}

fn records(text: &str, delimiter: char, is_whole: bool) -> Vec<Vec<String>> {
    let delimiter = u8::try_from(delimiter).unwrap_or(b',');
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    let mut rest = text.as_bytes();
    let mut rows = Vec::new();
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
            ReadRecordResult::InputEmpty if at_end || !is_whole => return rows,
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::End => return rows,
            ReadRecordResult::Record => {
                let starts = std::iter::once(0).chain(ends.iter().copied());
                let row = starts.zip(&ends[..count]).map(|(start, end)| &cells[start..*end]);
                rows.push(row.map(|cell| String::from_utf8_lossy(cell).into_owned()).collect());
                (length, count) = (0, 0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(table: &Table) -> Vec<&str> {
        table.columns.iter().map(|column| column.name.as_str()).collect()
    }

    #[test]
    fn names_and_numbers_of_columns_are_found() {
        let table = Table::read("city,degrees\nOslo,4\n\"Rome, Italy\",20.5\nX,\n", ',', true);
        assert_eq!(names(&table), ["city", "degrees"]);
        assert_eq!(table.rows[1], ["Rome, Italy", "20.5"]);
        assert_eq!(table.columns[0].numbers, None);
        let numbers = table.columns[1].numbers.unwrap();
        assert_eq!(
            (numbers.count, numbers.min, numbers.max, numbers.mean),
            (2, 4.0, 20.5, 12.25)
        );
    }

    #[test]
    fn a_first_line_of_values_gives_no_names() {
        let table = Table::read("1,2\n3,4", ',', true);
        assert_eq!((names(&table), table.rows.len()), (vec!["", ""], 2));
    }

    #[test]
    fn a_row_that_is_cut_off_is_left_out() {
        assert_eq!(Table::read("a\nxyz\n12", ',', false).rows, [["xyz"]]);
        assert_eq!(Table::read("a\nxyz\n12", ',', true).rows, [["xyz"], ["12"]]);
        assert_eq!(Table::read("a,b\n\"1\n2", ',', false).rows.len(), 0);
    }

    #[test]
    fn numbers_are_ordered_by_size_and_blank_cells_come_last() {
        let table = Table::read("n,w\n10,b\n,A\n9,\n-1,c\n", ',', true);
        assert_eq!(table.order(0, false), [3, 2, 0, 1]);
        assert_eq!(table.order(0, true), [0, 2, 3, 1]);
        assert_eq!(table.order(1, false), [1, 0, 3, 2]);
    }

    #[test]
    fn a_comma_before_decimals_is_understood() {
        assert_eq!(number("1,5"), Some(1.5));
        assert_eq!(number(" 2e3 "), Some(2000.0));
        assert_eq!(number("1,5,2"), None);
        assert_eq!(number("inf"), None);
        assert_eq!(number(""), None);
    }

    proptest! {
        #[test]
        fn any_text_gives_rows_of_one_width(text in "[a,;\"\n\r1 ]{0,80}", is_whole in any::<bool>()) {
            let table = Table::read(&text, ',', is_whole);
            for row in &table.rows {
                prop_assert_eq!(row.len(), table.columns.len());
            }
            for column in 0..table.columns.len() {
                let mut order = table.order(column, true);
                order.sort_unstable();
                prop_assert_eq!(order, (0..table.rows.len()).collect::<Vec<_>>());
            }
        }
    }
}
