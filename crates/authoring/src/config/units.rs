//! Sizes, times, signals and versions as the configuration file writes them.

use prost_types::Duration;

pub use jobsphere_rules::signal::{SIGNALS, signal_name, signal_number};

/// The smallest working storage.
pub const MIN_STORAGE_GB: i64 = 100;

/// Bytes of a size such as `150Gb`, `20 MB` or `1024`; units are powers of 1024. Before a unit the number may have a sign,
/// and `_` between its digits, as Python reads it.
pub fn bytes(text: &str) -> Option<i64> {
    let text = super::strip(text).to_uppercase();
    let units = [("KB", 10), ("MB", 20), ("GB", 30), ("TB", 40), ("PB", 50)];
    let unit = units.iter().find(|(name, _)| text.ends_with(name));
    match unit {
        Some((name, shift)) => whole(super::strip(&text[..text.len() - name.len()]))?.checked_mul(1 << shift),
        None => Some(text.as_str()).filter(|text| is_digits(text))?.parse().ok(),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn whole(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = digits.split('_').all(is_digits);
    text.replace('_', "").parse().ok().filter(|_| is_number)
}

/// Gigabytes of a size, rounded up.
pub fn gigabytes_up(text: &str) -> Option<i64> {
    bytes(text).map(|bytes| (bytes >> 30) + i64::from(bytes & ((1 << 30) - 1) != 0))
}

/// A time such as `1d2h3m4s5ms`, each part optional.
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut millis: i64 = 0;
    for (unit, length) in [
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1000),
        ("ms", 1),
    ] {
        let digits = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let after = &rest[digits..];
        // `5ms` has no minutes.
        if digits == 0 || !after.starts_with(unit) || (unit == "m" && after.starts_with("ms")) {
            continue;
        }
        let part = rest[..digits].parse::<i64>().ok()?.checked_mul(length)?;
        millis = millis.checked_add(part)?;
        rest = &after[unit.len()..];
    }
    rest.is_empty().then(|| Duration {
        seconds: millis / 1000,
        nanos: i32::try_from(millis % 1000).unwrap_or_default() * 1_000_000,
    })
}

/// A time as [`duration`] reads it.
pub fn duration_text(duration: &Duration) -> String {
    let seconds = duration.seconds.max(0);
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3600 % 24, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
        (i64::from(duration.nanos.max(0)) / 1_000_000, "ms"),
    ];
    let written: String = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, unit)| format!("{number}{unit}"))
        .collect();
    if written.is_empty() { "0s".to_owned() } else { written }
}

/// `3.x` of a version `3.x` or `3.x.y`; empty stays empty.
pub fn minor_version(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return Some(String::new());
    }
    let parts: Vec<&str> = text.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_version = (2..=3).contains(&parts.len()) && parts[0] == "3" && parts.iter().all(is_number);
    is_version.then(|| format!("3.{}", parts[1]))
}

/// Whether `text` is the id of a resource: 20 digits and small Latin letters.
pub fn is_resource_id(text: &str) -> bool {
    text.len() == 20
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
}

/// Labels written as `name=value` joined by commas; a backslash before one of `,`, `=` and `\` makes it a letter.
pub fn labels(text: &str) -> Option<Vec<(String, String)>> {
    let label = |part: &str| {
        let mut parts = split(part, '=');
        let name = parts.next()?;
        let value = &part[(name.len() + 1).min(part.len())..];
        parts.next()?;
        Some((plain(name.trim()), plain(value.trim())))
    };
    split(text, ',')
        .filter(|part| !part.trim().is_empty())
        .map(label)
        .collect()
}

/// Labels as [`labels`] reads them.
pub fn labels_text<Text: AsRef<str>>(labels: &[(Text, Text)]) -> String {
    let escaped = |text: &str, signs: &[char]| -> String {
        let letters = text.chars();
        let escaped = letters.flat_map(|letter| signs.contains(&letter).then_some('\\').into_iter().chain([letter]));
        escaped.collect()
    };
    let label = |(name, value): &(Text, Text)| {
        let (name, value) = (name.as_ref(), value.as_ref());
        format!("{}={}", escaped(name, &[',', '=', '\\']), escaped(value, &[',', '\\']))
    };
    labels.iter().map(label).collect::<Vec<_>>().join(",")
}

/// The parts of a text between separators that have no backslash before them.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut is_escaped = false;
    text.split(move |letter| {
        let ends = letter == separator && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        ends
    })
}

fn plain(text: &str) -> String {
    let mut is_escaped = false;
    let keeps = |letter: &char| {
        is_escaped = *letter == '\\' && !is_escaped;
        !is_escaped
    };
    text.chars().filter(keeps).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(bytes("150Gb"), Some(150 << 30));
        assert_eq!(bytes(" 2 kB "), Some(2048));
        assert_eq!(bytes("7"), Some(7));
        assert_eq!((bytes("1_0 kb"), bytes("-1kb")), (Some(10 << 10), Some(-1 << 10)));
        assert_eq!(gigabytes_up("102401 MB"), Some(101));
        for wrong in [
            "",
            "GB",
            "1.5GB",
            "-1",
            "9999999999999PB",
            "10 GiB",
            "+7",
            "1_0",
            "1__0Gb",
            "_1Gb",
        ] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times() {
        let seconds = |text| duration(text).map(|time| (time.seconds, time.nanos));
        assert_eq!(seconds("1d2h3m4s5ms"), Some((93_784, 5_000_000)));
        assert_eq!(seconds("90s"), Some((90, 0)));
        assert_eq!(seconds("5ms"), Some((0, 5_000_000)));
        assert_eq!(seconds(""), Some((0, 0)));
        for wrong in ["5", "s", "1s2m", "1 m", "-1s", "99999999999999999999s"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
        for text in ["1d2h3m4s5ms", "1m30s", "3d", "0s"] {
            assert_eq!(duration_text(&duration(text).unwrap()), text);
        }
    }

    #[test]
    fn every_label_can_be_written() {
        let pairs =
            [("a", "b,c=d"), ("e=\\", "\\"), ("f", "")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(labels(&labels_text(&pairs)).unwrap(), pairs);
        assert_eq!(
            labels("a = b, c=d,").unwrap(),
            [("a", "b"), ("c", "d")].map(|(a, b)| (a.into(), b.into()))
        );
        assert_eq!(labels("a"), None);
    }

    #[test]
    fn versions() {
        assert_eq!(minor_version("3.10").as_deref(), Some("3.10"));
        assert_eq!(minor_version("3.11.4").as_deref(), Some("3.11"));
        for wrong in ["3", "2.7", "3.x", "3.1.2.3", "3."] {
            assert_eq!(minor_version(wrong), None, "{wrong}");
        }
    }
}
