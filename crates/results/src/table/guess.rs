//! What stands between the cells of a table: what cuts its rows into the same number of cells.

use super::{
    cut::{Cut, Separator},
    shape::{Parts, Shape},
};

/// So much of a text is looked at.
const SAMPLE_BYTES: usize = 64 << 10;
/// Of ten rows so many have the same number of cells.
const SAME_OF_TEN: usize = 9;
/// Lines above the headings that are looked over.
const MAX_ABOVE: usize = 10;
/// Between cells, where several would do; the first wins.
const CHARS: [char; 4] = ['\t', ';', '|', ','];

/// What stands between cells, by the text alone; commas when nothing does.
pub(super) fn separator(text: &str, is_whole: bool) -> Separator {
    let (sample, is_whole) = sample(text, is_whole);
    let trials = CHARS.map(|letter| Trial::of(Separator::Char(letter), sample, is_whole));
    let mut fitting: Vec<&Trial> = trials.iter().filter(|trial| trial.fits()).collect();
    if fitting.len() > 1 && fitting[0].separator == Separator::Char(';') && fitting[0].has_lists() {
        // Cells that are lists themselves: the semicolons stand within cells.
        fitting.remove(0);
    }
    if let Some(first) = fitting.first() {
        return first.separator;
    }
    let blanks = Trial::of(Separator::Blanks, sample, is_whole);
    if blanks.fits() && blanks.has_numbers() {
        return Separator::Blanks;
    }
    if trials[3].is_one_column() {
        return Separator::Char(';');
    }
    let best = trials.iter().rev().max_by_key(|trial| trial.same);
    best.filter(|best| best.same > 0)
        .map_or(Separator::Char(','), |best| best.separator)
}

/// Whether the text is a table and no prose: nearly all rows have as many cells, and many of them are numbers.
pub(super) fn is_table(text: &str, is_whole: bool) -> bool {
    let (sample, is_whole) = sample(text, is_whole);
    let trial = Trial::of(separator(text, is_whole), sample, is_whole);
    trial.fits() && trial.has_numbers() && trial.cut.rows.len() > 1
}

fn sample(text: &str, is_whole: bool) -> (&str, bool) {
    let end = text.floor_char_boundary(SAMPLE_BYTES);
    (&text[..end], is_whole && end == text.len())
}

struct Trial {
    separator: Separator,
    cut: Cut,
    /// How many cells most rows have, above one.
    width: usize,
    /// How many rows have so many.
    same: usize,
    /// How many lines stand above the table.
    above: usize,
}

impl Trial {
    fn of(separator: Separator, sample: &str, is_whole: bool) -> Self {
        let mut cut = separator.cut(sample, is_whole);
        if cut.rows.is_empty() && !is_whole {
            cut = separator.cut(sample, true);
        }
        cut.rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
        let mut widths: Vec<usize> = cut.rows.iter().map(Vec::len).filter(|width| *width > 1).collect();
        widths.sort_unstable();
        let runs = widths.chunk_by(|one, other| one == other);
        let most = runs.max_by_key(|run| run.len()).unwrap_or_default();
        let above = cut.rows.iter().take(MAX_ABOVE).take_while(|row| row.len() == 1).count();
        Self {
            separator,
            width: most.first().copied().unwrap_or_default(),
            same: most.len(),
            above,
            cut,
        }
    }

    /// Whether nearly all rows are of one width, and the headings too.
    fn fits(&self) -> bool {
        let rows = self.cut.rows.len();
        // Names of rows have no heading where R writes them.
        let names_rows = matches!(self.separator, Separator::Blanks | Separator::Char('\t'));
        let is_heading = |row: &Vec<String>| {
            row.len() == self.width || (names_rows && row.len() + 1 == self.width) || has_blank_end(row, self.width)
        };
        let above = if self.width == 2 && names_rows && self.above == 1 {
            0
        } else {
            self.above
        };
        let is_title = || {
            let has_rows = rows - above > 1;
            let has_words = !self.cut.rows[..above].iter().any(|row| looks_like_value(&row[0]));
            has_rows && has_words && self.is_headed(above)
        };
        let heading = self.cut.rows.get(above);
        let is_narrow = heading.is_some_and(|row| row.len() < self.width);
        self.width > 1
            && self.same * 10 >= (rows - above - usize::from(is_narrow)) * SAME_OF_TEN
            && heading.is_some_and(is_heading)
            && (above == 0 || is_title())
    }

