//! Names of variables: `FileDesc.var`, arguments, and `${NAME}` in a command.

/// Longest name, in characters.
pub const MAX_LENGTH: usize = 50;
/// The folder of the project's disk; reserved, and usable only when the disk is attached.
pub const PROJECT_HOME: &str = "DS_PROJECT_HOME";

/// Whether `name` is a variable's name: `[0-9a-zA-Z\-_]{1,50}`.
pub fn is_name(name: &str) -> bool {
    (1..=MAX_LENGTH).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Whether `name` can name an environment variable: anything without `=`, blanks and control characters, as programs
/// may have it. Shells know less: see [`is_shell_name`].
pub fn is_env_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|letter: char| letter == '=' || letter.is_whitespace() || letter.is_control())
}

/// Whether a shell can read and set an environment variable of this name: a letter or `_`, then letters, digits, `_`.
pub fn is_shell_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// What stands in each `${…}` of a command, whatever it is: the published client wants a variable of the file there. Two
/// braces count where they stand in one line with something between them, also where a shell would see neither.
pub fn references(cmd: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = cmd;
    while let Some(start) = rest.find("${") {
        let inside = &rest[start + 2..];
        let line = inside.split('\n').next().unwrap_or_default();
        let first = line.chars().next().map_or(0, char::len_utf8);
        match line[first..].find('}') {
            Some(close) => {
                let end = first + close;
                found.push(&inside[..end]);
                rest = &inside[end + 1..];
            }
            None => rest = inside,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_found_wherever_they_stand() {
        for (cmd, found) in [
            ("a ${A} ${b-1}", vec!["A", "b-1"]),
            ("${HOME:-/nowhere} '${#a}'", vec!["HOME:-/nowhere", "#a"]),
            ("${X:-${A}}", vec!["X:-${A"]),
            ("${} ${}}", vec!["} ${"]),
            ("$${A}", vec!["A"]),
            ("${\nA} ${B}", vec!["B"]),
            ("${", vec![]),
            ("${ж}", vec!["ж"]),
            ("${A $A {A}", vec!["A $A {A"]),
        ] {
            assert_eq!(references(cmd), found, "{cmd}");
        }
    }
}
