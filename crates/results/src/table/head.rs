//! What stands above the rows of a table: comments, a word about what separates cells, titles, the names of columns.

use super::{
    cut::{Lines, Separator},
    form::Value,
    shape::{Parts, Shape},
};

/// Lines above a table that are kept to be shown.
const MAX_ABOVE: usize = 100;
/// Titles above the names of columns.
const MAX_TITLES: usize = 10;
/// Numbers that may be years.
const YEARS: std::ops::RangeInclusive<u32> = 1000..=2999;

/// The lines above.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Head<'a> {
    /// What a line `sep=;` names.
    pub(super) separator: Option<Separator>,
    /// Lines of comments, as they stand.
    pub(super) comments: Vec<&'a str>,
    /// What follows.
    pub(super) rest: &'a str,
}

impl<'a> Head<'a> {
    /// Takes them off.
    pub(super) fn of(text: &'a str) -> Self {
        let mut head = Self {
            rest: text,
            ..Self::default()
        };
        let mut lines = Lines(text);
        while let Some((line, _)) = lines.next_line() {
            let bare = line.trim();
            match named(bare) {
                Some(separator) if head.separator.is_none() => head.separator = Some(separator),
                _ if bare.starts_with(['#', '%']) => head.comments.push(bare),
                _ if bare.is_empty() => {}
                _ => return head,
            }
            head.rest = lines.0;
        }
        // Where every line begins so, it is no comment.
        if head.comments.len() > 1 {
            head.comments.clear();
            head.rest = text;
        }
        head
    }
}

/// The separator in a line such as `sep=;`, which Excel reads.
fn named(line: &str) -> Option<Separator> {
    let line = line
        .strip_prefix('"')
        .and_then(|line| line.strip_suffix('"'))
        .unwrap_or(line);
    let start = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep="))?;
    let mut letters = line[start.len()..].chars();
    let letter = match (letters.next(), letters.as_str()) {
        (Some(letter), "") => letter,
        // The blank was trimmed off.
        (None, _) => '\t',
        (Some('\\'), "t") => '\t',
        _ => return None,
    };
    Some(match letter {
        ' ' => Separator::Blanks,
        letter if letter.is_ascii() && !letter.is_ascii_alphanumeric() && letter != '"' => Separator::Char(letter),
        _ => return None,
    })
}

/// The words of a comment that may be the names of columns.
pub(super) fn bare(comment: &str) -> &str {
    comment.trim_start_matches(['#', '%']).trim()
}

/// Takes off rows of a single cell that stand above the names of columns, and blank ones.
pub(super) fn titles(rows: &mut Vec<Vec<String>>) -> Vec<String> {
    let is_blank = |row: &Vec<String>| row.iter().all(|cell| cell.trim().is_empty());
    let blanks = rows.iter().take_while(|row| is_blank(row)).count();
    rows.drain(..blanks);
    let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let above = rows.iter().take(MAX_TITLES + 1);
    let above = above
        .take_while(|row| filled(row) <= 1 && !row.first().is_some_and(|cell| cell.is_empty() && filled(row) == 1))
        .count();
    let names = rows
        .get(above)
        .filter(|row| above <= MAX_TITLES && filled(row) > 1 && row.iter().all(|cell| !is_value(cell)));
    let has_numbers = || {
        rows.iter()
            .skip(above + 1)
            .take(MAX_ABOVE)
            .flatten()
            .any(|cell| is_value(cell))
    };
    if above == 0 || names.is_none() || !has_numbers() {
        return Vec::new();
    }
    let titles = rows.drain(..above).flatten();
    titles.filter(|cell| !cell.trim().is_empty()).take(MAX_ABOVE).collect()
}

/// Whether the first row names the columns.
pub(super) fn names_columns(rows: &[Vec<String>]) -> bool {
    let Some((first, below)) = rows.split_first() else {
        return false;
    };
    let has_word = first
        .iter()
        .any(|cell| !cell.trim().is_empty() && Value::of_word(cell.trim()).is_none());
    if first.iter().all(|cell| !is_value(cell)) {
        return has_word;
    }
    numbers_columns(first, below)
}

