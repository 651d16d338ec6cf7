//! What is counted of the numbers of a column.

use serde::{Deserialize, Serialize};

use super::form::Value;

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
    /// Cells that hold none, or one without end: they are in neither of the others.
    pub gaps: usize,
}

/// Adds them up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum {
    numbers: Numbers,
    total: f64,
    /// What rounding has taken from the total.
    lost: f64,
    /// The total of a part of each, for when the total itself has no end.
    small: f64,
}

/// Of so small a part, more numbers than a page holds have a total.
const PART: f64 = 1.0 / (1_u64 << 40) as f64;

impl Default for Sum {
    fn default() -> Self {
        Self {
            numbers: Numbers {
                count: 0,
                min: f64::INFINITY,
                max: f64::NEG_INFINITY,
                mean: 0.0,
                gaps: 0,
            },
            total: 0.0,
            lost: 0.0,
            small: 0.0,
        }
    }
}

impl Sum {
    /// Takes in a cell.
    pub(super) fn add(&mut self, value: Value) {
        let Some(number) = value.number() else {
            self.numbers.gaps += 1;
            return;
        };
        self.numbers.count += 1;
        self.numbers.min = self.numbers.min.min(number);
        self.numbers.max = self.numbers.max.max(number);
        let total = self.total + number;
        let (large, little) = if self.total.abs() >= number.abs() {
            (self.total, number)
        } else {
            (number, self.total)
        };
        self.lost += (large - total) + little;
        self.total = total;
        self.small += number * PART;
    }

    /// The numbers of a column of `rows` rows; `None` without any.
    pub(super) fn of_rows(mut self, rows: usize) -> Option<Numbers> {
        let count = self.numbers.count as f64;
        let mean = (self.total + self.lost) / count;
        self.numbers.mean = if mean.is_finite() {
            mean
        } else {
            self.small / count / PART
        };
        // A row may end before the column.
        self.numbers.gaps = rows - self.numbers.count;
        (self.numbers.count > 0).then_some(self.numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[f64]) -> Numbers {
        let mut sum = Sum::default();
        numbers.iter().for_each(|number| sum.add(Value::Number(*number)));
        sum.of_rows(numbers.len()).unwrap()
    }

    #[test]
    fn little_ones_are_not_lost_among_large_ones() {
        assert_eq!(of(&[1e16, 1.0, 1.0, -1e16]).mean, 0.5);
        assert_eq!(of(&[0.1; 10]).mean, 0.1);
        assert_eq!(of(&[1234.0, 950.0, 2100.0, 12005.0]).mean, 4072.25);
    }

    #[test]
    fn the_mean_of_the_greatest_is_one() {
        assert!((of(&[f64::MAX, f64::MAX]).mean / f64::MAX - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_no_number_is_counted_apart() {
        let mut sum = Sum::default();
        for value in [Value::Number(2.0), Value::Gap, Value::Endless { is_negative: false }] {
            sum.add(value);
        }
        let numbers = sum.of_rows(5).unwrap();
        assert_eq!((numbers.count, numbers.mean, numbers.gaps), (1, 2.0, 4));
    }
}
