//! What the service says of a job, in the page's language: lines of its log, `status_details`, reasons of what is missing.
//! What is of no known form, such as the words of a tool, stands as it was written.

use super::text::{Text, words};
use jobsphere_names::said;
use jobsphere_rules::{cancelling, return_code, service_line::ServiceLine, waiting};

/// A line as a program writes its progress.
const PROGRESS: &str = "{\"progress\": 40, \"message\": \"epoch 4\"}";

/// What the service said, perhaps in several lines, in the page's language as far as that is known.
pub(crate) fn in_language(words: &str, text: Text) -> String {
    let lines: Vec<String> = words.lines().map(|line| one(line, text)).collect();
    lines.join("\n")
}

/// `status_details` where they stand alone, without the state.
pub(crate) fn details(words: &str, text: Text) -> String {
    if words == waiting::IN_THE_QUEUE {
        return text.get(words::WAITING_QUEUE);
    }
    match waiting::place(words) {
        Some(1) => return text.get(words::WAITING_NEXT),
        Some(place) => {
            return text.get(words::WaitingPlace {
                place,
                before: place - 1,
            });
        }
        None => {}
    }
    if return_code::says_all(Some(0), words) {
        return text.get(words::STATUS_SUCCESS);
    }
    if let Some(reason) = cancelling::given(words) {
        let state = text.get(words::STATUS_CANCELLED);
        return match reason {
            "" => state,
            reason => [state, text.get(words::CancelledBecause { reason })].join(". "),
        };
    }
    in_language(words, text)
}

/// One line; what a return code says may stand before what the service knows besides.
fn one(line: &str, text: Text) -> String {
    if let Some((code, more)) = return_code::read(line) {
        let code = text.get(words::FailureCode { code: code.to_string() });
        return match more {
            "" => code,
            more => [code, one(more, text)].join(". "),
        };
    }
    match ServiceLine::of(line) {
        Some(line) => line_words(&line, text),
        None => said(line).into_owned(),
    }
}

/// A reason within a sentence: a clause of the service's, or what a tool or the system said.
fn clause(words: &str, text: Text) -> String {
    match ServiceLine::of(words) {
        Some(line) => line_words(&line, text),
        None => words.to_owned(),
    }
}

