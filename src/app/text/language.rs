//! The languages that the app speaks, and what is known of them before any words are there.

use crate::browser::{
    document,
    storage::{self, Scope},
};

/// A language that the app speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Russian,
}

/// Also read by `early.js`.
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

    /// That the app's words could not be loaded, and the name of a button that tries it again; the same as the messages
    /// `page-not-loaded` and `page-reload`.
    pub(crate) fn not_loaded(self) -> (&'static str, &'static str) {
        match self {
            Self::English => (
                "The page could not be loaded: the connection was lost, or the server has a newer version by now.",
                "Load again",
            ),
            Self::Russian => (
                "Не удалось загрузить страницу: пропала связь или на сервере уже более новая версия.",
                "Загрузить снова",
            ),
        }
    }

    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag() == primary)
    }

    /// Its words, in an app of one piece, whose page names no file of them; nothing where it does.
    pub(super) fn built_in(self) -> &'static str {
        #[cfg(feature = "split")]
        return "";
        #[cfg(not(feature = "split"))]
        match self {
            Self::English => include_str!(concat!(env!("OUT_DIR"), "/en.txt")),
            Self::Russian => include_str!(concat!(env!("OUT_DIR"), "/ru.txt")),
        }
    }

    /// The one that was chosen in this browser, else the first that the browser is set to; `early.js` finds the same.
    pub(crate) fn preferred() -> Self {
        let stored = storage::get(Scope::Browser, STORED).and_then(|tag| Self::from_tag(&tag));
        stored
            .or_else(|| {
                document::preferred_languages()
                    .iter()
                    .find_map(|tag| Self::from_tag(tag))
            })
            .unwrap_or(Self::English)
    }

    /// Makes it the preferred one in this browser.
    pub(super) fn prefer(self) {
        storage::set(Scope::Browser, STORED, self.tag());
    }
}
