//! Versions: what a tool says of itself, and what Cargo.lock asks for.

use anyhow::{Context as _, Result};
use toml::{Table, Value};

/// The version in the first line of `tool --version`: its first word that begins with a digit.
pub(crate) fn said(output: &str) -> Option<&str> {
    output
        .lines()
        .next()?
        .split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
}

/// The number before the first dot.
pub(crate) fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

/// The version of a crate in the text of Cargo.lock.
pub(crate) fn locked(lock: &str, name: &str) -> Result<String> {
    let lock: Table = lock.parse().context("Cargo.lock cannot be read")?;
    lock.get("package")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .find(|package| package.get("name").and_then(Value::as_str) == Some(name))
        .and_then(|package| package.get("version")?.as_str())
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock has no {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found_in_what_each_tool_prints() {
        assert_eq!(said("trunk 0.21.14\n"), Some("0.21.14"));
        assert_eq!(said("wasm-bindgen 0.2.130"), Some("0.2.130"));
        assert_eq!(said("wasm-opt version 132 (version_132)"), Some("132"));
        assert_eq!(said("v20.20.2"), Some("20.20.2"));
        assert_eq!(said("Python 3.11.7"), Some("3.11.7"));
        assert_eq!(said("no number here"), None);
        assert_eq!(said(""), None);
    }

    #[test]
    fn the_major_version_is_a_number() {
        assert_eq!(major("20.20.2"), Some(20));
        assert_eq!(major("132"), Some(132));
        assert_eq!(major("x"), None);
    }

    #[test]
    fn cargo_lock_tells_the_exact_version() {
        let lock = "version = 4\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked(lock, "wasm-bindgen").ok().as_deref(), Some("0.2.130"));
        assert!(locked(lock, "leptos").is_err());
        assert!(locked("not toml at all [", "leptos").is_err());
    }
}
