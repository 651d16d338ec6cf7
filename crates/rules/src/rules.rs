//! What a valid job is. The form, the server and the module ask [`check_create`] and [`check_parameters`].

mod environment;

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use prost_types::Duration;

use super::{
    command::{self, Value},
    limits, variable,
};
use crate::api::{
    id::ProjectId,
    jobs::{CreateProjectJobRequest, File, FileCompressionType, FileDesc, JobParameters},
    path::{PathError, RelativePath},
    sha256::Sha256,
    time,
};

/// How far the job has come when it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Being written: files are not hashed yet, and an unknown `${NAME}` is taken for a slip.
    Draft,
    /// Sent to the service: hashes and sizes are there; an unknown `${NAME}` is the shell's.
    Submitted,
}

/// A rule that a field breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The field as the API names it, such as `job_parameters.input_files[0].desc.path`.
    pub field: String,
    /// What is wrong with it.
    pub rule: Rule,
}

/// What can be wrong with a field. `Display` is the English sentence the service answers with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// Nothing was given.
    #[error("must not be empty")]
    Required,
    /// Too many characters or bytes.
    #[error("is longer than {max}")]
    TooLong {
        /// The most that is allowed.
        max: usize,
    },
    /// Too many entries in a list.
    #[error("has more than {max} entries")]
    TooMany {
        /// The most that is allowed.
        max: usize,
    },
    /// Arguments with several values that make too many jobs.
    #[error("make more than {max} jobs at once")]
    TooManyJobs {
        /// The most that is allowed.
        max: usize,
    },
    /// Not an id.
    #[error("must be 1 to 50 letters, digits, `-` or `_`")]
    Id,
    /// A NUL character, which neither a command line nor a path can hold.
    #[error("must not contain a NUL character")]
    Nul,
    /// Not a variable's name.
    #[error("`{name}` is not a variable name: 1 to 50 Latin letters, digits, `-` or `_`")]
    VariableName {
        /// What was given.
        name: String,
    },
    /// A name that the service keeps for itself.
    #[error("`{name}` is reserved")]
    VariableReserved {
        /// The reserved name.
        name: String,
    },
    /// A variable with two meanings.
    #[error("the variable `{name}` is used more than once")]
    VariableRepeated {
        /// The name in question.
        name: String,
    },
    /// `${NAME}` in the command that no field defines.
    #[error(
        "`${{{name}}}` is not defined: give an input, output or argument this variable, or write `${name}` for one of \
         the shell"
    )]
    VariableUnknown {
        /// The name between the braces.
        name: String,
    },
    /// `${…}` in the command with something between the braces that is no variable's name, such as a default.
    #[error(
        "`${{{text}}}` is no variable of the job: the shell's own are written `$NAME`, and what only braces can say \
         belongs into a script that the command runs"
    )]
    NotAVariable {
        /// What stands between the braces.
        text: String,
    },
    /// `${DS_PROJECT_HOME}` without the project's disk.
    #[error("`${{DS_PROJECT_HOME}}` needs the project disk to be attached")]
    ProjectDiskMissing,
    /// Not the name of an environment variable.
    #[error("`{name}` is not an environment variable name: it must have no `=`, blanks or control characters")]
    EnvName {
        /// What was given.
        name: String,
    },
    /// Environment variables that no process could be given.
    #[error("are together larger than {max_bytes} bytes: put the large ones into input files")]
    EnvTooLarge {
        /// The most that is allowed.
        max_bytes: usize,
    },
    /// A path that cannot stand where the command wants it.
    #[error("{0}")]
    VariableMisplaced(command::Misplaced),
    /// A command that is too long once the paths and arguments stand in it.
    #[error("is longer than {max} bytes once its variables are put in: put a part of it into an input file")]
    FilledTooLong {
        /// The most that is allowed.
        max: usize,
    },
    /// A path without a name, such as `.` or `/`.
    #[error("names no file or folder: give the path of one")]
    PathNamesNothing,
    /// The working directory as an output.
    #[error("is the working directory itself, with all inputs in it: name the files or folders that the command makes")]
    OutputIsWorkingDirectory,
    /// An output below an input that is no folder.
    #[error("lies inside the input `{input}`, which is a file")]
    OutputInFile {
        /// The path of the input.
        input: String,
    },
    /// An absolute path, which only a variable can make usable.
    #[error("is absolute: make it relative, or give it a variable")]
    PathAbsolute,
    /// A path that leads out of the working directory.
    #[error("leads outside by `..`: make it relative, or give it a variable")]
    PathParent,
    /// A path, or one of its names, that no file system holds.
    #[error("the path, or a name in it, is too long")]
    PathTooLong,
    /// The same path twice.
    #[error("the path `{path}` is given twice")]
    PathRepeated {
        /// The path in question.
        path: String,
    },
    /// The same name twice.
    #[error("the name `{name}` is given twice")]
    NameRepeated {
        /// The name in question.
        name: String,
    },
    /// One path inside another.
    #[error("lies inside `{outer}`, which is in the list too")]
    PathNested {
        /// The folder that is in the list.
        outer: String,
    },
    /// A variable or argument that the job to be cloned does not have.
    #[error("the source job has none named `{name}`")]
    NotInSource {
        /// The name in question; may be empty.
        name: String,
    },
    /// Not the id of a resource.
    #[error("must be an id of 20 small Latin letters and digits")]
    ResourceId,
    /// Not a size.
    #[error("must be a size such as `150Gb`: a whole number and KB, MB, GB, TB or PB")]
    Size,
    /// Smaller than the smallest storage.
    #[error("must be at least {min_gb} GB")]
    StorageTooSmall {
        /// The least that is allowed.
        min_gb: i64,
    },
    /// Not a length of time.
    #[error("must be a time such as `1d2h3m4s`")]
    Duration,
    /// Not a signal that can be sent.
    #[error("must be SIGTERM, SIGINT, SIGHUP, SIGUSR1 or SIGUSR2")]
    Signal,
    /// Not a version of Python.
    #[error("must be a version such as `3.11`")]
    PythonVersion,
    /// The command runs no Python file whose imports could be read.
    #[error("the command runs no Python file: name the scripts that it starts under `root-paths`")]
    MainModule,
    /// Not a requirement that the service understands.
    #[error(
        "`{line}` is not a requirement such as `six==1.16.0`: markers, addresses and other files are not understood"
    )]
    Requirement {
        /// The line.
        line: String,
    },
    /// Two fields that exclude each other.
    #[error("cannot be given together with `{other}`")]
    Exclusive {
        /// The other field, as the configuration file names it.
        other: String,
    },
    /// Labels that cannot be read.
    #[error("must be `name=value`, several joined by commas")]
    Labels,
    /// An environment variable with two values.
    #[error("the environment variable `{name}` is given twice")]
    EnvRepeated {
        /// The name in question.
        name: String,
    },
    /// A variable whose value comes from whoever submits.
    #[error("the value of `{name}` is not in the file: type it here")]
    ValueMissing {
        /// The name in question.
        name: String,
    },
    /// An input that no file was chosen for.
    #[error("choose the file or folder for `{path}`")]
    FileMissing {
        /// The path in question.
        path: String,
    },
    /// Not a digest.
    #[error("must be a SHA-256: 64 lower-case hexadecimal digits")]
    Sha256,
    /// A number that cannot be negative.
    #[error("must not be negative")]
    Negative,
    /// A number over the limit.
    #[error("must be at most {max}")]
    TooLarge {
        /// The most that is allowed.
        max: i64,
    },
    /// A length of time over the limit.
    #[error("must be at most {max_s} seconds")]
    TimeTooLong {
        /// The most that is allowed.
        max_s: i64,
    },
    /// Nanoseconds that are no part of a second, or have another sign than the seconds.
    #[error("must have nanos of 0 to 999,999,999")]
    Nanos,
    /// Not the number of a signal.
    #[error("must be the number of a signal, 1 to 64, or 0 for SIGTERM")]
    SignalNumber,
    /// A whole request over the limit.
    #[error("is larger than {max_bytes} bytes, with its texts and lists: put the large ones into input files")]
    RequestTooLarge {
        /// The most that is allowed.
        max_bytes: usize,
    },
    /// A file over the limit.
    #[error("is larger than {max_bytes} bytes: put it on an s3 mount or in a dataset")]
    FileTooLarge {
        /// The most that is allowed.
        max_bytes: i64,
    },
    /// Files that are together over the limit.
    #[error("are together larger than {max_bytes} bytes: put the large ones on an s3 mount or in a dataset")]
    TotalTooLarge {
        /// The most that is allowed.
        max_bytes: i64,
    },
}

