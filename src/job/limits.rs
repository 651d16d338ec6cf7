//! Limits of the published service and its command-line client.

/// Largest size of one file: 5 GiB.
pub const MAX_FILE_BYTES: i64 = 5 << 30;
/// Largest size of all inputs and local modules together: 10 GiB.
pub const MAX_TOTAL_BYTES: i64 = 10 << 30;
/// Most entries in each of inputs, outputs, s3 mounts, datasets.
pub const MAX_ENTRIES: usize = 100;
/// Longest command, in bytes: what one argument of a Linux process may hold.
pub const MAX_CMD_BYTES: usize = 128 * 1024 - 1;
/// Longest name of a job, in characters (ours).
pub const MAX_NAME_CHARS: usize = 256;
/// Longest description of a job, in characters (ours).
pub const MAX_DESC_CHARS: usize = 4096;
/// Largest configuration text, in bytes (ours).
pub const MAX_CONFIG_BYTES: usize = 1 << 20;
/// Longest value of an argument or environment variable, in bytes.
pub const MAX_VALUE_BYTES: usize = 128 * 1024 - 1;
/// Lifetime of a job's data when none is asked for: 14 days, in seconds.
pub const DEFAULT_DATA_TTL_S: i64 = 14 * 24 * 3600;
/// Entries of a page of `List` when no size is asked for.
pub const DEFAULT_PAGE_SIZE: usize = 50;
/// Most entries of a page of `List`.
pub const MAX_PAGE_SIZE: usize = 1000;
