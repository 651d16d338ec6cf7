//! The form of a column's numbers: which mark stands before decimals, which between thousands, and what around.

use serde::{Deserialize, Serialize};

use super::shape::{Mark, Parts, Shape, exponent};

/// Beyond this a whole number is not the same in the page's arithmetic.
const MOST_EXACT: u64 = 1 << 53;

/// How the numbers of a column are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Whether a comma stands before decimals, and not a point.
    pub has_comma: bool,
    /// What stands before each number, such as `$`.
    pub prefix: String,
    /// What stands behind each, such as `%`.
    pub suffix: String,
}

/// What a cell of a column of numbers holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A number that has a place on a scale.
    Number(f64),
    /// More than any number, or less than any.
    Endless {
        /// Whether it is less.
        is_negative: bool,
    },
    /// None: blank, or a word for that.
    Gap,
}

impl Value {
    /// What a cell says that is no number: a gap, or a number without end; `None` for other words.
    pub fn of_word(cell: &str) -> Option<Self> {
        let (is_negative, bare) = match cell.strip_prefix(['-', '−']) {
            Some(bare) => (true, bare),
            None => (false, cell.strip_prefix('+').unwrap_or(cell)),
        };
        match bare.to_ascii_lowercase().as_str() {
            "inf" | "infinity" | "∞" | "1.#inf" => return Some(Self::Endless { is_negative }),
            "nan" | "1.#ind" | "1.#qnan" | "nan(ind)" => return Some(Self::Gap),
            _ => {}
        }
        matches!(
            cell.to_ascii_lowercase().as_str(),
            "" | "-"
                | "--"
                | "–"
                | "—"
                | "."
                | "?"
                | "na"
                | "n/a"
                | "#n/a"
                | "<na>"
                | "null"
                | "(null)"
                | "none"
                | "nil"
                | "\\n"
                | "nat"
                | "#div/0!"
                | "#value!"
                | "#num!"
                | "#ref!"
                | "н/д"
        )
        .then_some(Self::Gap)
    }

    /// The number, where there is one on a scale.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }
}

impl Form {
    /// What a cell of the column holds; `None` for words, which such a column has not.
    pub fn read(&self, cell: &str) -> Option<Value> {
        let cell = cell.trim();
        if let Some(value) = Value::of_word(cell) {
            return Some(value);
        }
        let parts = Parts::of(cell)?;
        if parts.prefix != self.prefix || parts.suffix != self.suffix {
            return None;
        }
        let number = self.number(parts.digits)?;
        Some(Value::Number(if parts.is_negative { -number } else { number }))
    }

    fn number(&self, digits: &str) -> Option<f64> {
        let (mantissa, exponent) = exponent(digits)?;
        let point = if self.has_comma { ',' } else { '.' };
        let mut plain = String::with_capacity(digits.len());
        for letter in mantissa.chars() {
            match letter {
                letter if letter.is_ascii_digit() => plain.push(letter),
                letter if letter == point => plain.push('.'),
                _ => {}
            }
        }
        let whole = plain.split('.').next().unwrap_or_default();
        let is_inexact =
            exponent.is_none() && !whole.is_empty() && whole.parse::<u64>().map_or(true, |whole| whole > MOST_EXACT);
        if let Some(exponent) = exponent {
            plain.push('e');
            plain.push_str(exponent);
        }
        let number: f64 = plain.parse().ok()?;
        // What has become nothing, or too much, is not the number that stands there.
        let is_lost = number == 0.0 && mantissa.contains(|digit: char| ('1'..='9').contains(&digit));
        (number.is_finite() && !is_lost && !is_inexact).then_some(number)
    }
}

/// A way to read numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) has_comma: bool,
    pub(super) between: Option<Mark>,
}

impl Reading {
    pub(super) fn all() -> Vec<Self> {
        let of = |has_comma| {
            let between = std::iter::once(None).chain(Mark::ALL.map(Some));
            between.map(move |between| Self { has_comma, between })
        };
        let all = of(false).chain(of(true));
        all.filter(|reading| reading.between != Some(reading.point())).collect()
    }

    pub(super) fn point(self) -> Mark {
        if self.has_comma { Mark::Comma } else { Mark::Dot }
    }

    /// How many digits stand behind the point, when the number can be read so.
    pub(super) fn decimals(self, shape: &Shape) -> Option<Option<usize>> {
        let (thousands, decimals) = match shape.groups.split_last() {
            Some(((mark, count), before)) if *mark == self.point() => (before, Some(*count)),
            _ => (&shape.groups[..], None),
        };
        let are_thousands = thousands
            .iter()
            .all(|(mark, count)| Some(*mark) == self.between && *count == 3);
        let is_grouped = !thousands.is_empty();
        let leads = match is_grouped {
            true => (1..=3).contains(&shape.lead) && !shape.begins_with_zero && !shape.has_exponent,
            false => shape.lead > 0 || decimals.is_some_and(|count| count > 0),
        };
        (are_thousands && leads && !shape.is_name()).then_some(decimals)
    }
}
