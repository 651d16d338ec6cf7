//! Files of every shape that people keep, and the property: what was written is read again as it was.

use proptest::prelude::*;

use super::{Misfit, read, write};
use crate::{
    draft::{
        DatasetRow, Draft, Field, Image, ImageKind, InputRow, Item, List, PairRow, PathRow, Python, PythonKind,
        Shutdown,
    },
    yaml::Flaw,
};

fn understood(text: &str) -> Draft {
    let reading = read(text);
    assert!(reading.is_understood(), "{:?}\n{text}", reading.notes);
    reading.draft
}

fn misfits(text: &str) -> Vec<(usize, Misfit)> {
    let notes = read(text).notes.into_iter();
    notes.map(|note| (note.line, note.misfit)).collect()
}

const WHOLE: &str = "\
name: Train
desc: >-
  two lines
  folded
cmd: >
  python ${MAIN}
  --epochs ${epochs}
args: {epochs: 010}
inputs:
  - main.py: MAIN
  - data/table.csv: {var: TABLE}
  - utils
outputs: [model.bin: MODEL, /tmp/log.txt: LOG]
s3-mounts:
  - bt1aaaaaaaaaaaaaaaaa
  - bt1bbbbbbbbbbbbbbbbb: BUCKET
datasets: []
env:
  vars:
    - PATH_TO
    - YES: yes
    - N: 1e3
  docker:
    image: cr.example/x:1
    username: me
    password: {secret-id: PASS}
  python:
    type: manual
    version: 3.10
    requirements-file: requirements.txt
    local-paths: [lib]
    pip:
      index-url: https://pypi.example
      extra-index-urls: [https://more.example]
      no-deps: true
flags: [attach-project-disk]
cloud-instance-types: [g2.1, c1.4]
working-storage: {type: SSD, size: 150Gb}
output-datasets:
  - name: made
    var: MADE
    size: 10Gb
    labels: {a: b}
graceful-shutdown: {signal: SIGINT, timeout: 1m30s}
spark: {connector: {id: sc}}
data-ttl: 3d
";

#[test]
fn everything_is_read_and_stays_text() {
    let draft = understood(WHOLE);
    assert_eq!(draft.cmd, "python ${MAIN} --epochs ${epochs}\n");
    assert_eq!(draft.arguments[0].value, "010");
    assert_eq!(
        (draft.inputs[1].path.as_str(), draft.inputs[1].var.as_str()),
        ("data/table.csv", "TABLE")
    );
    assert_eq!(draft.s3_mounts[1].var, "BUCKET");
    assert!(draft.env[0].is_asked);
    assert_eq!(
        (draft.env[1].value.as_str(), draft.env[2].value.as_str()),
        ("yes", "1e3")
    );
    assert_eq!(
        (draft.image.kind, draft.image.secret.as_str()),
        (ImageKind::Address, "PASS")
    );
    assert_eq!(
        (draft.python.kind, draft.python.version.as_str()),
        (PythonKind::Manual, "3.10")
    );
    assert!(draft.python.no_deps && draft.attach_project_disk);
    assert_eq!(draft.instance_types, ["g2.1", "c1.4"]);
    assert_eq!((draft.storage_size.as_str(), draft.data_ttl.as_str()), ("150Gb", "3d"));
    assert_eq!(draft.output_datasets[0].labels, "a=b");
    assert_eq!(
        (draft.shutdown.signal.as_str(), draft.spark_connector.as_str()),
        ("SIGINT", "sc")
    );
}

#[test]
fn an_untouched_file_stays_as_it_is_to_the_byte() {
    for text in [
        WHOLE,
        "cmd: |\n  a\n  b\n# end",
        "\u{feff}cmd: a\r\nflags: []\r\n",
        "cmd: x\nmine: [1,  2]\n",
    ] {
        assert_eq!(write(text, &read(text).draft), text);
    }
}

#[test]
fn older_and_odder_forms_are_understood() {
    let draft =
        understood("cmd: a\ncloud-instance-type: c1.8\nenv: {vars: {A: '1', B: ~}, python: AUTO, docker: abc}\n");
    assert_eq!(draft.instance_types, ["c1.8"]);
    assert_eq!((draft.env[1].name.as_str(), draft.env[1].value.as_str()), ("B", "~"));
    assert_eq!((draft.python.kind, draft.image.kind), (PythonKind::Auto, ImageKind::Id));
    let draft = understood("base: &in [a, b]\ncmd: x\ninputs: *in\nname:\nenv:\ncloud-instance-types:\n");
    assert_eq!(draft.inputs.len(), 2);
    assert_eq!(draft.name, "");
    let draft = understood("\u{feff}cmd: \"a\\tb\"\r\nname: |-\r\n  x\r\n  y\r\n");
    assert_eq!((draft.cmd.as_str(), draft.name.as_str()), ("a\tb", "x\ny"));
    let draft = understood("name: one\ncmd: a\nname: two\n");
    assert_eq!(draft.name, "two");
}

#[test]
fn what_does_not_fit_is_said_with_its_line() {
    let key = |key: &str| key.to_owned();
    assert_eq!(
        misfits("cmd: a\ninputs:\n"),
        [(2, Misfit::NotList { key: key("inputs") })]
    );
    assert_eq!(misfits("cmd: [a]\n"), [(1, Misfit::NotText { key: key("cmd") })]);
    assert_eq!(
        misfits("cmd: a\ninputs:\n  - a\n  - {b: c, d: e}\n  - {f: {war: G}}\n"),
        [
            (4, Misfit::PathEntry { key: key("inputs") }),
            (5, Misfit::PathEntry { key: key("inputs") })
        ]
    );
    assert_eq!(
        misfits("cmd: a\nenv:\n  docker:\n    image: x\n    password: open sesame\n"),
        [(5, Misfit::Password)]
    );
    assert_eq!(
        misfits("cmd: a\nimputs: []\n"),
        [(2, Misfit::UnknownKey { key: key("imputs") })]
    );
    let tab = misfits("cmd: a\n\tname: b\n");
    assert!(matches!(tab[0], (2, Misfit::Yaml { .. })), "{tab:?}");
    assert!(matches!(misfits("cmd: a\n---\ncmd: b\n")[0], (_, Misfit::Yaml { .. })));
    for text in ["", "# nothing\n", "just words", "[a, b]", "{}"] {
        assert_eq!(misfits(text), [(1, Misfit::NotAConfig)], "{text}");
    }
}

#[test]
fn what_is_passed_over_is_said_with_its_line() {
    let key = |key: &str| key.to_owned();
    let text = "cmd: a\nenv:\n  vars:\n    - A: 1\n      B: 2\n    - A: 3\n";
    assert_eq!(understood(text).env.len(), 1);
    assert_eq!(
        misfits(text),
        [
            (5, Misfit::BelowOneDash { key: key("B") }),
            (6, Misfit::KeyRepeated { key: key("A") })
        ]
    );
    assert_eq!(
        misfits("b: &b {A: 1}\ncmd: a\nenv:\n  vars:\n    <<: *b\n")[1..],
        [(5, Misfit::Merge), (5, Misfit::NotText { key: key("<<") })]
    );
}

#[test]
fn lines_are_those_of_an_editor() {
    let flaw = |text: &str| match &misfits(text)[..] {
        [(line, Misfit::Yaml { flaw })] => (*line, flaw.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        flaw("cmd: a\u{85}name: b\u{2028}x: @\n"),
        (1, Flaw::Beginning { letter: '@' })
    );
    assert_eq!(
        flaw("cmd: a\r\nb: '\r\n\r\n"),
        (2, Flaw::QuoteNotClosed { quote: '\'' })
    );
    assert_eq!(flaw("cmd: a\nb: [c\nd: e\n"), (3, Flaw::NotClosed { bracket: ']' }));
    assert_eq!(flaw("cmd: a\n# \u{7}\n"), (2, Flaw::Unprintable { code: 7 }));
    assert_eq!(flaw("cmd: |\n  a\n b\n"), (3, Flaw::Indentation));
    assert_eq!(flaw("name: a\ncmd: \"\\ud83d\\ude00\"\n"), (2, Flaw::Surrogate));
}

#[test]
fn hostile_files_end_quickly() {
    let deep = "[".repeat(5000);
    assert!(!read(&deep).is_understood());
    let mut laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for letter in 'b'..='k' {
        let before = char::from_u32(u32::from(letter) - 1).unwrap();
        laughs += &format!("{letter}: &{letter} [{}]\n", vec![format!("*{before}"); 10].join(", "));
    }
    assert!(matches!(misfits(&laughs)[0], (_, Misfit::Yaml { .. })));
}

#[test]
fn fields_know_their_lines() {
    let reading = read(WHOLE);
    assert_eq!(reading.line(Field::Item(Item::Cmd)), Some(5));
    assert_eq!(
        reading.line(Field::Cell(List::Inputs, 1, crate::draft::Column::Second)),
        Some(11)
    );
    assert_eq!(
        reading.line(Field::Cell(List::Outputs, 9, crate::draft::Column::First)),
        Some(13)
    );
    assert_eq!(reading.line(Field::Item(Item::SparkConnector)), Some(45));
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9_./-]{1,12}",
        "[ -~]{1,20}",
        "[a-zа-я:#'\"{}&*!|>%@`, \\\\-]{1,16}",
        "[a-z]{1,5}\n[a-z ]{0,5}\n?[a-z]{1,3}\n{0,2}",
        Just("3.10".to_owned()),
        Just("yes".to_owned()),
        Just("~".to_owned()),
        Just("é\u{85}\u{2028}\u{feff}😀\t\r".to_owned()),
    ]
    .prop_filter("no blank texts", |text| !text.trim().is_empty())
}

