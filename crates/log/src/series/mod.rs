//! Numbers over time, read out of a log: the service's tables about the machine, and what a program prints.

pub mod axis;
mod kept;
pub mod measure;
mod printed;
mod reader;
mod table;

use std::collections::BTreeMap;

pub use self::reader::SeriesReader;

use self::{kept::Kept, printed::Heading, table::Table};
use super::model::{Point, Series, SeriesOrigin, Source};

/// A program may print any number of names; more than these are not kept.
const MAX_PRINTED: usize = 100;

/// All series of a log. Its memory is bounded by the number of names.
#[derive(Debug, Default)]
pub struct SeriesSet {
    tables: BTreeMap<String, Table>,
    kept: BTreeMap<SeriesOrigin, BTreeMap<String, Kept>>,
    /// Where the program was, by source, as it said last: step and epoch.
    places: BTreeMap<Source, (Option<f64>, Option<f64>)>,
    /// The heading that a source printed last.
    headings: BTreeMap<Source, Heading>,
    revision: u64,
}

impl SeriesSet {
    /// Reads a line, without its end. `offset` is the place of its first byte in the log.
    pub fn push_line(&mut self, source: &Source, time_ms: i64, offset: u64, line: &[u8]) {
        match source {
            Source::File(path) if source.is_table() => self.push_row(path, time_ms, offset, line),
            Source::File(path) if path.starts_with('.') => {}
            _ => self.push_text(source, time_ms, offset, &String::from_utf8_lossy(line)),
        }
    }

    /// Reads a text that a program printed.
    pub fn push_text(&mut self, source: &Source, time_ms: i64, offset: u64, text: &str) {
        let mut numbers = printed::read(text);
        if let Some(heading) = self.headings.get(source) {
            heading.read(text, &mut numbers);
        }
        if let Some(heading) = Heading::of(text) {
            self.headings.insert(source.clone(), heading);
        }
        if numbers.is_empty() {
            return;
        }
        let told = |is: fn(&str) -> bool| {
            let found = numbers.iter().find(|(name, value)| is(name) && value.is_finite());
            found.map(|(_, value)| *value)
        };
        let (step, epoch) = (told(printed::is_step), told(printed::is_epoch));
        let before = self.places.get(source).copied().unwrap_or_default();
        let place = (step.or(before.0), epoch.or(before.1));
        if place != before {
            self.places.insert(source.clone(), place);
        }
        for (name, value) in &numbers {
            let point = Point {
                time_ms,
                value: *value,
                offset,
                step: place.0,
                epoch: place.1,
                is_after_gap: false,
            };
            self.push(SeriesOrigin::Printed, name, point);
        }
    }

    fn push_row(&mut self, path: &str, time_ms: i64, offset: u64, line: &[u8]) {
        let table = match self.tables.get_mut(path) {
            Some(table) => table,
            None => self.tables.entry(path.to_owned()).or_default(),
        };
        for (name, value) in table.read(time_ms, &String::from_utf8_lossy(line)) {
            let point = Point {
                time_ms,
                value,
                offset,
                ..Point::default()
            };
            self.push(SeriesOrigin::Stats, &name, point);
        }
    }

    fn push(&mut self, origin: SeriesOrigin, name: &str, point: Point) {
        let kept = self.kept.entry(origin).or_default();
        if let Some(known) = kept.get_mut(name) {
            known.push(point);
        } else if !point.value.is_finite() {
            // A curve begins with a number.
            return;
        } else if origin != SeriesOrigin::Printed || kept.len() < MAX_PRINTED {
            kept.entry(name.to_owned()).or_default().push(point);
        } else {
            return;
        }
        self.revision += 1;
    }

    /// Grows with each number.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// How many series there are.
    pub fn names_count(&self) -> usize {
        self.kept.values().map(BTreeMap::len).sum()
    }

    /// Every series; those in `names` with at most `points` points each.
    pub fn take(&self, names: &[String], points: u32) -> Vec<Series> {
        self.take_where(|name| names.contains(name), points)
    }

    /// Every series, each with at most `points` points.
    pub fn take_all(&self, points: u32) -> Vec<Series> {
        self.take_where(|_| true, points)
    }

