//! How a reader looks at a log, as it stands in an address: `source=err;find=loss;times=clock`.
//! What is as it is at first is left out, so that the usual view has a clean address.

use super::times::Times;
use crate::model::{Pattern, RowFilter, Source};

/// How a reader looks at a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which lines count as rows.
    pub filter: RowFilter,
    /// What is looked for.
    pub find: Option<Pattern>,
    /// What stands before each line about its time.
    pub times: Times,
    /// Long lines are broken at the view's edge.
    pub wraps: bool,
}

impl Settings {
    /// As it stands in an address; empty for the usual view.
    pub fn write(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        let source = |source: &Source| match source {
            Source::Out => "out".to_owned(),
            Source::Err => "err".to_owned(),
            Source::File(path) => format!("file:{}", escape(path)),
        };
        words.extend(self.filter.sources.iter().map(|one| format!("source={}", source(one))));
        if let Some(find) = &self.find {
            words.push(format!("find={}", escape(&find.text)));
            words.extend(find.is_regex.then(|| "regex".to_owned()));
            words.extend(find.is_case_sensitive.then(|| "case".to_owned()));
        }
        words.extend(
            self.filter
                .matches_with_context
                .map(|context| format!("only={context}")),
        );
        words.extend(self.filter.with_history.then(|| "states".to_owned()));
        if self.times != Times::Off {
            words.push(format!("times={}", self.times.name()));
        }
        words.extend(self.wraps.then(|| "wrap".to_owned()));
        words.join(";")
    }

    /// What an address says; what is not understood counts as not said.
    pub fn read(text: &str) -> Self {
        let mut settings = Self::default();
        let mut find = Pattern {
            text: String::new(),
            is_regex: false,
            is_case_sensitive: false,
        };
        for word in text.split(';') {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            match name {
                "source" => settings.filter.sources.extend(match value {
                    "out" => Some(Source::Out),
                    "err" => Some(Source::Err),
                    _ => value.strip_prefix("file:").map(|path| Source::File(unescape(path))),
                }),
                "find" => find.text = unescape(value),
                "regex" => find.is_regex = true,
                "case" => find.is_case_sensitive = true,
                "only" => settings.filter.matches_with_context = value.parse().ok(),
                "states" => settings.filter.with_history = true,
                "times" => settings.times = Times::named(value).unwrap_or_default(),
                "wrap" => settings.wraps = true,
                _ => {}
            }
        }
        settings.find = (!find.text.is_empty()).then_some(find);
        settings
    }
}

fn escape(text: &str) -> String {
    text.replace('%', "%25").replace(';', "%3B")
}

fn unescape(text: &str) -> String {
    text.replace("%3B", ";").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_view_has_a_clean_address() {
        assert_eq!(Settings::default().write(), "");
        assert_eq!(Settings::read(""), Settings::default());
        assert_eq!(
            Settings::read("find=;colour=red;times=never;only=x"),
            Settings::default()
        );
    }

    #[test]
    fn a_link_reproduces_the_view() {
        let settings = Settings {
            filter: RowFilter {
                sources: vec![Source::Err, Source::File("logs/a;b%3B=1.txt".into())],
                matches_with_context: Some(3),
                with_history: true,
            },
            find: Some(Pattern {
                text: "loss=\\d+;%25".into(),
                is_regex: true,
                is_case_sensitive: true,
            }),
            times: Times::Gap,
            wraps: true,
        };
        assert_eq!(Settings::read(&settings.write()), settings);
        assert_eq!(
            Settings::read("source=out;find=loss;wrap").write(),
            "source=out;find=loss;wrap"
        );
    }
}
