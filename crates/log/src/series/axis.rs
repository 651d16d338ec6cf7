//! Curves over the step or the epoch instead of time, and on a scale of powers: which there are to choose from, and the
//! points moved to where they are drawn.

use serde::{Deserialize, Serialize};

use crate::{model::Point, plot::Span};

/// A step counts as so many milliseconds of the axis, so that parts of an epoch are told apart.
const UNITS: f64 = 1000.0;
/// Further away no numbers are told apart: what claims to be there has no place.
const FURTHEST: f64 = 1e12;

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
    /// Where a point stands: milliseconds, or thousandths of a step or an epoch; `None` where it has no place.
    pub fn place(self, point: &Point) -> Option<i64> {
        let told = match self {
            Self::Time => return Some(point.time_ms),
            Self::Step => point.step?,
            Self::Epoch => point.epoch?,
        };
        (told.abs() <= FURTHEST).then(|| (told * UNITS).round() as i64)
    }

    /// Whether the points make a curve over it: two of them stand at different places.
    pub fn has(self, points: &[Point]) -> bool {
        let mut places = points.iter().filter_map(|point| self.place(point));
        self == Self::Time || places.next().is_some_and(|first| places.any(|place| place != first))
    }

    /// The first and the last place of the points; both 0 where none has one.
    pub fn reach<'a>(self, points: impl Iterator<Item = &'a Point>) -> (i64, i64) {
        let ends = points.filter_map(|point| self.place(point)).map(|place| (place, place));
        ends.reduce(|(from, to), (place, _)| (from.min(place), to.max(place)))
            .unwrap_or((0, 0))
    }

    /// The points that have a place, in the order of their places.
    fn ordered(self, points: &[Point]) -> Vec<Point> {
        if self == Self::Time {
            return points.to_vec();
        }
        let mut ordered: Vec<(i64, Point)> = Vec::with_capacity(points.len());
        ordered.extend(points.iter().filter_map(|point| Some((self.place(point)?, *point))));
        ordered.sort_by_key(|(place, _)| *place);
        ordered.into_iter().map(|(_, point)| point).collect()
    }

    /// The points at their places on the axis, in its order; those without a place are left out.
    pub fn placed(self, points: &[Point]) -> Vec<Point> {
        let mut placed = self.ordered(points);
        for point in &mut placed {
            point.time_ms = self.place(point).unwrap_or_default();
        }
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
        let is_broken = std::mem::take(&mut is_gap);
        placed.push(Point {
            value: point.value.log10(),
            is_after_gap: point.is_after_gap || is_broken,
            ..*point
        });
    }
    placed
}

/// How curves are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Way {
    /// Over what.
    pub axis: Axis,
    /// On a scale of powers of ten.
    pub is_log: bool,
}

impl Way {
    /// The same as far as these curves can be drawn so together: over the time where one has no other places, and with even
    /// distances where nothing is above 0.
    pub fn fitting<'a>(self, curves: impl Iterator<Item = &'a [Point]> + Clone) -> Self {
        let has_place = |points: &[Point]| points.iter().any(|point| self.axis.place(point).is_some());
        let is_above = |points: &[Point]| points.iter().any(|point| point.value > 0.0);
        Self {
            axis: match curves.clone().all(has_place) {
                true => self.axis,
                false => Axis::Time,
            },
            is_log: self.is_log && curves.clone().any(is_above),
        }
    }

    /// A curve drawn so, as far as it can be.
    pub fn draw(self, points: &[Point]) -> Drawn {
        let way = self.fitting(std::iter::once(points));
        let shape = way.axis.placed(points);
        Drawn {
            way,
            points: way.axis.ordered(points),
            shape: if way.is_log { powers(&shape) } else { shape },
        }
    }
}

/// What there is to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// What the curves can run over, the time first.
    pub axes: Vec<Axis>,
    /// What they run over as long as nobody has chosen: the step, or else the epoch, if all have it.
    pub first: Axis,
    /// Whether a scale of powers shows any of them.
    pub has_log: bool,
}

impl Offer {
    /// What these curves offer.
    pub fn of<'a>(curves: impl Iterator<Item = &'a [Point]>) -> Self {
        let curves: Vec<&[Point]> = curves.filter(|points| points.len() > 1).collect();
        let mut offer = Self {
            axes: vec![Axis::Time],
            ..Self::default()
        };
        for axis in [Axis::Step, Axis::Epoch] {
            if !curves.iter().any(|points| axis.has(points)) {
                continue;
            }
            offer.axes.push(axis);
            let has_place = |points: &&[Point]| points.iter().any(|point| axis.place(point).is_some());
            if offer.first == Axis::Time && curves.iter().all(has_place) {
                offer.first = axis;
            }
        }
        let mut points = curves.iter().copied().flatten();
        offer.has_log = points.any(|point| point.value > 0.0);
        offer
    }
}

/// A curve as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// How.
    pub way: Way,
    /// Its points as they are, in the order of the axis.
    pub points: Vec<Point>,
    /// The same where they are drawn; those that have no place on the scale are left out.
    pub shape: Vec<Point>,
}

