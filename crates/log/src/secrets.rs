//! Masks what looks like a secret, before text leaves for a bug report.

use regex::{Captures, Regex};

/// In place of a secret.
const MASK: &str = "***";

/// What secrets look like; the first group, where there is one, stays.
const LOOKS: [&str; 6] = [
    r"()eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
    r"(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)",
    r"(?i)(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}",
    r#"(?i)([?&](?:[a-z_-]*(?:token|signature|secret|key)|sig)=)[^&\s"'<>]+"#,
    r#"(?i)((?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key)["']?\s*[=:]\s*["']?)[^\s"'&,;]{3,}"#,
    r"()\b(?:gh[pousr]_[A-Za-z0-9]{20,}|(?:AKIA|ASIA)[A-Z0-9]{16}|t1\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,})",
];

/// The text with secrets masked.
pub(super) fn masked(text: &str) -> String {
    let mut text = text.to_owned();
    for look in LOOKS.iter().filter_map(|look| Regex::new(look).ok()) {
        text = look
            .replace_all(&text, |found: &Captures<'_>| format!("{}{MASK}", &found[1]))
            .into_owned();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_and_the_rest_stays() {
        for (text, expected) in [
            ("Authorization: Bearer abcdef0123456789", "Authorization: Bearer ***"),
            ("GET /x?token=abc&page=2", "GET /x?token=***&page=2"),
            ("password = hunter2, user = me", "password = ***, user = me"),
            ("{\"api_key\": \"abc123\"}", "{\"api_key\": \"***\"}"),
            ("jwt eyJhbGciOiJI.eyJzdWIiOiIx.c2ln end", "jwt *** end"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nx",
                "-----BEGIN RSA PRIVATE KEY-----***\nx",
            ),
            ("tokens per second: 12.5", "tokens per second: 12.5"),
        ] {
            assert_eq!(masked(text), expected);
        }
    }
}
