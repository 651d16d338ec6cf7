//! A curve as a line in a box: where points stand, where the axis has its marks.

use super::model::Point;

/// The box that curves are drawn in; it is stretched to its place on the page.
pub const WIDTH: f64 = 1000.0;
/// Its height.
pub const HEIGHT: f64 = 100.0;

/// Length of the line that stands for a point alone.
const ALONE: f64 = 30.0;

/// The height has room for so many parts with a mark between each two.
const MOST_POWERS: f64 = 4.0;

/// What a chart spans.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Its left edge, milliseconds since 1970.
    pub from_ms: i64,
    /// Its right edge.
    pub to_ms: i64,
    /// The value of its lower edge.
    pub low: f64,
    /// The value of its upper edge.
    pub high: f64,
}

impl Span {
    /// What `points` need between two times. Values that are never negative begin at 0, if that does not flatten them.
    pub fn of(points: &[Point], from_ms: i64, to_ms: i64) -> Self {
        let low = points.iter().map(|point| point.value).fold(f64::INFINITY, f64::min);
        let high = points.iter().map(|point| point.value).fold(f64::NEG_INFINITY, f64::max);
        if low > high {
            return Self {
                from_ms,
                to_ms,
                low: 0.0,
                high: 1.0,
            };
        }
        let low = if low >= 0.0 && low <= high * 0.8 { 0.0 } else { low };
        let (low, high) = match nice_step(high - low) {
            // All values are the same.
            None if low == 0.0 => (0.0, 1.0),
            None => (low - low.abs() * 0.1, high + high.abs() * 0.1),
            Some(step) => ((low / step).floor() * step, (high / step).ceil() * step),
        };
        Self {
            from_ms,
            to_ms,
            low,
            high,
        }
    }

    /// What `points` need on a scale of powers, where their values are exponents: whole powers at both edges.
    pub fn of_powers(points: &[Point], from_ms: i64, to_ms: i64) -> Self {
        let exponents = || points.iter().map(|point| point.value);
        let low = exponents().fold(f64::INFINITY, f64::min).floor();
        let high = exponents().fold(f64::NEG_INFINITY, f64::max).ceil();
        let (low, high) = match (low, high) {
            (low, high) if low > high => (0.0, 1.0),
            (low, high) if low == high => (low - 1.0, high + 1.0),
            edges => edges,
        };
        Self {
            from_ms,
            to_ms,
            low,
            high,
        }
    }

    /// On a scale of powers: the whole exponents between its edges, a few of them where there are many.
    pub fn powers(&self) -> Vec<f64> {
        let apart = ((self.high - self.low) / MOST_POWERS).ceil().max(1.0);
        let count = ((self.high - self.low) / apart).ceil() as usize;
        (1..count).map(|place| self.low + place as f64 * apart).collect()
    }

    /// How far from the upper edge a value stands, 0 to 1.
    pub fn depth_of(&self, value: f64) -> f64 {
        1.0 - (value - self.low) / (self.high - self.low).max(f64::MIN_POSITIVE)
    }

    /// How far from the left edge a time stands, 0 to 1.
    pub fn share_of(&self, time_ms: i64) -> f64 {
        let length = (self.to_ms - self.from_ms).max(1) as f64;
        ((time_ms - self.from_ms) as f64 / length).clamp(0.0, 1.0)
    }

    /// The time at a share of the width.
    pub fn time_at(&self, share: f64) -> i64 {
        self.from_ms + ((self.to_ms - self.from_ms) as f64 * share.clamp(0.0, 1.0)) as i64
    }

    /// The curve as the `d` of a path.
    pub fn path(&self, points: &[Point]) -> String {
        let place_of = |point: &Point| {
            (
                self.share_of(point.time_ms) * WIDTH,
                self.depth_of(point.value) * HEIGHT,
            )
        };
        if let [only] = points {
            // A line of no length could not be seen.
            let (x, y) = place_of(only);
            let (left, right) = ((x - ALONE / 2.0).max(0.0), (x + ALONE / 2.0).min(WIDTH));
            return format!("M{left:.1} {y:.1}L{right:.1} {y:.1}");
        }
        let mut path = String::with_capacity(points.len() * 14);
        for (place, point) in points.iter().enumerate() {
            let (x, y) = place_of(point);
            path.push(if place == 0 || point.is_after_gap { 'M' } else { 'L' });
            path.push_str(&format!("{x:.1} {y:.1}"));
        }
        path
    }
}

