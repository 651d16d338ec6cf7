//! Curves over the step or the epoch instead of time, and on a scale of powers: points moved to where they are drawn.

use serde::{Deserialize, Serialize};

use super::super::model::Point;

/// A step counts as so many milliseconds of the axis, so that parts of an epoch are told apart.
const UNITS: f64 = 1000.0;

/// What a curve runs over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Axis {
    /// The time.
    #[default]
    Time,
    /// The step that the program named.
    Step,
    /// The epoch that it named.
    Epoch,
}

impl Axis {
    fn of(self, point: &Point) -> Option<f64> {
        match self {
            Self::Time => None,
            Self::Step => point.step,
            Self::Epoch => point.epoch,
        }
    }

    /// Whether one of the points can be drawn over it.
    pub fn has<'a>(self, mut points: impl Iterator<Item = &'a Point>) -> bool {
        self == Self::Time || points.any(|point| self.of(point).is_some())
    }

    /// The points at their places on the axis, in its order; those without a place are left out.
    pub fn placed(self, points: &[Point]) -> Vec<Point> {
        if self == Self::Time {
            return points.to_vec();
        }
        let place = |point: &Point| {
            let time_ms = (self.of(point)? * UNITS) as i64;
            Some(Point { time_ms, ..*point })
        };
        let mut placed: Vec<Point> = points.iter().filter_map(place).collect();
        placed.sort_by_key(|point| point.time_ms);
        placed
    }
}

/// What a place on the axis is, in steps or epochs.
pub fn place_of(time_ms: i64) -> f64 {
    time_ms as f64 / UNITS
}

/// The points on a scale of powers of ten; what is not above nothing has no place there, and breaks the curve.
pub fn powers(points: &[Point]) -> Vec<Point> {
    let mut is_gap = false;
    let mut placed = Vec::with_capacity(points.len());
    for point in points {
        if point.value <= 0.0 {
            is_gap = true;
            continue;
        }
        placed.push(Point {
            value: point.value.log10(),
            is_after_gap: point.is_after_gap || std::mem::take(&mut is_gap),
            ..*point
        });
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_over_their_steps() {
        let point = |time_ms, step, value| Point {
            time_ms,
            step,
            value,
            ..Point::default()
        };
        let points = [
            point(5, Some(2.0), 100.0),
            point(6, Some(1.5), -1.0),
            point(7, None, 1.0),
            point(8, Some(3.0), 10.0),
        ];
        let placed = Axis::Step.placed(&points);
        assert_eq!(
            placed.iter().map(|point| place_of(point.time_ms)).collect::<Vec<_>>(),
            [1.5, 2.0, 3.0]
        );
        let powers: Vec<_> = powers(&points)
            .iter()
            .map(|point| (point.value, point.is_after_gap))
            .collect();
        assert_eq!(powers, [(2.0, false), (0.0, true), (1.0, false)]);
        assert!(!Axis::Epoch.has(points.iter()) && Axis::Step.has(points.iter()));
    }
}
