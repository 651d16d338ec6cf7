//! The service's own lines, in the page's language.

use crate::app::{service_words::line_words, text::Text};
use jobsphere_log::model::{Row, Source};
use jobsphere_rules::service_line::{SYSTEM_LOG, ServiceLine};

/// The row as it is shown: a line of the service of a known form in the page's language, and every other as it is. So is one
/// in which something was found, since the place of that is known in its own words alone.
pub(super) fn in_language(row: &Row, source: Option<&Source>, text: Text) -> Row {
    let is_of_service = matches!(source, Some(Source::File(path)) if path == SYSTEM_LOG);
    let said = (is_of_service && row.matches.is_empty() && row.cut_bytes == 0)
        .then(|| ServiceLine::of(&row.text).map(|line| line_words(&line, text)))
        .flatten();
    match said {
        Some(text) => Row {
            text,
            styles: Vec::new(),
            ..row.clone()
        },
        None => row.clone(),
    }
}
