//! A line of requirements: what the published client takes, which is a name with extras and versions, or one of three
//! options; and markers and addresses, which it refuses and every pip understands (ours).

const OPTIONS: [&str; 3] = ["--no-deps", "--extra-index-url", "--trusted-host"];
const OPERATORS: [&str; 8] = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"];

/// Whether a line is a requirement, an option, a comment, or blank.
pub fn is_requirement(line: &str) -> bool {
    let line = without_comment(line);
    line.is_empty() || OPTIONS.iter().any(|option| line.starts_with(option)) || is_address(line) || is_marked(line)
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

/// The code of a package, at an address.
fn is_address(line: &str) -> bool {
    let starts = ["git+https://", "git+ssh://", "git+http://", "https://", "http://"];
    let rest = starts.iter().find_map(|start| line.strip_prefix(start));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

/// A requirement, and when it counts.
fn is_marked(line: &str) -> bool {
    if let Some((name, address)) = line.split_once('@') {
        let (address, marker) = address.split_once(" ;").unwrap_or((address, "a=b"));
        return is_named(name) && is_address(address.trim()) && is_marker(marker);
    }
    let (named, marker) = line.split_once(';').unwrap_or((line, "a=b"));
    is_named(named) && is_marker(marker)
}

fn is_marker(marker: &str) -> bool {
    let compares = marker.contains(['=', '<', '>']) || marker.contains(" in ");
    compares && marker.matches(['"', '\'']).count().is_multiple_of(2)
}

fn is_named(line: &str) -> bool {
    let line = line.trim();
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
    fn what_is_a_requirement() {
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
            "six; python_version < '3.9'",
            "six[a]>=1 ; sys_platform == \"linux\" and extra == 'x'",
            "six @ https://example.org/six.whl",
            "six @ git+https://example.org/six.git@v1 ; python_version < '3.9'",
            "git+https://example.org/six.git",
        ] {
            assert!(is_requirement(line), "{line}");
        }
    }

    #[test]
    fn what_is_none() {
        for line in [
            "-r more.txt",
            "six; python_version < '3.9",
            "six; later",
            "six @ ./six.whl",
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
