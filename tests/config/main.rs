//! Our reading of `config.yaml` beside the published client's own: what it takes is taken, with the same meaning, and
//! what it refuses is refused; whatever we write, it takes.

#![allow(clippy::unwrap_used)]

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use jobsphere::job::{
    config::{read, write},
    draft::{Draft, InputRow, PairRow, PathRow, Problem},
    rules::Rule,
};
use serde_json::{Value, json};

/// The published client's parser, in a process of its own.
struct Published {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Published {
    fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = std::env::var("JOBSPHERE_TEST_PYTHON")
            .unwrap_or_else(|_| root.join("target/venv/bin/python").display().to_string());
        let mut process = Command::new(&python)
            .arg(root.join("tests/config/published.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{python}: {error}; `cargo xtask test` sets it up"));
        Self {
            input: process.stdin.take().unwrap(),
            output: BufReader::new(process.stdout.take().unwrap()),
            process,
        }
    }

    fn judge(&mut self, text: &str) -> Value {
        writeln!(self.input, "{}", json!(text)).unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The draft of a text as somebody completes it who has the files and the values at hand.
fn completed(text: &str) -> Draft {
    let mut draft = read(text).draft;
    for (place, row) in draft.inputs.iter_mut().enumerate() {
        row.source = place as u64 + 1;
    }
    draft.python.brought.requirements = Some(String::new());
    for row in draft.env.iter_mut().filter(|row| row.is_asked && row.name == "PRESENT") {
        row.value = "here".into();
    }
    draft
}

fn refusals(text: &str) -> Vec<String> {
    let reading = read(text);
    let notes = reading.notes.iter().filter(|note| !note.misfit.is_warning());
    let mut said: Vec<String> = notes
        .map(|note| format!("line {}: {}", note.line, note.misfit))
        .collect();
    let problems = completed(text).problems("p").into_iter();
    said.extend(problems.map(|Problem { field, rule }| format!("{}: {rule}", field.id())));
    said
}

fn meaning(text: &str) -> Value {
    let draft = completed(text);
    let request = draft.to_request("p");
    let parameters = request.job_parameters.unwrap();
    let instances: Vec<_> = parameters
        .cloud_instance_types
        .iter()
        .map(|kind| kind.name.clone())
        .collect();
    let mut vars: Vec<_> = parameters.env.unwrap().vars.into_iter().collect();
    vars.sort();
    json!({
        "name": draft.name,
        "cmd": parameters.cmd,
        "inputs": draft.inputs.iter().map(|row| json!([row.path, row.var])).collect::<Vec<_>>(),
        "outputs": draft.outputs.iter().map(|row| json!([row.path, row.var])).collect::<Vec<_>>(),
        "args": draft.arguments.iter().map(|row| json!([row.name, row.value])).collect::<Vec<_>>(),
        "vars": vars,
        // Where none is given the published client itself writes down the smallest.
        "instances": if instances.is_empty() { json!(["c1.4"]) } else { json!(instances) },
        "storage": parameters.extended_working_storage.map_or(0, |storage| storage.size_gb),
    })
}

const TAKEN: &[&str] = &[
    "cmd: true\n",
    "cmd: >\n  python main.py\n  --in ${IN}\ninputs:\n  - data/in.csv: IN\n",
    "cmd: |\n  set -e\n\n  echo ${A}\nargs:\n  A: 3.10\n",
    "cmd: a\nname:\ndesc:\nenv:\n",
    "cmd: a\nversion: 3.10\nunknown: {deep: [1]}\n",
    "cmd: a ${X} ${Y}\ninputs:\n  - p: X\noutputs:\n  - q: {var: Y}\n",
    "cmd: a\nenv:\n  vars:\n    - PRESENT\n    - B: yes\n    - C: 012\n",
    "cmd: a\nenv:\n  vars:\n    OLD: form\n    B: 1e3\n",
    "cmd: a\r\ninputs:\r\n  - b\r\nname: \"x\\ty\"\r\n",
    "\u{feff}cmd: a\n",
    "inputs: &in [a, b]\ncmd: x\noutputs: *in\n",
    "cmd: a ${DS_PROJECT_HOME}\nflags:\n  - attach-project-disk\n",
    "cmd: ls ${bt1aaaaaaaaaaaaaaaaa} ${B}\ns3-mounts:\n  - bt1aaaaaaaaaaaaaaaaa\ndatasets:\n  - bt1bbbbbbbbbbbbbbbbb: B\n",
    "cmd: a\ncloud-instance-type: g1.1\n",
    "cmd: a\ncloud-instance-types: [g1.1, c1.8]\n",
    "cmd: a\nworking-storage:\n  size: 150.5GB\n  type: SSD\n",
    "cmd: a\nworking-storage: {size: 102401 mb}\n",
    "cmd: a\ngraceful-shutdown: {timeout: 1m30s}\n",
    "cmd: a\nspark: {connector: {id: x}}\n",
    "cmd: a\nenv:\n  docker: abc\n",
    "cmd: a\nenv:\n  docker: {image: x, password: {secret-id: y}}\n",
    "cmd: a\nenv:\n  python:\n    type: manual\n    version: 3.11.4\n    requirements-file: r.txt\n    local-paths: [x.py]\n",
    "cmd: a\noutput-datasets:\n  - {name: d, var: D, size: 2Gb, labels: {a: b}}\n",
    "cmd: 'a # b' # c\nname: \"\\u0416\"\n",
    "# only\n---\ncmd: a\n...\n",
    "cmd: a\ncmd: b\n",
    "? cmd\n: a\n",
    "cmd: !!str 5\n",
];

const REFUSED: &[&str] = &[
    "",
    "# nothing\n",
    "cmd: ''\n",
    "name: a\n",
    "[a]\n",
    "cmd: a\n\tname: b\n",
    "cmd: a\nname:\tb\n",
    "cmd: a: b\n",
    "cmd: a\nname: [b\n",
    "cmd: a\ninputs:\n",
    "cmd: a\ninputs: x\n",
    "cmd: a\nargs:\n",
    "cmd: a\nargs: [x]\n",
    "cmd: a\nargs: {x: [y]}\n",
    "cmd: a\nflags: attach-project-disk\n",
    "cmd: a ${X}\n",
    "cmd: a ${DS_PROJECT_HOME}\n",
    "cmd: a\ninputs: [p: {war: X}]\n",
    "cmd: a\ninputs:\n  - {p: X, q: Y}\n",
    "cmd: a\ninputs:\n  - p: X\noutputs:\n  - q: X\n",
    "cmd: a\ninputs:\n  - p: DS_PROJECT_HOME\n",
    "cmd: a\ninputs:\n  - p: a b\n",
    "cmd: a\noutputs: [/tmp/x]\n",
    "cmd: a\noutputs: [../x]\n",
    "cmd: a\noutputs: [x..y]\n",
    "cmd: a\noutputs: [x, x]\n",
    "cmd: a\noutputs: [x, x/y]\n",
    "cmd: a\ninputs: [x, x]\n",
    "cmd: a\ns3-mounts: [short]\n",
    "cmd: a\nenv: {vars: [ABSENT_HERE]}\n",
    "cmd: a\nenv: {vars: [A: [b]]}\n",
    "cmd: a\nenv: {docker: {image: x, password: plain}}\n",
    "cmd: a\nenv: {docker: {username: x}}\n",
    "cmd: a\nenv: {python: conda}\n",
    "cmd: a\nenv: {python: {version: 3.10}}\n",
    "cmd: a\nenv: {python: {type: other}}\n",
    "cmd: a\nenv: {python: {type: manual, version: 2.7, requirements-file: r, local-paths: [x]}}\n",
    "cmd: a\nenv: {python: {type: manual, root-paths: [x], local-paths: [y]}}\n",
    "cmd: a\nworking-storage: {size: 10Gb}\n",
    "cmd: a\nworking-storage: {size: many}\n",
    "cmd: a\nworking-storage: {type: HDD, size: 200Gb}\n",
    "cmd: a\nworking-storage: {}\n",
    "cmd: a\ngraceful-shutdown: {timeout: soon}\n",
    "cmd: a\ngraceful-shutdown: {signal: SIGKILL}\n",
    "cmd: a\ngraceful-shutdown: yes\n",
    "cmd: a\nspark: {}\n",
    "cmd: a\noutput-datasets: [{name: d, var: D}]\n",
    "cmd: a\noutput-datasets: [{name: d, var: D, size: 1Gb}, {name: d, var: E, size: 1Gb}]\n",
    "cmd: a\n---\ncmd: b\n",
    "cmd: *nowhere\n",
];

#[test]
fn what_the_published_client_takes_is_taken_and_means_the_same() {
    let mut published = Published::start();
    for text in TAKEN {
        let judged = published.judge(text);
        if let Some(refused) = judged.get("refused") {
            assert!(
                !refusals(text).is_empty(),
                "it refuses ({refused}) what we take:\n{text}"
            );
            continue;
        }
        assert_eq!(refusals(text), [""; 0], "{text}");
        assert_eq!(meaning(text), judged, "{text}");
    }
}

#[test]
fn what_the_published_client_refuses_is_refused() {
    let mut published = Published::start();
    for text in REFUSED {
        let judged = published.judge(text);
        assert!(judged.get("refused").is_some(), "it takes:\n{text}{judged}");
        assert!(
            !refusals(text).is_empty(),
            "we take what it refuses ({judged}):\n{text}"
        );
    }
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
                source: 1,
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
        let judged = published.judge(&written);
        assert_eq!(judged, meaning(&written), "{written}");
        assert_eq!(judged["name"], *text);
    }
}
