//! Which form the numbers of a column have, decided over all its cells. A comma may stand before decimals or between
//! thousands, and so may a point: every way to read is tried on every cell, and where two are left that give different
//! numbers, the column is words, unless no program would have written one of them.

use super::{
    form::{Form, Reading, Value},
    shape::{Mark, Parts, Shape},
};

/// What is known of the table around a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Origin {
    /// Whether it looks like a person's office program, which writes numbers as the country does.
    pub(super) is_office: bool,
    /// Whether commas stand between cells: then a comma in a quoted cell may stand between anything.
    pub(super) is_cut_at_commas: bool,
}

/// Hears the cells of a column, one after another.
#[derive(Debug)]
pub(super) struct Decider {
    readings: Vec<Reading>,
    around: Option<(String, String)>,
    has_words: bool,
    marks: Vec<Mark>,
    numbers: usize,
    /// Numbers without a mark; and whether one is longer than a program that marks thousands would leave it.
    unmarked: usize,
    has_long_unmarked: bool,
    /// Of numbers with one mark and three digits behind it, how many end with a zero.
    lone_with_zero: usize,
    /// Whether a number has fewer digits before its first mark than a group: lists of numbers seldom do.
    has_short_lead: bool,
    has_exponent: bool,
}

impl Default for Decider {
    fn default() -> Self {
        Self {
            readings: Reading::all(),
            around: None,
            has_words: false,
            marks: Vec::new(),
            numbers: 0,
            unmarked: 0,
            has_long_unmarked: false,
            lone_with_zero: 0,
            has_short_lead: false,
            has_exponent: false,
        }
    }
}

impl Decider {
    /// Hears one.
    pub(super) fn hear(&mut self, cell: &str) {
        if self.has_words || Value::of_word(cell.trim()).is_some() {
            return;
        }
        match Parts::of(cell).and_then(|parts| Some((parts, Shape::of(parts.digits)?))) {
            Some((parts, shape)) if self.fits(&parts) => self.count(&shape),
            _ => self.has_words = true,
        }
    }

    fn fits(&mut self, parts: &Parts<'_>) -> bool {
        let (prefix, suffix) = self
            .around
            .get_or_insert_with(|| (parts.prefix.to_owned(), parts.suffix.to_owned()));
        prefix == parts.prefix && suffix == parts.suffix
    }

    fn count(&mut self, shape: &Shape) {
        self.readings.retain(|reading| reading.decimals(shape).is_some());
        self.has_words = self.readings.is_empty();
        self.numbers += 1;
        self.has_exponent |= shape.has_exponent;
        self.has_short_lead |= shape.lead < 3 || (shape.groups.is_empty() && shape.lead == 3);
        if shape.groups.is_empty() {
            self.unmarked += 1;
            self.has_long_unmarked |= shape.lead > 3;
        }
        if shape.lone_mark().is_some() {
            self.lone_with_zero += usize::from(shape.ends_with_zero);
        }
        for (mark, _) in &shape.groups {
            if !self.marks.contains(mark) {
                self.marks.push(*mark);
            }
        }
    }

    /// The form; `None` for a column of words.
    pub(super) fn form(&self, origin: Origin) -> Option<Form> {
        if self.has_words || self.numbers == 0 {
            return None;
        }
        let (prefix, suffix) = self.around.clone().unwrap_or_default();
        Some(Form {
            has_comma: self.reading(origin)?.has_comma,
            prefix,
            suffix,
        })
    }

    /// Whether its cells are numbers, of a form that is not sure.
    pub(super) fn is_unsure(&self, origin: Origin) -> bool {
        !self.has_words && self.numbers > 0 && self.form(origin).is_none()
    }

    /// Whether its numbers are written as no program does that does not know countries.
    pub(super) fn is_office(&self) -> bool {
        let is_sign = |mark: &Mark| !matches!(mark, Mark::Dot);
        !self.has_words && self.numbers > 0 && self.marks.iter().any(is_sign)
    }