/// Whether numbers in the first row are names: years in a row over what are none, or the places of columns.
fn numbers_columns(first: &[String], below: &[Vec<String>]) -> bool {
    let whole = |cell: &String| cell.trim().parse::<u32>().ok();
    let begins_with_word = first
        .first()
        .is_some_and(|cell| whole(cell).is_none() && !is_value(cell));
    let words = first.iter().take_while(|cell| !is_value(cell)).count();
    let Some(numbers) = first[words..].iter().map(whole).collect::<Option<Vec<u32>>>() else {
        return false;
    };
    let is_even = numbers
        .windows(3)
        .all(|three| three[1].wrapping_sub(three[0]) == three[2].wrapping_sub(three[1]));
    let rises = numbers.windows(2).all(|pair| pair[0] < pair[1]);
    let under = |place: usize| below.iter().filter_map(move |row| row.get(place));
    let are_below = |is_so: &dyn Fn(&String) -> bool| (words..first.len()).any(|place| under(place).any(is_so));
    let has_decimals = || are_below(&|cell| is_value(cell) && whole(cell).is_none());
    if numbers.iter().all(|number| YEARS.contains(number)) {
        let is_no_year = |cell: &String| is_value(cell) && !whole(cell).is_some_and(|number| YEARS.contains(&number));
        return begins_with_word && rises && is_even && are_below(&is_no_year);
    }
    let are_places = numbers.len() > 1 && numbers[0] <= 1 && numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    let is_frame = first.first().is_some_and(|cell| cell.is_empty()) && words == 1;
    are_places && (is_frame || (words == 0 && has_decimals()))
}

/// Whether a cell is a value, which no name of a column is: a number, a date, a time.
fn is_value(cell: &str) -> bool {
    let cell = cell.trim();
    let is_number = Parts::of(cell).is_some_and(|parts| parts.suffix.is_empty() && Shape::of(parts.digits).is_some());
    let begins = cell.starts_with(|first: char| first.is_ascii_digit());
    let is_of_digits = cell
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"-/:.,TZ+ ".contains(&byte));
    is_number || (begins && is_of_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        Separator::Char(',').cut(text, true).rows
    }

    #[test]
    fn comments_and_the_separators_name_are_taken_off() {
        let head = Head::of("\n# one\n# two, three\nx;y\n1;2\n");
        assert_eq!(
            (head.comments, head.rest),
            (vec!["# one", "# two, three"], "x;y\n1;2\n")
        );
        for (text, separator) in [
            ("sep=;\r\na;b\r\n", Separator::Char(';')),
            ("\"sep=,\"\na,b\n", Separator::Char(',')),
            ("SEP=\t\na\tb\n", Separator::Char('\t')),
            ("sep=|\ra|b\r", Separator::Char('|')),
        ] {
            assert_eq!(Head::of(text).separator, Some(separator), "{text:?}");
        }
        assert_eq!(Head::of("sep=arator,b\n1,2\n").separator, None);
        assert_eq!(
            Head::of("#ff0000,red\n#00ff00,green\n").rest,
            "#ff0000,red\n#00ff00,green\n"
        );
    }

    #[test]
    fn titles_stand_above_names() {
        let mut table = rows(",,\nReport of the year,,\nname,value,note\na,1,\n");
        assert_eq!(titles(&mut table), ["Report of the year"]);
        assert_eq!(table[0], ["name", "value", "note"]);
        let mut prose = rows("text\n\"Hello\",world\nGood,bye\n");
        assert!(titles(&mut prose).is_empty());
    }

    #[test]
    fn years_and_places_are_names_and_values_are_none() {
        for named in [
            "a,b\n1,2\n",
            "country,2019,2020\nNorway,5.3,5.4\n",
            "country,2018,2020,2022\nNorway,53,54,55\n",
            ",0,1,2\n0,0.5,0.2,0.1\n",
            "0,1,2\n0.5,0.2,0.1\n",
            "a,NA\nx,1\n",
        ] {
            assert!(names_columns(&rows(named)), "{named:?}");
        }
        for unnamed in [
            "1,2\n3,4\n",
            "0,1\n0,2\n",
            "Oslo,4\nRome,20.5\n",
            "Norway,2019\nSweden,2015\n",
            "2024-01-01,x\n2024-01-02,y\n",
            "nan,inf\n1,2\n",
        ] {
            assert!(!names_columns(&rows(unnamed)), "{unnamed:?}");
        }
    }
}
