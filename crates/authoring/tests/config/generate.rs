//! Configurations of every kind, good and bad: written by a grammar, made of fragments, and changed at random.

use crate::random::Random;

const TEXTS: &[&str] = &[
    "a",
    "python main.py",
    "3.10",
    "yes",
    "line\nline",
    "a \\\nb",
    "a\n\nb\n \nc\n\n",
    "  deep\nflat\n  deep",
    "echo ${A}",
    " x ",
    "x ",
    "it's",
    "\\",
    "a:b",
    "http://x:1/y",
    "a,b",
    "ж",
    "trail \n x\n",
    "~",
    "null",
    "012",
    "1e3",
    "a: b",
    "a #b",
    "\u{a0}x\u{a0}",
    "a\u{2028}b",
    "\u{85}x",
    "\u{1b}[0m",
    "\u{1c}x\u{1f}",
    "😀",
    "\"q\"",
    "a\tb",
    "\ta",
    "x\r\ny",
    "x\ry",
    "",
    "\n\nx",
    "echo ${A} ${B}",
    "${A}${A}",
    "${HOME:-/nowhere}",
    "bash -lc 'echo ${#a}'",
    "${}",
    "${}}",
    "${A b} x",
    "${\nA}",
    "${A",
    "$A {A}",
    "${DS_PROJECT_HOME}",
    "${a^b}",
    "#c",
    "- x",
    "a\u{2029}",
    "<<",
    "*a",
    "&a",
    "!t",
    "%d",
    "@x",
    "`x`",
    "{x}",
    "[x]",
    "a]b",
    "?",
    "? x",
    ":",
    "::",
    "-",
    "---",
    "...",
    "--- x",
    "|",
    ">",
    "\u{feff}x",
    "\u{7}",
    "\u{0}",
    "\u{7f}",
    "e\u{301}",
    "\u{d}",
    "a\u{b}b\u{c}",
];
const PATHS: &[&str] = &[
    "a", "b/c", "./a", "a/", "a//b", "b/./c", "out", "out/x", "../x", "/tmp/x", "x..y", ".", "", " a", "a b", "ж.txt",
    "in.csv", "b", "data", "data/x",
];
const MORE_PATHS: &[&str] = &["./", "a/../b", "a/..", "/tmp", "/", "b", "out"];
const NAMES: &[&str] = &[
    "A",
    "B",
    "IN",
    "X",
    "a-b",
    "a_b",
    "A",
    "B",
    "",
    " A",
    "a b",
    "A.B",
    "DS_PROJECT_HOME",
    "ж",
    "a^b",
];
const IDS: &[&str] = &[
    "bt1aaaaaaaaaaaaaaaaa",
    "bt1bbbbbbbbbbbbbbbbb",
    "bt1aaaaaaaaaaaaaaaaa",
    "short",
    "BT1aaaaaaaaaaaaaaaaa",
];
const SIZES: &[&str] = &[
    "150Gb",
    "150 GB",
    "99Gb",
    "1_50gb",
    "+150GB",
    "-1Gb",
    "102401 mb",
    "1.5Tb",
    "1Pb",
    "",
    "many",
    "1024",
    "2Gb",
];
const TIMES: &[&str] = &["1m30s", "5s", "", "1d2h3m4s5ms", "5", "soon", "1s1m", " 5s", "0s"];
const HEADERS: &[&str] = &[
    "|", ">", "|-", ">-", "|+", ">+", "|2", ">2", "|2-", ">-2", ">1", "|9", "|0", "|10", "> # c", "|# c", ">\t", "|-+",
    "> x",
];
const BEFORE: &[&str] = &[
    "&n ", "!!str ", "!!int ", "!own ", "!a!b ", "!<x> ", "! ", "*n ", "&n !t ", "!!x &m ", "&n &m ", "!t !t ",
];
const FRAGMENTS: &[&str] = &[
    "<<: *n\n",
    "  <<: *n\n",
    "base: &n\n  A: 1\n",
    "base: &n [a, b]\n",
    "---\n",
    "...\n",
    "--- # c\n",
    "%YAML 1.1\n---\n",
    "%YAML 1.2\n---\n",
    "%YAML 2.0\n---\n",
    "%TAG ! x:\n---\n",
    "%TAG !e! x:\n---\n",
    "%X y\n---\n",
    "? a\n: b\n",
    "? [a]\n: b\n",
    "? a\n",
    "{a: b}: c\n",
    "[a]: c\n",
    "*n : c\n",
    "a: {b: c, d}\n",
    "a: [b, c: d, ? e]\n",
    "a: [b,]\n",
    "a: [,b]\n",
    "a: {b: c,}\n",
    "a: {? b : c}\n",
    "a: {'b':c}\n",
    "a: [a\n b]\n",
    "a: [a\n]\n",
    "a: {\n}\n",
    "a: 'x\n y'\n",
    "a: \"x\\\n  y\"\n",
    "a:\n- b\n",
    "a:\n- b\n-\n",
    "a:\n  -\n",
    "a: - b\n",
    "a:\n",
    "a :b\n",
    "a : b\n",
    "'a': b\n",
    "\"a\\n\": b\n",
    "a: b: c\n",
    "a: b\n c: d\n",
    "  a: b\n",
    "# c\n",
    " # c\n",
    "\t# c\n",
    "a: b# c\n",
    "a: b # c\n",
    "a: #c\n",
    "\u{feff}",
    "\r",
    "\u{85}",
    "\u{2028}",
    "a: |\n  x\n y\n",
    "a: >\n\n\n  x\n    y\n  z\n",
    "a: |\n\tx\n",
    "a: >\n  x\n\n    y\n\n  z\n",
    "a: |\n    x\n  y\n",
    "a: >+\n  x\n\n\n",
    "a: >-\n  x\n\n\n",
    "a: \"\\q\"\n",
    "a: \"\\x4\"\n",
    "a: \"\\ud83d\\ude00\"\n",
    "a: \"\\U0001F600\\_\\N\\L\\P\\e\\0\\/\"\n",
    "a: \"\\U00110000\"\n",
    "name: \"\\uD800\"\n",
    "a: *nowhere\n",
    "a: &n [*n]\n",
    "a: &n x\nb: &n y\nc: *n\n",
    "cmd: b\n",
    "a: !!binary x\n",
    "a: !<tag:x> y\n",
    "a: !x%41 y\n",
    "a: !x%ff y\n",
    "a: @x\n",
    "a: `x\n",
    "a: %x\n",
    "a: &\n",
    "a: * x\n",
    "a: !\n",
    "a: ?x\n",
    "a: :x\n",
    "a: -x\n",
];
const LETTERS: &[&str] = &[
    " ", "  ", "\n", "a", ": ", "- ", "'", "\"", "\n\n", "\r\n", "\r", "\u{85}", "\u{2028}", "\u{a0}", "#", " #", "A",
    "0", "2", "=", "ж", "😀", ",", ":", "-", "?", "[", "]", "{", "}", "&", "*", "!", "|", ">", "%", "@", "`", "$",
    "${", "~", "\\", "\t", "? ", "<<", "\u{2029}", "\u{feff}", "\u{1}", "\u{0}", "\u{7f}", "\u{fffe}",
];

