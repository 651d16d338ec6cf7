//! How a cell looks that may hold a number: its sign, its digits, the marks between them, and what stands around.

/// A mark between digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Dot,
    Comma,
    Space,
    /// A blank that does not break a line, as programs put between thousands.
    HardSpace,
    Apostrophe,
}

impl Mark {
    pub(super) const ALL: [Self; 5] = [Self::Dot, Self::Comma, Self::Space, Self::HardSpace, Self::Apostrophe];

    fn of(letter: char) -> Option<Self> {
        Some(match letter {
            '.' => Self::Dot,
            ',' => Self::Comma,
            ' ' => Self::Space,
            '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' => Self::HardSpace,
            '\'' | '’' => Self::Apostrophe,
            _ => return None,
        })
    }
}

/// Longer cells are words.
const MAX_BYTES: usize = 200;
/// Signs of money, which stand before a number or behind it.
const MONEY: &str = "$€£¥₽₹₴₸₩₺¢";
/// What a unit behind a number may hold beside letters.
const OF_UNITS: &str = "%‰°²³·µ/.-^";
/// The longest unit.
const MAX_UNIT_CHARS: usize = 12;

/// A cell taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// A sign of money in front.
    pub(super) prefix: &'a str,
    pub(super) is_negative: bool,
    /// From the first digit or point to the last.
    pub(super) digits: &'a str,
    /// A unit or a sign of money behind.
    pub(super) suffix: &'a str,
}

impl<'a> Parts<'a> {
    /// The parts of a cell that looks like a number; `None` for words.
    pub(super) fn of(cell: &'a str) -> Option<Self> {
        let cell = cell.trim();
        if cell.is_empty() || cell.len() > MAX_BYTES {
            return None;
        }
        let (signed, rest) = sign(cell);
        let money = rest.chars().next().filter(|first| MONEY.contains(*first));
        let (prefix, rest) = rest.split_at(money.map_or(0, char::len_utf8));
        let rest = if prefix.is_empty() { rest } else { rest.trim_start() };
        // The sign stands on one side of the money's alone.
        let (again, rest) = if signed.is_some() || prefix.is_empty() {
            (None, rest)
        } else {
            sign(rest)
        };
        let last = rest.rfind(|letter: char| letter.is_ascii_digit())?;
        let end = last + 1 + usize::from(rest[last + 1..].starts_with('.') && !rest[last + 2..].starts_with('.'));
        let (digits, suffix) = rest.split_at(end);
        let sign = signed.or(again);
        // SAP writes the sign behind. Behind digits alone it may as well mean "from", as in `2020-`.
        let is_behind = suffix == "-" && sign.is_none() && digits.contains([',', '.']);
        let suffix = if is_behind { "" } else { suffix };
        Some(Self {
            prefix,
            is_negative: sign.unwrap_or(is_behind),
            digits,
            suffix: unit(suffix).filter(|unit| unit.is_empty() || prefix.is_empty())?,
        })
    }
}

/// Whether there is a minus; `None` without a sign.
fn sign(text: &str) -> (Option<bool>, &str) {
    match text.strip_prefix(['-', '−']) {
        Some(rest) => (Some(true), rest),
        None => match text.strip_prefix('+') {
            Some(rest) => (Some(false), rest),
            None => (None, text),
        },
    }
}

/// The unit; letters need a blank before them: `12a` is a name and no number.
fn unit(behind: &str) -> Option<&str> {
    let unit = behind.trim_start();
    let is_apart = unit.len() < behind.len();
    let Some(first) = unit.chars().next() else {
        return Some(unit);
    };
    let begins = MONEY.contains(first) || "%‰°".contains(first) || (is_apart && first.is_alphabetic());
    let is_of_units = |letter: char| letter.is_alphabetic() || MONEY.contains(letter) || OF_UNITS.contains(letter);
    (begins && unit.chars().all(is_of_units) && unit.chars().count() <= MAX_UNIT_CHARS).then_some(unit)
}

/// The digits of a number, counted between the marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    /// Digits before the first mark.
    pub(super) lead: usize,
    pub(super) begins_with_zero: bool,
    /// Each mark, and how many digits follow it.
    pub(super) groups: Vec<(Mark, usize)>,
    pub(super) ends_with_zero: bool,
    pub(super) has_exponent: bool,
}

