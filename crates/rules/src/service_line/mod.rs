//! What the service says of a job in `.system.log`, in `status_details` and as the error of its operation: one list, by which
//! the service writes its sentences and a page knows them again, to say them in its language.
//!
//! On the wire they are English. What is of no form in the list, such as what a tool printed, is shown as it was written.

mod form;

use std::{borrow::Cow, fmt};

/// The name of the service's own file among a job's logs.
pub const SYSTEM_LOG: &str = ".system.log";

/// Makes the enumeration out of the forms: each sentence is written and read by the same words. The values of a form are the
/// fields of its variant, in their order.
macro_rules! service_lines {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident),+ })? = $form:literal;)+) => {
        /// What a sentence of the service says. Values are as they stand in it.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum ServiceLine<'a> {
            $(
                $(#[$doc])*
                $name $({
                    $(
                        #[allow(missing_docs)]
                        $field: Cow<'a, str>
                    ),+
                })?,
            )+
        }

        impl<'a> ServiceLine<'a> {
            /// Reads a sentence; `None` for one of no known form. Where two forms fit, the one that stands first counts.
            pub fn of(line: &'a str) -> Option<Self> {
                None
                    $(.or_else(|| {
                        let mut values = form::read($form, line)?.into_iter().map(Cow::Borrowed);
                        let read = Self::$name $({ $($field: values.next()?),+ })?;
                        values.next().is_none().then_some(read)
                    }))+
            }
        }

        impl fmt::Display for ServiceLine<'_> {
            fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name $({ $($field),+ })? => form::write(to, $form, &[$($($field),+)?]),)+
                }
            }
        }

        /// Each form with the fields of its variant, and a sentence of it.
        #[cfg(test)]
        fn all() -> Vec<(&'static str, Vec<&'static str>, ServiceLine<'static>)> {
            vec![$((
                $form,
                vec![$($(stringify!($field)),+)?],
                ServiceLine::$name $({ $($field: stringify!($field).into()),+ })?,
            )),+]
        }
    };
}

