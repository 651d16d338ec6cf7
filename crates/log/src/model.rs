//! What is asked of a log, and what is told of it: which lines count as rows, which of them are in row_view, and how they look.

use serde::{Deserialize, Serialize};

pub use jobsphere_lines::{Colour, Source, Styled};
use jobsphere_rules::timeline::MarkAt;

/// Which lines count as rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowFilter {
    /// These sources alone; all but the service's tables when empty.
    pub sources: Vec<Source>,
    /// Only lines that match what is looked for, each with so many lines before and after it.
    pub matches_with_context: Option<u32>,
    /// Each state of a line that a carriage return drew over counts as a row.
    pub with_history: bool,
}

/// A stretch of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its first row, from 0; `None`: the window ends with the last row and moves with it.
    pub first: Option<u64>,
    /// How many rows.
    pub count: u32,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// The words, or a regular expression of the `regex` crate.
    pub text: String,
    /// Whether it is an expression.
    pub is_regex: bool,
    /// Whether capitals differ from small letters.
    pub is_case_sensitive: bool,
}

/// A place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Goal {
    /// The line that holds this byte of the log, as links name it.
    Offset(u64),
    /// The line written at this time or the first after it; milliseconds since 1970.
    Time(i64),
    /// The next match after a row, round the end.
    MatchAfter(u64),
    /// The match before a row, round the start.
    MatchBefore(u64),
    /// The next line after a row that tells an error, round the end.
    ErrorAfter(u64),
    /// The line before a row that tells an error, round the start.
    ErrorBefore(u64),
}

/// How lines are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CopyForm {
    /// Their text alone, without colours.
    Plain,
    /// With times and sources, fenced for a bug report; what looks like a secret is masked.
    Report,
}

/// How a log is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaveForm {
    /// Byte for byte.
    Plain,
    /// The same, compressed.
    Gzip,
    /// One JSON object a line: `time`, `source`, `offset`, `text`.
    JsonLines,
}

/// How much there is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Lines of all sources but the tables.
    pub lines: u64,
    /// Rows of the filter; the numbers of rows that were told before stay what they were unless `filter` changes.
    pub rows: u64,
    /// Grows with each new filter, each change of what is looked for, each group closed or opened.
    pub filter: u32,
    /// Bytes of content that were read; the offset to ask from next.
    pub offset: u64,
    /// When the log began: time of its first message, milliseconds since 1970.
    pub began_ms: Option<i64>,
    /// Of each source.
    pub sources: Vec<SourceCount>,
}

/// How much of one source there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceCount {
    /// The source.
    pub source: Source,
    /// Lines.
    pub lines: u64,
    /// Bytes.
    pub bytes: u64,
    /// Lines that tell an error.
    pub errors: u64,
}

/// The rows in row_view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// As in [`Count`].
    pub filter: u32,
    /// The row number of the first of them.
    pub first: u64,
    /// The rows.
    pub rows: Vec<Row>,
    /// Rows of the filter at this moment.
    pub of: u64,
}

/// The last rows of a log that has not been read as far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    /// The offset behind them: whoever has read so far has them himself.
    pub end: u64,
    /// Without their numbers, which nobody knows yet.
    pub rows: Vec<Row>,
    /// What [`Row::source`] is the place in.
    pub sources: Vec<SourceCount>,
}

/// One line as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The line's number in the whole log, from 1, in the order lines end; those of tables are not counted, unless the filter
    /// shows tables alone.
    pub line: u64,
    /// Place of its first byte in the log: links name it.
    pub offset: u64,
    /// Its source: place in [`Count::sources`].
    pub source: u16,
    /// When its first byte was written, by the service's clock; milliseconds since 1970.
    pub time_ms: i64,
    /// Its text, cut at what one row can hold.
    pub text: String,
    /// How stretches of the text look; what no stretch covers is plain. In units of UTF-16.
    pub styles: Vec<Styled>,
    /// Where the text matches what is looked for; in units of UTF-16.
    pub matches: Vec<(u32, u32)>,
    /// Bytes of the line that `text` does not show.
    pub cut_bytes: u64,
    /// So many earlier states were drawn over by a carriage return.
    pub states: u32,
    /// Number of the state, where history is shown.
    pub state: u32,
    /// The line has not ended yet.
    pub is_open: bool,
    /// It is not text: bytes are shown as hexadecimal numbers.
    pub is_binary: bool,
    /// It tells an error.
    pub is_error: bool,
    /// A context line between matches.
    pub is_context: bool,
    /// Lines of the filter's sources between the row before and this one that are not shown.
    pub hidden_before: u64,
    /// How deep in groups.
    pub depth: u8,
    /// It begins a group.
    pub group: Option<Group>,
}

/// A group of lines, as `::group::NAME` begins it and `::endgroup::` ends it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Lines within.
    pub lines: u64,
    /// They are hidden.
    pub is_closed: bool,
}

/// How far looking for the pattern has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matches {
    /// Lines that match.
    pub lines: u64,
    /// Lines that were looked at.
    pub searched: u64,
    /// Of so many.
    pub of: u64,
    /// Why the expression cannot be used.
    pub error: Option<String>,
}

/// What a reader of a failed job wants to see first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The lines that tell the reason, the one that says most first, then what that came of; none where nothing tells one.
    pub reasons: Vec<LineRef>,
    /// The last lines of standard error, at most twenty.
    pub last_err: Vec<LineRef>,
    /// The last lines of standard output, as many.
    pub last_out: Vec<LineRef>,
    /// The lines of the service's own log that tell of the job's phases.
    pub marks: Vec<MarkAt>,
}

/// A line and the way to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRef {
    /// Its number, from 1.
    pub line: u64,
    /// Its first byte: links name it.
    pub offset: u64,
    /// Its text without colours, cut.
    pub text: String,
}

/// Numbers over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// As the table's column or the program calls it.
    pub name: String,
    /// Where it was read.
    pub origin: SeriesOrigin,
    /// How many points there are.
    pub count: u64,
    /// The same for two series exactly when all their values are, in their order; times do not count.
    pub fingerprint: u64,
    /// The thinned points, when it was asked for.
    pub points: Vec<Point>,
}

/// Where numbers were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SeriesOrigin {
    /// A table of the service about the machine.
    #[default]
    Stats,
    /// What the program printed.
    Printed,
    /// The job's own progress.
    Progress,
}

/// One number at a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// When; milliseconds since 1970.
    pub time_ms: i64,
    /// How much.
    pub value: f64,
    /// The first byte, in the log, of the line or of its version.
    pub offset: u64,
    /// The step that the program named with it, or last before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<f64>,
    /// The same for the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<f64>,
    /// Before it came what is no number: the curve is broken there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_after_gap: bool,
}
