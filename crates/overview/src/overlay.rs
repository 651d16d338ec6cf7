//! The curves of several runs laid over one another: each from its own start, or over the steps or epochs it told, all on
//! one scale.

use jobsphere_log::{
    model::{Point, Series, SeriesOrigin},
    plot::{Span, newest_at},
    series::{
        axis::{Axis, Way, powers},
        measure::Measure,
    },
};

/// So many curves are drawn before anybody has chosen.
const FIRST: usize = 4;
/// Of what the service measured, these come first.
const FIRST_STATS: [&str; 3] = ["cpu_percent", "utilization.gpu", "memory_bytes"];

/// The numbers of one run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// When it began; milliseconds since 1970.
    pub start_ms: i64,
    /// Its series, each with its points.
    pub series: Vec<Series>,
}

/// A series is known by where it was read and its name.
pub type Key = (SeriesOrigin, String);

/// A series that two runs or more have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// Which.
    pub key: Key,
    /// Whether all that have it have the same values in the same order, whenever they came.
    pub is_same: bool,
    /// Whether one of them has more than one point.
    pub is_curve: bool,
}

/// One run's curve in a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its points; their times are places on the axis: of the time, milliseconds since the run's start.
    pub points: Vec<Point>,
    /// The same where they are drawn; those that have no place on the scale are left out.
    pub shape: Vec<Point>,
    /// The lowest value.
    pub low: f64,
    /// The highest value.
    pub high: f64,
    /// The newest value.
    pub last: f64,
    /// The last place on the axis of which the run's log tells any number.
    end: i64,
}

impl Run {
    fn find(&self, (origin, name): &Key) -> Option<&Series> {
        self.series
            .iter()
            .find(|series| series.origin == *origin && series.name == *name)
    }

    /// The newest number of a series; `None` where it has none.
    pub fn last(&self, key: &Key) -> Option<f64> {
        self.find(key)?.points.last().map(|point| point.value)
    }

    fn since_start(&self, time_ms: i64) -> i64 {
        // The service's clock may have been set while it ran.
        (time_ms - self.start_ms).max(0)
    }

    /// Where the points of a series stand on an axis.
    fn placed(&self, axis: Axis, points: &[Point]) -> Vec<Point> {
        let mut placed = axis.placed(points);
        if axis == Axis::Time {
            for point in &mut placed {
                point.time_ms = self.since_start(point.time_ms);
            }
        }
        placed
    }

    /// The first and the last place on an axis of which it tells a number.
    fn ends(&self, axis: Axis) -> Option<(i64, i64)> {
        let told = self
            .series
            .iter()
            .filter(|series| axis == Axis::Time || is_told(series.origin));
        let points = told.flat_map(|series| &series.points);
        let places = points.filter_map(|point| match axis {
            Axis::Time => Some(self.since_start(point.time_ms)),
            Axis::Step | Axis::Epoch => axis.place(point),
        });
        places.fold(None, |ends, place| {
            let (first, last) = ends.unwrap_or((place, place));
            Some((first.min(place), last.max(place)))
        })
    }

    /// Its curve of a series; `None` where it has none.
    pub fn line(&self, key: &Key, way: Way) -> Option<Line> {
        let series = &self.find(key)?.points;
        let last = series.last()?.value;
        let points = self.placed(way.axis, series);
        let values = || points.iter().map(|point| point.value);
        Some(Line {
            low: values().fold(f64::INFINITY, f64::min),
            high: values().fold(f64::NEG_INFINITY, f64::max),
            last,
            end: self.ends(way.axis)?.1,
            shape: if way.is_log { powers(&points) } else { points.clone() },
            points,
        })
    }
}

impl Line {
    /// The value at a place on the axis; `None` before the first and after the run.
    pub fn at(&self, place: i64) -> Option<f64> {
        let is_within = self.points.first()?.time_ms <= place && place <= self.end;
        is_within
            .then(|| newest_at(&self.points, place))?
            .map(|point| point.value)
    }

    /// Whether the scale leaves points out.
    pub fn leaves_out(&self) -> bool {
        self.shape.len() < self.points.len()
    }
}

/// What programs told is drawn as it was chosen; what the machine did, over its time and on its own scale.
fn is_told(origin: SeriesOrigin) -> bool {
    origin != SeriesOrigin::Stats
}

