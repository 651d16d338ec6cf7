//! Links to lines: `#log-120` and `#log-120-480`, by the bytes that begin the first and the last line.

use crate::model::Row;

/// The part of an address behind `#` for the lines from the one that holds byte `first` to the one that holds `last`.
pub fn fragment(first: u64, last: u64) -> String {
    if first == last {
        format!("log-{first}")
    } else {
        format!("log-{first}-{last}")
    }
}

/// The bytes that a part of an address names.
pub fn read_fragment(fragment: &str) -> Option<(u64, u64)> {
    let places = fragment.strip_prefix("log-")?;
    let (first, last) = places.split_once('-').unwrap_or((places, places));
    let number = |digits: &str| {
        digits
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| digits.parse().ok())?
    };
    let (first, last): (u64, u64) = (number(first)?, number(last)?);
    Some((first.min(last), first.max(last)))
}

/// The whole part of an address behind `#`: what else stands there stays, before the lines. On the page of a share link
/// that is its secret, without which the link opens nothing.
pub fn beside(was: &str, lines: Option<&str>) -> String {
    let others = was
        .split('&')
        .filter(|part| !part.is_empty() && read_fragment(part).is_none());
    others.chain(lines).collect::<Vec<_>>().join("&")
}

/// A line and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its number, from 1.
    pub line: u64,
    /// Its first byte.
    pub offset: u64,
}

impl Place {
    /// Of a row.
    pub fn of(row: &Row) -> Self {
        Self {
            line: row.line,
            offset: row.offset,
        }
    }
}

/// Lines that the reader marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// The line that was marked first; a range is drawn out from it.
    pub from: Place,
    /// The line at the other end.
    pub to: Place,
}

impl Marked {
    /// One line.
    pub fn one(place: Place) -> Self {
        Self { from: place, to: place }
    }

    /// The same, drawn out to another line.
    pub fn drawn_out(self, to: Place) -> Self {
        Self { to, ..self }
    }

    /// First and last line, in the order of the log.
    pub fn lines(self) -> (u64, u64) {
        (self.from.line.min(self.to.line), self.from.line.max(self.to.line))
    }

    /// Whether a line is within.
    pub fn holds(self, line: u64) -> bool {
        let (first, last) = self.lines();
        (first..=last).contains(&line)
    }

    /// The link to it.
    pub fn fragment(self) -> String {
        let (from, to) = (self.from.offset, self.to.offset);
        fragment(from.min(to), from.max(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_name_bytes() {
        assert_eq!(fragment(7, 7), "log-7");
        assert_eq!(read_fragment("log-7"), Some((7, 7)));
        assert_eq!(read_fragment(&fragment(7, 90)), Some((7, 90)));
        assert_eq!(read_fragment("log-90-7"), Some((7, 90)));
        for wrong in [
            "log-",
            "log",
            "log--1",
            "log-+1",
            "log-1-",
            "log-x",
            "outputs",
            "log-99999999999999999999",
        ] {
            assert_eq!(read_fragment(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_secret_stays_before_the_lines() {
        assert_eq!(beside("", Some("log-7")), "log-7");
        assert_eq!(beside("log-1-9", Some("log-7")), "log-7");
        assert_eq!(beside("s3cret", Some("log-7")), "s3cret&log-7");
        assert_eq!(beside("s3cret&log-7", Some("log-90")), "s3cret&log-90");
        assert_eq!(beside("s3cret&log-7", None), "s3cret");
    }

    #[test]
    fn a_range_is_drawn_out_to_either_side() {
        let place = |line| Place {
            line,
            offset: line * 10,
        };
        let marked = Marked::one(place(5)).drawn_out(place(2));
        assert_eq!((marked.lines(), marked.fragment()), ((2, 5), "log-20-50".to_owned()));
        assert!(marked.holds(3) && !marked.holds(6));
        assert_eq!(marked.drawn_out(place(7)).lines(), (5, 7));
    }
}