fn trimmed() -> impl Strategy<Value = String> {
    words().prop_map(|text| text.trim().to_owned())
}

fn maybe(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), text]
}

fn paths() -> impl Strategy<Value = Vec<PathRow>> {
    prop::collection::vec(
        (words(), maybe("[A-Z]{1,3}")).prop_map(|(path, var)| PathRow { path, var }),
        0..4,
    )
}

fn pairs(can_be_asked: bool) -> impl Strategy<Value = Vec<PairRow>> {
    prop::collection::btree_map(trimmed(), (maybe(words()), any::<bool>()), 0..4).prop_map(move |rows| {
        let row = |(name, (value, is_asked)): (String, (String, bool))| PairRow {
            name,
            value: if is_asked && can_be_asked { String::new() } else { value },
            is_asked: is_asked && can_be_asked,
            ..PairRow::default()
        };
        rows.into_iter().map(row).collect()
    })
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(trimmed(), 0..3)
}

fn image() -> impl Strategy<Value = Image> {
    prop_oneof![
        Just(Image::default()),
        trimmed().prop_map(|id| Image {
            kind: ImageKind::Id,
            id,
            ..Image::default()
        }),
        (trimmed(), maybe(trimmed()), maybe(trimmed())).prop_map(|(address, username, secret)| Image {
            kind: ImageKind::Address,
            address,
            username,
            secret,
            ..Image::default()
        }),
    ]
}

