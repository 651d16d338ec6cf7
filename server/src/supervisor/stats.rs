//! The service's own tables in the log: what the job uses, a line every few seconds.

use std::{
    io::{self, BufRead, BufReader},
    os::unix::process::CommandExt,
    process::{Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use rustix::process::{Signal, set_parent_process_death_signal};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    descendants::{self, Ours},
    usage::{self, Usage},
};
use crate::logs::{LogSource, LogWriter};

/// The table of what all processes of the job use.
pub(crate) const FILE: &str = ".docker_stats.tsv";
/// The table of the machine's GPUs.
pub(crate) const GPU_FILE: &str = ".gpu_stats.tsv";
/// Time between two lines.
const EVERY: Duration = Duration::from_secs(2);
/// Network counters are the machine's: commands share its network.
const HEADER: &str = "time\tcpu_percent\tmemory_bytes\tdisk_read_bytes\tdisk_write_bytes\tmachine_network_receive_bytes\t\
                      machine_network_send_bytes\tprocesses\n";
const GPU_FIELDS: &str = "index,name,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw";

/// Writes the tables.
pub(super) struct Stats {
    next: Instant,
    last: Option<(Instant, Usage)>,
    /// The interfaces' counters at the beginning.
    network: (u64, u64),
    gpu: Option<Receiver<String>>,
}

impl Stats {
    /// Writes the header; the first line follows at once.
    pub(super) fn begin(log: &mut LogWriter) -> io::Result<Self> {
        log.append(&source(FILE), HEADER.as_bytes())?;
        let gpu = watch_gpus();
        if gpu.is_some() {
            let header = format!("time\t{}\n", GPU_FIELDS.replace(',', "\t"));
            log.append(&source(GPU_FILE), header.as_bytes())?;
        }
        Ok(Self {
            next: Instant::now(),
            last: None,
            network: usage::network_bytes(),
            gpu,
        })
    }

    /// When the next line is due.
    pub(super) fn due(&self) -> Instant {
        self.next
    }

    /// Writes a line if one is due.
    pub(super) fn write(&mut self, log: &mut LogWriter) -> io::Result<()> {
        let now = Instant::now();
        if now < self.next {
            return Ok(());
        }
        self.next = now + EVERY;
        let usage = usage::of_the_job();
        let cpu_percent = self.last.map_or(0.0, |(then, before)| {
            let passed_ms = now.duration_since(then).as_secs_f64() * 1000.0;
            usage.cpu_ms.saturating_sub(before.cpu_ms) as f64 / passed_ms * 100.0
        });
        self.last = Some((now, usage));
        let (received, sent) = usage::network_bytes();
        let line = format!(
            "{}\t{cpu_percent:.1}\t{}\t{}\t{}\t{}\t{}\t{}\n",
            clock(),
            usage.memory_bytes,
            usage.disk_read_bytes,
            usage.disk_write_bytes,
            received.saturating_sub(self.network.0),
            sent.saturating_sub(self.network.1),
            usage.processes
        );
        log.append(&source(FILE), line.as_bytes())?;
        for line in self.gpu.iter().flat_map(Receiver::try_iter) {
            let line = format!("{}\t{}\n", clock(), line.replace(", ", "\t"));
            log.append(&source(GPU_FILE), line.as_bytes())?;
        }
        Ok(())
    }
}

fn source(file: &str) -> LogSource {
    LogSource::File(file.into())
}

fn clock() -> String {
    OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default()
}

/// The lines of nvidia-smi, where there is one that works; it ends with the supervisor's other processes.
fn watch_gpus() -> Option<Receiver<String>> {
    // Nearly nobody has it, and to try to start it costs more than to look.
    let mut smi = Command::new(which::which("nvidia-smi").ok()?);
    smi.arg(format!("--query-gpu={GPU_FIELDS}"))
        .args(["--format=csv,noheader,nounits", "--loop=2"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    // It ends with the supervisor, whatever that comes to its end by.
    // SAFETY: between fork and exec only one system call is made, which is safe there.
    unsafe {
        smi.pre_exec(|| Ok(set_parent_process_death_signal(Some(Signal::KILL))?));
    }
    let mut smi = smi.spawn().ok()?;
    descendants::except(Ours::Gpus, smi.id());
    let output = smi.stdout.take()?;
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    Some(told)
}
