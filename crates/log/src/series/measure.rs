//! What the numbers of a series measure: their words and their unit.

use super::super::model::{Series, SeriesOrigin};

/// The unit of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Per cent; processors count 100 each.
    Percent,
    /// Bytes.
    Bytes,
    /// Bytes in a second.
    BytesPerSecond,
    /// Degrees Celsius.
    Celsius,
    /// Watts.
    Watts,
    /// A number of no known unit.
    Plain,
}

/// Columns of the service's tables: their unit, and what one of theirs counts in it.
const COLUMNS: [(&str, Unit, f64); 12] = [
    ("cpu_percent", Unit::Percent, 1.0),
    ("memory_bytes", Unit::Bytes, 1.0),
    ("disk_read_bytes_per_second", Unit::BytesPerSecond, 1.0),
    ("disk_write_bytes_per_second", Unit::BytesPerSecond, 1.0),
    ("machine_network_receive_bytes_per_second", Unit::BytesPerSecond, 1.0),
    ("machine_network_send_bytes_per_second", Unit::BytesPerSecond, 1.0),
    ("utilization.gpu", Unit::Percent, 1.0),
    ("memory.used", Unit::Bytes, 1_048_576.0),
    ("memory.total", Unit::Bytes, 1_048_576.0),
    ("temperature.gpu", Unit::Celsius, 1.0),
    ("power.draw", Unit::Watts, 1.0),
    ("processes", Unit::Plain, 1.0),
];

/// What is drawn before anybody has chosen.
const FIRST_STATS: [&str; 4] = [
    "cpu_percent",
    "memory_bytes",
    "disk_read_bytes_per_second",
    "disk_write_bytes_per_second",
];
const FIRST_GPU: [&str; 2] = ["utilization.gpu", "memory.used"];
const FIRST_PRINTED: usize = 4;

/// What a series measures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure<'a> {
    /// Which GPU, when it is one's.
    pub gpu: Option<&'a str>,
    /// The table's column, when the service's tables have it; it has words of its own.
    pub column: Option<&'static str>,
    /// The unit.
    pub unit: Unit,
    /// Multiplied by this, the numbers are in that unit.
    pub factor: f64,
}

impl Measure<'_> {
    /// Of a series by its name.
    pub fn of(origin: SeriesOrigin, name: &str) -> Measure<'_> {
        let plain = Measure {
            gpu: None,
            column: None,
            unit: Unit::Plain,
            factor: 1.0,
        };
        if origin != SeriesOrigin::Stats {
            return plain;
        }
        let (gpu, name) = match name.strip_prefix("gpu").and_then(|rest| rest.split_once(' ')) {
            Some((number, column)) => (Some(number), column),
            None => (None, name),
        };
        let known = COLUMNS.iter().find(|(column, ..)| *column == name);
        known.map_or(Measure { gpu, ..plain }, |(column, unit, factor)| Measure {
            gpu,
            column: Some(column),
            unit: *unit,
            factor: *factor,
        })
    }
}

/// The names that are drawn before anybody has chosen: the machine's, and the first that the program printed.
pub fn first_names(series: &[Series]) -> Vec<String> {
    let mut printed = 0;
    let mut is_first = |series: &Series| match series.origin {
        SeriesOrigin::Stats => {
            let measure = Measure::of(series.origin, &series.name);
            let first: &[&str] = if measure.gpu.is_some() {
                &FIRST_GPU
            } else {
                &FIRST_STATS
            };
            measure.column.is_some_and(|column| first.contains(&column))
        }
        SeriesOrigin::Printed | SeriesOrigin::Progress => {
            // One number is no curve.
            let is_curve = series.count > 1;
            printed += usize::from(is_curve);
            is_curve && printed <= FIRST_PRINTED
        }
    };
    series
        .iter()
        .filter(|series| is_first(series))
        .map(|series| series.name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(origin: SeriesOrigin, name: &str, count: u64) -> Series {
        Series {
            name: name.to_owned(),
            origin,
            count,
            ..Series::default()
        }
    }

    #[test]
    fn columns_have_units_and_printed_names_none() {
        let memory = Measure::of(SeriesOrigin::Stats, "gpu1 memory.used");
        assert_eq!(
            (memory.gpu, memory.column, memory.unit),
            (Some("1"), Some("memory.used"), Unit::Bytes)
        );
        assert_eq!(memory.factor, 1_048_576.0);
        assert_eq!(Measure::of(SeriesOrigin::Stats, "threads").column, None);
        assert_eq!(Measure::of(SeriesOrigin::Printed, "memory_bytes").unit, Unit::Plain);
    }

    #[test]
    fn what_matters_is_drawn_first() {
        let all = [
            series(SeriesOrigin::Stats, "cpu_percent", 1),
            series(SeriesOrigin::Stats, "gpu0 power.draw", 9),
            series(SeriesOrigin::Stats, "gpu0 utilization.gpu", 9),
            series(SeriesOrigin::Stats, "processes", 9),
            series(SeriesOrigin::Printed, "port", 1),
            series(SeriesOrigin::Printed, "loss", 9),
        ];
        assert_eq!(first_names(&all), ["cpu_percent", "gpu0 utilization.gpu", "loss"]);
    }
}