fn python() -> impl Strategy<Value = Python> {
    let pip = (maybe(trimmed()), texts(), texts(), any::<bool>(), texts());
    let manual = (maybe(trimmed()), maybe(trimmed()), texts());
    (0..3, pip, manual).prop_map(|(kind, pip, manual)| match kind {
        0 => Python::default(),
        kind => {
            let mut python = Python {
                kind: if kind == 1 {
                    PythonKind::Auto
                } else {
                    PythonKind::Manual
                },
                index_url: pip.0,
                extra_index_urls: pip.1,
                trusted_hosts: pip.2,
                no_deps: pip.3,
                root_paths: pip.4,
                ..Python::default()
            };
            let (version, requirements_file, local_paths) = manual;
            python.version = version;
            if python.kind == PythonKind::Manual {
                (python.requirements_file, python.local_paths) = (requirements_file, local_paths);
            }
            python
        }
    })
}

fn datasets() -> impl Strategy<Value = Vec<DatasetRow>> {
    let row = (trimmed(), trimmed(), trimmed(), maybe(words()), maybe("[a-z]=[a-z]"));
    let row = row.prop_map(|(name, var, size, description, labels)| DatasetRow {
        name,
        var,
        size,
        description,
        labels,
    });
    prop::collection::vec(row, 0..3)
}

fn drafts() -> impl Strategy<Value = Draft> {
    let heads = (
        maybe(words()),
        maybe(words()),
        maybe(words()),
        maybe(trimmed()),
        maybe(trimmed()),
        maybe(trimmed()),
    );
    let lists = (
        paths(),
        paths(),
        paths(),
        paths(),
        pairs(false),
        pairs(true),
        texts(),
        datasets(),
    );
    let shutdown = (any::<bool>(), "SIG[A-Z]{1,3}", maybe(trimmed()));
    (heads, lists, image(), python(), shutdown, any::<bool>()).prop_map(
        |(heads, lists, image, python, shutdown, attach_project_disk)| {
            let input = |row: PathRow| InputRow {
                path: row.path,
                var: row.var,
                ..InputRow::default()
            };
            Draft {
                name: heads.0,
                desc: heads.1,
                cmd: heads.2,
                storage_size: heads.3,
                spark_connector: heads.4,
                data_ttl: heads.5,
                inputs: lists.0.into_iter().map(input).collect(),
                outputs: lists.1,
                s3_mounts: lists.2,
                datasets: lists.3,
                arguments: lists.4,
                env: lists.5,
                instance_types: lists.6,
                output_datasets: lists.7,
                image,
                python,
                shutdown: match shutdown {
                    (true, signal, timeout) => Shutdown {
                        is_on: true,
                        signal,
                        timeout,
                    },
                    _ => Shutdown::default(),
                },
                attach_project_disk,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_is_read_as_it_was(draft in drafts()) {
        let text = write("", &draft);
        prop_assert_eq!(read(&text).draft, draft, "{}", text);
    }

    #[test]
    fn a_changed_file_says_the_change_and_keeps_its_comments(before in drafts(), after in drafts()) {
        let text = write("", &before);
        let text = format!("# head\n{text}# foot\n");
        let changed = write(&text, &after);
        prop_assert_eq!(read(&changed).draft, after, "{}\nfrom\n{}", changed, text);
        prop_assert!(changed.starts_with("# head\n") && changed.contains("# foot\n"), "{}\nfrom\n{}", changed, text);
    }

    #[test]
    fn garbage_is_read_without_a_fall(text in "[a-z:\\-# \n\t\\[\\]{}&*!|>'\"%@`,?\u{feff}\u{0}-]{0,80}", draft in drafts()) {
        let _ = read(&text);
        let written = write(&text, &draft);
        prop_assert_eq!(read(&written).draft.cmd, draft.cmd);
    }

    #[test]
    fn broken_files_are_read_without_a_fall(at in 0..WHOLE.len(), with in "[ -~\n]{0,3}") {
        let mut text = WHOLE.to_owned();
        text.replace_range(at..at + 1, &with);
        let reading = read(&text);
        let _ = write(&text, &reading.draft);
    }
}
