//! Shapes that secrets have, within one line.
//!
//! What a pattern hides is its groups, or all of it where it has none. So that a line can be shown before its end is
//! known, a hidden part that has blanks in it begins at a quote or a header's name, and goes on to the closing quote or
//! to the end of the line; every other one ends before the next blank.

use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::Span;
use crate::api::share::finding::Kind;

/// In the order in which they name what they find.
const PATTERNS: &[(Kind, &str)] = &[
    (
        Kind::Jwt,
        r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?",
    ),
    // AWS: key ids. Their secrets have no shape; they are found by what they are assigned to.
    (Kind::ServiceToken, r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"),
    // Google: keys, access tokens, client secrets.
    (
        Kind::ServiceToken,
        r"\b(?:AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_.-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,})",
    ),
    (
        Kind::ServiceToken,
        r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})",
    ),
    (
        Kind::ServiceToken,
        r"\bgl(?:agent|cbt|dt|ffct|ft|imt|oas|pat|ptt|rt|soat)-[A-Za-z0-9_.-]{15,}",
    ),
    (
        Kind::ServiceToken,
        r"\b(?:xox[abceoprs]|xapp)-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/([A-Za-z0-9/_-]+)",
    ),
    // Yandex: IAM tokens, OAuth tokens, API keys, static keys.
    (Kind::ServiceToken, r"\bt1\.[A-Za-z0-9_=-]{1,2000}\.[A-Za-z0-9_=-]{40,}"),
    (
        Kind::ServiceToken,
        r"\b(?:y[0-9]_[A-Za-z0-9_-]{30,}|AQVN[A-Za-z0-9_-]{30,}|YCA[A-Za-z0-9_-]{20,}|YC[MNOP][A-Za-z0-9_-]{34,})",
    ),
    // Hugging Face, OpenAI and the like, Stripe, npm, PyPI, Docker, Telegram, this service.
    (
        Kind::ServiceToken,
        r"\b(?:hf_[A-Za-z0-9]{30,}|sk-[A-Za-z0-9_-]{20,}|[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{40,}|dckr_pat_[A-Za-z0-9_-]{20,}|[0-9]{8,10}:AA[A-Za-z0-9_-]{32,}|jobsphere_[A-Za-z0-9_-]{40,})",
    ),
    (
        Kind::UrlQuery,
        r#"(?i)[?&;](?:[a-z0-9_.-]*(?:token|signature|secret|password|passwd|api_?key|access_?key(?:_?id)?|credential)|X-(?:Amz|Goog)-[a-z0-9-]+|sig|key|k|pwd|auth)=([^&\s"'<>#]+)"#,
    ),
    (
        Kind::UrlPassword,
        r#"(?i)\b[a-z][a-z0-9+.-]*://(?:[^\s/:@"'<>]*:([^\s/"'<>]+)|([^\s/:@"'<>]{16,}))@"#,
    ),
    (
        Kind::Authorization,
        r#"(?i)authorization(?:\\?["'])?\s*[:=]\s*(?:b?\\?"([^"]*)|b?'([^']*)|([^\s"'\\][^"']*))"#,
    ),
    (Kind::Authorization, r"(?i)\bbearer\s+([A-Za-z0-9._~+/=-]{16,})"),
    // Called a password: whatever it is.
    (
        Kind::Assignment,
        r#"(?i)(?:password|passwd|passphrase|_pwd)(?:\\?["'])?\s*(?:=>|:=|=|:)\s*(?:\\"((?:[^"\\]|\\[^"])*)|b?"((?:[^"\\]|\\.)*)|b?'((?:[^'\\]|\\.)*)|([^\s"'=>:,;)}\]\\][^\s"',;)}\]]*))"#,
    ),
    // Called a token or a key: what is long enough. A model's `eos_token` is not.
    (
        Kind::Assignment,
        r#"(?i)(?:secret|token|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|account[_-]?key|auth[_-]?key|credentials?)(?:\\?["'])?\s*(?:=>|:=|=|:)\s*b?(?:\\?["'])?([A-Za-z0-9._~+/=-]{12,})"#,
    ),
    (
        Kind::Assignment,
        r#"(?i)--[a-z0-9-]*(?:password|passwd|passphrase|token|secret|api-?key|access-?key)\s+([^\s"'-][^\s"']{5,})"#,
    ),
];

/// The patterns, and a first look with all of them at once.
struct Compiled {
    any: RegexSet,
    each: Vec<(Kind, Regex)>,
}

static COMPILED: LazyLock<Compiled> = LazyLock::new(compile);

#[allow(clippy::expect_used)]
fn compile() -> Compiled {
    let texts = PATTERNS.iter().map(|(_, text)| text);
    let any = RegexSetBuilder::new(texts).unicode(false).build();
    let each = PATTERNS.iter().map(|(kind, text)| {
        let regex = RegexBuilder::new(text).unicode(false).build();
        (*kind, regex.expect("the table has only patterns that compile"))
    });
    Compiled {
        any: any.expect("the table has only patterns that compile"),
        each: each.collect(),
    }
}

/// Adds what the patterns hide in `line`.
pub(super) fn spans(line: &[u8], spans: &mut Vec<Span>) {
    let compiled = &*COMPILED;
    for place in compiled.any.matches(line) {
        let Some((kind, regex)) = compiled.each.get(place) else {
            continue;
        };
        for found in regex.captures_iter(line) {
            let mut groups = found.iter();
            let whole = groups.next().flatten();
            let hidden = groups.flatten().next().or(whole);
            spans.extend(hidden.filter(|hidden| !hidden.is_empty()).map(|hidden| Span {
                range: hidden.range(),
                kind: *kind,
                known: None,
            }));
        }
    }
}
