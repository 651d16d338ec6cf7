//! The service's own lines, in the page's language.

use crate::app::text::{Text, words};
use jobsphere_log::model::{Row, Source};
use jobsphere_rules::service_line::ServiceLine;

const SYSTEM_LOG: &str = ".system.log";

/// The row as it is shown: a line of the service of a known form in the page's language, and every other as it is. So is one
/// in which something was found, since the place of that is known in its own words alone.
pub(super) fn in_language(row: &Row, source: Option<&Source>, text: Text) -> Row {
    let is_of_service = matches!(source, Some(Source::File(path)) if path == SYSTEM_LOG);
    let said = (is_of_service && row.matches.is_empty() && row.cut_bytes == 0)
        .then(|| ServiceLine::of(&row.text).map(|line| words_of(line, text)))
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

fn words_of(line: ServiceLine<'_>, text: Text) -> String {
    match line {
        ServiceLine::Turn => text.get(words::SERVICE_TURN),
        ServiceLine::Killed => text.get(words::SERVICE_KILLED),
        ServiceLine::Overdue => text.get(words::SERVICE_OVERDUE),
        ServiceLine::Begun(process) => text.get(words::ServiceBegun { process }),
        ServiceLine::Ended { code, seconds } => text.get(words::ServiceEnded { code, seconds }),
        ServiceLine::SignalSent(signal) => text.get(words::ServiceSignal {
            signal: signal.to_string(),
        }),
        ServiceLine::EnvironmentKept(name) => text.get(words::ServiceEnvironmentKept { name }),
        ServiceLine::EnvironmentReady(name) => text.get(words::ServiceEnvironmentReady { name }),
        ServiceLine::DirectoryReady(inputs) => text.get(words::ServiceDirectoryReady { inputs }),
        ServiceLine::VariableReserved(name) => text.get(words::ServiceVariableReserved { name }),
        ServiceLine::VariableSecret(name) => text.get(words::ServiceVariableSecret { name }),
        ServiceLine::ImageThere(name) => text.get(words::ServiceImageThere { name }),
        ServiceLine::DatasetKept(name, dataset) => text.get(words::ServiceDatasetKept { name, dataset }),
        ServiceLine::LeftProcesses(processes) => text.get(words::ServiceLeftProcesses { processes }),
    }
}
