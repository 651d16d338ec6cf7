//! What of a configuration does not fit, in the person's language.

use crate::{
    app::text::Text,
    job::{config::Misfit, yaml::Flaw},
};

/// The sentence for what does not fit, or is passed over.
pub(super) fn sentence(text: Text, misfit: &Misfit) -> String {
    let about = |message: &str, key: &str| text.with(message, [("key", key.into())]);
    match misfit {
        Misfit::Yaml { flaw } => text.with("misfit-yaml", [("reason", self::flaw(text, flaw).into())]),
        Misfit::NotAConfig => text.get("misfit-not-a-config"),
        Misfit::NotText { key } => about("misfit-not-text", key),
        Misfit::NotList { key } => about("misfit-not-list", key),
        Misfit::NotMap { key } => about("misfit-not-map", key),
        Misfit::PathEntry { key } => about("misfit-path-entry", key),
        Misfit::Missing { key } => about("misfit-missing", key),
        Misfit::Choice { key, words } => text.with(
            "misfit-choice",
            [("key", key.as_str().into()), ("words", words.as_str().into())],
        ),
        Misfit::Password => text.get("misfit-password"),
        Misfit::EdgeBlank { text: inside } => text.with("misfit-edge-blank", [("text", inside.as_str().into())]),
        Misfit::VariableMissing { path } => text.with("misfit-variable-missing", [("path", path.as_str().into())]),
        Misfit::EntryMissing { key } => about("misfit-entry-missing", key),
        Misfit::UnknownKey { key } => about("misfit-unknown-key", key),
        Misfit::KeyRepeated { key } => about("misfit-key-repeated", key),
        Misfit::BelowOneDash { key } => about("misfit-below-one-dash", key),
        Misfit::Merge => text.get("misfit-merge"),
        Misfit::HoldsNothing { key } => about("misfit-holds-nothing", key),
        Misfit::NotBeside { key, other } => text.with(
            "misfit-not-beside",
            [("key", key.as_str().into()), ("other", other.as_str().into())],
        ),
        Misfit::NotTrue { key } => about("misfit-not-true", key),
        Misfit::WholeFolder { key } => about("misfit-whole-folder", key),
        Misfit::EmptyEntry { key } => about("misfit-empty-entry", key),
    }
}

fn flaw(text: Text, flaw: &Flaw) -> String {
    match flaw {
        Flaw::Unprintable { code } => text.with("flaw-unprintable", [("code", format!("U+{code:04X}").into())]),
        Flaw::Tab => text.get("flaw-tab"),
        Flaw::Beginning { letter } => text.with("flaw-beginning", [("letter", letter.to_string().into())]),
        Flaw::ColonMissing => text.get("flaw-colon-missing"),
        Flaw::EntryNotHere => text.get("flaw-entry-not-here"),
        Flaw::KeyNotHere => text.get("flaw-key-not-here"),
        Flaw::ValueNotHere => text.get("flaw-value-not-here"),
        Flaw::Indentation => text.get("flaw-indentation"),
        Flaw::ContentMissing => text.get("flaw-content-missing"),
        Flaw::NotClosed { bracket } => text.with("flaw-not-closed", [("bracket", bracket.to_string().into())]),
        Flaw::QuoteNotClosed { quote } => text.with("flaw-quote-not-closed", [("quote", quote.to_string().into())]),
        Flaw::Escape { letter } => text.with("flaw-escape", [("letter", letter.to_string().into())]),
        Flaw::EscapeNumber { letter, digits } => text.with(
            "flaw-escape-number",
            [
                ("letter", letter.to_string().into()),
                ("digits", (*digits as f64).into()),
            ],
        ),
        Flaw::Surrogate => text.get("flaw-surrogate"),
        Flaw::BlockHeader => text.get("flaw-block-header"),
        Flaw::AnchorName { sign } => text.with("flaw-anchor-name", [("sign", sign.to_string().into())]),
        Flaw::AnchorRepeated { name } => text.with("flaw-anchor-repeated", [("name", name.as_str().into())]),
        Flaw::AliasUnknown { name } => text.with("flaw-alias-unknown", [("name", name.as_str().into())]),
        Flaw::AliasWithin { name } => text.with("flaw-alias-within", [("name", name.as_str().into())]),
        Flaw::Tag => text.get("flaw-tag"),
        Flaw::TagHandle { handle } => text.with("flaw-tag-handle", [("handle", handle.as_str().into())]),
        Flaw::Directive => text.get("flaw-directive"),
        Flaw::Documents => text.get("flaw-documents"),
        Flaw::KeyNotText => text.get("flaw-key-not-text"),
        Flaw::TooDeep => text.get("flaw-too-deep"),
        Flaw::TooMany => text.get("flaw-too-many"),
    }
}
