//! What a job says in a column, and the order of such.

use std::cmp::Ordering;

/// A text, a number, or nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Said<'a> {
    Nothing,
    /// It may be a number as it was written.
    Text(&'a str),
    Number(f64),
}

impl Said<'_> {
    fn number(&self) -> Option<f64> {
        match self {
            Self::Nothing => None,
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
        }
    }

    fn words(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// Numbers by their size, also where they were written as words; before words, and both before nothing.
    pub(crate) fn compare(&self, other: &Said<'_>, descending: bool) -> Ordering {
        let turned = |order: Ordering| if descending { order.reverse() } else { order };
        match (self, other) {
            (Said::Nothing, Said::Nothing) => return Ordering::Equal,
            (Said::Nothing, _) => return Ordering::Greater,
            (_, Said::Nothing) => return Ordering::Less,
            _ => {}
        }
        match (self.number(), other.number()) {
            (Some(one), Some(other)) => match (one.is_nan(), other.is_nan()) {
                // What is no number is never the best.
                (false, false) => turned(one.total_cmp(&other)),
                (one, other) => one.cmp(&other),
            },
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => turned(self.words().cmp(other.words())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_first_and_one_that_is_none_is_never_the_best() {
        let said = [
            Said::Number(f64::NAN),
            Said::Text("1e-3"),
            Said::Nothing,
            Said::Text("word"),
            Said::Number(0.1),
        ];
        for (descending, first) in [(false, Said::Text("1e-3")), (true, Said::Number(0.1))] {
            let mut sorted = said.to_vec();
            sorted.sort_by(|one, other| one.compare(other, descending));
            assert_eq!(sorted[0], first);
            assert_eq!((sorted[3], sorted[4]), (Said::Text("word"), Said::Nothing));
        }
    }
}