/// Files that follow from `seed`.
pub(crate) fn files(seed: u64, count: usize, known: &[&str]) -> Vec<String> {
    let mut random = Random(seed.wrapping_mul(0x1000_0000_01b3));
    (0..count).map(|_| file(&mut random, known)).collect()
}

fn file(random: &mut Random, known: &[&str]) -> String {
    let mut text = match random.below(8) {
        0 => random.of(known).to_owned(),
        1 if random.once_in(2) => soup(random),
        1 | 2 => fragments(random),
        _ => config(random),
    };
    let changes = [0, 0, 0, 0, 0, 1, 1, 2, 4][random.below(9)];
    for _ in 0..changes {
        text = changed(random, &text, known);
    }
    text
}

/// Signs in no order.
fn soup(random: &mut Random) -> String {
    let length = 1 + random.below(14);
    let signs: String = (0..length).map(|_| random.of(LETTERS)).collect();
    match random.below(3) {
        0 => signs,
        1 => format!("cmd: a\nx: {signs}\n"),
        _ => format!("cmd: {signs}"),
    }
}

fn fragments(random: &mut Random) -> String {
    let mut text = String::new();
    let command = random.below(3);
    for place in 0..1 + random.below(4) {
        if place == command {
            text.push_str("cmd: a\n");
        }
        text.push_str(random.of(FRAGMENTS));
    }
    if command > 0 && random.below(8) > 0 {
        text.push_str("cmd: a\n");
    }
    text
}