impl Shape {
    /// The shape of [`Parts::digits`]; `None` when something else stands among them.
    pub(super) fn of(digits: &str) -> Option<Self> {
        let (mantissa, exponent) = exponent(digits)?;
        let mut shape = Self {
            lead: 0,
            begins_with_zero: mantissa.starts_with('0'),
            groups: Vec::new(),
            ends_with_zero: mantissa.ends_with('0'),
            has_exponent: exponent.is_some(),
        };
        for letter in mantissa.chars() {
            match (letter.is_ascii_digit(), shape.groups.last_mut()) {
                (true, None) => shape.lead += 1,
                (true, Some((_, count))) => *count += 1,
                (false, _) => shape.groups.push((Mark::of(letter)?, 0)),
            }
        }
        mantissa
            .contains(|letter: char| letter.is_ascii_digit())
            .then_some(shape)
    }

    /// Whether zeros stand where no number has them: it is a name made of digits.
    pub(super) fn is_name(&self) -> bool {
        self.begins_with_zero && self.lead > 1
    }

    /// The mark of a number of one mark with three digits behind it, which may stand before decimals or thousands.
    pub(super) fn lone_mark(&self) -> Option<Mark> {
        match self.groups[..] {
            [(mark, _)] => Some(mark),
            _ => None,
        }
    }
}

/// What stands before the exponent, and the exponent; `None` when what follows the letter is none.
pub(super) fn exponent(digits: &str) -> Option<(&str, Option<&str>)> {
    // Fortran writes a D for double precision.
    let Some((mantissa, exponent)) = digits.split_once(['e', 'E', 'D']) else {
        return Some((digits, None));
    };
    let bare = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let is_number = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((mantissa, Some(exponent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(cell: &str) -> Option<(&str, bool, &str, &str)> {
        Parts::of(cell).map(|parts| (parts.prefix, parts.is_negative, parts.digits, parts.suffix))
    }

    #[test]
    fn signs_units_and_money_stand_around_the_digits() {
        assert_eq!(parts(" -1,234.50 "), Some(("", true, "1,234.50", "")));
        assert_eq!(parts("−5 °C"), Some(("", true, "5", "°C")));
        assert_eq!(parts("12,5%"), Some(("", false, "12,5", "%")));
        assert_eq!(parts("-$1,234"), Some(("$", true, "1,234", "")));
        assert_eq!(parts("$-3"), Some(("$", true, "3", "")));
        assert_eq!(parts("1 234 ₽"), Some(("", false, "1 234", "₽")));
        assert_eq!(parts("5 km/h"), Some(("", false, "5", "km/h")));
        assert_eq!(parts("5."), Some(("", false, "5.", "")));
        assert_eq!(parts("1e-3"), Some(("", false, "1e-3", "")));
        assert_eq!(parts("1.234,56-"), Some(("", true, "1.234,56", "")));
        for words in [
            "",
            "-",
            "2020-",
            "-1,5-",
            "1,5--",
            "1,5 -",
            "12a",
            "(5)",
            "5 (about)",
            "--5",
            "+-5",
            "$-+5",
            "5..",
            "$5 kg",
        ] {
            let is_number = Parts::of(words).is_some_and(|parts| Shape::of(parts.digits).is_some());
            assert!(!is_number, "{words}");
        }
    }

    #[test]
    fn digits_are_counted_between_marks() {
        let shape = Shape::of("12 345,60").unwrap();
        assert_eq!(shape.groups, [(Mark::Space, 3), (Mark::Comma, 2)]);
        assert!((shape.lead, shape.ends_with_zero, shape.has_exponent) == (2, true, false));
        assert!(Shape::of("1.5e-3").unwrap().has_exponent);
        assert!(Shape::of("0.100D+01").unwrap().has_exponent);
        assert!(Shape::of("007").unwrap().is_name());
        assert!(!Shape::of("0.5").unwrap().is_name());
        for words in ["1e", "1e+", "12:30", "2024-01-01", "1/2", "0x1F", ".", "v1"] {
            assert_eq!(Shape::of(words), None, "{words}");
        }
    }
}
