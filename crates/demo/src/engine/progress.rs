//! What a program reports of its progress: a JSON object on each line of a file.

use serde::Deserialize;

use crate::api::{jobs::JobProgress, time};

/// The variable that names the file.
pub(super) const FILENAME: &str = "JOB_PROGRESS_FILENAME";
/// Characters of a message that are kept.
const MAX_MESSAGE_CHARS: usize = 1000;

#[derive(Debug, Deserialize)]
struct ProgressLine {
    progress: f64,
    #[serde(default)]
    message: String,
}

/// The last whole line of `tail` that is understood, as of `now_micros`.
pub(super) fn newest(tail: &[u8], now_micros: i64) -> Option<JobProgress> {
    let whole = tail.get(..tail.iter().rposition(|byte| *byte == b'\n')?)?;
    let mut lines = whole.rsplit(|byte| *byte == b'\n');
    let line: ProgressLine = lines.find_map(|line| serde_json::from_slice(line).ok())?;
    Some(JobProgress {
        message: line.message.chars().take(MAX_MESSAGE_CHARS).collect(),
        progress: line.progress.clamp(0.0, 100.0) as i64,
        create_time: Some(time::from_micros(now_micros)),
    })
}

/// A sentence about the lines that are not understood, if there are any.
pub(super) fn complaint(content: &[u8]) -> Option<String> {
    let (mut number, mut first, mut count) = (0_u64, None, 0_u64);
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        number += 1;
        let is_blank = line.iter().all(u8::is_ascii_whitespace);
        if !is_blank && serde_json::from_slice::<ProgressLine>(line).is_err() {
            count += 1;
            first.get_or_insert(number);
        }
    }
    first.map(|first| {
        format!(
            "{count} of the {number} lines in {FILENAME} were not understood and ignored, line {first} first; \
             a line is a JSON object such as {{\"progress\": 40, \"message\": \"epoch 4\"}}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_line_that_is_understood_counts() {
        let text = b"{\"progress\": 40.7}\n{\"progress\": 50, \"message\": \"half\"}\nno\n{\"progress\": 6";
        let newest_of = |text: &[u8]| newest(text, 7_000_000);
        let line = newest_of(text).unwrap();
        assert_eq!((line.progress, line.message.as_str()), (50, "half"));
        assert_eq!(line.create_time.unwrap().seconds, 7);
        assert_eq!(newest_of(b"{\"progress\": -3}\n").unwrap().progress, 0);
        assert_eq!(newest_of(b"{\"progress\": 1}"), None, "the line may not be whole");
        assert_eq!(newest_of(b"\n\xff\n"), None);
    }

    #[test]
    fn what_is_not_understood_is_said_once() {
        assert_eq!(complaint(b"{\"progress\": 1}\n\n"), None);
        let said = complaint(b"{\"progress\": 1}\nhalf done\n[]\n").unwrap();
        assert!(
            said.starts_with("2 of the 3 lines") && said.contains("line 2 first"),
            "{said}"
        );
    }
}