/// Checks a whole `Create`; empty means valid. Order follows the message's fields.
pub fn check_create(request: &CreateProjectJobRequest, stage: Stage) -> Vec<Violation> {
    let mut check = Check {
        stage,
        found: Vec::new(),
    };
    check.size(request);
    if ProjectId::parse(&request.project_id).is_err() {
        check.report("project_id", Rule::Id);
    }
    match &request.job_parameters {
        Some(parameters) => check.parameters("job_parameters", parameters),
        None => check.report("job_parameters", Rule::Required),
    }
    check.length("config", request.config.len(), limits::MAX_CONFIG_BYTES);
    check.length("name", request.name.chars().count(), limits::MAX_NAME_CHARS);
    check.length("desc", request.desc.chars().count(), limits::MAX_DESC_CHARS);
    check.time("data_ttl", request.data_ttl.as_ref(), limits::MAX_DATA_TTL_S);
    check.found
}

/// Checks the lifetime that `SetDataTtl` is asked for; `None` is for good.
pub fn check_ttl(ttl: Option<&Duration>) -> Vec<Violation> {
    let mut check = Check {
        stage: Stage::Submitted,
        found: Vec::new(),
    };
    check.time("ttl", ttl, limits::MAX_DATA_TTL_S);
    check.found
}

