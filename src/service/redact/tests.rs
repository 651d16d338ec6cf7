//! No planted secret comes through, however the log is cut and wherever reading begins.

use std::sync::Arc;

use proptest::prelude::*;

use super::{Known, Redactor, Rules, Values, stream::BOUND};
use crate::api::{
    jobs::{LogMessage, log_message::Source},
    share::finding::Kind,
};

const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fw";

/// Lines, and what of them must be gone.
const PLANTED: &[(Kind, &str, &str)] = &[
    (
        Kind::Jwt,
        "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fw back",
        JWT,
    ),
    (Kind::ServiceToken, "id AKIAIOSFODNN7EXAMPLE.", "AKIAIOSFODNN7EXAMPLE"),
    (
        Kind::ServiceToken,
        "AIzaSyA-1234567890abcdefghijklmnopqrstu",
        "AIzaSyA-1234567890abcdefghijklmnopqrstu",
    ),
    (
        Kind::ServiceToken,
        "(ghp_0123456789abcdefghijklmnopqrstuvwxyz)",
        "ghp_0123456789abcdefghijklmnopqrstuvwxyz",
    ),
    (
        Kind::ServiceToken,
        "github_pat_11ABCDEFG0123456789_abcdefghijklmnop",
        "github_pat_11ABCDEFG0123456789_abcdefghijklmnop",
    ),
    (
        Kind::ServiceToken,
        "glpat-0123456789abcdefghij",
        "glpat-0123456789abcdefghij",
    ),
    (
        Kind::ServiceToken,
        "xoxb-123456789012-abcdefGHIJKL",
        "xoxb-123456789012-abcdefGHIJKL",
    ),
    (
        Kind::ServiceToken,
        "https://hooks.slack.com/services/T000/B000/XXXXXXXX",
        "T000/B000/XXXXXXXX",
    ),
    (
        Kind::ServiceToken,
        "t1.9euelZqMkZ2Zz5_NkJ.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdEfGhIjKl",
        "t1.9euelZqMkZ2Zz5_NkJ.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdEfGhIjKl",
    ),
    (
        Kind::ServiceToken,
        "y0_AgAAAAAB1234567890abcdefghijklmnopqrst",
        "y0_AgAAAAAB1234567890abcdefghijklmnopqrst",
    ),
    (
        Kind::ServiceToken,
        "key AQVNabcdefghijklmnopqrstuvwxyz0123456789",
        "AQVNabcdefghijklmnopqrstuvwxyz0123456789",
    ),
    (
        Kind::ServiceToken,
        "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH",
        "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH",
    ),
    (
        Kind::UrlQuery,
        "GET /f?a=1&X-Amz-Signature=0123456789abcdef&b=2",
        "0123456789abcdef",
    ),
    (Kind::UrlQuery, "http://h/x?access_token=qwerty#y", "qwerty"),
    (
        Kind::UrlQuery,
        "http://h/files/p/s/n?m=get&s=1&e=2&k=c2lnbmF0dXJl",
        "c2lnbmF0dXJl",
    ),
    (
        Kind::UrlPassword,
        "cloning https://anna:p%40ss@git.example/x.git",
        "p%40ss",
    ),
    (
        Kind::UrlPassword,
        "https://0123456789abcdef0123@git.example/x",
        "0123456789abcdef0123",
    ),
    (Kind::Authorization, "> Authorization: Basic YTpi c2Vj", "YTpi c2Vj"),
    (
        Kind::Authorization,
        "{'Authorization': 'Token abc def', 'Accept': 'x'}",
        "abc def",
    ),
    (Kind::Authorization, "bearer 0123456789abcdef.x", "0123456789abcdef.x"),
    (Kind::Assignment, "DB_PASSWORD=hunter2", "hunter2"),
    (
        Kind::Assignment,
        r#"{"password": "two \"quoted\" words", "user": "u"}"#,
        r#"two \"quoted\" words"#,
    ),
    (Kind::Assignment, r#"b'{\"password\":\"hunter2 x\"}'"#, "hunter2 x"),
    (
        Kind::Assignment,
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "wJalrXUtnFEMI/K7MDENG",
    ),
    (Kind::Assignment, "+ tool --password hunter2 --verbose", "hunter2"),
    (
        Kind::EnvValue,
        "the value is of the environment, yes",
        "of the environment",
    ),
    (Kind::ProjectSecret, "x=päss wörd!", "päss wörd"),
    (Kind::ProjectSecret, "second line of it", "second line"),
    (Kind::HiddenText, "by Project Nightingale", "Nightingale"),
];

const HARMLESS: &[&str] = &[
    "epoch 3: 100%|██████| 12/12 [00:03<00:00, 3.9it/s, loss=0.123, tokens=123456789012]",
    "tokenizer: bert-base-uncased, eos_token=</s>, max_tokens: 2048, pad_token: [PAD]",
    "secrets: none; the password was not given",
    "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "see https://example.org/a?page=2&sort=up and http://127.0.0.1:8080/x",
    "-----BEGIN CERTIFICATE-----",
    "Basic training began",
    "",
];

const KEY: &str =
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nabcdefghijkl+/==\n-----END RSA PRIVATE KEY-----\n";

fn rules() -> Arc<Rules> {
    let known = |kind, variable: &str, value: &str| Known {
        kind,
        variable: variable.into(),
        value: value.into(),
    };
    let values = Values::new(vec![
        known(Kind::ProjectSecret, "SECRET", "päss wörd\nsecond line\nx"),
        known(Kind::EnvValue, "PLACE", "of the environment"),
        known(Kind::EnvValue, "DEBUG", "1"),
        known(Kind::HiddenText, "", "Nightingale"),
    ]);
    Arc::new(Rules::new(values.unwrap()))
}

#[test]
fn what_looks_like_a_secret_is_named_and_gone() {
    let rules = rules();
    for (kind, line, secret) in PLANTED {
        let (cleaned, found) = rules.clean(line);
        assert_eq!(cleaned.len(), line.len(), "{line}");
        assert!(!cleaned.contains(secret), "{cleaned}");
        assert!(found.iter().any(|found| found.kind == *kind), "{line}: {found:?}");
        assert!(found.iter().all(|found| !found.excerpt.contains(secret)), "{found:?}");
    }
    for line in HARMLESS {
        assert_eq!(rules.clean(line), ((*line).to_owned(), Vec::new()));
    }
    assert_eq!(rules.values.too_short(), ["DEBUG"]);
}

#[test]
fn a_private_key_goes_over_lines_or_stands_in_one() {
    let rules = rules();
    let (cleaned, found) = rules.clean(&format!("a\n{KEY}b\n"));
    assert!(
        !cleaned.contains("MII") && !cleaned.contains("abcd") && cleaned.ends_with("\nb\n"),
        "{cleaned}"
    );
    assert_eq!(
        (found.len(), found[0].kind, found[0].line, found[0].offset),
        (1, Kind::PrivateKey, 2, 2)
    );
    let escaped = format!(
        "{{\"private_key\": \"{}\", \"type\": \"service\"}}",
        KEY.replace('\n', "\\n")
    );
    let (cleaned, _) = rules.clean(&escaped);
    assert!(
        !cleaned.contains("MII") && cleaned.ends_with("\"type\": \"service\"}"),
        "{cleaned}"
    );
    // One that never ends hides no more than the bound.
    let endless = format!("-----BEGIN PRIVATE KEY-----\n{}", "0123456789\n".repeat(20_000));
    let mut redactor = Redactor::new(rules, 0);
    redactor.push(message(0, endless.as_bytes()));
    redactor.finish();
    let shown = redactor.take().concat_content();
    let hidden = shown.iter().filter(|byte| **byte == b'*').count() as u64;
    assert!((BOUND / 2..=BOUND).contains(&hidden), "{hidden}");
}

#[test]
fn a_very_long_line_is_shown_up_to_the_bound_and_a_quiet_one_waits_for_it() {
    let line = format!(
        "{} password=hunter2 {}\nnext\n",
        "word ".repeat(100),
        "more ".repeat(40_000)
    );
    let mut redactor = Redactor::new(rules(), 0);
    redactor.push(message(0, line.as_bytes()));
    let shown = String::from_utf8(redactor.take().concat_content()).unwrap();
    assert_eq!(shown.len(), line.len());
    assert!(shown.contains("password=******* more more") && shown.ends_with("**\nnext\n"));
    let hidden = shown.bytes().filter(|byte| *byte == b'*').count() as u64;
    assert!(
        (line.len() as u64 - BOUND..line.len() as u64).contains(&hidden),
        "{hidden}"
    );

    let mut redactor = Redactor::new(rules(), 0);
    redactor.push(message(0, b"loading mod"));
    redactor.push(message(1, b"err\n"));
    assert_eq!(redactor.take().concat_content(), b"loading ");
    assert!(redactor.is_waiting() && redactor.offset() == 8);
    redactor.give_up();
    assert_eq!(redactor.take().concat_content(), b"***err\n");
    assert!(!redactor.is_waiting());
    redactor.push(message(0, b"el done\n"));
    assert_eq!(redactor.take().concat_content(), b"el done\n");
    redactor.push(message(0, b"quiet"));
    for _ in 0..3 {
        redactor.push(message(1, "loud\n".repeat(6000).as_bytes()));
    }
    assert!(redactor.take().concat_content().starts_with(b"*****loud"));
}

trait Concat {
    fn concat_content(self) -> Vec<u8>;
}

impl Concat for Vec<LogMessage> {
    fn concat_content(self) -> Vec<u8> {
        self.into_iter().flat_map(|message| message.content).collect()
    }
}

fn message(source: usize, content: &[u8]) -> LogMessage {
    LogMessage {
        content: content.to_vec(),
        source: Some(Source::FilePath(source.to_string())),
        ..Default::default()
    }
}

/// Each byte with its source, so that two runs can be compared byte by byte.
fn bytes(messages: Vec<LogMessage>) -> Vec<(Option<Source>, u8)> {
    let of_message = |message: LogMessage| {
        let source = message.source;
        message.content.into_iter().map(move |byte| (source.clone(), byte))
    };
    messages.into_iter().flat_map(of_message).collect()
}

const TEST_BOUND: u64 = 400;

fn piece() -> impl Strategy<Value = Vec<u8>> {
    let planted: Vec<&str> = PLANTED.iter().map(|(_, line, _)| *line).collect();
    let fragments = [
        " ",
        "\n",
        "\r",
        "\r\n",
        "\"",
        "'",
        "\\",
        "=",
        ":",
        "=>",
        ":=",
        "b\"",
        "password",
        "token=",
        "Authorization",
        "authorization: ",
        "Bearer ",
        "://",
        "@",
        "-----BEGIN ",
        "PRIVATE KEY-----",
        "-----END ",
        "of the ",
        "päss ",
        "wörd",
        "environment",
        "--token ",
        "eyJ",
        "é",
        "\u{0}",
        "{\"password\": ",
        "?sig=",
    ];
    prop_oneof![
        3 => prop::sample::select(planted).prop_map(|text| format!("{text}\n").into_bytes()),
        1 => prop::sample::select(planted_words()).prop_map(String::into_bytes),
        3 => prop::sample::select(fragments.to_vec()).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::sample::select(HARMLESS.to_vec()).prop_map(|text| format!("{text}\n").into_bytes()),
        1 => Just(KEY.as_bytes().to_vec()),
        1 => "[a-zA-Z0-9_=]{1,40}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 1..20),
    ]
}

fn planted_words() -> Vec<String> {
    let words = PLANTED.iter().flat_map(|(_, line, _)| line.split(' '));
    words.map(|word| format!("{word} ")).collect()
}

fn log() -> impl Strategy<Value = Vec<(usize, Vec<u8>)>> {
    prop::collection::vec((0..3_usize, piece()), 1..60)
}

fn shown(log: &[(usize, Vec<u8>)], bound: u64) -> Vec<(Option<Source>, u8)> {
    let mut redactor = Redactor::with_bound(rules(), 0, 0, bound);
    log.iter()
        .for_each(|(source, content)| redactor.push(message(*source, content)));
    redactor.finish();
    bytes(redactor.take())
}

/// What a reader gets who begins at a part of the log.
fn shown_from(log: &[(usize, Vec<u8>)], at: f64, bound: u64) -> Vec<(Option<Source>, u8)> {
    let length: usize = log.iter().map(|(_, content)| content.len()).sum();
    let from = (length as f64 * at) as u64;
    let beginning = from.saturating_sub(3 * bound);
    let mut redactor = Redactor::with_bound(rules(), from, beginning, bound);
    let mut offset = 0;
    for (source, content) in log {
        let skipped = (beginning.saturating_sub(offset) as usize).min(content.len());
        offset += content.len() as u64;
        if skipped < content.len() {
            redactor.push(message(*source, &content[skipped..]));
        }
    }
    redactor.finish();
    let shown = bytes(redactor.take());
    assert_eq!(
        (redactor.offset(), shown.len() as u64),
        (length as u64, length as u64 - from)
    );
    shown
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn cuts_change_nothing(log in log(), cuts in prop::collection::vec(1..30_usize, 1..20), bound in 30..TEST_BOUND) {
        let whole = shown(&log, bound);
        let sent: usize = log.iter().map(|(_, content)| content.len()).sum();
        prop_assert_eq!(whole.len(), sent);
        let mut redactor = Redactor::with_bound(rules(), 0, 0, bound);
        let mut cuts = cuts.iter().cycle();
        let mut cut = Vec::new();
        for (source, content) in &log {
            let mut rest = content.as_slice();
            while !rest.is_empty() {
                let (part, more) = rest.split_at((*cuts.next().unwrap()).min(rest.len()));
                redactor.push(message(*source, part));
                cut.extend(bytes(redactor.take()));
                prop_assert_eq!(redactor.offset(), cut.len() as u64);
                prop_assert_eq!(&cut[..], &whole[..cut.len()]);
                rest = more;
            }
        }
        redactor.finish();
        cut.extend(bytes(redactor.take()));
        prop_assert_eq!(cut, whole);
    }

    #[test]
    fn reading_from_anywhere_gives_the_same(log in log(), at in 0.0..1.0_f64, bound in 30..TEST_BOUND) {
        // One source is heard all the time.
        let alone: Vec<_> = log.iter().map(|(_, content)| (0, content.clone())).collect();
        let (whole, shown) = (shown(&alone, bound), shown_from(&alone, at, bound));
        prop_assert_eq!(&shown[..], &whole[whole.len() - shown.len()..]);
        // One that was silent may be hidden.
        let (whole, shown) = (self::shown(&log, bound), shown_from(&log, at, bound));
        for (shown, whole) in shown.iter().zip(&whole[whole.len() - shown.len()..]) {
            prop_assert!(shown == whole || (shown.1 == b'*' && shown.0 == whole.0));
        }
    }

    #[test]
    fn giving_up_hides_more_and_never_less(log in log(), given_up in prop::collection::vec(any::<bool>(), 60)) {
        let whole = shown(&log, BOUND);
        let mut redactor = Redactor::new(rules(), 0);
        let mut shown = Vec::new();
        for ((source, content), gives_up) in log.iter().zip(given_up) {
            redactor.push(message(*source, content));
            if gives_up {
                redactor.give_up();
            }
            shown.extend(bytes(redactor.take()));
        }
        redactor.finish();
        shown.extend(bytes(redactor.take()));
        prop_assert_eq!(shown.len(), whole.len());
        for (shown, whole) in shown.iter().zip(&whole) {
            prop_assert!(shown == whole || (shown.1 == b'*' && shown.0 == whole.0));
        }
    }

    #[test]
    fn no_planted_secret_survives(lines in prop::collection::vec(0..PLANTED.len(), 1..30), cut in 1..40_usize) {
        let text: String = lines.iter().map(|line| format!("{}\n", PLANTED[*line].1)).collect();
        let mut redactor = Redactor::new(rules(), 0);
        text.as_bytes().chunks(cut).for_each(|part| redactor.push(message(0, part)));
        redactor.finish();
        let shown = String::from_utf8(redactor.take().concat_content()).unwrap();
        for line in lines {
            prop_assert!(!shown.contains(PLANTED[line].2), "{}", PLANTED[line].2);
        }
    }
}
