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
