//! The points of one series in bounded memory.

use std::hash::{DefaultHasher, Hasher};

use super::super::model::Point;

/// A series has at most so many stretches; then two neighbours become one.
const MAX_STRETCHES: usize = 2048;

/// Points that follow each other: the lowest and the highest stand for all.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    low: Point,
    high: Point,
    points: u64,
    /// The curve is broken before one of them.
    has_gap: bool,
}

impl Stretch {
    fn of(point: Point) -> Self {
        Self {
            low: point,
            high: point,
            points: 1,
            has_gap: point.is_after_gap,
        }
    }

    fn add(&mut self, other: &Self) {
        if other.low.value < self.low.value {
            self.low = other.low;
        }
        if other.high.value > self.high.value {
            self.high = other.high;
        }
        self.points += other.points;
        self.has_gap |= other.has_gap;
    }

    /// What stands for it, in the order of time.
    fn ends(&self) -> impl Iterator<Item = Point> {
        let (mut first, second) = if self.high.offset < self.low.offset {
            (self.high, self.low)
        } else {
            (self.low, self.high)
        };
        let is_one = first == second;
        first.is_after_gap |= self.has_gap && !second.is_after_gap;
        std::iter::once(first).chain((!is_one).then_some(second))
    }
}

/// A series.
#[derive(Debug)]
pub(super) struct Kept {
    stretches: Vec<Stretch>,
    /// Points in each stretch but the last.
    points_each: u64,
    count: u64,
    last: Option<Point>,
    /// What came last was no number.
    is_in_gap: bool,
    values: DefaultHasher,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            stretches: Vec::new(),
            points_each: 1,
            count: 0,
            last: None,
            is_in_gap: false,
            values: DefaultHasher::new(),
        }
    }
}

impl Kept {
    /// What is no number makes a gap.
    pub(super) fn push(&mut self, mut point: Point) {
        if !point.value.is_finite() {
            self.is_in_gap = true;
            return;
        }
        point.is_after_gap = std::mem::take(&mut self.is_in_gap) && self.count > 0;
        self.count += 1;
        self.last = Some(point);
        // Nothing is equal to nothing, whatever its sign.
        self.values.write_u64((point.value + 0.0).to_bits());
        match self.stretches.last_mut() {
            Some(last) if last.points < self.points_each => last.add(&Stretch::of(point)),
            _ => self.stretches.push(Stretch::of(point)),
        }
        if self.stretches.len() > MAX_STRETCHES {
            self.stretches = joined(&self.stretches, 2);
            self.points_each *= 2;
        }
    }

    /// How many points came.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// The same for two series exactly when all their values are, in their order.
    pub(super) fn fingerprint(&self) -> u64 {
        self.values.finish()
    }

    /// At most about `max` points, lows and highs and the newest among them.
    pub(super) fn thinned(&self, max: usize) -> Vec<Point> {
        let stretches = max.max(4) / 2 - 1;
        let each = self.stretches.len().div_ceil(stretches).max(1);
        let mut points: Vec<Point> = joined(&self.stretches, each).iter().flat_map(Stretch::ends).collect();
        if self.last.is_some_and(|last| points.last() != Some(&last)) {
            points.extend(self.last);
        }
        points
    }
}

fn joined(stretches: &[Stretch], each: usize) -> Vec<Stretch> {
    let groups = stretches.chunks(each);
    groups
        .filter_map(|group| {
            let (first, rest) = group.split_first()?;
            let mut whole = *first;
            rest.iter().for_each(|stretch| whole.add(stretch));
            Some(whole)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_survive_thinning_and_memory_is_bounded() {
        let mut kept = Kept::default();
        for place in 0..1_000_000_u64 {
            let value = match place {
                345_678 => 100.0,
                777_777 => -100.0,
                _ => (place % 7) as f64,
            };
            kept.push(Point {
                time_ms: place as i64,
                value,
                offset: place,
                ..Point::default()
            });
        }
        assert!(kept.stretches.len() <= MAX_STRETCHES);
        assert_eq!(kept.count(), 1_000_000);
        let points = kept.thinned(200);
        assert!(points.len() <= 201, "{}", points.len());
        assert!(
            points
                .iter()
                .any(|point| point.value == 100.0 && point.time_ms == 345_678)
        );
        assert!(points.iter().any(|point| point.value == -100.0));
        assert_eq!(points.last().map(|point| point.time_ms), Some(999_999));
        assert!(points.is_sorted_by_key(|point| point.time_ms));
    }

    #[test]
    fn equal_values_have_one_fingerprint_whenever_they_came() {
        let of = |values: &[f64], step_ms: i64| {
            let mut kept = Kept::default();
            for (place, value) in (0_i64..).zip(values) {
                kept.push(Point {
                    time_ms: place * step_ms,
                    value: *value,
                    ..Point::default()
                });
            }
            kept.fingerprint()
        };
        assert_eq!(of(&[1.0, 0.0, 3.0], 5), of(&[1.0, -0.0, 3.0], 700));
        assert_ne!(of(&[1.0, 2.0, 3.0], 5), of(&[1.0, 3.0, 2.0], 5));
        assert_ne!(of(&[1.0, 2.0], 5), of(&[1.0, 2.0, 2.0], 5));
    }

    #[test]
    fn gaps_survive_thinning() {
        let mut kept = Kept::default();
        for place in 0..4000_u64 {
            // One gap, before a value that is neither a low nor a high.
            if place == 2001 {
                kept.push(Point {
                    value: f64::NAN,
                    ..Point::default()
                });
            }
            kept.push(Point {
                value: (place % 10) as f64,
                offset: place,
                step: Some(place as f64),
                ..Point::default()
            });
        }
        let points = kept.thinned(100);
        let broken: Vec<f64> = points
            .iter()
            .filter(|point| point.is_after_gap)
            .filter_map(|point| point.step)
            .collect();
        assert_eq!(broken.len(), 1);
        assert!((broken[0] - 2001.0).abs() < 100.0, "{broken:?}");
        assert!(
            points.iter().all(|point| point.step == Some(point.offset as f64)),
            "each keeps its own step"
        );
    }

    #[test]
    fn a_short_series_is_whole() {
        let mut kept = Kept::default();
        for place in 0..90 {
            kept.push(Point {
                time_ms: place,
                value: place as f64,
                offset: place as u64,
                ..Point::default()
            });
        }
        assert_eq!(kept.thinned(200).len(), 90);
    }
}
