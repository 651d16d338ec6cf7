//! Poetry's own way to write versions.

/// Versions as pip takes them; `None` for what has no such form.
pub(super) fn versions(written: &str) -> Option<String> {
    let mut parts = Vec::new();
    if written.contains("||") {
        return None;
    }
    for part in written.split(',').map(str::trim) {
        let part = part.replace(' ', "");
        match part.chars().next() {
            None => {}
            Some('*') if part == "*" => {}
            Some('^') => parts.push(caret(&part[1..])?),
            Some('~') if !part.starts_with("~=") => parts.push(tilde(&part[1..])?),
            Some('=' | '!' | '<' | '>' | '~') => parts.push(part.clone()),
            Some(letter) if letter.is_ascii_digit() => parts.push(format!("=={part}")),
            Some(_) => return None,
        }
    }
    Some(parts.join(","))
}

/// `^1.2.3`: up to the next version that changes the first number that is not 0.
fn caret(version: &str) -> Option<String> {
    let numbers = numbers(version)?;
    let at = numbers
        .iter()
        .position(|number| *number > 0)
        .unwrap_or(numbers.len() - 1);
    Some(format!(">={version},<{}", next(&numbers[..=at])?))
}

/// `~1.2.3`: up to the next 1.3.
fn tilde(version: &str) -> Option<String> {
    let numbers = numbers(version)?;
    Some(format!(">={version},<{}", next(&numbers[..numbers.len().min(2)])?))
}

fn numbers(version: &str) -> Option<Vec<u64>> {
    let end = version
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .unwrap_or(version.len());
    let parts = version[..end].split('.').filter(|part| !part.is_empty());
    let numbers: Option<Vec<u64>> = parts.map(|part| part.parse().ok()).collect();
    numbers.filter(|numbers| !numbers.is_empty())
}

fn next(numbers: &[u64]) -> Option<String> {
    let (last, before) = numbers.split_last()?;
    let last = last.checked_add(1)?;
    let parts = before.iter().chain([&last]).map(u64::to_string);
    Some(parts.collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_its_like() {
        for (written, expected) in [
            ("*", Some("")),
            ("^1.2.3", Some(">=1.2.3,<2")),
            ("^0.2.3", Some(">=0.2.3,<0.3")),
            ("^0.0.3", Some(">=0.0.3,<0.0.4")),
            ("^0", Some(">=0,<1")),
            ("~1.2.3", Some(">=1.2.3,<1.3")),
            ("~1", Some(">=1,<2")),
            ("~=1.2", Some("~=1.2")),
            ("2.31.0", Some("==2.31.0")),
            ("1.*", Some("==1.*")),
            (">= 1.2, < 2", Some(">=1.2,<2")),
            ("^1 || ^2", None),
            ("^x", None),
        ] {
            assert_eq!(versions(written).as_deref(), expected, "{written}");
        }
    }
}
