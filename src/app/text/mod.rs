//! What the app says: messages of `messages/*.ftl` in the chosen language.

mod sentence;
pub(crate) mod words;

use std::cell::OnceCell;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use leptos::prelude::*;

use self::sentence::Value;
pub(crate) use self::sentence::{Message, Sentence};

use crate::browser::{
    document, intl,
    storage::{self, Keep},
};

/// A language that the app speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Russian,
}

const STORED: &str = "language";

impl Language {
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::Russian];

    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
        }
    }

    /// Its name in itself, the same in every language.
    pub(crate) fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Russian => "Русский",
        }
    }

    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag() == primary)
    }

    fn preferred() -> Self {
        let stored = storage::get(Keep::Browser, STORED).and_then(|tag| Self::from_tag(&tag));
        stored
            .or_else(|| {
                document::preferred_languages()
                    .iter()
                    .find_map(|tag| Self::from_tag(tag))
            })
            .unwrap_or(Self::English)
    }

    fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../../../messages/en.ftl"),
            Self::Russian => include_str!("../../../messages/ru.ftl"),
        }
    }

    fn bundle(self) -> FluentBundle<FluentResource> {
        let resource = FluentResource::try_new(self.source().to_owned()).unwrap_or_else(|(usable, _)| usable);
        let mut bundle = FluentBundle::new(self.tag().parse().into_iter().collect());
        // Marks around each value would stand in titles and copied text.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match self {
            Self::English => |value, _| number(Self::English, value),
            Self::Russian => |value, _| number(Self::Russian, value),
        }));
        bundle.add_resource_overriding(resource);
        bundle
    }
}

fn number(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(intl::number(language.tag(), number.value)),
        _ => None,
    }
}

thread_local! {
    /// Made with the first message in its language.
    static BUNDLES: [OnceCell<FluentBundle<FluentResource>>; 2] = const { [OnceCell::new(), OnceCell::new()] };
}

/// The words of the app. Its functions are reactive: what they returned changes with the language.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    language: RwSignal<Language>,
}

/// The app's words.
pub(crate) fn use_text() -> Text {
    expect_context()
}

impl Text {
    pub(crate) fn new() -> Self {
        let language = RwSignal::new(Language::preferred());
        Effect::new(move || document::set_root_attribute("lang", Some(language.get().tag())));
        Self { language }
    }

    pub(crate) fn language(self) -> Language {
        self.language.get()
    }

    pub(crate) fn choose(self, language: Language) {
        storage::set(Keep::Browser, STORED, language.tag());
        self.language.set(language);
    }

    /// The sentence in the chosen language.
    pub(crate) fn get(self, sentence: impl Sentence) -> String {
        sentence.said(self)
    }

    /// The message as part of a view.
    pub(crate) fn say(self, message: Message) -> impl Fn() -> String + Copy + Send + Sync + 'static {
        move || self.get(message)
    }

    /// The message `id` with values put in.
    fn fill(self, id: &str, values: &[(&str, Value<'_>)]) -> String {
        let arguments: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.fluent())).collect();
        let language = self.language.get();
        BUNDLES.with(|bundles| {
            let bundle = bundles[language as usize].get_or_init(|| language.bundle());
            let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
                return id.to_owned();
            };
            let mut errors = Vec::new();
            bundle
                .format_pattern(pattern, Some(&arguments), &mut errors)
                .into_owned()
        })
    }

    pub(crate) fn number(self, value: f64) -> String {
        intl::number(self.language().tag(), value)
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
