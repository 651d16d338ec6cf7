//! The packages that a `pyproject.toml` asks for: `dependencies` of `[project]`, and those of Poetry. Only these two
//! places are read, not TOML as a whole; what is written otherwise asks for nothing.

/// The requirements, as pip writes them.
pub(super) fn dependencies(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut section = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line.starts_with('[') && !line.starts_with("[[") {
            section = line.trim_matches(['[', ']', ' ']).to_owned();
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let key = key.trim().trim_matches(['"', '\'']);
        match section.as_str() {
            "project" if key == "dependencies" => {
                let rest = std::iter::once(value).chain(lines.by_ref());
                found.extend(strings(rest));
            }
            "tool.poetry.dependencies" if key != "python" => found.extend(poetry(key, value.trim())),
            _ => {}
        }
    }
    found
}

/// The strings of an array up to its closing bracket; comments are passed over.
fn strings<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found = Vec::new();
    for line in lines {
        let mut letters = line.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '#' => break,
                ']' => return found,
                '"' | '\'' => found.push(string(letter, &mut letters)),
                _ => {}
            }
        }
    }
    found
}

/// The rest of a string that was opened by `quote`.
fn string(quote: char, letters: &mut std::str::Chars<'_>) -> String {
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            _ if letter == quote => break,
            '\\' if quote == '"' => text.extend(letters.next()),
            _ => text.push(letter),
        }
    }
    text
}

/// A line of Poetry's, whose `^` and `~` pip does not know.
fn poetry(name: &str, value: &str) -> Option<String> {
    let version = match value.chars().next()? {
        '{' => {
            let version = value.split("version").nth(1)?.trim_start().strip_prefix('=')?;
            quoted(version)?
        }
        _ => quoted(value)?,
    };
    let version = version.trim();
    Some(match version.chars().next()? {
        '*' => name.to_owned(),
        '^' => format!("{name}>={},<{}", &version[1..], above_caret(&version[1..])?),
        '~' if !version.starts_with("~=") => format!("{name}>={},<{}", &version[1..], above_tilde(&version[1..])?),
        letter if letter.is_ascii_digit() => format!("{name}=={version}"),
        _ => format!("{name}{version}"),
    })
}

fn quoted(value: &str) -> Option<String> {
    let mut letters = value.trim_start().chars();
    let quote = letters.next().filter(|letter| matches!(letter, '"' | '\''))?;
    Some(string(quote, &mut letters))
}

/// The first version that `^version` does not take: the leftmost part that is not 0 counts.
fn above_caret(version: &str) -> Option<String> {
    let parts = numbers(version)?;
    let place = parts.iter().position(|part| *part != 0).unwrap_or(parts.len() - 1);
    Some(above(&parts[..=place]))
}

/// The first version that `~version` does not take.
fn above_tilde(version: &str) -> Option<String> {
    let parts = numbers(version)?;
    Some(above(&parts[..parts.len().min(2)]))
}

fn numbers(version: &str) -> Option<Vec<u64>> {
    version.trim().split('.').map(|part| part.parse().ok()).collect()
}

fn above(parts: &[u64]) -> String {
    let last = parts.len().saturating_sub(1);
    let part = |(place, part): (usize, &u64)| part.saturating_add(u64::from(place == last)).to_string();
    parts.iter().enumerate().map(part).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_places_are_read() {
        let text = r#"
[build-system]
requires = ["setuptools"]
[project]
name = "x"
dependencies = [
    "numpy>=1.2,<3", # why ] not
    'torch[extra]==2.3',
]
optional = ["no"]
[tool.poetry.dependencies]
python = "^3.11"
pandas = "^2.1.0"
six = "*"
rich = { version = "~13.4", extras = ["x"] }
tabulate = "0.9.0"
httpx = "^0.27"
local = { path = "../x" }
[tool.other.dependencies]
no = "1"
"#;
        assert_eq!(
            dependencies(text),
            [
                "numpy>=1.2,<3",
                "torch[extra]==2.3",
                "pandas>=2.1.0,<3",
                "six",
                "rich>=13.4,<13.5",
                "tabulate==0.9.0",
                "httpx>=0.27,<0.28",
            ]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(\\[project\\]\n|dependencies = \\[|\\[tool.poetry.dependencies\\]\n|[ -~\n]{0,9}){0,9}") {
            dependencies(&text);
        }
    }
}
