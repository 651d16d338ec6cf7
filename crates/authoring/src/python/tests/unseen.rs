//! What an import statement does not show.

use super::*;

/// `main.py:3 ComputedImport x.py`
fn unseen(needs: &Needs) -> Vec<String> {
    let said = needs.unseen.iter().map(|unseen| {
        let files: Vec<String> = unseen
            .additions
            .iter()
            .map(|file| format!(" {} {:?}", file.path, file.way))
            .collect();
        format!(
            "{}:{} {:?}{}",
            unseen.at.path,
            unseen.at.line,
            unseen.kind,
            files.concat()
        )
    });
    said.collect()
}

#[test]
fn names_and_programs_and_files_are_told_with_their_lines() {
    let text = "\
import os, subprocess, sys, importlib
importlib.import_module(f\"plugins.{sys.argv[1]}\")
__import__(name)
subprocess.run([sys.executable, \"worker.py\", str(3)])
os.system(\"python \" + name)
exec(open(\"setup_vars.py\").read())
open(os.path.join(os.path.dirname(__file__), \"data\", \"rows.csv\"))
subprocess.run([\"ls\", \"-l\"])
sys.path.append(os.environ[\"LIB\"])
open(\"nothing.txt\")
";
    let mut program = program(
        "python main.py",
        &[],
        &[
            ("main.py", text),
            ("worker.py", "import numpy\n"),
            ("setup_vars.py", ""),
            ("plugins/__init__.py", ""),
            ("plugins/one.py", "import rich\n"),
        ],
    );
    program.others = vec!["data/rows.csv".into()];
    let found = read(&program);
    assert_eq!(local(&found), ["plugins <main.py:2"]);
    assert_eq!(packages(&found), ["rich?"]);
    assert_eq!(
        unseen(&found),
        [
            "main.py:2 ComputedImport",
            "main.py:3 ComputedImport setup_vars.py Module worker.py Module",
            "main.py:4 StartedProgram worker.py Root",
            "main.py:5 StartedProgram",
            "main.py:6 ExecutedFile setup_vars.py Input",
            "main.py:7 NamedFile data/rows.csv Input",
            "main.py:9 SearchPath"
        ]
    );
    assert!(!found.is_all());
}

#[test]
fn data_beside_a_module_travels_beside_it() {
    let mut program = program(
        "python run/main.py",
        &[],
        &[
            ("run/main.py", "import sys\nsys.path.append('lib')\nimport tool\n"),
            (
                "lib/tool.py",
                "from pathlib import Path\nTABLE = Path(__file__).parent / 'tables' / 'a.json'\n",
            ),
        ],
    );
    program.others = vec!["lib/tables/a.json".into()];
    assert_eq!(unseen(&read(&program)), ["lib/tool.py:2 NamedFile lib/tables Module"]);
    program.added = vec!["lib/tables".into()];
    let added = read(&program);
    assert_eq!(unseen(&added), Vec::<String>::new());
    assert_eq!(local(&added), ["lib/tables <the command", "lib/tool.py <run/main.py:3"]);
}

#[test]
fn what_an_input_brings_is_not_called_missing() {
    let mut program = program(
        "python main.py",
        &[],
        &[
            (
                "main.py",
                "import sys\nsys.path.insert(0, 'src')\nimport pack\nopen('data/rows.csv')\nexec(open('more.py').read())\n",
            ),
            ("src/pack/__init__.py", "open('src/pack/words.txt')\n"),
            ("more.py", ""),
        ],
    );
    program.others = vec!["data/rows.csv".into(), "src/pack/words.txt".into()];
    assert_eq!(
        unseen(&read(&program)),
        [
            "main.py:4 NamedFile data/rows.csv Input",
            "main.py:5 ExecutedFile more.py Input",
        ]
    );
    program.inputs = vec!["data".into()];
    assert_eq!(unseen(&read(&program)), ["main.py:5 ExecutedFile more.py Input"]);
    program.inputs = vec![String::new()];
    assert_eq!(unseen(&read(&program)), Vec::<String>::new());
}

#[test]
fn cells_of_a_notebook_are_read() {
    let json = r#"{"cells": [{"cell_type": "code", "source": ["!pip install six==1.16 odd\n", "import six, helper\n", "%run other.py"]}]}"#;
    let found = needs(
        "jupyter nbconvert --execute work.ipynb",
        &[("work.ipynb", json), ("helper.py", ""), ("other.py", "")],
    );
    assert_eq!(found.main.as_deref(), Some("work.ipynb"));
    assert_eq!(
        (local(&found), packages(&found)),
        (vec!["helper.py <work.ipynb:2".into()], vec!["six".into()])
    );
    assert_eq!(
        unseen(&found),
        ["work.ipynb:1 Installation", "work.ipynb:3 ExecutedFile other.py Input"]
    );
    assert_eq!(found.unseen[0].packages, ["six==1.16", "odd"]);
    assert_eq!(found.unseen[0].at.cell, Some(1));
}

#[test]
fn what_cannot_be_read_is_named() {
    let mut program = program(
        "python main.py",
        &[],
        &[
            ("main.py", "import big, latin, own\n"),
            ("latin.py", "x = 1\ny = '\u{fffd}'\n"),
            ("own.py", "# coding: latin-1\ny = '\u{fffd}'\n"),
        ],
    );
    program.others = vec!["big.py".into()];
    let found = read(&program);
    assert_eq!(
        problems(&found),
        [
            "big.py could not be read",
            "latin.py, line 2: the file is not UTF-8 and names no encoding"
        ]
    );
    assert_eq!(packages(&found), Vec::<String>::new());
    assert_eq!(local(&found).len(), 3);
}