/// The points of a series in each run that has it.
pub fn curves<'a>(runs: &'a [&'a Run], key: &'a Key) -> impl Iterator<Item = &'a [Point]> + Clone {
    let found = runs.iter().filter_map(|run| run.find(key));
    found.map(|series| series.points.as_slice())
}

/// How a series can be drawn in all runs that have it.
pub fn way_of(runs: &[&Run], key: &Key, wanted: Way) -> Way {
    match is_told(key.0) {
        true => wanted.fitting(curves(runs, key)),
        false => Way::default(),
    }
}

/// What all runs span on an axis: of the time, from the start on; else what their programs told.
pub fn reach(runs: &[&Run], axis: Axis) -> (i64, i64) {
    let ends = runs.iter().filter_map(|run| run.ends(axis));
    let reach = ends.reduce(|(from, to), (first, last)| (from.min(first), to.max(last)));
    match (axis, reach) {
        (Axis::Time, reach) => (0, reach.map_or(0, |(_, last)| last)),
        (_, reach) => reach.unwrap_or((0, 0)),
    }
}

/// What all these curves need together, over what the runs reach.
pub fn span<'a>(lines: impl Iterator<Item = &'a Line>, way: Way, (from, to): (i64, i64)) -> Span {
    let points: Vec<Point> = lines.flat_map(|line| &line.shape).copied().collect();
    match way.is_log {
        true => Span::of_powers(&points, from, to),
        false => Span::of(&points, from, to),
    }
}

/// Letters at the ends of lines need so much of the width and the height.
const LETTER: (f64, f64) = (0.06, 0.13);

/// Where each line ends, as shares of the chart's width and height from its upper left corner; ends that are too near
/// each other are moved apart, up or down.
pub fn ends<'a>(span: &Span, lines: impl Iterator<Item = &'a Line>) -> Vec<(f64, f64)> {
    let (width, height) = LETTER;
    let end = |line: &Line| {
        let place = |point: &Point| (span.share_of(point.time_ms), span.depth_of(point.value));
        let (x, y) = line.shape.last().map_or((0.0, 1.0), place);
        (
            x.clamp(width / 2.0, 1.0 - width / 2.0),
            y.clamp(height / 2.0, 1.0 - height / 2.0),
        )
    };
    let mut ends: Vec<(f64, f64)> = lines.map(end).collect();
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_by(|a, b| ends[*a].1.total_cmp(&ends[*b].1));
    let mut settled: Vec<usize> = Vec::new();
    for place in order {
        let (x, mut y) = ends[place];
        let is_near =
            |(its_x, its_y): (f64, f64), y: f64| (its_x - x).abs() < width && (its_y - y).abs() < height * 0.99;
        // Downwards as long as another stands there; at the floor, from there upwards.
        let mut step = height;
        for _ in 0..2 * ends.len() {
            if !settled.iter().any(|other| is_near(ends[*other], y)) {
                break;
            }
            y += step;
            if y > 1.0 - height / 2.0 {
                (y, step) = (1.0 - height / 2.0, -height);
            }
        }
        ends[place].1 = y;
        settled.push(place);
    }
    ends
}