    /// A single word over rows of several cells is the heading of a column that was cut, unless more headings follow.
    fn is_headed(&self, above: usize) -> bool {
        let is_word = |cell: &String| !looks_like_value(cell);
        self.cut.rows[above].iter().filter(|cell| is_word(cell)).count() > 1
    }

    /// Whether the commas are those of decimals, in a table of one column.
    fn is_one_column(&self) -> bool {
        let is_number = |cell: &str| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        let is_decimal = |row: &Vec<String>| match &row[..] {
            [whole] => is_number(whole),
            [whole, decimals] => is_number(whole.strip_prefix('-').unwrap_or(whole)) && is_number(decimals),
            _ => false,
        };
        self.above == 1 && self.width == 2 && self.cut.rows[1..].iter().all(is_decimal)
    }

    fn has_lists(&self) -> bool {
        let is_list = |cell: &String| {
            let letters: Vec<char> = cell.chars().collect();
            letters.windows(3).any(|three| {
                let has_digits = three[0].is_ascii_digit() && three[2].is_ascii_digit();
                three[1] == ',' && !three[2].is_whitespace() && !has_digits
            })
        };
        let rows = self.cut.rows.iter().filter(|row| row.iter().any(is_list)).count();
        rows * 2 > self.cut.rows.len()
    }

    fn has_numbers(&self) -> bool {
        let rows = self.cut.rows.iter().skip(self.above.min(1)).take(1000);
        let (mut cells, mut numbers) = (0, 0);
        for cell in rows.skip(1).chain(self.cut.rows.last()).flatten() {
            cells += 1;
            numbers += usize::from(looks_like_value(cell));
        }
        numbers * 2 >= cells
    }
}

/// Whether a row is longer than others by blank cells alone.
fn has_blank_end(row: &[String], width: usize) -> bool {
    row.len() > width && row[width..].iter().all(|cell| cell.trim().is_empty())
}

fn looks_like_value(cell: &str) -> bool {
    Parts::of(cell).is_some_and(|parts| Shape::of(parts.digits).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn cut_at(text: &str, wanted: char) {
        assert_eq!(separator(text, true), Separator::Char(wanted), "{text:?}");
    }

    #[test]
    fn what_cuts_all_rows_alike_stands_between_cells() {
        cut_at("a,b\n1,2\n3,4\n", ',');
        cut_at("имя;число\nа;1\nб;2\n", ';');
        cut_at("a\tb, c\n1\t2,5\n", '\t');
        cut_at("a|b\n1|2\n", '|');
        cut_at("one\ntwo\n", ',');
        cut_at("", ',');
        cut_at("a,b;c,d\n", ',');
    }

    #[test]
    fn commas_of_decimals_and_of_headings_stand_within_cells() {
        cut_at("Цена, руб;Город\n1,5;Тверь\n2,25;Орёл\n", ';');
        cut_at(
            "\"Temperature, mean, of the day (°C)\";\"Station\"\n1,5;A\n-2,25;B\n",
            ';',
        );
        cut_at("a;b\n1,5;2,5\n3,5;4,5\n", ';');
        cut_at("value\n1,5\n2,5\n3\n", ';');
    }

    #[test]
    fn lists_within_cells_do_not_cut_them() {
        cut_at("id,tags\n1,a;b\n2,c;d\n", ',');
        cut_at("id,name,note;more\n1,anna,x;y\n2,berta,z;w\n", ',');
        cut_at("text\nHello, world\nGood bye, all\n", ',');
    }

    #[test]
    fn blanks_cut_numbers_and_no_prose() {
        assert_eq!(separator("1.0e+00 2.0e+00\n3.0e+00 4.0e+00\n", true), Separator::Blanks);
        assert_eq!(
            separator("\"x\" \"y\"\n\"1\" 5 6\n\"2\" 7 8\n", true),
            Separator::Blanks
        );
        assert_eq!(separator("x y\n  1   2\n 10  20\n", true), Separator::Blanks);
        cut_at("New York\nLos Angeles\n", ',');
        assert!(is_table("1 2\n3 4\n", true));
        assert!(is_table("x y\n1 2\n3 4\n", true));
        assert!(!is_table("Epoch 1 of 3\nloss is 0.5\nall done\n", true));
        assert!(!is_table("hello world\nfoo bar\n", true));
        assert!(!is_table("1\n2\n3\n", true));
    }

    #[test]
    fn a_title_above_does_not_count() {
        cut_at("Sales of the year\nname;value\na;1\nb;2\n", ';');
    }
}