/// Checks parameters alone; fields are named from `job_parameters` on.
pub fn check_parameters(parameters: &JobParameters, stage: Stage) -> Vec<Violation> {
    let mut check = Check {
        stage,
        found: Vec::new(),
    };
    check.parameters("job_parameters", parameters);
    check.found
}

/// What the value of one argument alone can break of a request: for each of many values, where the rest of the request
/// was checked once by [`check_create`].
pub fn check_argument(request: &CreateProjectJobRequest, index: usize) -> Vec<Violation> {
    let mut check = Check {
        stage: Stage::Draft,
        found: Vec::new(),
    };
    check.size(request);
    if let Some(parameters) = &request.job_parameters {
        check.argument_value("job_parameters", parameters, index);
        check.filled("job_parameters.cmd", parameters);
    }
    check.found
}

struct Check {
    stage: Stage,
    found: Vec<Violation>,
}

impl Check {
    fn report(&mut self, field: impl Into<String>, rule: Rule) {
        self.found.push(Violation {
            field: field.into(),
            rule,
        });
    }

    fn length(&mut self, field: &str, length: usize, max: usize) {
        if length > max {
            self.report(field, Rule::TooLong { max });
        }
    }

    fn entries(&mut self, field: &str, count: usize) {
        self.at_most(field, count, limits::MAX_ENTRIES);
    }

    fn at_most(&mut self, field: &str, count: usize, max: usize) {
        if count > max {
            self.report(field, Rule::TooMany { max });
        }
    }

