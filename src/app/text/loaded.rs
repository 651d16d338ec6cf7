//! The words of the languages that were loaded: each is a file of its own, fetched when it is first spoken.

use std::cell::OnceCell;

use jobsphere_words::{Grammar, Value, Words};

use super::language::Language;
use crate::browser::{
    asset::{self, NotLoaded},
    intl,
};

thread_local! {
    static LOADED: [OnceCell<Words>; Language::ALL.len()] = const { [OnceCell::new(), OnceCell::new()] };
}

/// Loads the words of a language, unless they are here.
///
/// # Errors
/// [`NotLoaded`].
pub(crate) async fn load(language: Language) -> Result<(), NotLoaded> {
    if LOADED.with(|loaded| loaded[language as usize].get().is_some()) {
        return Ok(());
    }
    let lines = match asset::address(&format!("words-{}", language.tag())) {
        Some(address) => asset::text(&address).await?,
        None => language.built_in().to_owned(),
    };
    LOADED.with(|loaded| {
        loaded[language as usize].get_or_init(|| Words::read(&lines));
    });
    Ok(())
}

/// The message with values put in; nothing in a language that is not loaded.
pub(super) fn fill(language: Language, message: u16, values: &[Value<'_>]) -> String {
    LOADED.with(|loaded| {
        let words = loaded[language as usize].get();
        words
            .map(|words| words.fill(message, values, &language))
            .unwrap_or_default()
    })
}

impl Grammar for Language {
    fn number(&self, value: f64) -> String {
        intl::number(self.tag(), value)
    }

    fn category(&self, value: f64) -> String {
        intl::plural_category(self.tag(), value)
    }
}