/// The point that was the newest at a time; before the first, the first.
pub fn newest_at(points: &[Point], time_ms: i64) -> Option<&Point> {
    let after = points.partition_point(|point| point.time_ms <= time_ms);
    points.get(after.saturating_sub(1))
}

/// A step of 1, 2 or 5 that parts `length` into two to five; `None` where there is no length.
fn nice_step(length: f64) -> Option<f64> {
    if !(length.is_finite() && length > 0.0) {
        return None;
    }
    let rough = length / 3.0;
    let power = 10_f64.powf(rough.log10().floor());
    let digit = match rough / power {
        digit if digit < 1.5 => 1.0,
        digit if digit < 3.5 => 2.0,
        digit if digit < 7.5 => 5.0,
        _ => 10.0,
    };
    Some(digit * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[f64]) -> Vec<Point> {
        let numbered = values.iter().enumerate();
        numbered
            .map(|(place, value)| Point {
                time_ms: place as i64 * 10,
                value: *value,
                ..Point::default()
            })
            .collect()
    }

    #[test]
    fn edges_are_round_and_begin_at_nothing_where_that_shows_the_curve() {
        let edges = |values: &[f64]| {
            let span = Span::of(&points(values), 0, 10);
            (span.low, span.high)
        };
        assert_eq!(edges(&[3.0, 97.0]), (0.0, 100.0));
        assert_eq!(edges(&[1000.0, 1003.0]), (1000.0, 1003.0));
        assert_eq!(edges(&[-4.0, 4.0]), (-4.0, 4.0));
        assert_eq!(edges(&[0.0, 0.0]), (0.0, 1.0));
        assert_eq!(edges(&[5.0]), (4.5, 5.5));
        assert_eq!(edges(&[]), (0.0, 1.0));
        let (low, high) = edges(&[f64::MAX, f64::MIN]);
        assert!(low <= high);
    }

    #[test]
    fn powers_of_ten_stand_at_the_edges_and_between_them() {
        let marks = |exponents: &[f64]| {
            let span = Span::of_powers(&points(exponents), 0, 10);
            (span.low, span.high, span.powers())
        };
        assert_eq!(marks(&[-1.7, 0.3]), (-2.0, 1.0, vec![-1.0, 0.0]));
        assert_eq!(marks(&[3.0]), (2.0, 4.0, vec![3.0]));
        assert_eq!(marks(&[0.2, 0.4]), (0.0, 1.0, vec![]));
        assert_eq!(marks(&[]), (0.0, 1.0, vec![]));
        assert_eq!(marks(&[-323.3, 308.2]).2, [-165.0, -6.0, 153.0]);
    }

    #[test]
    fn a_point_alone_is_seen() {
        let only = points(&[50.0]);
        let path = |from_ms, to_ms| {
            Span {
                from_ms,
                to_ms,
                low: 0.0,
                high: 100.0,
            }
            .path(&only)
        };
        assert_eq!(path(-10, 10), "M485.0 50.0L515.0 50.0");
        assert_eq!(path(-10, 0), "M985.0 50.0L1000.0 50.0");
    }

    #[test]
    fn a_point_is_found_where_it_is_drawn() {
        let points = points(&[0.0, 50.0, 100.0]);
        let span = Span::of(&points, 0, 20);
        assert_eq!(span.path(&points), "M0.0 100.0L500.0 50.0L1000.0 0.0");
        for share in [0.0, 0.25, 0.5, 1.0] {
            assert!((span.share_of(span.time_at(share)) - share).abs() < 0.06);
        }
        let value = |time_ms| newest_at(&points, time_ms).map(|point| point.value);
        assert_eq!(
            (value(-1), value(9), value(10), value(99)),
            (Some(0.0), Some(0.0), Some(50.0), Some(100.0))
        );
        assert!(newest_at(&[], 0).is_none());
    }
}