impl Drawn {
    /// What its chart spans.
    pub fn span(&self, (from, to): (i64, i64)) -> Span {
        match self.way.is_log {
            true => Span::of_powers(&self.shape, from, to),
            false => Span::of(&self.shape, from, to),
        }
    }

    /// Whether the scale leaves points out.
    pub fn leaves_out(&self) -> bool {
        self.shape.len() < self.points.len()
    }

    /// The place of the point that was the newest at a time; of the first before it.
    pub fn at_time(&self, time_ms: i64) -> Option<usize> {
        let numbered = self.points.iter().enumerate();
        let until = numbered.filter(|(_, point)| point.time_ms <= time_ms);
        let newest = until.max_by_key(|(place, point)| (point.time_ms, *place));
        newest
            .map(|(place, _)| place)
            .or((!self.points.is_empty()).then_some(0))
    }

    /// The place of the last point up to a place on the axis; of the first before it.
    pub fn up_to(&self, at: i64) -> Option<usize> {
        let is_up_to = |point: &Point| self.way.axis.place(point).is_some_and(|place| place <= at);
        let count = self.points.partition_point(is_up_to);
        (!self.points.is_empty()).then_some(count.saturating_sub(1))
    }

    /// The different places of its points on the axis, in their order.
    pub fn places(&self) -> Vec<i64> {
        let places = self.points.iter().filter_map(|point| self.way.axis.place(point));
        let mut places: Vec<i64> = places.collect();
        places.dedup();
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(time_ms: i64, step: Option<f64>, value: f64) -> Point {
        Point {
            time_ms,
            step,
            value,
            ..Point::default()
        }
    }

    #[test]
    fn points_stand_over_their_steps() {
        let points = [
            point(5, Some(2.0), 100.0),
            point(6, Some(1.5), -1.0),
            point(7, None, 1.0),
            point(8, Some(3.0), 10.0),
            point(9, Some(1e300), 10.0),
        ];
        let placed = Axis::Step.placed(&points);
        let places: Vec<f64> = placed.iter().map(|point| place_of(point.time_ms)).collect();
        assert_eq!(places, [1.5, 2.0, 3.0]);
        let powers: Vec<_> = powers(&points[..4])
            .iter()
            .map(|point| (point.value, point.is_after_gap))
            .collect();
        assert_eq!(powers, [(2.0, false), (0.0, true), (1.0, false)]);
    }

    #[test]
    fn what_the_curves_have_is_offered() {
        let loss = [point(0, Some(1.0), 0.0), point(9, Some(2.0), -1.0)];
        let port = [point(3, None, 8080.0), point(4, None, 8081.0)];
        let at_one_step = [point(0, Some(1.0), 5.0), point(9, Some(1.0), 6.0)];
        let offer = |curves: &[&[Point]]| Offer::of(curves.iter().copied());
        let both = vec![Axis::Time, Axis::Step];
        let expected = |axes: Vec<Axis>, first, has_log| Offer { axes, first, has_log };
        assert_eq!(offer(&[&loss]), expected(both.clone(), Axis::Step, false));
        assert_eq!(offer(&[&loss, &port]), expected(both.clone(), Axis::Time, true));
        assert_eq!(
            offer(&[&loss, &port[..1]]),
            expected(both, Axis::Step, false),
            "a number alone is no curve"
        );
        assert_eq!(offer(&[&at_one_step]), expected(vec![Axis::Time], Axis::Time, true));
    }

    #[test]
    fn a_curve_is_drawn_as_far_as_it_can_be_and_found_by_its_moment() {
        let way = Way {
            axis: Axis::Step,
            is_log: true,
        };
        let port = [point(3, None, -1.0), point(4, None, 0.0)];
        assert_eq!(way.draw(&port).way, Way::default());

        // A run that went back to an earlier step.
        let loss = [
            point(10, Some(1.0), 100.0),
            point(20, Some(2.0), 0.0),
            point(30, Some(3.0), 0.02),
            point(40, Some(2.5), 1.0),
        ];
        let drawn = way.draw(&loss);
        assert!(drawn.leaves_out() && drawn.way == way);
        let value = |place: Option<usize>| place.map(|place| drawn.points[place].value);
        assert_eq!(value(drawn.at_time(35)), Some(0.02));
        assert_eq!(value(drawn.at_time(99)), Some(1.0), "the newest, not the last step");
        assert_eq!(value(drawn.at_time(0)), Some(100.0));
        assert_eq!(drawn.places(), [1000, 2000, 2500, 3000]);
        let up_to = [0, 1000, 2499, 2500, 9000].map(|at| value(drawn.up_to(at)));
        assert_eq!(up_to, [100.0, 100.0, 0.0, 1.0, 0.02].map(Some));
        let span = drawn.span((1000, 3000));
        assert_eq!((span.low, span.high, span.from_ms), (-2.0, 2.0, 1000));
        assert_eq!(span.path(&drawn.shape), "M0.0 0.0M750.0 50.0L1000.0 92.5");
        assert_eq!(span.powers(), [-1.0, 0.0, 1.0]);
    }
}
