//! The signals that may end a job.

/// The signals a graceful shutdown may send, with their numbers.
pub const SIGNALS: [(&str, i64); 5] = [
    ("SIGTERM", 15),
    ("SIGINT", 2),
    ("SIGHUP", 1),
    ("SIGUSR1", 10),
    ("SIGUSR2", 12),
];

/// Number of a signal; SIGTERM for an empty name.
pub fn signal_number(name: &str) -> Option<i64> {
    let name = if name.trim().is_empty() { "SIGTERM" } else { name.trim() };
    SIGNALS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, number)| *number)
}

/// Name of a signal.
pub fn signal_name(number: i64) -> Option<&'static str> {
    SIGNALS
        .iter()
        .find(|(_, known)| *known == number)
        .map(|(name, _)| *name)
}
