//! What a stranger's folder says of the job that it wants to be: the programs in it, and the files that a command names.
//! The packages that it asks for are read by [`crate::python::declared_in`].

mod launch;
mod named;
mod programs;

pub use named::named_files;
pub use programs::{Program, ProgramKind, programs, worth_reading};

/// Files that name the packages of a Python project, the one that counts first.
pub const PACKAGE_FILES: [&str; 2] = ["requirements.txt", "pyproject.toml"];

/// Files that name packages in a way that is not read: names of conda are not those of PyPI, where somebody else may have
/// them.
pub const UNREAD_PACKAGE_FILES: [&str; 6] = [
    "environment.yml",
    "environment.yaml",
    "conda.yml",
    "conda.yaml",
    "Pipfile",
    "setup.py",
];

/// A path as one word of a shell's command.
pub fn quoted(path: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-+:@%,=".contains(letter);
    // In front of a word a dash would begin an option.
    let path = if path.starts_with('-') {
        format!("./{path}")
    } else {
        path.to_owned()
    };
    if !path.is_empty() && path.chars().all(is_plain) {
        return path;
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_path_is_one_word() {
        for (path, expected) in [
            ("src/train.py", "src/train.py"),
            ("отчёт.py", "отчёт.py"),
            ("my file.py", "'my file.py'"),
            ("it's $x.py", r"'it'\''s $x.py'"),
            ("-c.py", "./-c.py"),
        ] {
            assert_eq!(quoted(path), expected);
        }
    }
}
