//! Notebooks: the Python of their cells, and what IPython alone understands in them.

use serde::Deserialize;

/// A notebook as one text of Python.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Notebook {
    /// What its cells hold; lines that are IPython's are blank.
    pub text: String,
    /// For each cell of code, its first line in the text, from 1, and its number among all cells, from 1.
    cells: Vec<(usize, usize)>,
    lines: usize,
    pub magics: Vec<Magic>,
}

/// A line that IPython understands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Magic {
    /// Line of the text, from 1.
    pub line: usize,
    /// Without blanks around it.
    pub written: String,
    pub kind: MagicKind,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum MagicKind {
    /// `%run`, with the file.
    Run(String),
    /// `!pip install` and the like, with what is installed.
    Install(Vec<String>),
    /// Another command for the shell, or a cell of one.
    Shell,
}

#[derive(Deserialize)]
struct Stored {
    #[serde(default)]
    cells: Vec<StoredCell>,
}

#[derive(Deserialize)]
struct StoredCell {
    #[serde(default)]
    cell_type: String,
    #[serde(default)]
    source: Lines,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Lines {
    Many(Vec<String>),
    One(String),
}

impl Default for Lines {
    fn default() -> Self {
        Self::One(String::new())
    }
}

/// Whether a file of this name is a notebook.
pub(super) fn is_notebook(path: &str) -> bool {
    path.ends_with(".ipynb")
}

impl Notebook {
    /// Reads what Jupyter writes; `None` when it is something else.
    pub(super) fn read(json: &str) -> Option<Self> {
        let stored: Stored = serde_json::from_str(json.trim_start_matches('\u{feff}')).ok()?;
        let mut notebook = Self::default();
        for (index, cell) in stored.cells.iter().enumerate() {
            if cell.cell_type == "code" {
                notebook.cells.push((notebook.lines + 1, index + 1));
                match &cell.source {
                    Lines::Many(lines) => notebook.add(&lines.concat()),
                    Lines::One(text) => notebook.add(text),
                }
            }
        }
        Some(notebook)
    }

    /// The cell, and the line in it, of a line of the text; all from 1.
    pub(super) fn place(&self, line: usize) -> (usize, usize) {
        let at = self.cells.partition_point(|(first, _)| *first <= line);
        let (first, number) = at.checked_sub(1).map_or((1, 1), |at| self.cells[at]);
        (number, line.saturating_sub(first) + 1)
    }

    fn end_line(&mut self) {
        self.text.push('\n');
        self.lines += 1;
    }

    fn add(&mut self, source: &str) {
        // A cell for another language, or for the shell.
        if let Some(first) = source.trim_start().strip_prefix("%%") {
            let name = first
                .split(|letter: char| !letter.is_alphanumeric())
                .next()
                .unwrap_or_default();
            if !matches!(name, "time" | "timeit" | "capture" | "prun") {
                let written = source.trim_start().lines().next().unwrap_or_default().trim().to_owned();
                let kind = MagicKind::Shell;
                if matches!(name, "bash" | "sh" | "script" | "system" | "writefile") {
                    let line = self.lines + 1;
                    self.magics.push(Magic { line, written, kind });
                }
                source.lines().for_each(|_| self.end_line());
                return;
            }
        }
        for text in source.lines() {
            let written = text.trim().to_owned();
            if let Some(kind) = magic(&written) {
                let line = self.lines + 1;
                self.magics.extend(kind.map(|kind| Magic { line, written, kind }));
                // A block may hold nothing else.
                let indent = text.len() - text.trim_start().len();
                if indent > 0 {
                    self.text.push_str(&text[..indent]);
                    self.text.push_str("pass");
                }
            } else {
                self.text.push_str(text);
            }
            self.end_line();
        }
    }
}

/// What a line of IPython does; `None` for a line of Python.
fn magic(line: &str) -> Option<Option<MagicKind>> {
    let is_help = line.ends_with('?') && !line.contains(['#', '"', '\'']);
    if is_help || line.starts_with('?') {
        return Some(None);
    }
    let (sign, rest) = (line.chars().next()?, line.get(1..)?);
    let rest = rest.trim_start_matches(['!', '%']);
    let words: Vec<&str> = rest.split_whitespace().collect();
    match sign {
        '!' => Some(Some(installed(&words).map_or(MagicKind::Shell, MagicKind::Install))),
        '%' => Some(match words.split_first() {
            Some((&"run", arguments)) => {
                let file = arguments.iter().find(|word| !word.starts_with('-'));
                file.map(|file| MagicKind::Run(file.trim_matches(['"', '\'']).to_owned()))
            }
            _ => installed(&words).map(MagicKind::Install),
        }),
        _ => None,
    }
}

/// The requirements that `pip install` is given.
fn installed(words: &[&str]) -> Option<Vec<String>> {
    let at = words.windows(2).position(|pair| pair[1] == "install")?;
    let tool = words[at]
        .rsplit('/')
        .next()?
        .trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    if !matches!(tool, "pip" | "conda" | "mamba") {
        return None;
    }
    let mut found = Vec::new();
    let mut words = words[at + 2..].iter();
    while let Some(word) = words.next() {
        let word = word.trim_matches(['"', '\'']);
        match word {
            "-r" | "--requirement" | "-c" | "--constraint" | "-i" | "--index-url" | "--extra-index-url" | "-f"
            | "--find-links" | "--trusted-host" | "-t" | "--target" | "-e" | "--editable" => {
                words.next();
            }
            "&&" | ";" | "||" | "|" | ">" => break,
            _ if word.starts_with('-') || word.is_empty() => {}
            _ => found.push(word.to_owned()),
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_are_python_and_magics_are_kept_apart() {
        let json = r##"{"cells": [
            {"cell_type": "markdown", "source": ["# import this"]},
            {"cell_type": "code", "source": ["%load_ext autoreload\n", "!pip install -q \"six==1.16\" -r x.txt rich\n", "import six\n"]},
            {"cell_type": "code", "source": "if x:\n    %run -i other.py\n    !ls\nx?\nimport rich"},
            {"cell_type": "code", "source": ["%%bash\n", "python x.py"]},
            {"cell_type": "code", "source": ["%%time\n", "import numpy"]}
        ], "nbformat": 4}"##;
        let notebook = Notebook::read(json).unwrap();
        assert_eq!(
            notebook.text,
            "\n\nimport six\nif x:\n    pass\n    pass\n\nimport rich\n\n\n\nimport numpy\n"
        );
        let magics: Vec<String> = notebook
            .magics
            .iter()
            .map(|magic| format!("{:?} {:?}", notebook.place(magic.line), magic.kind))
            .collect();
        assert_eq!(
            magics,
            [
                "(2, 2) Install([\"six==1.16\", \"rich\"])",
                "(3, 2) Run(\"other.py\")",
                "(3, 3) Shell",
                "(4, 1) Shell"
            ]
        );
        assert_eq!(notebook.place(8), (3, 5));
        assert_eq!(notebook.place(12), (5, 2));
        assert_eq!(Notebook::read("import os"), None);
    }

    proptest! {
        #[test]
        fn any_cell_is_read(text in any::<String>(), sign in prop::sample::select(vec!["", "%", "!", "%%", "!pip install "])) {
            let source = format!("{sign}{text}");
            let json = serde_json::json!({"cells": [{"cell_type": "code", "source": source}]}).to_string();
            let notebook = Notebook::read(&json).unwrap();
            for magic in &notebook.magics {
                notebook.place(magic.line);
            }
        }
    }
}
