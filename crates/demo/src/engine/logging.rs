//! What a machine tells, as it stands in the log.

use prost_types::Timestamp;

use super::Usage;
use crate::api::time;

/// The table of what all processes of the job use; a page counts no network.
pub(super) const STATS: &str = ".docker_stats.tsv";
pub(super) const HEADER: &str = "time\tcpu_percent\tmemory_bytes\tdisk_read_bytes\tdisk_write_bytes\t\
                                 machine_network_receive_bytes\tmachine_network_send_bytes\tprocesses\n";
/// A line of the system log is not longer.
const MOST_LINE_BYTES: usize = 16 << 10;

/// A line of the table.
pub(super) fn row(usage: &Usage) -> String {
    // Numbers that are none become 0.
    let whole = |number: f64| number.max(0.0) as u64;
    format!(
        "{}\t{:.1}\t{}\t{}\t{}\t0\t0\t{}\n",
        moment(usage.at_ms),
        usage.cpu_percent.max(0.0),
        whole(usage.memory_bytes),
        whole(usage.disk_read_bytes),
        whole(usage.disk_write_bytes),
        whole(usage.processes),
    )
}

/// A moment in milliseconds since the epoch.
pub(super) fn moment(at_ms: f64) -> Timestamp {
    time::from_millis(at_ms as i64)
}

/// What was told as one line, and not a long one.
pub(super) fn line(told: &str) -> String {
    let told = told.get(..told.floor_char_boundary(MOST_LINE_BYTES)).unwrap_or(told);
    told.split(['\n', '\r']).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_as_many_columns_as_the_header() {
        let usage = Usage {
            at_ms: 1_000.0,
            cpu_percent: 12.34,
            memory_bytes: 5e9,
            disk_read_bytes: f64::NAN,
            disk_write_bytes: -1.0,
            processes: 3.0,
        };
        let row = row(&usage);
        assert_eq!(row, "1970-01-01T00:00:01Z\t12.3\t5000000000\t0\t0\t0\t0\t3\n");
        assert_eq!(row.matches('\t').count(), HEADER.matches('\t').count());
    }

    #[test]
    fn a_line_is_one() {
        assert_eq!(line("one\ntwo\r"), "one two ");
        assert!(line(&"щ".repeat(100_000)).len() <= MOST_LINE_BYTES);
    }
}
