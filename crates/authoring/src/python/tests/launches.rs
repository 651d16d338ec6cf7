//! Ways to start a program.

use super::*;

#[test]
fn a_module_that_is_run_is_sent_with_its_package() {
    let files = [
        ("pkg/__init__.py", "import click\n"),
        ("pkg/__main__.py", "from .cli import run\n"),
        ("pkg/cli.py", "if __name__ == '__main__':\n    import rich\n"),
        ("tool.py", "import pkg\n"),
    ];
    let found = needs("python -m pkg", &files);
    assert_eq!(found.main.as_deref(), Some("pkg/__main__.py"));
    assert_eq!(local(&found), ["pkg <the command"]);
    assert_eq!(packages(&found), ["click"]);
    let found = needs("python -u -m pkg.cli", &files);
    assert_eq!(found.main.as_deref(), Some("pkg/cli.py"));
    assert_eq!(packages(&found), ["click", "rich"]);
    let found = needs("python -m tool", &files);
    assert_eq!(found.main.as_deref(), Some("tool.py"));
    assert_eq!(local(&found), ["pkg <tool.py:1"]);
    assert_eq!(
        problems(&needs("python -m pkg.gone", &files)),
        ["the command runs pkg.gone, which is not among the files"]
    );
}

#[test]
fn a_launcher_needs_root_paths() {
    let files = [
        (
            "src/train.py",
            "import helper\nimport torch\nimport shared\nfrom src import other\n",
        ),
        ("src/helper.py", "from train import x\n"),
        ("src/other.py", ""),
        ("shared.py", ""),
    ];
    assert_eq!(needs("torchrun src/train.py", &files).problems, [Misread::NoMain]);
    let found = read(&program(
        "torchrun src/train.py",
        &["./src/train.py", "gone.py"],
        &files,
    ));
    assert_eq!(found.main, None);
    assert_eq!(
        local(&found),
        [
            "shared.py <src/train.py:3",
            "src <src/train.py:4",
            "src/helper.py <src/train.py:1",
            "src/train.py <src/helper.py:1"
        ]
    );
    assert_eq!(packages(&found), ["torch"]);
    assert_eq!(problems(&found), ["gone.py of root-paths is not among the files"]);
    let found = read(&program(
        "python -m torch.distributed.run src/train.py",
        &["src/train.py"],
        &files,
    ));
    assert_eq!(packages(&found), ["torch"]);
    assert_eq!(found.requirements[0].at, None);
    assert_eq!(found.problems, []);
    let alone = needs("python -m http.server", &files);
    assert_eq!((alone.problems, alone.requirements), (vec![Misread::NoMain], vec![]));
}

#[test]
fn a_script_with_a_shebang() {
    let found = needs(
        "./bin/run --fast",
        &[
            ("bin/run", "#!/usr/bin/env python3\r\nimport lib\r\nimport requests\r\n"),
            ("lib.py", ""),
        ],
    );
    assert_eq!(found.main.as_deref(), Some("bin/run"));
    assert_eq!(local(&found), ["lib.py <bin/run:2"]);
    assert_eq!(packages(&found), ["requests"]);
}

#[test]
fn a_command_of_no_python_and_one_of_a_missing_file() {
    assert_eq!(needs("make all", &[]).problems, [Misread::NoMain]);
    assert_eq!(
        problems(&needs("cd src && python main.py", &[("main.py", "")])),
        ["the command runs src/main.py, which is not among the files"]
    );
    let outside = needs("python ../x.py", &[("../x.py", "import a\n")]);
    assert_eq!(
        problems(&outside),
        ["the command runs ../x.py, which is not among the files"]
    );
}

#[test]
fn a_module_that_is_run_is_looked_for_where_the_command_says() {
    let files = [
        ("src/own/__init__.py", ""),
        ("src/own/__main__.py", "from own.core import NAME\nimport rich\n"),
        ("src/own/core.py", ""),
    ];
    let needs = needs("PYTHONPATH=src python3 -m own", &files);
    assert_eq!(problems(&needs), Vec::<String>::new());
    assert_eq!(needs.main.as_deref(), Some("src/own/__main__.py"));
    assert_eq!(packages(&needs), ["rich"]);
}