service_lines! {
    /// Nothing was executed yet.
    WaitsForFiles = "Waiting for the files and for Execute";
    /// The job left the queue.
    Turn = "The turn of the job has come";
    /// Its folders are being filled.
    Preparing = "Preparing the working directory";
    /// Its inputs lie in the working directory.
    DirectoryReady { inputs } = "The working directory is ready; inputs: {inputs}";
    /// Its environment is being built, in this way.
    Building { how } = "Building the environment: {how}";
    /// The same in the log: the environment's key, and which build of it this is.
    BuildBegun { name, how, build } = "Building the environment {name}: {how} ({build})";
    /// Packages and versions of the environment.
    Installed { packages } = "Installed: {packages}";
    /// Files of modules gave way to what lay in their places.
    ModulesKept { files } = "Local modules have files where inputs, or modules before them, have others, which stay as they are: {files}";
    /// The image is being fetched, by this program.
    GettingImageBy { image, program } = "Getting the image {image} by {program}";
    /// The image is being fetched.
    GettingImage { image } = "Getting the image {image}";
    /// The server's value of this variable counts, not the job's.
    VariableReserved { name } = "The variable {name} has the server's value, not the one the job gives it";
    /// The project's secret of this name counts, not the job's variable.
    VariableSecret { name } = "The variable {name} has the value of the project's secret, not the one the job gives it";
    /// A machine for the command is being fetched: so much of all of it.
    FetchingOf { what, loaded, all } = "Fetching {what}: {loaded} of {all} MB";
    /// The same where its size is not known.
    Fetching { what, loaded } = "Fetching {what}: {loaded} MB";
    /// Variables that no program will see.
    VariablesLost { names } = "Variables of such names do not reach programs here, because no shell but bash hands them on, and a container takes none with other signs than `-` and `.`: {names}";
    /// The command has begun, as a process with this number.
    Begun { process } = "The command has begun as process {process}";
    /// The command runs.
    Running = "The command is running";
    /// It was asked to end, by this signal.
    SignalSent { signal } = "Cancelled: signal {signal} is sent";
    /// It is killed by an order.
    Killed = "Cancelled: the command is killed";
    /// It is killed, because its time to end is over.
    Overdue = "The time is over: the command is killed";
    /// It ran longer than it may.
    TimeLimit { seconds } = "The command ran longer than the {seconds} s of its instance type and was ended; choose one with more time";
    /// It used more memory than it may.
    MemoryLimit { mib } = "The command used more than the {mib} MiB of memory of its instance type and was ended; choose one with more";
    /// It filled more storage than it may.
    StorageLimit { mib } = "The command filled more than the {mib} MiB of its working storage and was ended; ask for more in `extended_working_storage`";
    /// It has ended with this code, after so many seconds.
    Ended { code, seconds } = "The command has ended with {code} after {seconds} s";
    /// A signal ended it.
    EndedBySignal { signal } = "The command was ended by signal {signal}";
    /// So many processes in the background were ended with the command.
    LeftProcesses { processes } = "The command left processes in the background, which were ended with it: {processes} (`wait` waits for them)";
    /// What it wrote of its progress and was not understood.
    ProgressIgnored { count, all, file, first } = "{count} of the {all} lines in {file} were not understood and ignored, line {first} first; a line is a JSON object such as {{\"progress\": 40, \"message\": \"epoch 4\"}}";
    /// A line of the command is an option that lost its program.
    StrayOption { line, option } = "Line {line} of the command begins with `{option}`, which the shell took for a program. End the line before with a backslash, or, below `cmd: >` in a configuration, indent all lines alike";
    /// Outputs are stored.
    Collecting = "Collecting the outputs";
    /// What could not be stored of an output.
    LeftOut { output, what } = "Left out of the output `{output}`, because only files and folders that can be read can be stored, and links to those of the job that do not lead into themselves: {what}";
    /// Names in an output that were written otherwise.
    Renamed { output, what } = "Names in the output `{output}` that are no UTF-8 text, their bytes are written as numbers: {what}";
    /// An output became a dataset: its name and its id.
    DatasetKept { name, dataset } = "The output dataset `{name}` is kept as {dataset}";
    /// An output dataset was too large.
    DatasetTooLarge { name, bytes, gb } = "Output dataset `{name}` holds {bytes} bytes, more than its size of {gb} GB; nothing of it is kept: ask for more";
    /// The folder of an output dataset is gone.
    DatasetRemoved { name } = "The command has removed the folder of output dataset `{name}`";
    /// An output dataset was not stored.
    DatasetNotKept { name, reason } = "Output dataset `{name}` cannot be kept: {reason}";
    /// An output leads out of the job's folders.
    OutputLeadsOut { target } = "It is a link that leads out of the job's folders, to `{target}`; let the command copy what is there";
    /// An output is a link to what is not there.
    OutputLinkBroken { target } = "It is a link to `{target}`, which cannot be followed: nothing is there";
    /// An output is a link that cannot be followed.
    OutputLinkClosed { target, reason } = "It is a link to `{target}`, which cannot be followed: {reason}";
    /// An output is neither a file nor a folder.
    OutputNoFile = "It is a pipe, a socket or a device; only files and folders can be stored";
    /// An output was replaced since the command has ended.
    OutputReplaced = "There is something else in its place by now: a link, a pipe or a folder";
    /// A folder of an output is closed.
    OutputClosed = "It could not be stored: the command has closed this folder to its own user; let it open the folder (chmod u+rwx) before it ends";
    /// An output was not stored.
    OutputNotStored { reason } = "It could not be stored: {reason}";

    /// A build was cut off again and again.
    EnvironmentCutOff { times } = "The environment was cut off {times} times while it was built; run the job again";
    /// A build failed: what was built, and the tool's words.
    EnvironmentNotBuilt { how, reason } = "The environment cannot be built ({how}): {reason}";
    /// What is to build it is not there.
    EnvironmentAbsent { reason } = "The environment cannot be built: {reason}";
    /// The server could not make it ready.
    EnvironmentFailed { reason } = "The environment cannot be prepared: {reason}";
    /// There is no program for containers.
    NoContainer { reason } = "The command cannot be run in a container: {reason}";
    /// The registry's sign-in is not known.
    ImageSecret { image, name } = "The image {image} cannot be had: the project has no secret `{name}`; its operator sets it with `jobsphere-server secret set`";
    /// The image did not come.
    ImageAbsent { image, reason } = "The image {image} cannot be had: {reason}";
    /// An id without an image.
    ImageUnknown { id } = "this server has no image `{id}`: its operator gives the id an address under `[environments.images]` in the operator's file (config.toml)";
    /// What is no address of an image.
    ImageAddress { address } = "`{address}` is not the address of an image, such as python:3.11";
    /// The folders of the job could not be made ready.
    DirectoryFailed { reason } = "The working directory cannot be prepared: {reason}";
    /// An id without a mount.
    MountUnknown { id } = "this server has no s3 mount `{id}`: its operator gives the id a folder of this machine under `[s3_mounts]` in the operator's file (config.toml)";
    /// A dataset that is gone.
    DatasetGone { id } = "dataset `{id}` was removed since the job was created; create it again with another";
    /// A build that took too long.
    BuildTooLong { seconds } = "it was ended after {seconds} s, the limit of this server";
    /// A build that took too much memory.
    BuildTooLarge = "it took more memory than this server allows for a build (`build_memory_gb`), and was ended";
    /// A build that somebody else ended.
    BuildEnded = "it was ended from outside";
    /// The shell did not start.
    ShellFailed { reason } = "the shell cannot be started: {reason}";
    /// The disk took nothing more of the log.
    DiskFull = "The log could not be written, and the command was ended: the disk of the server is full: free some space and run the job again";
    /// The log could not be written.
    LogFailed { reason } = "The log could not be written, and the command was ended: {reason}";
    /// Nothing tells how the command ended.
    Lost = "What ran the command was lost (the machine was restarted, or the process was killed). The command was not started again, because it may have done part of its work; run the job again.";
    /// The server failed.
    ServerFailed { reason } = "The server could not run the job: {reason}";

    // Last, because a reason may end as they do.
    /// The environment with this key was made.
    EnvironmentReady { name } = "The environment {name} is ready";
    /// The environment with this key was made for an earlier job.
    EnvironmentKept { name } = "The environment {name} is kept from an earlier job";
    /// The image is on the machine.
    ImageThere { image } = "The image {image} is there";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_sentence_is_known_again() {
        for (form, fields, line) in all() {
            let said = line.to_string();
            assert_eq!(ServiceLine::of(&said), Some(line), "{said}");
            assert!(!said.contains('\n') && !said.is_empty());
            let named: Vec<&str> = form::parts(form)
                .filter_map(|part| match part {
                    form::Part::Value(name) => Some(name),
                    form::Part::Words(_) => None,
                })
                .collect();
            assert_eq!(named, fields, "{form}");
        }
        let forms: BTreeSet<&str> = all().iter().map(|(form, ..)| *form).collect();
        assert_eq!(forms.len(), all().len());
    }

    #[test]
    fn lines_are_known_by_their_form_and_others_are_not() {
        let known = [
            ("The turn of the job has come", ServiceLine::Turn),
            (
                "The command has begun as process 42",
                ServiceLine::Begun { process: "42".into() },
            ),
            (
                "The command has ended with 0 after 1.2 s",
                ServiceLine::Ended {
                    code: "0".into(),
                    seconds: "1.2".into(),
                },
            ),
            (
                "The image a is there is there",
                ServiceLine::ImageThere {
                    image: "a is there".into(),
                },
            ),
            (
                "Building the environment ab12: Python 3.12, by uv (log-17)",
                ServiceLine::BuildBegun {
                    name: "ab12".into(),
                    how: "Python 3.12, by uv".into(),
                    build: "log-17".into(),
                },
            ),
            (
                "The environment cannot be built (conda_yaml, by mamba): x: The environment y is ready",
                ServiceLine::EnvironmentNotBuilt {
                    how: "conda_yaml, by mamba".into(),
                    reason: "x: The environment y is ready".into(),
                },
            ),
            (
                "2 of the 3 lines in FILE were not understood and ignored, line 2 first; a line is a JSON object such as \
                 {\"progress\": 40, \"message\": \"epoch 4\"}",
                ServiceLine::ProgressIgnored {
                    count: "2".into(),
                    all: "3".into(),
                    file: "FILE".into(),
                    first: "2".into(),
                },
            ),
        ];
        for (line, meaning) in known {
            assert_eq!(ServiceLine::of(line), Some(meaning), "{line}");
        }
        for line in [
            "",
            "Collecting numpy",
            "The environment",
            "The turn of the job has come back",
            "The command returned 1",
        ] {
            assert_eq!(ServiceLine::of(line), None, "{line}");
        }
    }
}