    fn number(&mut self, field: String, number: i64, max: i64) {
        if number < 0 {
            self.report(field, Rule::Negative);
        } else if number > max {
            self.report(field, Rule::TooLarge { max });
        }
    }

    fn time(&mut self, field: &str, time: Option<&Duration>, max_s: i64) {
        let Some(time) = time else { return };
        if time.seconds < 0 || time.nanos < 0 {
            self.report(field, Rule::Negative);
        } else if !time::is_duration(time) {
            self.report(field, Rule::Nanos);
        } else if time.seconds > max_s {
            self.report(field, Rule::TimeTooLong { max_s });
        }
    }

    fn size(&mut self, request: &CreateProjectJobRequest) {
        if request.encoded_len() > limits::MAX_REQUEST_BYTES {
            let max_bytes = limits::MAX_REQUEST_BYTES;
            self.report("job_parameters", Rule::RequestTooLarge { max_bytes });
        }
    }

    fn parameters(&mut self, base: &str, parameters: &JobParameters) {
        let inputs = format!("{base}.input_files");
        let outputs = format!("{base}.output_files");
        let mut variables = Variables::default();

        self.entries(&inputs, parameters.input_files.len());
        for (index, file) in parameters.input_files.iter().enumerate() {
            self.file(&format!("{inputs}[{index}]"), file);
            let field = format!("{inputs}[{index}].desc");
            match file.desc.as_ref().filter(|desc| is_whole_folder(desc, file)) {
                Some(desc) => self.path_variable(&field, &desc.var, &mut variables),
                None => self.desc(&field, file.desc.as_ref(), &mut variables),
            }
        }
        let placed = parameters.input_files.iter().map(|file| file.desc.as_ref());
        self.places(&inputs, ".desc", placed);

        self.entries(&outputs, parameters.output_files.len());
        for (index, desc) in parameters.output_files.iter().enumerate() {
            let field = format!("{outputs}[{index}]");
            if RelativePath::is_working_directory(&desc.path) {
                self.report(format!("{field}.path"), Rule::OutputIsWorkingDirectory);
                self.path_variable(&field, &desc.var, &mut variables);
            } else {
                self.desc(&field, Some(desc), &mut variables);
            }
        }
        self.places(&outputs, "", parameters.output_files.iter().map(Some));
        self.outputs_in_files(&outputs, parameters);

        for (field, ids) in [
            ("s3_mount_ids", &parameters.s3_mount_ids),
            ("dataset_ids", &parameters.dataset_ids),
        ] {
            let field = format!("{base}.{field}");
            self.entries(&field, ids.len());
            for (index, id) in ids.iter().enumerate() {
                self.variable(&format!("{field}[{index}]"), id, &mut variables);
            }
        }
        for (index, argument) in parameters.arguments.iter().enumerate() {
            let field = format!("{base}.arguments[{index}]");
            self.variable(&format!("{field}.name"), &argument.name, &mut variables);
            self.argument_value(base, parameters, index);
        }
        self.output_datasets(&format!("{base}.output_datasets"), parameters, &mut variables);
        self.places_to_run(base, parameters);
        self.shutdown(base, parameters);
        self.environment(base, parameters);
        self.command(base, parameters, &variables);
        self.total(&inputs, parameters);
    }

    fn argument_value(&mut self, base: &str, parameters: &JobParameters, index: usize) {
        let Some(argument) = parameters.arguments.get(index) else {
            return;
        };
        let field = format!("{base}.arguments[{index}].value");
        self.text(&field, &argument.value, limits::MAX_VALUE_BYTES);
    }