    fn reading(&self, origin: Origin) -> Option<Reading> {
        let is_seen = |reading: &Reading| reading.between.is_none_or(|mark| self.marks.contains(&mark));
        let left: Vec<Reading> = self.readings.iter().copied().filter(is_seen).collect();
        let has_point = self.marks.iter().any(|mark| matches!(mark, Mark::Dot | Mark::Comma));
        match left[..] {
            [first, ..] if !has_point => self.is_sure(first, origin).then_some(first),
            [only] => self.is_sure(only, origin).then_some(only),
            [one, other] if one.between == Some(other.point()) && other.between.is_none() => {
                self.between(other, one, origin)
            }
            [one, other] if other.between == Some(one.point()) && one.between.is_none() => {
                self.between(one, other, origin)
            }
            _ => None,
        }
    }

    /// Whether the only way to read is one to believe.
    fn is_sure(&self, reading: Reading, origin: Origin) -> bool {
        if let Some(mark) = reading.between {
            // Lists of numbers have points, commas and blanks, too; but no comma besides, before decimals.
            let is_of_lists = matches!(mark, Mark::Dot | Mark::Comma | Mark::Space);
            return self.has_short_lead || !is_of_lists || (reading.has_comma && self.marks.contains(&Mark::Comma));
        }
        let is_said = self.has_exponent
            || self
                .around
                .as_ref()
                .is_some_and(|(prefix, suffix)| !prefix.is_empty() || !suffix.is_empty());
        // `"3,4"` between commas is as well a list of two.
        !reading.has_comma || !origin.is_cut_at_commas || is_said
    }

