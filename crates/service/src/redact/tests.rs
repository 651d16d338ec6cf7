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

#[test]
fn a_value_that_looks_encoded_is_found_in_every_way_of_writing_it() {
    let known = Known {
        kind: Kind::ProjectSecret,
        variable: "KEY".into(),
        value: "ab%41%zz!".into(),
    };
    let rules = Rules::new(Values::new(vec![known]).unwrap());
    for written in [
        "ab%41%zz!",
        "AB%41%ZZ!",
        "abA%zz!",
        "ab%2541%25zz!",
        "%61b%41%zz%21",
        "ab%\0\x1b[m41%zz!",
    ] {
        let (cleaned, found) = rules.clean(&format!("is {written}."));
        assert_eq!(cleaned, format!("is {}.", "*".repeat(written.len())));
        assert_eq!(
            (found.len(), found[0].variable.as_str(), found[0].offset),
            (1, "KEY", 3),
            "{written}"
        );
    }
    // A sign before it and digits behind it take nothing away from it.
    for text in ["%ab%41%zz!", "ab%41%zz!41"] {
        assert!(!rules.clean(text).0.contains("zz"), "{text}");
    }
}

#[test]
fn a_progress_bar_is_shown_as_it_comes() {
    let mut redactor = Redactor::new(rules(), 0);
    for step in 0..2000 {
        let bar = format!("\x1b[2K{step}/2000 [00:03<00:00, 3.9it/s, reason: N]\r");
        redactor.push(message(0, bar.as_bytes()));
        assert_eq!(redactor.take().concat_content(), bar.as_bytes());
    }
    // What may be the beginning of a value waits for what follows.
    redactor.push(message(0, b"50% Nightin\r"));
    assert_eq!(redactor.take().concat_content(), b"50% ");
    redactor.push(message(0, b"GALE 51%\r"));
    assert_eq!(redactor.take().concat_content(), b"************ 51%\r");
    redactor.push(message(0, b"52% Nightin\r"));
    redactor.push(message(0, b"game\n"));
    assert_eq!(redactor.take().concat_content(), b"52% Nightin\rgame\n");
}

#[test]
fn what_has_begun_a_value_waits_no_longer_than_the_bound() {
    let mut redactor = Redactor::new(rules(), 0);
    redactor.push(message(0, b"x Night\r"));
    let mut shown = Vec::new();
    for _ in 0..4 {
        redactor.push(message(0, &[b'\r'; 40_000]));
        shown.extend(redactor.take().concat_content());
    }
    let sent = [&b"x Night\r"[..], &[b'\r'; 160_000]].concat();
    assert!(shown == sent && !redactor.is_waiting(), "{}", shown.len());
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
        "\u{1b}",
        "\u{1b}[31m",
        "\u{1b}[0",
        "\u{1b}]0;",
        "\u{7}",
        "%",
        "%4",
        "e",
        "NIGHTIN",
        "gale",
        "%6e%69ght",
        "n\ri\0gh\u{1b}[Ktin",
        "second",
        "%20line ",
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

fn harmless() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "",
        "epoch 3 ",
        "x\n",
        "\u{1b}[31mred\u{1b}[0m ",
        "100% ",
        "é\r",
        "\0",
        "a night in a gale ",
    ])
    .prop_map(str::to_owned)
}

/// A known value in other letters, with other things between them.
fn disguised() -> impl Strategy<Value = Vec<u8>> {
    let values = ["päss wörd", "second line", "of the environment", "Nightingale"];
    let between = [
        "",
        "",
        "",
        "\0",
        "\r",
        "\u{1b}[1;31m",
        "\u{1b}]0;t\u{7}",
        "\u{1b}(B",
        "\u{1b}]8;;u\u{1b}\\",
    ];
    let letter = (0..4_u8, prop::sample::select(between.to_vec()));
    (prop::sample::select(values.to_vec()), prop::collection::vec(letter, 20)).prop_map(|(value, letters)| {
        let mut written = Vec::new();
        for (place, (byte, (form, between))) in value.bytes().zip(letters).enumerate() {
            if place > 0 {
                written.extend_from_slice(between.as_bytes());
            }
            match form {
                0 => written.extend(format!("%{byte:02x}").bytes()),
                1 => written.extend(format!("%{byte:02X}").bytes()),
                2 if byte.is_ascii_alphabetic() => written.push(byte ^ 0x20),
                _ => written.push(byte),
            }
        }
        written
    })
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
    fn a_value_is_hidden_however_it_is_written(
        parts in prop::collection::vec((harmless(), disguised()), 1..12),
        cut in 1..40_usize,
    ) {
        let (mut text, mut written) = (Vec::new(), Vec::new());
        for (before, value) in &parts {
            text.extend_from_slice(before.as_bytes());
            let start = text.len();
            text.extend_from_slice(value);
            written.push(start..text.len());
            text.push(b' ');
        }
        let mut redactor = Redactor::telling(rules());
        let mut shown = Vec::new();
        for part in text.chunks(cut) {
            redactor.push(message(0, part));
            shown.extend(redactor.take().concat_content());
        }
        redactor.finish();
        shown.extend(redactor.take().concat_content());
        prop_assert_eq!(shown.len(), text.len());
        for (place, (shown, sent)) in shown.iter().zip(&text).enumerate() {
            match written.iter().any(|range| range.contains(&place)) {
                true => prop_assert_eq!(*shown, b'*', "{}", String::from_utf8_lossy(&text)),
                false => prop_assert!(shown == sent, "{}", String::from_utf8_lossy(&text)),
            }
        }
        let found = redactor.found();
        for range in written {
            let starts = |found: &super::Found| found.offset == range.start as u64;
            prop_assert_eq!(found.iter().filter(|(_, found)| starts(found)).count(), 1, "{:?}", found);
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
