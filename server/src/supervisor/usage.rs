//! What the processes of a job use, as /proc tells it.

use std::{fs, path::Path};

use super::descendants;

/// Clock ticks in a second, for which Linux has told programs 100 on every machine since it has told anything.
const TICKS_PER_S: u64 = 100;

/// A look at all processes of a job.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Usage {
    /// Processor time so far, also of processes that have ended, in milliseconds.
    pub(super) cpu_ms: u64,
    /// Memory now, shared pages shared out among those who share them, in bytes.
    pub(super) memory_bytes: u64,
    /// Read from disks so far.
    pub(super) disk_read_bytes: u64,
    /// Written to disks so far.
    pub(super) disk_write_bytes: u64,
    /// Processes now.
    pub(super) processes: usize,
}

/// Looks at every process below this one.
pub(super) fn of_the_job() -> Usage {
    let mut usage = Usage {
        cpu_ms: ended_children_cpu_ms(),
        ..Usage::default()
    };
    for pid in descendants::all() {
        let folder = format!("/proc/{pid}");
        let folder = Path::new(&folder);
        // A process may end at any time; what it used is then in its parent's account.
        usage.cpu_ms += cpu_ms(folder).unwrap_or_default();
        usage.memory_bytes += memory_bytes(folder).unwrap_or_default();
        let (read, written) = disk_bytes(folder).unwrap_or_default();
        usage.disk_read_bytes += read;
        usage.disk_write_bytes += written;
        usage.processes += 1;
    }
    usage
}

/// Memory of every process below this one, shared pages counted for each who shares them: cheap, and never too low.
pub(super) fn memory_at_most() -> u64 {
    let resident = |pid: u32| {
        let statm = fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
        statm.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    let pages: u64 = descendants::all().into_iter().filter_map(resident).sum();
    pages * rustix::param::page_size() as u64
}

/// Bytes that the machine's network interfaces, but the loopback, have received and sent.
pub(super) fn network_bytes() -> (u64, u64) {
    let table = fs::read_to_string("/proc/net/dev").unwrap_or_default();
    let mut sums = (0, 0);
    for line in table.lines() {
        let Some((name, counters)) = line.split_once(':') else {
            continue;
        };
        let counters: Vec<u64> = counters.split_whitespace().flat_map(str::parse).collect();
        if let (false, [received, .., _, _, _, _, _, _, _]) = (name.trim() == "lo", counters.as_slice()) {
            sums.0 += received;
            sums.1 += counters.get(8).copied().unwrap_or_default();
        }
    }
    sums
}

/// Of orphans that came to this process and have ended.
fn ended_children_cpu_ms() -> u64 {
    let own = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    ticks(&own, &[15, 16]).unwrap_or_default() * 1000 / TICKS_PER_S
}

/// Of a process and its children that have ended.
fn cpu_ms(folder: &Path) -> Option<u64> {
    let stat = fs::read_to_string(folder.join("stat")).ok()?;
    Some(ticks(&stat, &[13, 14, 15, 16])? * 1000 / TICKS_PER_S)
}

/// The sum of fields of /proc/PID/stat, numbered from 0 as in proc(5) from 1.
fn ticks(stat: &str, fields: &[usize]) -> Option<u64> {
    // The name, in parentheses, may hold anything; two fields end with it.
    let (_, rest) = stat.rsplit_once(')')?;
    let values: Vec<&str> = rest.split_whitespace().collect();
    fields
        .iter()
        .map(|field| values.get(field - 2)?.parse::<u64>().ok())
        .sum()
}

fn memory_bytes(folder: &Path) -> Option<u64> {
    let rollup = fs::read_to_string(folder.join("smaps_rollup")).ok()?;
    let kib: u64 = number_after(&rollup, "Pss:")?;
    Some(kib * 1024)
}

fn disk_bytes(folder: &Path) -> Option<(u64, u64)> {
    let io = fs::read_to_string(folder.join("io")).ok()?;
    Some((number_after(&io, "read_bytes:")?, number_after(&io, "write_bytes:")?))
}

fn number_after(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_stat_may_hold_anything() {
        let stat = "7 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 30 40 50 60 20 0 1";
        assert_eq!(ticks(stat, &[13, 14, 15, 16]), Some(180));
    }

    #[test]
    fn this_process_is_measured() {
        let own = Path::new("/proc/self");
        let kept = vec![1_u8; 32 << 20];
        assert!(memory_bytes(own).unwrap() > kept.len() as u64);
        let before = cpu_ms(own).unwrap();
        let mut sum = 0_u64;
        while cpu_ms(own).unwrap() < before + 30 {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(disk_bytes(own).is_some());
    }
}