    fn take_where(&self, has_points: impl Fn(&String) -> bool, points: u32) -> Vec<Series> {
        let all = self
            .kept
            .iter()
            .flat_map(|(origin, kept)| kept.iter().map(move |(name, kept)| (origin, name, kept)));
        let series = all.map(|(origin, name, kept)| Series {
            name: name.clone(),
            origin: *origin,
            count: kept.count(),
            fingerprint: kept.fingerprint(),
            points: if has_points(name) {
                kept.thinned(points as usize)
            } else {
                Vec::new()
            },
        });
        series.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(log: &SeriesSet, name: &str) -> Vec<f64> {
        let all = log.take(&[name.to_owned()], 1000);
        let found = all.iter().find(|series| series.name == name);
        found.map_or_else(Vec::new, |series| {
            series.points.iter().map(|point| point.value).collect()
        })
    }

    #[test]
    fn a_table_gives_its_columns_and_counters_as_rates() {
        let mut log = SeriesSet::default();
        let source = Source::File(".docker_stats.tsv".into());
        let lines = [
            "time\tcpu_percent\tdisk_read_bytes",
            "2026-01-01T00:00:00Z\t50.5\t1000",
            "2026-01-01T00:00:02Z\t70\t3000",
            "no row",
            "2026-01-01T00:00:04Z\t71\t2000",
        ];
        for (number, line) in lines.iter().enumerate() {
            log.push_line(&source, 2000 * number as i64, 0, line.as_bytes());
        }
        assert_eq!(values(&log, "cpu_percent"), [50.5, 70.0, 71.0]);
        // From one row to the next; a counter that went back began anew.
        assert_eq!(values(&log, "disk_read_bytes_per_second"), [1000.0]);
        assert!(values(&log, "time").is_empty());
    }

    #[test]
    fn gpus_are_told_apart() {
        let mut log = SeriesSet::default();
        let source = Source::File(".gpu_stats.tsv".into());
        for line in ["time\tindex\tname\tutilization.gpu", "t\t0\tA100\t93", "t\t1\tA100\t4"] {
            log.push_line(&source, 0, 0, line.as_bytes());
        }
        assert_eq!(values(&log, "gpu0 utilization.gpu"), [93.0]);
        assert_eq!(values(&log, "gpu1 utilization.gpu"), [4.0]);
    }

    #[test]
    fn printed_numbers_are_kept_by_name_up_to_a_bound() {
        let mut log = SeriesSet::default();
        for step in 0..500 {
            let line = format!("step={step} loss=0.5 key{step}=1");
            log.push_line(&Source::Out, step, 0, line.as_bytes());
        }
        log.push_line(&Source::File(".system.log".into()), 0, 0, b"of=the service");
        assert_eq!(values(&log, "step").len(), 500);
        assert_eq!(log.take(&[], 0).len(), MAX_PRINTED);
    }

    #[test]
    fn columns_under_a_heading_are_series_with_their_epoch() {
        let mut log = SeriesSet::default();
        let heading = "      Epoch    GPU_mem   box_loss       Size";
        for (epoch, loss) in [(1, "1.5"), (2, "1.25")] {
            log.push_line(&Source::Err, epoch, 0, heading.as_bytes());
            let row = format!("        {epoch}/2         0G {loss:>10}        640: 100%|###| 4/4");
            log.push_line(&Source::Err, epoch, 0, row.as_bytes());
        }
        let all = log.take_all(100);
        let loss = all.iter().find(|series| series.name == "box_loss").expect("loss");
        let points: Vec<_> = loss.points.iter().map(|point| (point.epoch, point.value)).collect();
        assert_eq!(points, [(Some(1.0), 1.5), (Some(2.0), 1.25)]);
    }

    #[test]
    fn what_is_no_number_is_a_gap_and_each_point_knows_its_step() {
        let mut log = SeriesSet::default();
        for (step, loss) in [(0, "1.0"), (1, "NaN"), (2, "0.5"), (3, "0.25")] {
            let line = format!("{{\"json_step\": {step}, \"json_loss\": {loss}}}");
            log.push_line(&Source::Out, step, 0, line.as_bytes());
        }
        let all = log.take_all(100);
        let loss = all.iter().find(|series| series.name == "json_loss").expect("loss");
        let points: Vec<_> = loss
            .points
            .iter()
            .map(|point| (point.step, point.value, point.is_after_gap))
            .collect();
        assert_eq!(
            points,
            [
                (Some(0.0), 1.0, false),
                (Some(2.0), 0.5, true),
                (Some(3.0), 0.25, false)
            ]
        );
    }
}
