//! The words of the languages that were loaded: each is a file of its own, fetched when it is first spoken.

use std::cell::OnceCell;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

use super::{language::Language, sentence::Value};
use crate::browser::{
    asset::{self, NotLoaded},
    intl,
};

type Bundle = FluentBundle<FluentResource>;

thread_local! {
    static BUNDLES: [OnceCell<Bundle>; Language::ALL.len()] = const { [OnceCell::new(), OnceCell::new()] };
}

/// Loads the words of a language, unless they are here.
///
/// # Errors
/// [`NotLoaded`].
pub(crate) async fn load(language: Language) -> Result<(), NotLoaded> {
    if BUNDLES.with(|bundles| bundles[language as usize].get().is_some()) {
        return Ok(());
    }
    let tag = language.tag();
    // Where the page does not say it, trunk has built it, see `copy-file` in index.html.
    let address = asset::address(&format!("words-{tag}")).unwrap_or_else(|| format!("/{tag}.ftl"));
    let source = asset::text(&address).await?;
    BUNDLES.with(|bundles| {
        bundles[language as usize].get_or_init(|| bundle(language, source));
    });
    Ok(())
}

/// The message `id` with values put in; nothing in a language that is not loaded.
pub(super) fn fill(language: Language, id: &str, values: &[(&str, Value<'_>)]) -> String {
    let arguments: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.fluent())).collect();
    BUNDLES.with(|bundles| {
        let Some(bundle) = bundles[language as usize].get() else {
            return String::new();
        };
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let mut errors = Vec::new();
        bundle
            .format_pattern(pattern, Some(&arguments), &mut errors)
            .into_owned()
    })
}

fn bundle(language: Language, source: String) -> Bundle {
    let resource = FluentResource::try_new(source).unwrap_or_else(|(usable, _)| usable);
    let mut bundle = FluentBundle::new(language.tag().parse().into_iter().collect());
    // Marks around each value would stand in titles and copied text.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| number(Language::English, value),
        Language::Russian => |value, _| number(Language::Russian, value),
    }));
    bundle.add_resource_overriding(resource);
    bundle
}

fn number(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(intl::number(language.tag(), number.value)),
        _ => None,
    }
}
