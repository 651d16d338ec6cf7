//! What of a configuration does not fit, in the person's language.

use crate::app::text::{Text, words};
use jobsphere_authoring::{config::Misfit, yaml::Flaw};

/// The sentence for what does not fit, or is passed over.
pub(super) fn sentence(text: Text, misfit: &Misfit) -> String {
    match misfit {
        Misfit::Yaml { flaw } => text.get(words::MisfitYaml {
            reason: self::flaw(text, flaw),
        }),
        Misfit::NotAConfig => text.get(words::MISFIT_NOT_A_CONFIG),
        Misfit::NotText { key } => text.get(words::MisfitNotText { key }),
        Misfit::NotList { key } => text.get(words::MisfitNotList { key }),
        Misfit::NotMap { key } => text.get(words::MisfitNotMap { key }),
        Misfit::PathEntry { key } => text.get(words::MisfitPathEntry { key }),
        Misfit::Missing { key } => text.get(words::MisfitMissing { key }),
        Misfit::Choice { key, words } => text.get(words::MisfitChoice {
            key: key.as_str(),
            words: words.as_str(),
        }),
        Misfit::Password => text.get(words::MISFIT_PASSWORD),
        Misfit::EdgeBlank { text: inside } => text.get(words::MisfitEdgeBlank { text: inside.as_str() }),
        Misfit::VariableMissing { path } => text.get(words::MisfitVariableMissing { path: path.as_str() }),
        Misfit::EntryMissing { key } => text.get(words::MisfitEntryMissing { key }),
        Misfit::UnknownKey { key } => text.get(words::MisfitUnknownKey { key }),
        Misfit::KeyRepeated { key } => text.get(words::MisfitKeyRepeated { key }),
        Misfit::BelowOneDash { key } => text.get(words::MisfitBelowOneDash { key }),
        Misfit::Merge => text.get(words::MISFIT_MERGE),
        Misfit::HoldsNothing { key } => text.get(words::MisfitHoldsNothing { key }),
        Misfit::NotBeside { key, other } => text.get(words::MisfitNotBeside {
            key: key.as_str(),
            other: other.as_str(),
        }),
        Misfit::NotTrue { key } => text.get(words::MisfitNotTrue { key }),
        Misfit::WholeFolder { key } => text.get(words::MisfitWholeFolder { key }),
        Misfit::EmptyEntry { key } => text.get(words::MisfitEmptyEntry { key }),
    }
}

fn flaw(text: Text, flaw: &Flaw) -> String {
    match flaw {
        Flaw::Unprintable { code } => text.get(words::FlawUnprintable {
            code: format!("U+{code:04X}"),
        }),
        Flaw::Tab => text.get(words::FLAW_TAB),
        Flaw::Beginning { letter } => text.get(words::FlawBeginning {
            letter: letter.to_string(),
        }),
        Flaw::ColonMissing => text.get(words::FLAW_COLON_MISSING),
        Flaw::EntryNotHere => text.get(words::FLAW_ENTRY_NOT_HERE),
        Flaw::KeyNotHere => text.get(words::FLAW_KEY_NOT_HERE),
        Flaw::ValueNotHere => text.get(words::FLAW_VALUE_NOT_HERE),
        Flaw::Indentation => text.get(words::FLAW_INDENTATION),
        Flaw::ContentMissing => text.get(words::FLAW_CONTENT_MISSING),
        Flaw::NotClosed { bracket } => text.get(words::FlawNotClosed {
            bracket: bracket.to_string(),
        }),
        Flaw::QuoteNotClosed { quote } => text.get(words::FlawQuoteNotClosed {
            quote: quote.to_string(),
        }),
        Flaw::Escape { letter } => text.get(words::FlawEscape {
            letter: letter.to_string(),
        }),
        Flaw::EscapeNumber { letter, digits } => text.get(words::FlawEscapeNumber {
            letter: letter.to_string(),
            digits: *digits,
        }),
        Flaw::Surrogate => text.get(words::FLAW_SURROGATE),
        Flaw::BlockHeader => text.get(words::FLAW_BLOCK_HEADER),
        Flaw::AnchorName { sign } => text.get(words::FlawAnchorName { sign: sign.to_string() }),
        Flaw::AnchorRepeated { name } => text.get(words::FlawAnchorRepeated { name: name.as_str() }),
        Flaw::AliasUnknown { name } => text.get(words::FlawAliasUnknown { name: name.as_str() }),
        Flaw::AliasWithin { name } => text.get(words::FlawAliasWithin { name: name.as_str() }),
        Flaw::Tag => text.get(words::FLAW_TAG),
        Flaw::TagHandle { handle } => text.get(words::FlawTagHandle {
            handle: handle.as_str(),
        }),
        Flaw::Directive => text.get(words::FLAW_DIRECTIVE),
        Flaw::Documents => text.get(words::FLAW_DOCUMENTS),
        Flaw::KeyNotText => text.get(words::FLAW_KEY_NOT_TEXT),
        Flaw::TooDeep => text.get(words::FLAW_TOO_DEEP),
        Flaw::TooMany => text.get(words::FLAW_TOO_MANY),
    }
}
