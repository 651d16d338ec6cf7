//! A quick drawing of a table's column: the path of an SVG, and the marks of its axes.

/// Width of the drawing, in its own units.
pub const WIDTH: f64 = 640.0;
/// Height of the drawing.
pub const HEIGHT: f64 = 220.0;
/// More points than this are thinned out: the screen has no room for them.
const MAX_POINTS: usize = 2000;
/// How many marks an axis has, about.
const MARKS: f64 = 5.0;

/// A drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// For the attribute `d`.
    pub path: String,
    /// Whether points are joined: they are when each is right of the one before.
    pub is_line: bool,
    /// Where on the axis, and which value.
    pub x_marks: Vec<(f64, f64)>,
    /// The same for values; 0 is at the top.
    pub y_marks: Vec<(f64, f64)>,
}

impl Plot {
    /// Draws `y` over `x`, or over the number of the row; `None` when no point has both.
    pub fn draw(x: Option<&[Option<f64>]>, y: &[Option<f64>]) -> Option<Self> {
        let points: Vec<(f64, f64)> = y
            .iter()
            .enumerate()
            .filter_map(|(row, y)| {
                let x = match x {
                    Some(x) => (*x.get(row)?)?,
                    None => row as f64 + 1.0,
                };
                Some((x, (*y)?))
            })
            .collect();
        let (left, right) = span(points.iter().map(|point| point.0))?;
        let (low, high) = span(points.iter().map(|point| point.1))?;
        let across = |x: f64| (x - left) / (right - left) * WIDTH;
        let down = |y: f64| HEIGHT - (y - low) / (high - low) * HEIGHT;
        let is_line = points.len() > 1 && points.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let mut path = String::new();
        for (place, (x, y)) in thinned(&points).into_iter().enumerate() {
            let (x, y) = (across(x), down(y));
            path.push_str(&match (is_line, place) {
                (true, 1..) => format!("L{x:.1} {y:.1}"),
                (true, 0) => format!("M{x:.1} {y:.1}"),
                // A line without length, with a round end, is a dot.
                (false, _) => format!("M{x:.1} {y:.1}h0"),
            });
        }
        Some(Self {
            path,
            is_line,
            x_marks: marks(left, right)
                .into_iter()
                .map(|mark| (across(mark), mark))
                .collect(),
            y_marks: marks(low, high).into_iter().map(|mark| (down(mark), mark)).collect(),
        })
    }
}

/// The least and the greatest; a single value gets room on both sides.
fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let (least, most) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| {
        (least.min(value), most.max(value))
    });
    let room = if least == most { least.abs().max(1.0) / 2.0 } else { 0.0 };
    (least <= most).then_some((least - room, most + room))
}

/// Of each stretch of points its lowest and its highest, in their order, so that no peak is lost.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() <= MAX_POINTS {
        return points.to_vec();
    }
    let stretch = points.len().div_ceil(MAX_POINTS / 2);
    let of = |stretch: &[(f64, f64)]| {
        let places = 0..stretch.len();
        let low = places.clone().min_by(|a, b| stretch[*a].1.total_cmp(&stretch[*b].1));
        let high = places.max_by(|a, b| stretch[*a].1.total_cmp(&stretch[*b].1));
        let (low, high) = (low.unwrap_or_default(), high.unwrap_or_default());
        [stretch[low.min(high)], stretch[low.max(high)]]
    };
    points.chunks(stretch).flat_map(of).collect()
}

/// Round values between two.
fn marks(from: f64, to: f64) -> Vec<f64> {
    let rough = (to - from) / MARKS;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|round| round * power);
    let step = step.into_iter().find(|step| *step >= rough).unwrap_or(rough);
    if !step.is_finite() || step <= 0.0 {
        return Vec::new();
    }
    let first = (from / step).ceil();
    let marks = (0..=20).map(|count| (first + f64::from(count)) * step);
    // Decimals that only binary fractions brought along.
    let round = |mark: f64| (mark / step).round() * step;
    marks.take_while(|mark| *mark <= to).map(round).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_inside() {
        assert_eq!(marks(0.0, 10.0), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(marks(-3.0, 3.0), [-2.0, 0.0, 2.0]);
        assert!(marks(0.0, 0.0).is_empty());
    }

    #[test]
    fn a_row_of_values_becomes_a_line_from_left_to_right() {
        let plot = Plot::draw(None, &[Some(0.0), None, Some(1.0)]).unwrap();
        assert_eq!(plot.path, "M0.0 220.0L640.0 0.0");
        assert!(plot.is_line);
    }

    #[test]
    fn points_in_no_order_are_dots() {
        let x = [Some(2.0), Some(1.0), Some(2.0)];
        let plot = Plot::draw(Some(&x), &[Some(1.0), Some(2.0), None]).unwrap();
        assert_eq!(plot.path, "M640.0 220.0h0M0.0 0.0h0");
    }

    #[test]
    fn thinning_keeps_the_peaks() {
        let mut points: Vec<(f64, f64)> = (0..100_000).map(|x| (f64::from(x), 0.0)).collect();
        points[77_777].1 = 9.0;
        let kept = thinned(&points);
        assert!(kept.len() <= MAX_POINTS + 2);
        assert!(kept.contains(&(77_777.0, 9.0)));
        assert!(kept.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    }

    #[test]
    fn nothing_and_one_value_are_no_trouble() {
        assert_eq!(Plot::draw(None, &[None]), None);
        assert!(Plot::draw(None, &[Some(5.0)]).unwrap().path.starts_with("M"));
        assert!(Plot::draw(None, &[Some(f64::MAX), Some(f64::MIN)]).is_some());
    }
}
