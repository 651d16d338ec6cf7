//! The packages that a project's own file asks for, with the versions it asks for.

use super::pyproject;
use crate::{config::is_requirement, folder::base_name};

/// What a project's file asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packages {
    /// A requirement a line, as it stands there.
    pub lines: String,
    /// What a job's requirements cannot say, such as `-e .`.
    pub left_out: Vec<String>,
}

/// The packages of a file, by its name: `requirements.txt` or `pyproject.toml`.
pub fn packages(path: &str, text: &str) -> Packages {
    let text = text.trim_start_matches('\u{feff}');
    let asked: Vec<String> = if base_name(path).ends_with(".toml") {
        pyproject::dependencies(text)
    } else {
        joined(text).lines().map(|line| line.trim().to_owned()).collect()
    };
    let mut packages = Packages::default();
    for line in asked {
        // The project itself is there as files.
        let is_itself = matches!(line.as_str(), "." | "-e ." | "--editable ." | "-e ./");
        if is_requirement(&line) {
            packages.lines += &line;
            packages.lines.push('\n');
        } else if !is_itself {
            packages.left_out.push(line);
        }
    }
    packages
}

/// Lines that end with a backslash go on in the next one.
fn joined(text: &str) -> String {
    text.replace("\r\n", "\n").replace("\\\n", " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_stay_and_what_does_not_fit_is_said() {
        let text = "\u{feff}# mine\r\ntabulate==0.9.0\r\n\r\n-e .\r\nnumpy>=1.2, \\\r\n  <3\r\n-r more.txt\r\n";
        let found = packages("requirements.txt", text);
        assert_eq!(found.lines, "# mine\ntabulate==0.9.0\n\nnumpy>=1.2,    <3\n");
        assert_eq!(found.left_out, ["-r more.txt"]);
    }

    #[test]
    fn a_pyproject_asks_too() {
        let text = "[project]\nname = \"x\"\ndependencies = [\"six==1.16.0\", 'tomli; python_version < \"3.11\"']\n";
        let found = packages("a/pyproject.toml", text);
        assert_eq!(found.lines, "six==1.16.0\ntomli; python_version < \"3.11\"\n");
        assert!(found.left_out.is_empty());
    }
}