    fn output_datasets(&mut self, list: &str, parameters: &JobParameters, variables: &mut Variables) {
        self.entries(list, parameters.output_datasets.len());
        let mut names = BTreeSet::new();
        for (index, dataset) in parameters.output_datasets.iter().enumerate() {
            let name = dataset.name.clone();
            let field = format!("{list}[{index}].name");
            self.length(&field, name.chars().count(), limits::MAX_NAME_CHARS);
            if name.is_empty() {
                self.report(field, Rule::Required);
            } else if !names.insert(name.clone()) {
                self.report(field, Rule::NameRepeated { name });
            }
            match dataset.size_gb {
                0 => self.report(format!("{list}[{index}].size_gb"), Rule::Required),
                size => self.number(format!("{list}[{index}].size_gb"), size, limits::MAX_STORAGE_GB),
            }
            self.variable(&format!("{list}[{index}].var"), &dataset.var, variables);
            let description = dataset.description.chars().count();
            self.length(
                &format!("{list}[{index}].description"),
                description,
                limits::MAX_DESC_CHARS,
            );
            let labels = format!("{list}[{index}].labels");
            self.at_most(&labels, dataset.labels.len(), limits::MAX_LABELS);
            for text in dataset.labels.iter().flat_map(|(name, value)| [name, value]) {
                self.text(&labels, text, limits::MAX_WORD_BYTES);
            }
        }
    }

    fn places_to_run(&mut self, base: &str, parameters: &JobParameters) {
        let types = format!("{base}.cloud_instance_types");
        self.entries(&types, parameters.cloud_instance_types.len());
        for (index, asked) in parameters.cloud_instance_types.iter().enumerate() {
            self.text(&format!("{types}[{index}].name"), &asked.name, limits::MAX_WORD_BYTES);
        }
        if let Some(storage) = &parameters.extended_working_storage {
            let field = format!("{base}.extended_working_storage.size_gb");
            self.number(field, storage.size_gb, limits::MAX_STORAGE_GB);
        }
        if let Some(spark) = &parameters.spark_parameters {
            let field = format!("{base}.spark_parameters.connector_id");
            self.text(&field, &spark.connector_id, limits::MAX_WORD_BYTES);
        }
    }

    fn shutdown(&mut self, base: &str, parameters: &JobParameters) {
        let Some(shutdown) = &parameters.graceful_shutdown_parameters else {
            return;
        };
        let field = format!("{base}.graceful_shutdown_parameters");
        let timeout = shutdown.timeout.as_ref();
        self.time(&format!("{field}.timeout"), timeout, limits::MAX_SHUTDOWN_TIMEOUT_S);
        if !(0..=limits::MAX_SIGNAL).contains(&shutdown.signal) {
            self.report(format!("{field}.signal"), Rule::SignalNumber);
        }
    }

    fn command(&mut self, base: &str, parameters: &JobParameters, variables: &Variables) {
        let field = format!("{base}.cmd");
        if parameters.cmd.trim().is_empty() {
            self.report(&field, Rule::Required);
        }
        self.text(&field, &parameters.cmd, limits::MAX_CMD_BYTES);
        if self.stage == Stage::Draft {
            self.references(&field, &parameters.cmd, variables);
        }
        let mut homes = command::mentions(&parameters.cmd).into_iter();
        if !parameters.attach_project_disk && homes.any(|mention| mention.name == variable::PROJECT_HOME) {
            self.report(&field, Rule::ProjectDiskMissing);
        }
        self.filled(&field, parameters);
    }

    /// As the published client has it: whatever stands in `${…}` must be a variable of the job.
    fn references(&mut self, field: &str, cmd: &str, variables: &Variables) {
        for reference in variable::references(cmd) {
            if reference == variable::PROJECT_HOME || variables.names.contains(reference) {
                continue;
            }
            let name = reference.to_owned();
            let rule = match variable::is_name(reference) {
                true => Rule::VariableUnknown { name },
                false => Rule::NotAVariable { text: name },
            };
            self.report(field, rule);
        }
    }