fn config(random: &mut Random) -> String {
    let mut sections = vec![command(random)];
    if !random.once_in(3) {
        sections.push("args: {A: 1, B: '2'}\n".to_owned());
    }
    let all: [fn(&mut Random) -> String; 14] = [
        label, paths, paths, mounts, arguments, variables, variables, image, python, flags, instances, storage,
        datasets, ending,
    ];
    for _ in 0..random.below(5) {
        sections.push(all[random.below(all.len())](random));
    }
    let turns = random.below(sections.len());
    sections.rotate_left(turns);
    sections.concat()
}

/// A text behind `key: ` or `- `, in any style. `indent` is the column of the key or dash.
fn scalar(random: &mut Random, text: &str, indent: usize) -> String {
    let before = if random.once_in(20) { random.mostly(BEFORE) } else { "" };
    let is_simple = text
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || " ./".contains(letter));
    let written = match random.below(if is_simple { 12 } else { 6 }) {
        0 => single(random, text, indent),
        1 | 2 => double(random, text, indent),
        3 | 4 => block(random, text, indent),
        _ => text.replace('\n', &format!("\n{}", " ".repeat(indent + random.below(4)))),
    };
    format!("{before}{written}")
}

fn single(random: &mut Random, text: &str, indent: usize) -> String {
    let lines = text
        .replace('\'', "''")
        .replace('\n', &format!("\n{}", " ".repeat(indent * random.below(3))));
    format!("'{lines}'")
}

fn double(random: &mut Random, text: &str, indent: usize) -> String {
    let mut written = String::from('"');
    for letter in text.chars() {
        let code = u32::from(letter);
        match (letter, random.below(12)) {
            ('"' | '\\', _) => written.extend(['\\', letter]),
            ('\n', 0..=6) => written.push_str("\\n"),
            ('\n', _) => written.push_str(&format!("\n{}", " ".repeat(indent))),
            ('\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}', 0..=10) => written.push_str(&format!("\\x{code:02x}")),
            (_, 0) => written.push_str(&format!("\\U{code:08X}")),
            (_, 1) if code < 0x1_0000 => written.push_str(&format!("\\u{code:04x}")),
            (_, 2) => written.push_str(&format!("\\\n{}{letter}", " ".repeat(indent))),
            (letter, _) => written.push(letter),
        }
    }
    written.push('"');
    written
}

fn block(random: &mut Random, text: &str, indent: usize) -> String {
    let header = random.mostly(HEADERS);
    let pad = indent + [1, 2, 2, 2, 4, 0][random.below(6)];
    let mut written = header.to_owned();
    for line in text.split('\n') {
        let more = [0, 0, 0, 0, 1, 2][random.below(6)];
        written.push('\n');
        if !line.is_empty() || random.once_in(3) {
            written.push_str(&" ".repeat(pad + more));
        }
        written.push_str(line);
        if random.once_in(6) {
            written.push('\n');
        }
    }
    written
}

fn text(random: &mut Random, indent: usize) -> String {
    let text = if random.once_in(2) {
        random.of(TEXTS)
    } else {
        random.mostly(TEXTS)
    };
    scalar(random, text, indent)
}

fn one(random: &mut Random, choices: &[&str], indent: usize) -> String {
    let text = if random.once_in(3) {
        random.of(choices)
    } else {
        random.mostly(choices)
    };
    if random.once_in(6) {
        scalar(random, text, indent)
    } else {
        text.to_owned()
    }
}

fn command(random: &mut Random) -> String {
    if random.once_in(4) {
        "cmd: echo ${A}\n".to_owned()
    } else {
        format!("cmd: {}\n", text(random, 0))
    }
}

fn label(random: &mut Random) -> String {
    format!(
        "{}: {}\n",
        random.of(&["name", "desc", "other", "name", "'name'", "spark", "env"]),
        text(random, 0)
    )
}

