//! A line of requirements as the published client takes it: a name with extras and versions, or one of three options. It
//! takes neither markers nor addresses, which the service would not understand.

const OPTIONS: [&str; 3] = ["--no-deps", "--extra-index-url", "--trusted-host"];
const OPERATORS: [&str; 8] = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"];

/// Whether a line is a requirement, an option, a comment, or blank.
pub fn is_requirement(line: &str) -> bool {
    let line = without_comment(line);
    line.is_empty() || OPTIONS.iter().any(|option| line.starts_with(option)) || is_named(line)
}

/// What a line is about: the name of a package, or the option with which it begins; nothing in a blank one.
pub fn subject(line: &str) -> Option<&str> {
    let line = without_comment(line);
    let end = line.find(|letter: char| !is_name_letter(letter)).unwrap_or(line.len());
    let end = if end == 0 { line.len() } else { end };
    Some(&line[..end]).filter(|subject| !subject.is_empty())
}

fn without_comment(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with('#') {
        return "";
    }
    line.split(" #").next().unwrap_or_default().trim_end()
}

fn is_named(line: &str) -> bool {
    let end = line.find(|letter: char| !is_name_letter(letter)).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let is_closed = |name: &str| {
        let edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        edge(name.bytes().next()) && edge(name.bytes().last())
    };
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        None => rest,
        Some(inside) => match inside.split_once(']') {
            Some((extras, rest))
                if extras
                    .split(',')
                    .all(|extra| extra.trim().is_empty() || is_closed(extra.trim())) =>
            {
                rest.trim_start()
            }
            _ => return false,
        },
    };
    let versions = rest
        .strip_prefix('(')
        .and_then(|inside| inside.strip_suffix(')'))
        .unwrap_or(rest);
    is_closed(name) && (versions.is_empty() || versions.trim_end_matches(',').split(',').all(is_version))
}

fn is_name_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.')
}

fn is_version(part: &str) -> bool {
    let part = part.trim();
    let operator = OPERATORS.iter().find(|operator| part.starts_with(**operator));
    let Some(version) = operator.map(|operator| part[operator.len()..].trim()) else {
        return false;
    };
    let is_letter =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '*' | '+' | '!' | '-' | '_');
    !version.is_empty() && version.chars().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_published_client_takes() {
        for line in [
            "",
            "  # why",
            "six",
            "six == 1.16.0",
            "six==1.16.0  # pinned",
            "scikit-learn>=1.2,<2",
            "uvicorn[standard, http]~=0.30",
            "zope.interface (>=5)",
            "torch==2.3.1+cu121",
            "--no-deps",
            "--extra-index-url https://pypi.example/simple",
        ] {
            assert!(is_requirement(line), "{line}");
        }
    }

    #[test]
    fn what_it_refuses() {
        for line in [
            "-r more.txt",
            "six; python_version < '3.9'",
            "six @ https://example.org/six.whl",
            "git+https://example.org/six.git",
            "./local",
            "six 1.16",
            "six==",
            "six[",
            "-six",
            "шесть",
            "six>=1;",
        ] {
            assert!(!is_requirement(line), "{line}");
        }
    }
}