    /// The command with the paths and arguments in it.
    fn filled(&mut self, field: &str, parameters: &JobParameters) {
        let inputs = parameters.input_files.iter().filter_map(|file| file.desc.as_ref());
        let descs = inputs
            .chain(&parameters.output_files)
            .filter(|desc| !desc.var.is_empty());
        let paths = descs.map(|desc| (desc.var.clone(), Value::Path(desc.path.clone())));
        let arguments = parameters.arguments.iter();
        let texts = arguments.map(|argument| (argument.name.clone(), Value::Text(argument.value.clone())));
        let cmd = &parameters.cmd;
        let values = paths.chain(texts).collect();
        let max = limits::MAX_CMD_BYTES;
        if cmd.len() > max {
            // Said of the command itself.
            return;
        }
        // Before they are put in, which takes its memory.
        if command::filled_len(cmd, &values) > max {
            return self.report(field, Rule::FilledTooLong { max });
        }
        match command::substitute(cmd, &values) {
            Err(misplaced) => self.report(field, Rule::VariableMisplaced(misplaced)),
            Ok(filled) => {
                let places = command::mentions(cmd).len() * limits::PLACE_BYTES;
                if filled.len() + places > max {
                    self.report(field, Rule::FilledTooLong { max });
                }
            }
        }
    }

    fn total(&mut self, inputs: &str, parameters: &JobParameters) {
        let modules = parameters
            .env
            .iter()
            .flat_map(|env| &env.python_env)
            .flat_map(|python| &python.local_modules);
        let total = parameters
            .input_files
            .iter()
            .chain(modules)
            .fold(0_i64, |sum, file| sum.saturating_add(file.size_bytes.max(0)));
        if total > limits::MAX_TOTAL_BYTES {
            let max_bytes = limits::MAX_TOTAL_BYTES;
            self.report(inputs, Rule::TotalTooLarge { max_bytes });
        }
    }

    fn file(&mut self, field: &str, file: &File) {
        if self.stage == Stage::Submitted && Sha256::parse(&file.sha256).is_err() {
            self.report(format!("{field}.sha256"), Rule::Sha256);
        }
        if file.size_bytes < 0 {
            self.report(format!("{field}.size_bytes"), Rule::Negative);
        }
        if file.size_bytes > limits::MAX_FILE_BYTES {
            let max_bytes = limits::MAX_FILE_BYTES;
            self.report(format!("{field}.size_bytes"), Rule::FileTooLarge { max_bytes });
        }
    }

    fn desc(&mut self, field: &str, desc: Option<&FileDesc>, variables: &mut Variables) {
        let path_field = format!("{field}.path");
        let (path, var) = desc.map_or(("", ""), |desc| (&desc.path, &desc.var));
        self.path_variable(field, var, variables);
        let placed = match (path, var) {
            ("", _) => return self.report(path_field, Rule::Required),
            (path, "") => RelativePath::parse(path),
            (path, _) => RelativePath::sheltered(path),
        };
        if let Err(error) = placed {
            self.report(path_field, path_rule(error));
        }
    }

    /// The variable of a path, if it has one.
    fn path_variable(&mut self, field: &str, var: &str, variables: &mut Variables) {
        if !var.is_empty() {
            self.variable(&format!("{field}.var"), var, variables);
        }
    }

