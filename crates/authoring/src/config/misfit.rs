//! What of a configuration file does not fit into a draft.

use crate::yaml::Flaw;

/// What does not fit into a draft. `Display` is a sentence in English.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Not YAML.
    #[error("this is not YAML: {flaw}")]
    Yaml {
        /// What is wrong.
        flaw: Flaw,
    },
    /// Nothing, or something else than keys and values.
    #[error("the file must hold keys with values, such as `cmd: python main.py`")]
    NotAConfig,
    /// Should be one text.
    #[error("`{key}` must be a text")]
    NotText {
        /// The key in question.
        key: String,
    },
    /// Should be a list.
    #[error("`{key}` must be a list: lines that begin with `-`")]
    NotList {
        /// The key in question.
        key: String,
    },
    /// Should be keys with values.
    #[error("`{key}` must hold keys with values")]
    NotMap {
        /// The key in question.
        key: String,
    },
    /// An entry of a list of paths in another form than the three.
    #[error("an entry of `{key}` is `path`, `path: VARIABLE` or `path: {{var: VARIABLE}}`")]
    PathEntry {
        /// The list in question.
        key: String,
    },
    /// A key without which the rest means nothing.
    #[error("`{key}` is missing")]
    Missing {
        /// The key in question.
        key: String,
    },
    /// Not one of the known words.
    #[error("`{key}` must be one of: {words}")]
    Choice {
        /// The key in question.
        key: String,
        /// The words, joined by commas.
        words: String,
    },
    /// A password in the file.
    #[error("a password must not stand in the file: name a secret, `password: {{secret-id: NAME}}`")]
    Password,
    /// A name or id with blanks around it, which are part of it in the file.
    #[error("`{text}` begins or ends with a blank, which would count: take it away")]
    EdgeBlank {
        /// What was given.
        text: String,
    },
    /// A colon behind a path, and nothing behind it, for the second time: two variables without a name.
    #[error("a variable is missing behind `{path}:`")]
    VariableMissing {
        /// The path in question.
        path: String,
    },
    /// A path, id or name that is not written.
    #[error("an entry of `{key}` is empty")]
    EntryMissing {
        /// The list in question.
        key: String,
    },
    /// A key nobody reads.
    #[error("the key `{key}` is not known and is passed over")]
    UnknownKey {
        /// The key in question.
        key: String,
    },
    /// A key that stands twice.
    #[error("the key `{key}` stands twice; the later one counts")]
    KeyRepeated {
        /// The key in question.
        key: String,
    },
    /// A second key below one dash.
    #[error("`{key}` is passed over: below one dash only the first name counts; give it a dash of its own")]
    BelowOneDash {
        /// The key in question.
        key: String,
    },
    /// `<<`, which other programs take for the entries of another mapping.
    #[error("`<<` brings in nothing here and is passed over: write the entries out")]
    Merge,
    /// A text or list where keys and values could be read.
    #[error("`{key}` holds no keys with values and is passed over")]
    HoldsNothing {
        /// The key in question.
        key: String,
    },
    /// A key that does not count beside another.
    #[error("`{key}` is passed over beside `{other}`")]
    NotBeside {
        /// The key in question.
        key: String,
        /// What makes it unread.
        other: String,
    },
    /// A switch that is neither on nor off.
    #[error("`{key}` is on only as `true`; written so, it is off")]
    NotTrue {
        /// The key in question.
        key: String,
    },
    /// An empty path, which Python takes for the folder it stands in.
    #[error("an empty entry of `{key}` stands for the whole folder")]
    WholeFolder {
        /// The list in question.
        key: String,
    },
    /// An entry in which nothing is written.
    #[error("an empty entry of `{key}` is passed over")]
    EmptyEntry {
        /// The list in question.
        key: String,
    },
}

impl Misfit {
    /// Whether the file can be used all the same.
    pub fn is_warning(&self) -> bool {
        matches!(
            self,
            Self::UnknownKey { .. }
                | Self::KeyRepeated { .. }
                | Self::BelowOneDash { .. }
                | Self::Merge
                | Self::HoldsNothing { .. }
                | Self::NotBeside { .. }
                | Self::NotTrue { .. }
                | Self::WholeFolder { .. }
                | Self::EmptyEntry { .. }
        )
    }
}
