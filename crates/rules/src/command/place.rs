//! A place in a command, and how a text is written there.

/// What the shell does with the letters of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// They are words of a command.
    None,
    Single,
    Double,
    /// Of `$'…'`.
    Ansi,
    /// A here-document whose variables are put in.
    Here,
    /// One that is taken as it stands.
    HereVerbatim,
    /// A word within `${…}` that lies in double quotes.
    Braces,
    /// One that lies in a here-document.
    HereBraces,
    Comment,
    /// Numbers, patterns and other things that a path is no part of.
    Foreign,
}

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) quotes: Quotes,
    /// Where it is a script of its own that the place lies in, as of `bash -c`: the quotes around the script.
    pub(super) around: Option<Quotes>,
    /// How many backquotes it lies in, each of which takes backslashes away.
    pub(super) backquotes: usize,
    /// Whether a backslash stands before it, which would keep the shell from reading a variable.
    pub(super) is_escaped: bool,
}

impl Place {
    pub(super) const FOREIGN: Self = Self {
        quotes: Quotes::Foreign,
        around: None,
        backquotes: 0,
        is_escaped: false,
    };

    /// Whether nobody reads what stands here.
    pub(super) fn is_comment(self) -> bool {
        self.quotes == Quotes::Comment
    }

    /// The place that a script has which lies in this one, seen from outside; `inside` is the place in the script.
    pub(super) fn around(self, inside: Self) -> Self {
        // A backslash that the outer quotes leave alone is the letter before the value.
        let is_one_backslash = matches!(self.quotes, Quotes::Single | Quotes::HereVerbatim);
        let is_too_much = inside.around.is_some() || inside.backquotes > 0;
        if is_too_much || (inside.is_escaped && !is_one_backslash) || (inside.is_escaped && self.is_escaped) {
            return Self::FOREIGN;
        }
        Self {
            quotes: inside.quotes,
            around: Some(self.quotes),
            backquotes: self.backquotes,
            is_escaped: self.is_escaped || inside.is_escaped,
        }
    }

    /// `text` as it is written here; `None` where it cannot be.
    pub(super) fn write(self, text: &str) -> Option<String> {
        if text.chars().all(is_plain) {
            return Some(text.to_owned());
        }
        let mut written = self.quotes.write(text)?;
        if let Some(around) = self.around {
            written = around.write(&written)?;
        }
        Some((0..self.backquotes).fold(written, |written, _| escaped(&written, r"\`")))
    }
}

impl Quotes {
    /// `text` as it is written in them.
    fn write(self, text: &str) -> Option<String> {
        Some(match self {
            Self::None => format!("'{}'", text.replace('\'', r"'\''")),
            Self::Single => text.replace('\'', r"'\''"),
            Self::Double => escaped(text, r#"\"$`"#),
            Self::Ansi => escaped(text, r"\'"),
            // Quotes of their own: bash looks for the end of an apostrophe there.
            Self::Braces => format!("\"{}\"", escaped(text, r#"\"$`"#)),
            // A line of it could end the document.
            Self::Here if !text.contains('\n') => escaped(text, r"\$`"),
            Self::HereVerbatim if !text.contains('\n') => text.to_owned(),
            Self::HereBraces if !text.contains('\n') => format!("\"{}\"", escaped(text, r#"\"$`"#)),
            _ => return None,
        })
    }
}

/// Letters that mean nothing to the shell.
fn is_plain(letter: char) -> bool {
    letter.is_alphanumeric() || "/._-+,=@%:".contains(letter)
}

fn escaped(text: &str, special: &str) -> String {
    let escape = |letter| special.contains(letter).then_some('\\').into_iter().chain([letter]);
    text.chars().flat_map(escape).collect()
}