    /// Paths of one list are unique and none lies inside another.
    fn places<'a>(&mut self, list: &str, suffix: &str, descs: impl Iterator<Item = Option<&'a FileDesc>>) {
        let mut places: BTreeMap<(bool, RelativePath), usize> = BTreeMap::new();
        let located: Vec<_> = descs.map(|desc| desc.and_then(place)).collect();
        for (index, place) in located.iter().enumerate() {
            let Some(place) = place else { continue };
            if places.insert(place.clone(), index).is_some() {
                let path = place.1.to_string();
                self.report(format!("{list}[{index}]{suffix}.path"), Rule::PathRepeated { path });
            }
        }
        for ((sheltered, path), index) in &places {
            let outer = ancestors(path).find(|outer| places.contains_key(&(*sheltered, outer.clone())));
            if let Some(outer) = outer {
                let outer = outer.to_string();
                self.report(format!("{list}[{index}]{suffix}.path"), Rule::PathNested { outer });
            }
        }
    }

    /// No output lies below an input that is a file.
    fn outputs_in_files(&mut self, list: &str, parameters: &JobParameters) {
        let is_file = |file: &&File| match self.stage {
            Stage::Submitted => file.compression_type() != FileCompressionType::Zip,
            Stage::Draft => file.compression_type() == FileCompressionType::None,
        };
        let files: BTreeSet<_> = parameters
            .input_files
            .iter()
            .filter(is_file)
            .filter_map(|file| place(file.desc.as_ref()?))
            .collect();
        for (index, desc) in parameters.output_files.iter().enumerate() {
            let Some((sheltered, path)) = place(desc) else { continue };
            let above = ancestors(&path).find(|above| files.contains(&(sheltered, above.clone())));
            if let Some(input) = above {
                let input = input.to_string();
                self.report(format!("{list}[{index}].path"), Rule::OutputInFile { input });
            }
        }
    }

    fn variable(&mut self, field: &str, name: &str, variables: &mut Variables) {
        let name = name.to_owned();
        if !variable::is_name(&name) {
            // Where the command mentions it, nothing more is to be said.
            variables.names.insert(name.clone());
            self.report(field, Rule::VariableName { name });
        } else if name == variable::PROJECT_HOME {
            self.report(field, Rule::VariableReserved { name });
        } else if !variables.names.insert(name.clone()) {
            self.report(field, Rule::VariableRepeated { name });
        }
    }

    fn text(&mut self, field: &str, text: &str, max: usize) {
        if text.contains('\0') {
            self.report(field, Rule::Nul);
        }
        self.length(field, text.len(), max);
    }
}

#[derive(Default)]
struct Variables {
    names: BTreeSet<String>,
}

/// Whether an input is a folder whose content lies in the working directory itself; what is still being chosen may be
/// one.
fn is_whole_folder(desc: &FileDesc, file: &File) -> bool {
    let may_be_folder = matches!(
        file.compression_type(),
        FileCompressionType::Zip | FileCompressionType::Unspecified
    );
    may_be_folder && RelativePath::is_working_directory(&desc.path)
}

/// Where a file lies: whether in the area for absolute paths, and the path there.
fn place(desc: &FileDesc) -> Option<(bool, RelativePath)> {
    match RelativePath::parse(&desc.path) {
        Ok(path) => Some((false, path)),
        Err(_) => Some((true, RelativePath::sheltered(&desc.path).ok()?)),
    }
}

fn ancestors(path: &RelativePath) -> impl Iterator<Item = RelativePath> {
    path.as_str()
        .match_indices('/')
        .filter_map(|(at, _)| RelativePath::parse(&path.as_str()[..at]).ok())
}

