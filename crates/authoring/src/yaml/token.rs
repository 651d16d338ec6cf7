//! The words of YAML: what [`scan`](super::scan) finds and [`parse`](super::parse) puts together.

/// A word and its place, in characters.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

/// What a word is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    StreamEnd,
    Directive(Directive),
    DocumentStart,
    DocumentEnd,
    BlockListStart,
    BlockMapStart,
    BlockEnd,
    FlowListStart,
    FlowMapStart,
    FlowListEnd,
    FlowMapEnd,
    /// `- `
    BlockEntry,
    /// `,`
    FlowEntry,
    /// `? `, or before a key that is known by its `:`.
    Key,
    /// `: `
    Value,
    Alias(String),
    Anchor(String),
    /// The handle with its exclamation marks, if a prefix has to be known for it.
    Tag(Option<String>),
    Scalar(Scalar),
}

/// A line that begins with `%`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Directive {
    /// `%YAML`, and whether it is a version of YAML 1.
    Version { is_known: bool },
    /// `%TAG` with the handle that it explains.
    Handle(String),
    /// One that nobody knows and that is passed over.
    Other,
}

/// A text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scalar {
    pub text: String,
    /// Whether it is lines under `|` or `>`.
    pub is_block: bool,
    /// Whether it holds half a character, for which U+FFFD stands in the text.
    pub is_broken: bool,
}
