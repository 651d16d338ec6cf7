//! The service's tables: a header, then rows, in columns parted by tabs.

use std::collections::BTreeMap;

/// The column that tells GPUs apart.
const GPU_INDEX: &str = "index";

/// Columns that only grow: what they grow by is what one wants to see.
fn is_counter(column: &str) -> bool {
    ["read_bytes", "write_bytes", "receive_bytes", "send_bytes"]
        .iter()
        .any(|end| column.ends_with(end))
}

/// What is known of a table.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: Vec<String>,
    /// Time and value of each counter's row before.
    counters: BTreeMap<String, (i64, f64)>,
}

impl Table {
    /// The numbers of a row; none of the header, or of a line that is no row.
    pub(super) fn read(&mut self, time_ms: i64, line: &str) -> Vec<(String, f64)> {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        if self.columns.is_empty() {
            self.columns = cells.iter().map(|cell| (*cell).to_owned()).collect();
            return Vec::new();
        }
        if cells.len() != self.columns.len() {
            return Vec::new();
        }
        let index = self.columns.iter().position(|column| column == GPU_INDEX);
        let prefix = index.map_or_else(String::new, |place| format!("gpu{} ", cells[place]));
        let columns = std::mem::take(&mut self.columns);
        let numbers = columns.iter().zip(&cells).enumerate();
        let read = numbers
            .filter(|(place, _)| Some(*place) != index)
            .filter_map(|(_, (column, cell))| {
                let value = number(cell)?;
                let name = format!("{prefix}{column}");
                if !is_counter(column) {
                    return Some((name, value));
                }
                let before = self.counters.insert(name.clone(), (time_ms, value));
                let (then, was) = before.filter(|(then, was)| *then < time_ms && *was <= value)?;
                let seconds = (time_ms - then) as f64 / 1000.0;
                Some((format!("{name}_per_second"), (value - was) / seconds))
            })
            .collect();
        self.columns = columns;
        read
    }
}

/// The number that a cell begins with; other services write `12.5%` or `1024 MiB`.
fn number(cell: &str) -> Option<f64> {
    let plain = cell.split([' ', '%']).next()?;
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}
