//! Limits of the published service and its command-line client.

/// Largest size of one file: 5 GiB.
pub const MAX_FILE_BYTES: i64 = 5 << 30;
/// Largest size of all inputs and local modules together: 10 GiB.
pub const MAX_TOTAL_BYTES: i64 = 10 << 30;
/// Most entries in each of inputs, outputs, s3 mounts, datasets.
pub const MAX_ENTRIES: usize = 100;
/// Longest command, in bytes, before and after its variables are put in: what one argument of a Linux process may hold.
pub const MAX_CMD_BYTES: usize = 128 * 1024 - 1;
/// What the place of a file may add to its path where a variable stands for it, in bytes (ours).
pub const PLACE_BYTES: usize = 128;
/// Largest environment of a command, names and values together, in bytes (ours): with its arguments it must fit into a
/// quarter of a Linux process's stack, 2 MiB by default.
pub const MAX_ENV_BYTES: usize = 1 << 20;
/// Longest name of a job, in characters (ours).
pub const MAX_NAME_CHARS: usize = 256;
/// Longest description of a job, in characters (ours).
pub const MAX_DESC_CHARS: usize = 4096;
/// Largest configuration text, in bytes (ours).
pub const MAX_CONFIG_BYTES: usize = 1 << 20;
/// Longest value of an argument or environment variable, in bytes; that of a variable with its name.
pub const MAX_VALUE_BYTES: usize = 128 * 1024 - 1;
/// Lifetime of a job's data when none is asked for: 14 days, in seconds.
pub const DEFAULT_DATA_TTL_S: i64 = 14 * 24 * 3600;
/// Entries of a page of `List` when no size is asked for.
pub const DEFAULT_PAGE_SIZE: usize = 50;
/// Most entries of a page of `List`.
pub const MAX_PAGE_SIZE: usize = 1000;

/// Largest encoded request for a job, in bytes (ours): a job with all that its run adds to it is still one message of
/// gRPC, which clients take up to 4 MiB.
pub const MAX_REQUEST_BYTES: usize = 2 << 20;
/// Largest encoded answer, in bytes: below the 4 MiB that clients of gRPC take unless they are told otherwise.
pub const MAX_ANSWER_BYTES: usize = 3 << 20;
/// Most local modules (ours).
pub const MAX_LOCAL_MODULES: usize = 1000;
/// Most files of one `DownloadJobFiles` (ours).
pub const MAX_DOWNLOADS: usize = 2000;
/// Longest short text that has no limit of its own, such as the name of an instance type or of a user, in bytes (ours).
pub const MAX_WORD_BYTES: usize = 256;
/// Longest address, such as one of an image or of a package index, and longest line of requirements, in bytes (ours).
pub const MAX_LINE_BYTES: usize = 4096;
/// Longest password of an image's registry, in bytes (ours): keys of service accounts are given as one.
pub const MAX_PASSWORD_BYTES: usize = 16 * 1024;
/// Most labels of an output dataset.
pub const MAX_LABELS: usize = 64;
/// Most outputs of a job with those that were kept after its end (ours).
pub const MAX_KEPT_OUTPUTS: usize = 1000;
/// Longest reason of `Cancel`, in characters (ours).
pub const MAX_REASON_CHARS: usize = 1024;
/// Longest filter of `List`, in characters.
pub const MAX_FILTER_CHARS: usize = 1000;
/// Longest page token, in bytes.
pub const MAX_PAGE_TOKEN_BYTES: usize = 100;
/// Longest lifetime of a job's data that is not for good: a thousand years, in seconds (ours).
pub const MAX_DATA_TTL_S: i64 = 365_250 * 24 * 3600;
/// Longest time for a program to end by itself: 30 days, in seconds (ours).
pub const MAX_SHUTDOWN_TIMEOUT_S: i64 = 30 * 24 * 3600;
/// Largest working storage or output dataset: 1 PiB, in GB (ours).
pub const MAX_STORAGE_GB: i64 = 1 << 20;
/// The last signal there is on Linux.
pub const MAX_SIGNAL: i64 = 64;
