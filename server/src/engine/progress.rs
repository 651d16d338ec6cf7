//! The file to which a program appends its progress, a JSON object on each line.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
};

use jobsphere_api::{jobs::JobProgress, time};
use jobsphere_rules::service_line::ServiceLine;
use serde::Deserialize;

use crate::logs::now_micros;

/// The variable that names the file.
pub(super) const FILENAME: &str = "JOB_PROGRESS_FILENAME";
/// Only this much of the file's end is read while the program runs.
const TAIL_BYTES: u64 = 64 * 1024;
/// Only this much of its beginning is read for what is not understood: a job may make it as large as it likes.
const MOST_BYTES: u64 = 16 << 20;
/// Characters of a message that are kept.
const MAX_MESSAGE_CHARS: usize = 1000;

/// One line.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct ProgressLine {
    progress: f64,
    #[serde(default)]
    message: String,
    create_time: Option<String>,
}

impl From<ProgressLine> for JobProgress {
    fn from(line: ProgressLine) -> Self {
        use ::time::{OffsetDateTime, format_description::well_known::Rfc3339};
        let asked = line
            .create_time
            .and_then(|text| OffsetDateTime::parse(&text, &Rfc3339).ok());
        let micros = asked.map_or_else(now_micros, |time| {
            i64::try_from(time.unix_timestamp_nanos() / 1000).unwrap_or_default()
        });
        Self {
            message: line.message.chars().take(MAX_MESSAGE_CHARS).collect(),
            progress: line.progress.clamp(0.0, 100.0) as i64,
            create_time: Some(time::from_micros(micros)),
        }
    }
}

/// The last whole line that is understood, of what the job has written to `file`.
pub(super) fn newest(mut file: File) -> Option<ProgressLine> {
    let start = file.metadata().ok()?.len().saturating_sub(TAIL_BYTES);
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut tail = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut tail).ok()?;
    let whole = &tail[..tail.iter().rposition(|byte| *byte == b'\n')?];
    whole
        .rsplit(|byte| *byte == b'\n')
        .find_map(|line| serde_json::from_slice(line).ok())
}

/// A sentence about the lines that are not understood, if there are any among the first megabytes.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn complaint(file: File) -> io::Result<Option<ServiceLine<'static>>> {
    let mut lines = BufReader::new(file.take(MOST_BYTES));
    let (mut number, mut first, mut count) = (0_u64, None, 0_u64);
    let mut line = Vec::new();
    loop {
        line.clear();
        // A line longer than the tail is never understood.
        if lines.by_ref().take(TAIL_BYTES).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        number += 1;
        let is_blank = line.iter().all(u8::is_ascii_whitespace);
        if !is_blank && serde_json::from_slice::<ProgressLine>(&line).is_err() {
            count += 1;
            first.get_or_insert(number);
        }
    }
    Ok(first.map(|first| ServiceLine::ProgressIgnored {
        count: count.to_string().into(),
        all: number.to_string().into(),
        file: FILENAME.into(),
        first: first.to_string().into(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    #[test]
    fn the_newest_line_that_is_understood_counts() {
        let newest = |text: &str| newest(file(text).reopen().unwrap()).map(JobProgress::from);
        let line =
            newest("{\"progress\": 40.7}\n{\"progress\": 50, \"message\": \"half\"}\nno\n{\"progress\": 6").unwrap();
        assert_eq!((line.progress, line.message.as_str()), (50, "half"));
        assert_eq!(newest("{\"progress\": -3}\n").unwrap().progress, 0);
        let dated = newest("{\"progress\": 1, \"create_time\": \"1970-01-01T00:00:07Z\"}\n").unwrap();
        assert_eq!(dated.create_time.unwrap().seconds, 7);
        assert_eq!(newest("{\"progress\": 1}"), None, "the line may not be whole");
    }

    #[test]
    fn what_is_not_understood_is_said_once() {
        let complaint = |text: &str| complaint(file(text).reopen().unwrap()).unwrap();
        assert_eq!(complaint("{\"progress\": 1}\n\n"), None);
        let said = complaint("{\"progress\": 1}\nhalf done\n[]\n").unwrap().to_string();
        assert!(
            said.starts_with("2 of the 3 lines") && said.contains("line 2 first"),
            "{said}"
        );
    }
}