/// The series that two runs or more have: first what programs printed, then what the service measured.
pub fn shared(runs: &[&Run]) -> Vec<Shared> {
    let mut keys: Vec<Key> = Vec::new();
    for series in runs.iter().flat_map(|run| &run.series) {
        let key = (series.origin, series.name.clone());
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.sort_by(|(origin, name), (other, others)| (rank(*origin), name).cmp(&(rank(*other), others)));
    keys.into_iter().filter_map(|key| share(runs, key)).collect()
}

fn share(runs: &[&Run], key: Key) -> Option<Shared> {
    let found: Vec<&Series> = runs.iter().filter_map(|run| run.find(&key)).collect();
    let (first, others) = found.split_first().filter(|(_, others)| !others.is_empty())?;
    Some(Shared {
        is_same: others.iter().all(|other| other.fingerprint == first.fingerprint),
        is_curve: found.iter().any(|series| series.count > 1),
        key,
    })
}

fn rank(origin: SeriesOrigin) -> u8 {
    match origin {
        SeriesOrigin::Printed => 0,
        SeriesOrigin::Progress => 1,
        SeriesOrigin::Stats => 2,
    }
}

/// What is drawn before anybody has chosen, of `shared` in its order: what differs, printed curves before measured ones.
pub fn first_keys(shared: &[Shared]) -> Vec<Key> {
    let is_worth_drawing = |shared: &&Shared| {
        let (origin, name) = &shared.key;
        let is_first = match origin {
            SeriesOrigin::Stats => Measure::of(*origin, name)
                .column
                .is_some_and(|column| FIRST_STATS.contains(&column)),
            SeriesOrigin::Printed | SeriesOrigin::Progress => true,
        };
        is_first && shared.is_curve && !shared.is_same
    };
    let keys = shared.iter().filter(is_worth_drawing).map(|shared| shared.key.clone());
    keys.take(FIRST).collect()
}

/// The names that this run alone has printed, when the others are known.
pub fn only_in(runs: &[&Run], place: usize) -> Vec<String> {
    let Some(own) = runs.get(place) else {
        return Vec::new();
    };
    let is_elsewhere = |key: &Key| {
        let others = runs.iter().enumerate().filter(|(other, _)| *other != place);
        others.map(|(_, run)| run).any(|run| run.find(key).is_some())
    };
    own.series
        .iter()
        .filter(|series| series.origin == SeriesOrigin::Printed)
        .filter(|series| !is_elsewhere(&(series.origin, series.name.clone())))
        .map(|series| series.name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jobsphere_log::{model::Source, series::SeriesSet};

    const PRINTED: SeriesOrigin = SeriesOrigin::Printed;

    /// A run that prints a line each second.
    fn run(start_ms: i64, lines: &[&str]) -> Run {
        let mut book = SeriesSet::default();
        for (place, line) in (1_i64..).zip(lines) {
            book.push_line(&Source::Out, start_ms + place * 1000, 0, line.as_bytes());
        }
        Run {
            start_ms,
            series: book.take_all(300),
        }
    }

    fn key(name: &str) -> Key {
        (PRINTED, name.to_owned())
    }

    #[test]
    fn runs_are_laid_over_one_another_from_their_starts() {
        let (a, b) = (
            run(1_000_000, &["loss=8", "loss=4", "loss=2"]),
            run(9_000_000, &["loss=9", "loss=5"]),
        );
        let by_time = Way::default();
        let lines: Vec<Line> = [&a, &b]
            .iter()
            .filter_map(|run| run.line(&key("loss"), by_time))
            .collect();
        let times = |line: &Line| line.points.iter().map(|point| point.time_ms).collect::<Vec<_>>();
        assert_eq!(times(&lines[0]), [1000, 2000, 3000]);
        assert_eq!(times(&lines[1]), [1000, 2000]);
        let at = |time_ms| (lines[0].at(time_ms), lines[1].at(time_ms));
        assert_eq!(at(500), (None, None));
        assert_eq!(at(1500), (Some(8.0), Some(9.0)));
        assert_eq!(at(2000), (Some(4.0), Some(5.0)));
        assert_eq!(at(2500), (Some(4.0), None), "the second has ended");
        assert_eq!((lines[1].low, lines[1].high, lines[1].last), (5.0, 9.0, 5.0));
        let span = span(lines.iter(), by_time, reach(&[&a, &b], Axis::Time));
        assert_eq!((span.from_ms, span.to_ms), (0, 3000));
        assert_eq!((span.low, span.high), (0.0, 10.0));
        assert!(a.line(&key("acc"), by_time).is_none());
    }

    #[test]
    fn runs_of_different_speed_are_compared_at_the_same_step() {
        let (a, b) = (
            run(0, &["step=1 loss=100 lr=1", "step=2 loss=10", "step=3 loss=1"]),
            run(0, &["wait=1", "wait=2", "step=2 loss=5 lr=1", "eta=1", "step=4 loss=0"]),
        );
        let runs = [&a, &b];
        let wanted = Way {
            axis: Axis::Step,
            is_log: true,
        };
        let way = way_of(&runs, &key("loss"), wanted);
        assert_eq!(way, wanted);
        let lines: Vec<Line> = runs.iter().filter_map(|run| run.line(&key("loss"), way)).collect();
        let at = |step: i64| (lines[0].at(step * 1000), lines[1].at(step * 1000));
        assert_eq!(at(1), (Some(100.0), None));
        assert_eq!(at(2), (Some(10.0), Some(5.0)));
        assert_eq!(at(3), (Some(1.0), Some(5.0)));
        assert_eq!(at(4), (None, Some(0.0)), "the first has ended");
        assert!(!lines[0].leaves_out() && lines[1].leaves_out());
        assert_eq!(
            (lines[1].low, lines[1].last),
            (0.0, 0.0),
            "what is told is true on any scale"
        );
        let span = span(lines.iter(), way, reach(&runs, way.axis));
        assert_eq!((span.from_ms, span.to_ms, span.low, span.high), (1000, 4000, 0.0, 2.0));
        // Told before any step, it has no place there.
        assert_eq!(way_of(&[&b], &key("wait"), wanted).axis, Axis::Time);
        assert_eq!(
            way_of(&runs, &(SeriesOrigin::Stats, "loss".into()), wanted),
            Way::default()
        );
    }

    #[test]
    fn letters_at_one_end_stand_apart() {
        let runs: Vec<Run> = (0..6).map(|_| run(0, &["loss=3", "loss=1"])).collect();
        let lines: Vec<Line> = runs
            .iter()
            .filter_map(|run| run.line(&key("loss"), Way::default()))
            .collect();
        for value in [0.0, 1.0, 2.0] {
            let span = Span {
                low: 1.0 - value,
                high: 3.0 - value,
                ..span(lines.iter(), Way::default(), (0, 2000))
            };
            let mut ends: Vec<f64> = ends(&span, lines.iter()).into_iter().map(|(_, y)| y).collect();
            ends.sort_by(f64::total_cmp);
            assert!(ends.windows(2).all(|pair| pair[1] - pair[0] > 0.12), "{ends:?}");
            assert!(ends.iter().all(|y| (0.0..=1.0).contains(y)));
        }
    }

    #[test]
    fn a_value_holds_while_the_run_says_other_things() {
        let a = run(0, &["loss=1", "step=1", "step=2"]);
        let line = a
            .line(&key("loss"), Way::default())
            .map(|line| (line.at(3000), line.at(3001)));
        assert_eq!(line, Some((Some(1.0), None)));
    }

    #[test]
    fn what_differs_is_told_from_what_is_the_same() {
        let (a, b, c) = (
            run(0, &["step=1 loss=3 lr=1", "step=2 loss=2 own=1"]),
            run(5000, &["step=1 loss=3 lr=1", "step=2 loss=1"]),
            run(7000, &["step=1 seed=4", "step=2"]),
        );
        let found = shared(&[&a, &b, &c]);
        let told: Vec<_> = found
            .iter()
            .map(|shared| (shared.key.1.as_str(), shared.is_same, shared.is_curve))
            .collect();
        assert_eq!(told, [("loss", false, true), ("lr", true, false), ("step", true, true)]);
        assert_eq!(first_keys(&found), [key("loss")]);
        assert_eq!(only_in(&[&a, &b, &c], 0), ["own"]);
        assert_eq!(only_in(&[&a, &b, &c], 1), [""; 0]);
        assert_eq!(only_in(&[&a, &b, &c], 2), ["seed"]);
        assert!(shared(&[&a]).is_empty());
    }

    #[test]
    fn printed_numbers_come_before_measured_ones() {
        let table = |cpu: [u8; 2], printed: &[&str]| {
            let mut book = SeriesSet::default();
            let source = Source::File(".docker_stats.tsv".into());
            let rows = [
                "time\tcpu_percent\tprocesses".to_owned(),
                format!("t\t{}\t1", cpu[0]),
                format!("t\t{}\t{}", cpu[1], cpu[1]),
            ];
            for (place, row) in (0_i64..).zip(&rows) {
                book.push_line(&source, place * 1000, 0, row.as_bytes());
                for name in printed {
                    book.push_line(&Source::Out, place, 0, format!("{name}={}", cpu[1]).as_bytes());
                }
            }
            Run {
                start_ms: 0,
                series: book.take_all(300),
            }
        };
        let names = |printed: &[&str]| {
            let (a, b) = (table([1, 2], printed), table([3, 4], printed));
            let keys = first_keys(&shared(&[&a, &b]));
            keys.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
        };
        assert_eq!(names(&["zeta"]), ["zeta", "cpu_percent"]);
        assert_eq!(names(&["a", "b", "c", "d", "e"]), ["a", "b", "c", "d"]);
    }
}
