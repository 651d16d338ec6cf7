//! What makes a text no YAML, or YAML that cannot be used.

/// What is wrong with a text. `Display` is a sentence in English that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A character that YAML does not have.
    #[error("the character U+{code:04X} must not stand in the file; in double quotes it is written `\\x{code:02x}`")]
    Unprintable {
        /// Its number in Unicode.
        code: u32,
    },
    /// A tab where it is neither a blank nor a letter.
    #[error("a tab stands where only spaces may")]
    Tab,
    /// A character that begins nothing.
    #[error("nothing can begin with `{letter}`: put the text in quotes")]
    Beginning {
        /// The character.
        letter: char,
    },
    /// A text where only a key can stand.
    #[error("`:` is missing behind the key, or the line is indented too little to belong to the text above")]
    ColonMissing,
    /// `- ` behind something else.
    #[error("a list entry cannot stand here: give it a line of its own")]
    EntryNotHere,
    /// `? ` behind something else.
    #[error("a key cannot stand here: give it a line of its own, or put the text in quotes")]
    KeyNotHere,
    /// `: ` within a text.
    #[error("`: ` cannot stand here: put the text in quotes, or mend the indentation")]
    ValueNotHere,
    /// A line that fits no line above.
    #[error("the line fits nothing above it: mend the indentation, or put the text in quotes")]
    Indentation,
    /// No value, and no end.
    #[error("a value is missing before this")]
    ContentMissing,
    /// `[` or `{` without its end.
    #[error("`,` or `{bracket}` is missing")]
    NotClosed {
        /// The bracket that would close it.
        bracket: char,
    },
    /// A quote without its end.
    #[error("the quote {quote} that begins here is not closed")]
    QuoteNotClosed {
        /// The quote.
        quote: char,
    },
    /// `\` with something behind it that means nothing.
    #[error("`\\{letter}` means nothing in double quotes: a backslash is written `\\\\`, or use single quotes")]
    Escape {
        /// What stands behind the backslash.
        letter: char,
    },
    /// `\x`, `\u` or `\U` without the number of a character.
    #[error("`\\{letter}` in double quotes wants {digits} hexadecimal digits that name a character")]
    EscapeNumber {
        /// `x`, `u` or `U`.
        letter: char,
        /// How many digits follow.
        digits: usize,
    },
    /// Half of a character in a text that is used.
    #[error("`\\u` names half a character, which cannot be sent: write the character itself")]
    Surrogate,
    /// Something behind `|` or `>`.
    #[error("behind `|` or `>` only `+`, `-`, a digit from 1 to 9 and a comment may stand")]
    BlockHeader,
    /// `&` or `*` that begins no name.
    #[error("`{sign}` must be followed by a name of letters, digits, `-`, `_`: put a text that begins so in quotes")]
    AnchorName {
        /// `&` or `*`.
        sign: char,
    },
    /// `&name` for the second time.
    #[error("`&{name}` stands twice")]
    AnchorRepeated {
        /// The name.
        name: String,
    },
    /// `*name` without `&name`.
    #[error("`*{name}` stands for nothing: no `&{name}` above it")]
    AliasUnknown {
        /// The name.
        name: String,
    },
    /// `*name` within what it stands for.
    #[error("`*{name}` stands within what it stands for")]
    AliasWithin {
        /// The name.
        name: String,
    },
    /// `!` that begins no tag.
    #[error("`!` begins no tag here: put a text that begins so in quotes")]
    Tag,
    /// A tag by a prefix that nothing explains.
    #[error("the prefix `{handle}` of the tag is not known")]
    TagHandle {
        /// The prefix.
        handle: String,
    },
    /// A line with `%` that cannot be understood.
    #[error("this line with `%` is no directive of YAML 1, or lacks `---` below it")]
    Directive,
    /// More than one document.
    #[error("the file holds more than one document: remove `---` and what is not wanted")]
    Documents,
    /// A list or mapping as a key.
    #[error("a key must be a text: put it in quotes")]
    KeyNotText,
    /// Nested more deeply than can be read.
    #[error("the file is nested too deeply")]
    TooDeep,
    /// More values than can be kept, aliases counted as often as they are used.
    #[error("the file holds too many values")]
    TooMany,
}

/// A flaw and its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {flaw}")]
pub struct YamlError {
    /// Line, counted from 1 by line feeds, as editors do.
    pub line: usize,
    /// What is wrong.
    pub flaw: Flaw,
}