fn listed(random: &mut Random, key: &str, item: impl Fn(&mut Random) -> String) -> String {
    let indent = " ".repeat([0, 2, 2, 4][random.below(4)]);
    let mut written = format!("{key}:\n");
    for _ in 0..[1, 1, 2, 2, 3, 0][random.below(6)] {
        written.push_str(&format!("{indent}- {}\n", item(random)));
    }
    written
}

fn path(random: &mut Random, paths: &[&str]) -> String {
    let path = one(random, paths, 4);
    let var = one(random, NAMES, 4);
    match random.below(9) {
        0..=2 => path,
        3..=5 => format!("{path}: {var}"),
        6 => format!("{path}: {{var: {var}}}"),
        7 => format!("{{{path}: {{var: X, {}: {var}}}}}", random.of(&["var", "war"])),
        _ => format!("{{{path}: {var}, {}: B}}", random.of(&["a", "b"])),
    }
}

fn paths(random: &mut Random) -> String {
    let key = random.of(&["inputs", "outputs"]).to_owned();
    listed(random, &key, |random| {
        let paths = if random.once_in(4) { MORE_PATHS } else { PATHS };
        path(random, paths)
    })
}

fn mounts(random: &mut Random) -> String {
    let key = random.of(&["s3-mounts", "datasets"]).to_owned();
    listed(random, &key, |random| path(random, IDS))
}

fn arguments(random: &mut Random) -> String {
    let mut written = "args:\n".to_owned();
    for _ in 0..1 + random.below(3) {
        written.push_str(&format!("  {}: {}\n", one(random, NAMES, 2), text(random, 2)));
    }
    written
}

fn variables(random: &mut Random) -> String {
    let dash = random.of(&["  - ", "  - ", "- ", "    "]).to_owned();
    let mut written = "env:\n  vars:\n".to_owned();
    for _ in 0..1 + random.below(3) {
        match random.below(7) {
            0 => written.push_str(&format!(
                "{dash}{}\n",
                random.of(&["PRESENT", "ABSENT_HERE", "PRESENT"])
            )),
            1 => written.push_str(&format!("{dash}A: 1\n    B: {}\n", text(random, 4))),
            2 => written.push_str(&format!("{dash}{{A: 1, A: 2, <<: x}}\n")),
            3 => written.push_str(&format!("{dash}<<: *n\n    B: 1\n")),
            _ => written.push_str(&format!("{dash}{}: {}\n", one(random, NAMES, 4), text(random, 4))),
        }
    }
    written
}

fn image(random: &mut Random) -> String {
    random
        .mostly(&[
            "env:\n  docker: abc\n",
            "env: {docker: }\n",
            "env:\n  docker:\n    image: x\n    username: u\n    password:\n      secret-id: S\n",
            "env:\n  docker: {image: x, password: plain}\n",
            "env:\n  docker: {image: x, password: }\n",
            "env:\n  docker: {image: x, password: []}\n",
            "env:\n  docker: {image: [x]}\n",
            "env: {docker: [a]}\n",
            "env: docker\n",
            "env: [vars]\n",
            "env: [x]\n",
            "env: {docker: {image: x, username: }}\n",
        ])
        .to_owned()
}

fn python(random: &mut Random) -> String {
    let mut written = format!(
        "env:\n  python:\n    type: {}\n",
        random.of(&["manual", "manual", "auto", "other"])
    );
    let lines = [
        "    version: 3.10\n",
        "    version: 3.11.4\n",
        "    version: ' 3.10'\n",
        "    version: 2.7\n",
        "    version: []\n",
        "    version:\n",
        "    requirements-file: r.txt\n",
        "    requirements-file:\n",
        "    requirements-file: [x]\n",
        "    root-paths: [x.py]\n",
        "    root-paths:\n",
        "    root-paths: x.py\n",
        "    root-paths: [[x]]\n",
        "    root-paths: {}\n",
        "    local-paths: [lib]\n",
        "    local-paths: {a: b}\n",
        "    pip:\n",
        "    pip: none\n",
        "    pip: {index-url: https://x, no-deps: true}\n",
        "    pip: {extra-index-urls: [a, b], trusted-hosts: []}\n",
        "    pip: {extra-index-urls: }\n",
        "    pip: {no-deps: yes}\n",
        "    pip: [no-deps]\n",
        "    pip: my index-url\n",
        "    pip: {index-url: [x]}\n",
    ];
    for _ in 0..random.below(4) {
        written.push_str(random.of(&lines));
    }
    written
}