fn path_rule(error: PathError) -> Rule {
    match error {
        PathError::Empty => Rule::PathNamesNothing,
        PathError::Absolute => Rule::PathAbsolute,
        PathError::Parent => Rule::PathParent,
        PathError::Nul => Rule::Nul,
        PathError::TooLong => Rule::PathTooLong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::{Argument, OutputDatasetDesc};

    fn input(path: &str, var: &str) -> File {
        File {
            desc: Some(FileDesc {
                path: path.into(),
                var: var.into(),
            }),
            sha256: Sha256::of(path.as_bytes()).to_string(),
            size_bytes: 1,
            compression_type: 1,
        }
    }

    fn valid() -> CreateProjectJobRequest {
        CreateProjectJobRequest {
            project_id: "default".into(),
            job_parameters: Some(JobParameters {
                cmd: "cat ${IN} ${A} > out/x".into(),
                input_files: vec![input("in.txt", "IN"), input("/data/x", "ABS")],
                output_files: vec![FileDesc {
                    path: "out".into(),
                    var: String::new(),
                }],
                arguments: vec![Argument {
                    name: "A".into(),
                    value: "1".into(),
                }],
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    fn broken(change: impl FnOnce(&mut JobParameters)) -> Vec<(String, Rule)> {
        let mut request = valid();
        change(request.job_parameters.as_mut().unwrap());
        check_create(&request, Stage::Draft)
            .into_iter()
            .map(|violation| (violation.field, violation.rule))
            .collect()
    }

    #[test]
    fn a_valid_job_has_no_violations() {
        assert_eq!(check_create(&valid(), Stage::Submitted), []);
        assert_eq!(check_create(&valid(), Stage::Draft), []);
    }

    #[test]
    fn each_broken_rule_names_its_field() {
        let first = "job_parameters.input_files[0].desc.path".to_owned();
        assert_eq!(
            broken(|p| p.cmd = "  ".into()),
            [("job_parameters.cmd".into(), Rule::Required)]
        );
        assert_eq!(
            broken(|p| p.cmd.push_str("${NO} ${DS_PROJECT_HOME}")),
            [
                ("job_parameters.cmd".into(), Rule::VariableUnknown { name: "NO".into() }),
                ("job_parameters.cmd".into(), Rule::ProjectDiskMissing)
            ]
        );
        let text = "A:-x".to_owned();
        assert_eq!(
            broken(|p| p.cmd = "echo ${A:-x} ${A}".into()),
            [("job_parameters.cmd".into(), Rule::NotAVariable { text })]
        );
        assert_eq!(
            broken(|p| p.input_files[0] = input("/a", "")).first(),
            Some(&(first.clone(), Rule::PathAbsolute))
        );
        assert_eq!(broken(|p| p.input_files.push(input("../a", "")))[0].1, Rule::PathParent);
        let dataset = |name: &str, size_gb: i64, var: &str| OutputDatasetDesc {
            name: name.into(),
            size_gb,
            var: var.into(),
            ..Default::default()
        };
        let wrong = [dataset("d", 1, "D"), dataset("d", 0, "E"), dataset("", -1, "A")];
        let list = "job_parameters.output_datasets";
        assert_eq!(
            broken(|p| p.output_datasets = wrong.into()),
            [
                (format!("{list}[1].name"), Rule::NameRepeated { name: "d".into() }),
                (format!("{list}[1].size_gb"), Rule::Required),
                (format!("{list}[2].name"), Rule::Required),
                (format!("{list}[2].size_gb"), Rule::Negative),
                (format!("{list}[2].var"), Rule::VariableRepeated { name: "A".into() }),
            ]
        );
        assert_eq!(
            broken(|p| p.input_files.push(input("in.txt/b", ""))),
            [(
                "job_parameters.input_files[2].desc.path".into(),
                Rule::PathNested { outer: "in.txt".into() }
            )]
        );
        assert_eq!(
            broken(|p| p.input_files.push(input("./in.txt", "")))[0].1,
            Rule::PathRepeated { path: "in.txt".into() }
        );
        assert_eq!(
            broken(|p| p.input_files.push(input("z", "A")))[0].1,
            Rule::VariableRepeated { name: "A".into() }
        );
        assert_eq!(
            broken(|p| p.input_files[1].size_bytes = 6 << 30)[0].1,
            Rule::FileTooLarge { max_bytes: 5 << 30 }
        );
        assert_eq!(
            broken(|p| p.output_files.resize(101, input("o", "").desc.unwrap()))[0].1,
            Rule::TooMany { max: 100 }
        );
    }

    #[test]
    fn hashes_are_asked_for_only_once_files_are_hashed() {
        let mut request = valid();
        request.job_parameters.as_mut().unwrap().input_files[0].sha256.clear();
        assert_eq!(check_create(&request, Stage::Draft), []);
        assert_eq!(check_create(&request, Stage::Submitted)[0].rule, Rule::Sha256);
    }
}
