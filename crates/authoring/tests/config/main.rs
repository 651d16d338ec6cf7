//! Our reading of `config.yaml` beside the published client's own: what it takes is taken, with the same meaning, and
//! what it refuses is refused; whatever we write, it takes.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

mod generate;
mod kinds;
mod ours;
mod published;
mod random;

use jobsphere_authoring::{
    config::{read, write},
    draft::{Draft, InputContent, InputRow, PairRow, PathRow, Problem},
};
use jobsphere_rules::rules::Rule;
use kinds::{REFUSED, SAID, TAKEN};
use ours::{completed, meaning, refusals, tree, without_edges};
use published::Published;
use serde_json::Value;

/// How many files are generated from one seed.
const FILES: usize = 3000;

/// What of the published client's refusals depends on who calls it: values of variables, and files beside the
/// configuration. Both are asked for here.
fn is_the_callers(refused: &str) -> bool {
    let words = [
        "environment var `",
        "no such path",
        "was not found",
        "FileNotFoundError",
        "File name too long",
    ];
    words.iter().any(|word| refused.contains(word)) || refused.starts_with("IsADirectoryError")
}

/// Where the two differ over a text.
fn difference(text: &str, judged: &Value) -> Option<String> {
    let (ours, theirs) = (tree(text), judged["tree"].get("says"));
    if ours.as_ref() != theirs {
        let read = read(text).notes;
        return Some(format!("as YAML it says {}\nwe read {ours:?} {read:?}", judged["tree"]));
    }
    let refusals = refusals(text);
    let Some(means) = judged.get("means") else {
        let refused = judged["refused"].as_str().unwrap();
        let is_same = !refusals.is_empty() || is_the_callers(refused);
        return (!is_same).then(|| format!("it refuses: {refused}\nwe take it: {}", meaning(text)));
    };
    let draft = completed(text);
    if let Some(refusal) = refusals.iter().find(|refusal| !refusal.is_the_services(&draft)) {
        return Some(format!("it takes it: {means}\nwe refuse: {refusal:?}"));
    }
    let means = without_edges(means.clone());
    let ours = without_edges(meaning(text));
    (refusals.is_empty() && means != ours).then(|| format!("it means {means}\nwe mean  {ours}"))
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn what_the_published_client_takes_is_taken_and_means_the_same() {
    for (text, judged) in TAKEN.iter().zip(Published::start().judge(&owned(TAKEN))) {
        assert!(judged.get("means").is_some(), "it refuses:\n{text}\n{judged}");
        assert_eq!(difference(text, &judged), None, "{text}");
    }
}

#[test]
fn what_the_published_client_refuses_is_refused_with_a_line() {
    for (text, judged) in REFUSED.iter().zip(Published::start().judge(&owned(REFUSED))) {
        assert!(judged.get("refused").is_some(), "it takes:\n{text}{judged}");
        let said = ours::said(text);
        assert!(!said.is_empty(), "we take what it refuses ({judged}):\n{text}");
        assert!(said.iter().all(|said| !said.starts_with("0:")), "{said:?}\n{text}");
    }
}

#[test]
fn what_the_published_client_passes_over_is_said_with_its_line() {
    let texts: Vec<&str> = SAID.iter().map(|(text, _)| *text).collect();
    for ((text, expected), judged) in SAID.iter().zip(Published::start().judge(&owned(&texts))) {
        assert!(judged.get("means").is_some(), "it refuses:\n{text}\n{judged}");
        assert_eq!(difference(text, &judged), None, "{text}");
        let notes = read(text).notes.into_iter();
        let said: Vec<String> = notes.map(|note| format!("{}: {}", note.line, note.misfit)).collect();
        assert_eq!(said, *expected, "{text}");
    }
}

#[test]
fn long_and_deep_files_are_read_alike() {
    let mut texts = Vec::new();
    // A key ends within 1024 characters.
    for length in 1022..1028 {
        let key = "k".repeat(length);
        texts.extend([
            format!("cmd: a\n{key}: b\n"),
            format!("cmd: a\n'{key}': b\n"),
            format!("cmd: a\nx: {{{key}: b}}\n"),
        ]);
        texts.push(format!("cmd: a\nk{}: b\n", " ".repeat(length)));
        texts.push(format!("cmd: a\nx: [{}]: b\n", "a, ".repeat(length / 3)));
    }
    for depth in [40, 1500] {
        texts.push(format!("cmd: a\nx: {}{}\n", "[".repeat(depth), "]".repeat(depth)));
        texts.push(format!("cmd: a\nx: {}{}\n", "{a: ".repeat(depth), "}".repeat(depth)));
        texts.push(format!("cmd: a\nx:\n  {}a\n", "- ".repeat(depth)));
        texts.push(format!(
            "cmd: a\n{}",
            (0..depth).map(|depth| " ".repeat(depth) + "k:\n").collect::<String>()
        ));
    }
    texts.push(format!("cmd: a\n{}", "# long\n".repeat(5000)));
    texts.push(format!("cmd: >\n{}", "  word word\n   deeper\n\n".repeat(500)));
    texts.push(format!(
        "a: &a [x, x]\nb: &b [{0}]\nc: [{1}]\ncmd: a\n",
        "*a, ".repeat(20),
        "*b, ".repeat(20)
    ));
    for count in [100, 101] {
        let rows: String = (0..count).map(|row| format!("  - f{row}\n")).collect();
        texts.extend([format!("cmd: a\ninputs:\n{rows}"), format!("cmd: a\noutputs:\n{rows}")]);
    }
    for (text, judged) in texts.iter().zip(Published::start().judge(&texts)) {
        assert_eq!(difference(text, &judged), None, "{text}");
    }
}

/// `JOBSPHERE_CONFIG_SEEDS=100..200` tries more seeds than the one of every day.
#[test]
fn generated_files_are_read_as_the_published_client_reads_them() {
    let seeds = std::env::var("JOBSPHERE_CONFIG_SEEDS").unwrap_or_else(|_| "1..2".to_owned());
    let (from, to) = seeds.split_once("..").unwrap();
    let known: Vec<&str> = TAKEN.iter().chain(REFUSED).copied().collect();
    let mut published = Published::start();
    let (mut taken, mut differ) = (0, Vec::new());
    for seed in from.parse().unwrap()..to.parse().unwrap() {
        let texts = generate::files(seed, FILES, &known);
        for (place, (text, judged)) in texts.iter().zip(published.judge(&texts)).enumerate() {
            taken += usize::from(judged.get("means").is_some());
            if let Some(difference) = difference(text, &judged) {
                differ.push(format!(
                    "seed {seed}, file {place}:\n{text}\n--\n{text:?}\n{difference}\n"
                ));
            }
        }
    }
    let shown = differ.len().min(12);
    assert!(
        differ.is_empty(),
        "{} differ:\n{}",
        differ.len(),
        differ[..shown].join("\n")
    );
    assert!(taken > FILES / 5, "only {taken} are taken, which says little");
}

#[test]
fn whatever_is_written_the_published_client_takes_with_the_same_meaning() {
    let mut published = Published::start();
    let odd = [
        "plain",
        "3.10",
        "yes",
        "~",
        "a: b",
        "- x",
        "#no",
        "'q' \"d\"",
        "{x}",
        "*a &b !c %d @e `f",
        "ж 😀",
        " edge ",
        "a\\nb",
        "null",
        "-",
        "? x",
        "|",
        "trail:",
        "tab\there",
        "\u{85}x\u{2028}",
    ];
    for (place, text) in odd.iter().enumerate() {
        let pair = |name: &str| PairRow {
            name: name.into(),
            value: (*text).into(),
            is_asked: false,
            ..PairRow::default()
        };
        let draft = Draft {
            name: (*text).into(),
            desc: format!("{text}\nsecond line\n"),
            cmd: format!("echo {text} '{text}'\n\n  indented \\\n end"),
            arguments: vec![pair("A")],
            env: vec![pair("E"), pair("PRESENT")],
            inputs: vec![InputRow {
                path: format!("in-{place}"),
                var: "IN".into(),
                content: InputContent::Chosen {
                    number: 1,
                    size_bytes: 0,
                    sha256: None,
                },
                ..InputRow::default()
            }],
            outputs: vec![PathRow {
                path: format!("{}x", text.replace(['/', '\\'], "")),
                var: "OUT".into(),
            }],
            ..Draft::default()
        };
        let written = write("", &draft);
        let problems = draft.problems("p");
        let only_unknown = |problem: &Problem| matches!(problem.rule, Rule::VariableUnknown { .. });
        assert!(problems.iter().all(only_unknown), "{problems:?}");
        let judged = published.judge(std::slice::from_ref(&written)).remove(0);
        assert_eq!(judged["means"], meaning(&written), "{written}");
        assert_eq!(judged["means"]["name"], *text);
    }
}
