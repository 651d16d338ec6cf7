//! Lines of a log as the worker saves them.

use serde::Deserialize;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FrozenLine {
    /// When it was written, as RFC 3339.
    pub time: String,
    /// `out`, `err`, or the path of a log file.
    pub source: String,
    /// Place of its first byte in the log.
    pub offset: u64,
    /// Its text, without colours.
    pub text: String,
}

/// The lines of a log saved as JSON lines, and how many more there are than `most`.
pub fn parse_lines(saved: &str, most: usize) -> (Vec<FrozenLine>, usize) {
    let mut lines = saved.lines().filter(|line| !line.is_empty());
    let kept = lines
        .by_ref()
        .take(most)
        .filter_map(|line| serde_json::from_str(line).ok());
    let kept = kept.collect();
    (kept, lines.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_kept_up_to_a_bound_and_the_rest_is_counted() {
        let saved = "{\"time\":\"2026-01-01T00:00:00Z\",\"source\":\"out\",\"offset\":0,\"text\":\"a\"}\n".repeat(5);
        let (kept, left_out) = parse_lines(&saved, 3);
        assert_eq!((kept.len(), left_out), (3, 2));
        assert_eq!(kept[0].text, "a");
        assert_eq!(parse_lines("", 3), (Vec::new(), 0));
    }
}
