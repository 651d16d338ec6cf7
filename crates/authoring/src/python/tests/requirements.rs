//! Packages that are to be installed.

use super::*;

#[test]
fn what_may_fail_is_optional_and_what_it_needs_too() {
    let found = needs(
        "python main.py",
        &[
            (
                "main.py",
                "try:\n    import ujson as json\n    from fancy import show\nexcept ImportError:\n    import json\n\
                 try:\n    import rich\n    from . import gone\nexcept Exception:\n    pass\n",
            ),
            ("fancy.py", "import rich\nimport textual\nimport plain\n"),
            ("plain.py", "import fancy\nx = (\n"),
        ],
    );
    assert_eq!(packages(&found), ["rich?", "textual?", "ujson?"]);
    assert_eq!(local(&found), ["fancy.py <main.py:3", "plain.py <fancy.py:3"]);
    assert!(matches!(found.problems[..], [Misread::Syntax { .. }]));
    let firm = needs(
        "python main.py",
        &[(
            "main.py",
            "try:\n    import rich\nexcept ImportError: pass\nimport rich\n",
        )],
    );
    assert_eq!(packages(&firm), ["rich"]);
    assert_eq!(firm.requirements[0].at.as_ref().map(|at| at.line), Some(4));
}

#[test]
fn the_version_and_the_library_decide() {
    let text = "\
from __future__ import annotations
import sys, __main__
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import pandas
if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib
import distutils.core
";
    let mut program = program("python main.py", &[], &[("main.py", text)]);
    assert_eq!(packages(&read(&program)), Vec::<String>::new());
    program.minor = 10;
    assert_eq!(packages(&read(&program)), ["tomli"]);
    program.minor = 12;
    assert_eq!(packages(&read(&program)), ["distutils"]);
}

#[test]
fn broken_files_are_told_and_read_as_far_as_they_go() {
    let found = needs(
        "python main.py",
        &[
            ("main.py", "\u{feff}import old\r\nimport half\r\nimport latin\r\n"),
            ("old.py", "import six\nprint 'x'\n"),
            ("half.py", "import flask\ndef x(:\n"),
            ("latin.py", "# -*- coding: latin-1 -*-\nname = '\u{fffd}'\nimport bs4\n"),
        ],
    );
    assert_eq!(packages(&found), ["beautifulsoup4", "flask", "six"]);
    let places = found.problems.iter().map(|problem| match problem {
        Misread::Syntax { at, .. } => (at.path.as_str(), at.line),
        other => panic!("{other}"),
    });
    assert_eq!(places.collect::<Vec<_>>(), [("half.py", 2), ("old.py", 2)]);
}

#[test]
fn packages_that_share_a_name() {
    let found = needs(
        "python main.py",
        &[(
            "main.py",
            "from google.cloud import storage, bigquery\nfrom google import genai\nimport google.protobuf.message\n\
             import win32api, pythoncom\nimport importlib\nimportlib.import_module('sklearn.svm')\n",
        )],
    );
    assert_eq!(
        packages(&found),
        [
            "google-cloud-bigquery",
            "google-cloud-storage",
            "google-genai",
            "protobuf",
            "pywin32",
            "scikit-learn"
        ]
    );
}
