//! What files say is to be installed.

use super::*;

fn lines(files: &[(&str, &str)]) -> Declared {
    needs("cd app && python main.py", files).declared.unwrap()
}

fn lost(declared: &Declared) -> Vec<String> {
    let lost = declared.lost.iter();
    lost.map(|lost| format!("{}:{} {:?}", lost.at.path, lost.at.line, lost.kind))
        .collect()
}

#[test]
fn a_requirements_file_outranks_imports_with_all_that_it_says() {
    let declared = lines(&[
        ("app/main.py", "import tabulate\n"),
        (
            "app/requirements.txt",
            "\u{feff}# ours\n-i https://index.example/simple\n--extra-index-url=https://more.example/simple\n-r more.txt\n\
             tabulate == 0.9.0 # pinned\nnumpy; python_version < '3.13'\nuvicorn[standard]\n-c constraints.txt\n\
             git+https://x.example/y.git@v1#egg=why\n-e ./lib\nsix==1.16.0 \\\n    --hash=sha256:00\n--pre\n-r gone.txt\n",
        ),
        ("app/more.txt", "rich>=13\n-r requirements.txt\n"),
        ("app/constraints.txt", "numpy==2.1.0\nidna==3.7\n"),
        ("requirements.txt", "wrong\n"),
    ]);
    assert_eq!(declared.path, "app/requirements.txt");
    assert_eq!(
        declared.lines,
        [
            "--extra-index-url https://more.example/simple",
            "rich>=13",
            "tabulate==0.9.0",
            "numpy==2.1.0; python_version < '3.13'",
            "uvicorn[standard]",
            "why @ git+https://x.example/y.git@v1",
            "six==1.16.0"
        ]
    );
    assert_eq!(declared.index_url, "https://index.example/simple");
    assert_eq!(
        lost(&declared),
        [
            "app/requirements.txt:10 Local",
            "app/requirements.txt:11 Hash",
            "app/requirements.txt:13 Option",
            "app/requirements.txt:14 Missing",
            "app/constraints.txt:2 Constraint"
        ]
    );
    assert!(declared.lines.iter().all(|line| crate::config::is_requirement(line)));
}

#[test]
fn what_powershell_and_conda_write_is_read() {
    let utf16 = "\u{fffd}\u{fffd}s\0i\0x\0=\0=\x001\0.\x001\x006\0\r\0\n\0";
    let declared = lines(&[("app/main.py", ""), ("requirements.txt", utf16)]);
    assert_eq!(
        (declared.path.as_str(), &declared.lines[..]),
        ("requirements.txt", &["six==1.16".to_owned()][..])
    );
    let declared = lines(&[
        ("app/main.py", ""),
        ("requirements.txt", "numpy @ file:///croot/numpy_1/work\n"),
    ]);
    assert_eq!(declared.lines, ["numpy"]);
    assert_eq!(lost(&declared), ["requirements.txt:1 Local"]);
}

#[test]
fn pyproject_is_read_in_both_forms() {
    let standard =
        "[project]\nname = 'x'\ndependencies = ['six==1.16.0', \"rich[jupyter]>=13; sys_platform == 'linux'\"]\n";
    let declared = lines(&[("app/main.py", ""), ("pyproject.toml", standard)]);
    assert_eq!(
        declared.lines,
        ["six==1.16.0", "rich[jupyter]>=13; sys_platform == 'linux'"]
    );
    let poetry = "[tool.poetry.dependencies]\npython = '^3.11'\nrequests = '^2.31'\nnumpy = {version = '~1.26', extras = ['x']}\n\
                  own = {path = '../own'}\n[[tool.poetry.source]]\nname = 'p'\nurl = 'https://p.example'\n";
    let lock = "[[package]]\nname = 'requests'\nversion = '2.32.3'\n";
    let declared = lines(&[
        ("app/main.py", ""),
        ("app/pyproject.toml", poetry),
        ("app/poetry.lock", lock),
    ]);
    assert_eq!(
        declared.lines,
        [
            "--extra-index-url https://p.example",
            "numpy[x]>=1.26,<1.27",
            "requests==2.32.3"
        ]
    );
    assert_eq!(lost(&declared), ["app/pyproject.toml:5 Local"]);
    let none = needs(
        "python main.py",
        &[("main.py", ""), ("pyproject.toml", "[tool.black]\nline-length = 1\n")],
    );
    assert_eq!(none.declared, None);
}

#[test]
fn a_folder_that_no_program_was_chosen_in_is_read_alike() {
    let sources = [
        (
            "requirements.txt",
            "\u{feff}# mine\r\ntabulate==0.9.0\r\n\r\n-e .\r\nnumpy>=1.2, \\\r\n  <3\r\n-r gone.txt\r\n-r more.txt\r\n",
        ),
        ("more.txt", "--index-url https://ours.example/simple\nrich>=13\n"),
        (
            "a/pyproject.toml",
            "[project]\nname = \"x\"\ndependencies = [\"six==1.16.0\", 'tomli; python_version < \"3.11\"']\n",
        ),
    ]
    .map(|(path, text)| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    });
    let found = declared_in("requirements.txt", &sources).unwrap();
    assert_eq!(found.lines, ["tabulate==0.9.0", "numpy>=1.2,<3", "rich>=13"]);
    assert_eq!(found.index_url, "https://ours.example/simple");
    let left_out: Vec<_> = found.lost.iter().map(|lost| lost.written.as_str()).collect();
    assert_eq!(left_out, ["-e .", "-r gone.txt"]);
    let found = declared_in("a/pyproject.toml", &sources).unwrap();
    assert_eq!(found.lines, ["six==1.16.0", "tomli; python_version < \"3.11\""]);
    assert!(found.lost.is_empty() && declared_in("none.txt", &sources).is_none());
}

#[test]
fn a_file_that_says_all_itself_is_told_from_others() {
    let is_plain = |files: &[(&str, &str)]| lines(files).is_plain;
    assert!(is_plain(&[(
        "requirements.txt",
        "# ours\r\ntabulate==0.9.0\r\n\nrich>=13\n"
    )]));
    for text in [
        "-r base.txt\n",
        "rich --hash=sha256:00\n",
        "rich \\\n >=13\n",
        "--index-url https://a.example\nrich\n",
        "./own\n",
    ] {
        let files = [("requirements.txt", text), ("base.txt", "rich==13.0\n")];
        assert!(!is_plain(&files), "{text}");
    }
}