    /// Of the same mark before decimals or between thousands. Programs write the same number of decimals everywhere, or as
    /// few as the number needs; and where they mark thousands, they mark all.
    fn between(&self, decimal: Reading, grouped: Reading, origin: Origin) -> Option<Reading> {
        let is_written_so = self.unmarked == 0 || self.lone_with_zero == 0;
        let is_grouped_so = !self.has_long_unmarked && self.has_short_lead;
        let is_of_country = decimal.has_comma || origin.is_office;
        match (is_written_so, is_grouped_so) {
            (false, true) if is_of_country => Some(grouped),
            (false, true) => None,
            _ if is_of_country => None,
            _ => Some(decimal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: Origin = Origin {
        is_office: false,
        is_cut_at_commas: true,
    };
    const OFFICE: Origin = Origin {
        is_office: true,
        is_cut_at_commas: false,
    };

    /// The numbers of the cells; `None` for words.
    fn read(cells: &[&str], origin: Origin) -> Option<Vec<f64>> {
        let mut decider = Decider::default();
        cells.iter().for_each(|cell| decider.hear(cell));
        let form = decider.form(origin)?;
        cells
            .iter()
            .map(|cell| Some(form.read(cell)?.number().unwrap_or(f64::NAN)))
            .collect()
    }

    #[track_caller]
    fn numbers(cells: &[&str], origin: Origin, wanted: &[f64]) {
        assert_eq!(read(cells, origin).as_deref(), Some(wanted), "{cells:?}");
    }

    #[test]
    fn columns_of_one_form_are_numbers() {
        numbers(
            &["1,234", "950", "2,100", "12,005"],
            PROGRAM,
            &[1234.0, 950.0, 2100.0, 12005.0],
        );
        numbers(
            &["2,511", "1,020", "87", "103,400"],
            PROGRAM,
            &[2511.0, 1020.0, 87.0, 103_400.0],
        );
        numbers(&["1,234,567", "12"], PROGRAM, &[1_234_567.0, 12.0]);
        numbers(&["1,234.5", "950.0"], PROGRAM, &[1234.5, 950.0]);
        numbers(&["1.234,5", "950,25"], OFFICE, &[1234.5, 950.25]);
        numbers(&["1 234,5", "-12 345"], OFFICE, &[1234.5, -12345.0]);
        numbers(&["1\u{a0}234", "950"], OFFICE, &[1234.0, 950.0]);
        numbers(&["1\u{202f}234,50"], OFFICE, &[1234.5]);
        numbers(&["123.456,78"], OFFICE, &[123_456.78]);
        numbers(&["123 456,78"], OFFICE, &[123_456.78]);
        numbers(&["123\u{a0}456"], OFFICE, &[123_456.0]);
        numbers(&["1'234.50", "7"], OFFICE, &[1234.5, 7.0]);
        numbers(&["1’234"], OFFICE, &[1234.0]);
        numbers(&["1,5", "-2,25"], OFFICE, &[1.5, -2.25]);
        numbers(&["0,912", "1,234"], OFFICE, &[0.912, 1.234]);
        numbers(&["1.234", "0.912"], PROGRAM, &[1.234, 0.912]);
        numbers(&["12.345", "11.234"], PROGRAM, &[12.345, 11.234]);
        numbers(&["1e-3", "5E+4", "0.100D+01"], PROGRAM, &[0.001, 50_000.0, 1.0]);
        numbers(&["1,5E+03", "2"], PROGRAM, &[1500.0, 2.0]);
        numbers(&["45 %", "7,5 %"], OFFICE, &[45.0, 7.5]);
        numbers(&["$1,234.50", "-$3"], PROGRAM, &[1234.5, -3.0]);
        numbers(&["1 234,50 ₽", "0,99 ₽"], OFFICE, &[1234.5, 0.99]);
        numbers(&["5 kg", "12.5 kg"], PROGRAM, &[5.0, 12.5]);
        numbers(&[".5", "5.", "+3", "−4"], PROGRAM, &[0.5, 5.0, 3.0, -4.0]);
        numbers(&["9007199254740992", "1"], PROGRAM, &[9_007_199_254_740_992.0, 1.0]);
    }

    #[test]
    fn what_can_be_read_two_ways_is_words() {
        for (cells, origin) in [
            (&["1,234", "5,678"][..], PROGRAM),
            (&["1,234", "5,678"], OFFICE),
            (&["1,234", "950", "5,678"], PROGRAM),
            (&["1.234", "5.678"], OFFICE),
            (&["950", "2.100"], PROGRAM),
            (&["12345", "1,234"], PROGRAM),
            (&["12345", "1,230"], PROGRAM),
            (&["1,234", "1.234"], PROGRAM),
            (&["3,4", "10,12"], PROGRAM),
            (&["100,200,300", "120,220,330"], PROGRAM),
            (&["100 200 300", "110 220 330"], PROGRAM),
            (&["12,34,567"], PROGRAM),
            (&["192.168.100"], PROGRAM),
            (&["100,200.5"], PROGRAM),
            (&["007", "12"], PROGRAM),
            (&["12a", "13a"], PROGRAM),
            (&["5 kg", "300 g"], PROGRAM),
            (&["5", "5%"], PROGRAM),
            (&["1_000", "2"], PROGRAM),
            (&["1.2.3", "1.2"], PROGRAM),
            (&["2024-01-01"], PROGRAM),
            (&["(1,234)", "5"], PROGRAM),
            (&["1,5", "1.5"], OFFICE),
            (&["1e999", "2"], PROGRAM),
            (&["1e-999", "2"], PROGRAM),
            (&["9007199254740993", "2"], PROGRAM),
            (&["nan", "", "-"], PROGRAM),
            (&["٣", "4"], PROGRAM),
        ] {
            assert_eq!(read(cells, origin), None, "{cells:?}");
        }
    }

    #[test]
    fn a_point_is_of_thousands_where_a_country_writes_so() {
        numbers(&["950", "2.100", "12.000"], OFFICE, &[950.0, 2100.0, 12000.0]);
        numbers(&["1.234.567", "89"], PROGRAM, &[1_234_567.0, 89.0]);
    }

    #[test]
    fn gaps_and_endless_numbers_are_no_words() {
        let cells = [
            "0.91",
            "nan",
            "inf",
            "-Infinity",
            "NaN",
            "",
            "NA",
            "null",
            "-",
            "#N/A",
            "0.5",
        ];
        let read = read(&cells, PROGRAM).unwrap();
        assert_eq!(read.iter().filter(|number| number.is_finite()).count(), 2);
    }
}
