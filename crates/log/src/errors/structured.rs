//! Lines that name their own level: JSON of one object a line, and `name=value` of logfmt. The level decides, whatever
//! words stand in the rest.

use super::Grade;

/// Names of the level, as zap, slog, structlog, pino, logrus, python-json-logger, ECS and others write them.
const NAMES: [&str; 6] = ["level", "severity", "levelname", "lvl", "log.level", "@l"];
/// The level stands at a line's beginning or end, and long lines are data.
const MOST_BYTES: usize = 16 * 1024;

/// What a line with a level tells; `None` where it names none.
pub(super) fn grade(text: &str) -> Option<Option<Grade>> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let level = if text.starts_with('{') && text.ends_with('}') {
        NAMES.iter().find_map(|name| of_json(text, name))
    } else {
        NAMES.iter().find_map(|name| of_logfmt(text, name))
    }?;
    let is = |levels: &[&str]| levels.iter().any(|one| level.eq_ignore_ascii_case(one));
    if is(&["error", "err", "50"]) {
        Some(Some(Grade::Error))
    } else if is(&[
        "fatal",
        "critical",
        "crit",
        "panic",
        "dpanic",
        "alert",
        "emergency",
        "emerg",
        "60",
    ]) {
        Some(Some(Grade::Cause))
    } else {
        let is_level = is(&[
            "trace",
            "debug",
            "info",
            "information",
            "notice",
            "warn",
            "warning",
            "10",
            "20",
            "30",
            "40",
        ]);
        is_level.then_some(None)
    }
}

/// The value of `"name": "value"` or `"name": 50`.
fn of_json<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        rest = after;
        let Some(value) = after.strip_prefix('"').filter(|_| before.ends_with('"')) else {
            continue;
        };
        let Some(value) = value.trim_start().strip_prefix(':') else {
            continue;
        };
        let value = value.trim_start();
        return match value.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => value.split([',', '}', ' ']).next(),
        };
    }
    None
}

/// The value of `name=value` or `name="value"`.
fn of_logfmt<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text;
    let mut is_begin = true;
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let is_apart = before.ends_with(' ') || is_begin && before.is_empty();
        is_begin = false;
        rest = after;
        if let Some(value) = after.strip_prefix('=').filter(|_| is_apart) {
            return value.trim_start_matches('"').split([' ', '"']).next();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_of_a_line_decides() {
        for (line, expected) in [
            (
                r#"{"level":"error","msg":"bucket not found"}"#,
                Some(Some(Grade::Error)),
            ),
            (
                r#"{"ts": 1, "severity": "ERROR", "message": "x"}"#,
                Some(Some(Grade::Error)),
            ),
            (
                r#"{"level":50,"time":1,"msg":"no error here"}"#,
                Some(Some(Grade::Error)),
            ),
            (r#"{"msg":"level","level":"fatal"}"#, Some(Some(Grade::Cause))),
            (r#"{"level":"info","msg":"last error: none","error":null}"#, Some(None)),
            (r#"{"levelname": "WARNING", "message": "fatal: later"}"#, Some(None)),
            (r#"{"error":"not found"}"#, None),
            (r#"{"level":3,"error":0.5}"#, None),
            (
                r#"time="2026-01-01" level=error msg="disk quota""#,
                Some(Some(Grade::Error)),
            ),
            (r#"level="panic" msg=x"#, Some(Some(Grade::Cause))),
            ("ts=1 level=info err=none", Some(None)),
            ("sublevel=error", None),
            ("error level=", None),
        ] {
            assert_eq!(grade(line), expected, "{line}");
        }
    }
}