/// A sentence in the page's language.
pub(crate) fn line_words(line: &ServiceLine<'_>, text: Text) -> String {
    match line {
        ServiceLine::WaitsForFiles => text.get(words::SERVICE_WAITS_FOR_FILES),
        ServiceLine::Turn => text.get(words::SERVICE_TURN),
        ServiceLine::Preparing => text.get(words::SERVICE_PREPARING),
        ServiceLine::DirectoryReady { inputs } => text.get(words::ServiceDirectoryReady {
            inputs: inputs.as_ref(),
        }),
        ServiceLine::Building { how } => text.get(words::ServiceBuilding { how: how.as_ref() }),
        ServiceLine::BuildBegun { name, how, build } => text.get(words::ServiceBuildBegun {
            name: name.as_ref(),
            how: how.as_ref(),
            build: build.as_ref(),
        }),
        ServiceLine::Installed { packages } => text.get(words::ServiceInstalled {
            packages: packages.as_ref(),
        }),
        ServiceLine::ModulesKept { files } => text.get(words::ServiceModulesKept { files: files.as_ref() }),
        ServiceLine::GettingImageBy { image, program } => text.get(words::ServiceGettingImageBy {
            image: image.as_ref(),
            program: program.as_ref(),
        }),
        ServiceLine::GettingImage { image } => text.get(words::ServiceGettingImage { image: image.as_ref() }),
        ServiceLine::VariableReserved { name } => text.get(words::ServiceVariableReserved { name: name.as_ref() }),
        ServiceLine::VariableSecret { name } => text.get(words::ServiceVariableSecret { name: name.as_ref() }),
        ServiceLine::FetchingOf { what, loaded, all } => text.get(words::ServiceFetchingOf {
            what: what.as_ref(),
            loaded: loaded.as_ref(),
            all: all.as_ref(),
        }),
        ServiceLine::Fetching { what, loaded } => text.get(words::ServiceFetching {
            what: what.as_ref(),
            loaded: loaded.as_ref(),
        }),
        ServiceLine::VariablesLost { names } => text.get(words::ServiceVariablesLost { names: names.as_ref() }),
        ServiceLine::Begun { process } => text.get(words::ServiceBegun {
            process: process.as_ref(),
        }),
        ServiceLine::Running => text.get(words::SERVICE_RUNNING),
        ServiceLine::SignalSent { signal } => text.get(words::ServiceSignal {
            signal: signal.as_ref(),
        }),
        ServiceLine::Killed => text.get(words::SERVICE_KILLED),
        ServiceLine::Overdue => text.get(words::SERVICE_OVERDUE),
        ServiceLine::TimeLimit { seconds } => text.get(words::ServiceTimeLimit {
            seconds: seconds.as_ref(),
        }),
        ServiceLine::MemoryLimit { mib } => text.get(words::ServiceMemoryLimit { mib: mib.as_ref() }),
        ServiceLine::StorageLimit { mib } => text.get(words::ServiceStorageLimit { mib: mib.as_ref() }),
        ServiceLine::Ended { code, seconds } => text.get(words::ServiceEnded {
            code: code.as_ref(),
            seconds: seconds.as_ref(),
        }),
        ServiceLine::EndedBySignal { signal } => text.get(words::ServiceEndedBySignal {
            signal: signal.as_ref(),
        }),
        ServiceLine::LeftProcesses { processes } => text.get(words::ServiceLeftProcesses {
            processes: processes.as_ref(),
        }),
        ServiceLine::ProgressIgnored {
            count,
            all,
            file,
            first,
        } => text.get(words::ServiceProgressIgnored {
            count: count.as_ref(),
            all: all.as_ref(),
            file: file.as_ref(),
            first: first.as_ref(),
            example: PROGRESS,
        }),
        ServiceLine::StrayOption { line, option } => text.get(words::ServiceStrayOption {
            line: line.as_ref(),
            option: option.as_ref(),
        }),
        ServiceLine::Collecting => text.get(words::SERVICE_COLLECTING),
        ServiceLine::LeftOut { output, what } => text.get(words::ServiceLeftOut {
            output: output.as_ref(),
            what: what.as_ref(),
        }),
        ServiceLine::Renamed { output, what } => text.get(words::ServiceRenamed {
            output: output.as_ref(),
            what: what.as_ref(),
        }),
        ServiceLine::DatasetKept { name, dataset } => text.get(words::ServiceDatasetKept {
            name: name.as_ref(),
            dataset: dataset.as_ref(),
        }),
        ServiceLine::DatasetTooLarge { name, bytes, gb } => text.get(words::ServiceDatasetTooLarge {
            name: name.as_ref(),
            bytes: bytes.as_ref(),
            gb: gb.as_ref(),
        }),
        ServiceLine::DatasetRemoved { name } => text.get(words::ServiceDatasetRemoved { name: name.as_ref() }),
        ServiceLine::DatasetNotKept { name, reason } => text.get(words::ServiceDatasetNotKept {
            name: name.as_ref(),
            reason: clause(reason, text),
        }),
        ServiceLine::OutputLeadsOut { target } => text.get(words::ServiceOutputLeadsOut {
            target: target.as_ref(),
        }),
        ServiceLine::OutputLinkBroken { target } => text.get(words::ServiceOutputLinkBroken {
            target: target.as_ref(),
        }),
        ServiceLine::OutputLinkClosed { target, reason } => text.get(words::ServiceOutputLinkClosed {
            target: target.as_ref(),
            reason: clause(reason, text),
        }),
        ServiceLine::OutputNoFile => text.get(words::SERVICE_OUTPUT_NO_FILE),
        ServiceLine::OutputReplaced => text.get(words::SERVICE_OUTPUT_REPLACED),
        ServiceLine::OutputClosed => text.get(words::SERVICE_OUTPUT_CLOSED),
        ServiceLine::OutputNotStored { reason } => text.get(words::ServiceOutputNotStored {
            reason: clause(reason, text),
        }),
        ServiceLine::EnvironmentCutOff { times } => text.get(words::ServiceEnvironmentCutOff { times: times.as_ref() }),
        ServiceLine::EnvironmentNotBuilt { how, reason } => text.get(words::ServiceEnvironmentNotBuilt {
            how: how.as_ref(),
            reason: clause(reason, text),
        }),
        ServiceLine::EnvironmentAbsent { reason } => text.get(words::ServiceEnvironmentAbsent {
            reason: clause(reason, text),
        }),
        ServiceLine::EnvironmentFailed { reason } => text.get(words::ServiceEnvironmentFailed {
            reason: clause(reason, text),
        }),
        ServiceLine::NoContainer { reason } => text.get(words::ServiceNoContainer {
            reason: clause(reason, text),
        }),
        ServiceLine::ImageSecret { image, name } => text.get(words::ServiceImageSecret {
            image: image.as_ref(),
            name: name.as_ref(),
        }),
        ServiceLine::ImageAbsent { image, reason } => text.get(words::ServiceImageAbsent {
            image: image.as_ref(),
            reason: clause(reason, text),
        }),
        ServiceLine::ImageUnknown { id } => text.get(words::ServiceImageUnknown { id: id.as_ref() }),
        ServiceLine::ImageAddress { address } => text.get(words::ServiceImageAddress {
            address: address.as_ref(),
        }),
        ServiceLine::DirectoryFailed { reason } => text.get(words::ServiceDirectoryFailed {
            reason: clause(reason, text),
        }),
        ServiceLine::MountUnknown { id } => text.get(words::ServiceMountUnknown { id: id.as_ref() }),
        ServiceLine::DatasetGone { id } => text.get(words::ServiceDatasetGone { id: id.as_ref() }),
        ServiceLine::BuildTooLong { seconds } => text.get(words::ServiceBuildTooLong {
            seconds: seconds.as_ref(),
        }),
        ServiceLine::BuildTooLarge => text.get(words::SERVICE_BUILD_TOO_LARGE),
        ServiceLine::BuildEnded => text.get(words::SERVICE_BUILD_ENDED),
        ServiceLine::ShellFailed { reason } => text.get(words::ServiceShellFailed {
            reason: clause(reason, text),
        }),
        ServiceLine::DiskFull => text.get(words::SERVICE_DISK_FULL),
        ServiceLine::LogFailed { reason } => text.get(words::ServiceLogFailed {
            reason: clause(reason, text),
        }),
        ServiceLine::Lost => text.get(words::SERVICE_LOST),
        ServiceLine::ServerFailed { reason } => text.get(words::ServiceServerFailed {
            reason: clause(reason, text),
        }),
        ServiceLine::EnvironmentReady { name } => text.get(words::ServiceEnvironmentReady { name: name.as_ref() }),
        ServiceLine::EnvironmentKept { name } => text.get(words::ServiceEnvironmentKept { name: name.as_ref() }),
        ServiceLine::ImageThere { image } => text.get(words::ServiceImageThere { name: image.as_ref() }),
    }
}