fn flags(random: &mut Random) -> String {
    random
        .mostly(&[
            "flags: [attach-project-disk]\n",
            "flags:\n",
            "flags: [x]\n",
            "flags: [[x]]\n",
            "flags:\n- attach-project-disk\n- attach-project-disk\n",
            "flags: {}\n",
        ])
        .to_owned()
}

fn instances(random: &mut Random) -> String {
    random
        .mostly(&[
            "cloud-instance-type: g1.1\n",
            "cloud-instance-types: [g1.1, c1.8]\n",
            "cloud-instance-types: []\ncloud-instance-type: c1.8\n",
            "cloud-instance-types: g1.1\ncloud-instance-type: c1.8\n",
            "cloud-instance-types: {a: b}\n",
            "cloud-instance-types: [[a]]\n",
            "cloud-instance-types: ['', a]\n",
            "cloud-instance-type:\n",
        ])
        .to_owned()
}

fn storage(random: &mut Random) -> String {
    let size = one(random, SIZES, 2);
    let kind = random.mostly(&["", "  type: SSD\n", "  type: HDD\n", "  type: 'SSD '\n", "  type:\n"]);
    format!("working-storage:\n{kind}  size: {size}\n")
}

fn datasets(random: &mut Random) -> String {
    listed(random, "output-datasets", |random| {
        let name = random.of(&["d", "e", "''", "' d'"]);
        let labels = random.of(&[
            "",
            ", labels: {a: b}",
            ", labels: {a: 'b,c=d', 'e=': '\\'}",
            ", labels: ",
            ", labels: {a: [b]}",
            ", labels: {a: b, a: c}",
        ]);
        let more = random.of(&["", ", description: x", ", description: [x]", ", unknown: x"]);
        format!(
            "{{name: {name}, var: {}, size: {}{labels}{more}}}",
            random.mostly(NAMES),
            random.mostly(SIZES)
        )
    })
}

fn ending(random: &mut Random) -> String {
    let time = one(random, TIMES, 2);
    let signal = random.of(&[
        "",
        "  signal: SIGINT\n",
        "  signal: SIGKILL\n",
        "  signal: ' SIGINT'\n",
        "  signal:\n",
        "  signal: [x]\n",
    ]);
    match random.below(4) {
        0 => format!(
            "spark: {}\n",
            random.of(&[
                "{connector: x}",
                "{connector: {id: x}}",
                "{connector: }",
                "{}",
                "x",
                "{connector: {ID: x}}",
                "{connector: {id: [x]}}"
            ])
        ),
        _ => format!("graceful-shutdown:\n{signal}  timeout: {time}\n"),
    }
}

/// A text with one change.
fn changed(random: &mut Random, text: &str, known: &[&str]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let line = random.below(lines.len());
    match random.below(12) {
        0..=3 => {
            let at = random.below(letters.len() + 1);
            letters.splice(at..at, random.mostly(LETTERS).chars());
            return letters.into_iter().collect();
        }
        4 => {
            let at = random.below(letters.len() + 1);
            let end = (at + 1 + random.below(3)).min(letters.len());
            letters.drain(at..end.max(at));
            return letters.into_iter().collect();
        }
        5 => lines[line].insert_str(0, random.of(&[" ", "  ", "\t", "   "])),
        6 => lines[line] = lines[line].trim_start_matches(' ').to_owned(),
        7 => {
            let copy = lines[line].clone();
            lines.insert(random.below(lines.len()), copy);
        }
        8 => drop(lines.remove(line)),
        9 => {
            let other = random.of(known).split('\n').collect::<Vec<_>>();
            lines.insert(line, random.of(&other).to_owned());
        }
        10 => lines.insert(line, random.of(FRAGMENTS).trim_end().to_owned()),
        _ => {
            let other = random.below(lines.len());
            lines.swap(line, other);
        }
    }
    lines.join("\n")
}
