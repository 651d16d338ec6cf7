//! Which compressed copy of a file a browser takes.

use http::{HeaderMap, header};

/// A compressed form in which a file may lie beside the file itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// The smaller first.
    const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// Its name in HTTP.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// How the name of a copy ends.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    /// Whether this is the name of a copy, which has no address of its own.
    pub(super) fn is_copy(path: &str) -> bool {
        Self::ALL.iter().any(|encoding| path.ends_with(encoding.extension()))
    }

    /// Those that the sender of `headers` takes, the best first.
    pub(super) fn accepted(headers: &HeaderMap) -> Vec<Self> {
        let weight = |encoding: Self| weight(headers, encoding.name());
        let mut accepted: Vec<_> = Self::ALL
            .into_iter()
            .filter(|encoding| weight(*encoding) > 0.0)
            .collect();
        // Stable: of two that are as welcome the smaller stays first.
        accepted.sort_by(|one, other| weight(*other).total_cmp(&weight(*one)));
        accepted
    }
}

/// How welcome an encoding is, from 0 (not at all) to 1 (RFC 9110, 12.5.3). Without the header any would do, but who does
/// not say it may not know any.
fn weight(headers: &HeaderMap, name: &str) -> f32 {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter();
    let entries = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let mut any = None;
    for entry in entries {
        let (coding, parameter) = entry.split_once(';').unwrap_or((entry, "q=1"));
        let weight = parameter
            .trim()
            .strip_prefix("q=")
            .and_then(|weight| weight.parse().ok());
        match coding.trim() {
            coding if coding.eq_ignore_ascii_case(name) => return weight.unwrap_or(0.0),
            "*" => any = weight,
            _ => {}
        }
    }
    any.unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(value: &'static str) -> Vec<&'static str> {
        let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, http::HeaderValue::from_static(value))]);
        Encoding::accepted(&headers).into_iter().map(Encoding::name).collect()
    }

    #[test]
    fn the_best_of_what_is_accepted_comes_first() {
        assert_eq!(accepted("gzip, deflate, br, zstd"), ["br", "gzip"]);
        assert_eq!(accepted("gzip"), ["gzip"]);
        assert_eq!(accepted("BR"), ["br"]);
        assert_eq!(accepted("br;q=0.5, gzip;q=0.8"), ["gzip", "br"]);
        assert_eq!(accepted("*"), ["br", "gzip"]);
    }

    #[test]
    fn what_is_refused_is_not_sent() {
        assert!(accepted("").is_empty());
        assert!(accepted("identity").is_empty());
        assert_eq!(accepted("br;q=0, gzip"), ["gzip"]);
        assert_eq!(accepted("br; q=0, *"), ["gzip"]);
        assert!(accepted("*;q=0").is_empty());
        assert!(accepted("br;q=x").is_empty());
        assert!(Encoding::accepted(&HeaderMap::new()).is_empty());
    }
}
