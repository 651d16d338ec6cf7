//! What the app says: messages of `messages/*.ftl` in the chosen language.

mod language;
mod loaded;
mod sentence;
pub(crate) mod words;

use leptos::prelude::*;

use jobsphere_words::Value;

pub(crate) use self::{
    language::Language,
    loaded::load,
    sentence::{Message, Sentence},
};
use crate::browser::{asset::NotLoaded, document, intl};

/// The words of the app. Its functions are reactive: what they returned changes with the language.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    /// Its words are loaded.
    language: RwSignal<Language>,
    /// The one that was chosen last; its words may still be on their way.
    chosen: StoredValue<Language>,
}

/// The app's words.
pub(crate) fn use_text() -> Text {
    expect_context()
}

impl Text {
    /// The words of a language that is loaded.
    pub(crate) fn new(language: Language) -> Self {
        let chosen = StoredValue::new(language);
        let language = RwSignal::new(language);
        Effect::new(move || document::set_root_attribute("lang", Some(language.get().tag())));
        Self { language, chosen }
    }

    pub(crate) fn language(self) -> Language {
        self.language.get()
    }

    /// Changes the language, as soon as its words are here.
    ///
    /// # Errors
    /// [`NotLoaded`]; the language stays until the page is loaded again.
    pub(crate) async fn choose(self, language: Language) -> Result<(), NotLoaded> {
        language.prefer();
        self.chosen.set_value(language);
        let loaded = load(language).await;
        if self.chosen.get_value() != language {
            return Ok(());
        }
        loaded?;
        self.language.set(language);
        Ok(())
    }

    /// The sentence in the chosen language.
    pub(crate) fn get(self, sentence: impl Sentence) -> String {
        sentence.said(self)
    }

    /// The message as part of a view.
    pub(crate) fn say(self, message: Message) -> impl Fn() -> String + Copy + Send + Sync + 'static {
        move || self.get(message)
    }

    /// The message with values put in, which stand in the order of their names.
    fn fill(self, message: u16, values: &[Value<'_>]) -> String {
        loaded::fill(self.language.get(), message, values)
    }

    pub(crate) fn number(self, value: f64) -> String {
        intl::number(self.language().tag(), value)
    }

    /// A number as exact as it is, with at most so many digits that say something.
    pub(crate) fn exact(self, value: f64, most_digits: u32) -> String {
        intl::exact(self.language().tag(), value, most_digits)
    }

    pub(crate) fn size(self, bytes: f64) -> String {
        intl::size(self.language().tag(), bytes)
    }

    /// A number of three or four significant digits.
    pub(crate) fn rounded(self, value: f64) -> String {
        intl::rounded(self.language().tag(), value)
    }

    /// A number of per cent; 100 need not be the most.
    pub(crate) fn percent_of(self, percent: f64) -> String {
        intl::percent_of(self.language().tag(), percent)
    }

    /// The time of day of an instant in milliseconds since the epoch.
    pub(crate) fn clock(self, millis: i64) -> String {
        intl::clock(self.language().tag(), millis)
    }

    pub(crate) fn percent(self, share: f64) -> String {
        intl::percent(self.language().tag(), share)
    }

    pub(crate) fn instant(self, millis: i64) -> String {
        intl::instant(self.language().tag(), millis)
    }

    /// How far away something is, such as "in 2 days".
    pub(crate) fn relative(self, count: i64, unit: &str) -> String {
        intl::relative(self.language().tag(), count, unit)
    }

    /// A length of time in its two largest units.
    pub(crate) fn duration(self, millis: i64) -> String {
        let seconds = millis.max(0) / 1000;
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
        match () {
            () if days > 0 => self.get(words::DurationDays { days, hours }),
            () if hours > 0 => self.get(words::DurationHours { hours, minutes }),
            () if minutes > 0 => self.get(words::DurationMinutes {
                minutes,
                seconds: seconds % 60,
            }),
            () => self.get(words::DurationSeconds { seconds }),
        }
    }
}
