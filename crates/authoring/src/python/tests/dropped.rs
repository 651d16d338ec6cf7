//! What was dropped comes before a stranger's package.

use super::*;

const SYS_PATH: &str = "\
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), \"..\", \"lib\"))

import utils
from models import net
";

#[test]
fn folders_of_sys_path_are_searched() {
    let found = needs(
        "python experiments/train.py",
        &[
            ("experiments/train.py", SYS_PATH),
            ("lib/utils.py", "import numpy\n"),
            ("lib/models/__init__.py", ""),
            ("lib/models/net.py", "LAYERS = 3\n"),
        ],
    );
    assert_eq!(
        local(&found),
        [
            "lib/models <experiments/train.py:7",
            "lib/utils.py <experiments/train.py:6"
        ]
    );
    assert_eq!(packages(&found), ["numpy"]);
    assert!(found.is_all() && !found.keeps_places, "{found:?}");
}

#[test]
fn folders_of_python_path_are_searched_and_kept() {
    let files = [
        ("run/a.py", "import utils\nfrom deep import x\n"),
        ("src/utils.py", ""),
        ("src/deep/x.py", ""),
    ];
    for (cmd, keeps) in [
        ("PYTHONPATH=src python run/a.py", true),
        ("export PYTHONPATH=$PWD/src:$PYTHONPATH; python run/a.py", false),
        ("cd run && PYTHONPATH=../src python a.py", true),
    ] {
        let found = needs(cmd, &files);
        assert_eq!(
            local(&found),
            ["src/deep <run/a.py:2", "src/utils.py <run/a.py:1"],
            "{cmd}"
        );
        assert_eq!((packages(&found), found.keeps_places), (vec![], keeps), "{cmd}");
    }
    let mut program = program("python run/a.py", &[], &files);
    program.python_path = "src".into();
    assert_eq!(packages(&read(&program)), Vec::<String>::new());
}

#[test]
fn compiled_modules_and_wheels_are_the_programs_own() {
    let mut program = program(
        "python main.py",
        &[],
        &[
            ("main.py", "import _ext\nfrom pkg import fast\nimport tool\n"),
            ("pkg/__init__.py", ""),
        ],
    );
    program.others = vec![
        "_ext.cpython-311-x86_64-linux-gnu.so".into(),
        "pkg/fast.cpython-39-darwin.so".into(),
        "wheels/tool-1.0-py3-none-any.whl".into(),
    ];
    let found = read(&program);
    assert_eq!(
        local(&found),
        [
            "_ext.cpython-311-x86_64-linux-gnu.so <main.py:1",
            "pkg <main.py:2",
            "wheels/tool-1.0-py3-none-any.whl <main.py:3"
        ]
    );
    assert_eq!(packages(&found), Vec::<String>::new());
    assert_eq!(
        problems(&found),
        ["pkg/fast.cpython-39-darwin.so is compiled for another system or another Python"]
    );
    let opaque = found.unseen.iter().filter(|unseen| unseen.kind == UnseenKind::Opaque);
    assert_eq!(opaque.count(), 3);
}

#[test]
fn a_name_that_fits_a_dropped_file_is_the_persons_to_decide() {
    let files = [
        (
            "main.py",
            "import utils\nimport requests\nimport secret\nimport six\nimport odd_name\n",
        ),
        ("old/utils.py", "import rich\n"),
        ("api/requests/__init__.py", ""),
    ];
    let mut program = program("python main.py", &[], &files);
    program.left_out = vec!["build/secret.py".into(), "venv/lib/site-packages/six.py".into()];
    let found = read(&program);
    assert_eq!(sure(&found), ["six"]);
    let rivals: Vec<(&str, Vec<&str>)> = found
        .requirements
        .iter()
        .map(|need| (need.package.as_str(), need.rivals.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(
        rivals,
        [
            ("odd_name", vec![]),
            ("requests", vec!["api/requests"]),
            ("secret", vec!["build/secret.py"]),
            ("six", vec![]),
            ("utils", vec!["old/utils.py"])
        ]
    );
    program.added = vec!["old/utils.py".into()];
    let chosen = read(&program);
    assert_eq!(local(&chosen), ["old/utils.py <the command"]);
    assert!(packages(&chosen).contains(&"rich".to_owned()) && !packages(&chosen).contains(&"utils".to_owned()));
}
