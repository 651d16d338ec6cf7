//! From a task to an order: where files lie, what variables stand for, what the environment says.

use std::collections::BTreeMap;

use jobsphere_rules::command::{self, Value};
use jobsphere_service::Task;

use super::{Content, Input, Keeping, Order, progress::FILENAME, zip};
use crate::api::{
    jobs::{self, FileCompressionType, FileDesc},
    path::RelativePath,
    sha256::Sha256,
};

/// The working directory.
const WORK: &str = "/job";
/// Files with variables whose paths are absolute or lead out of the working directory.
const SHELTERED: &str = "/run/job/abs";
const JOB_ID: &str = "JOB_ID";
/// What unpacked archives may hold; it lies in the memory of the machine.
const MOST_UNPACKED_BYTES: u64 = 256 << 20;

/// Why there is no order: a sentence.
type Wrong = String;

/// The order of a task, and lines for its system log.
pub(super) async fn of(task: &Task, keeping: &impl Keeping) -> Result<(Order, Vec<String>), Wrong> {
    let parameters = &task.parameters;
    let mut hold = Hold {
        task,
        keeping,
        order: Order::default(),
        kept: Vec::new(),
    };
    for input in &parameters.input_files {
        let path = input.desc.as_ref().map(|desc| desc.path.as_str()).unwrap_or_default();
        hold.input(input)
            .await
            .map_err(|why| format!("input `{path}`: {why}"))?;
    }
    // After the inputs, which stay what they are.
    let python = parameters.env.as_ref().and_then(|env| env.python_env.as_ref());
    let modules = python.map_or(&[][..], |python| &python.local_modules);
    for module in modules {
        let var = module.desc.as_ref().map(|desc| desc.var.as_str()).unwrap_or_default();
        hold.module(module)
            .await
            .map_err(|why| format!("local module `{var}`: {why}"))?;
    }
    let Hold { mut order, kept, .. } = hold;
    // A command is told of these by a variable, and may not know that they lie in a folder.
    for output in parameters.output_files.iter().filter(|output| !output.var.is_empty()) {
        if let Some((above, _)) = place(output)?.rsplit_once('/') {
            order.folders.push(above.to_owned());
        }
    }
    order.command = command::substitute(&parameters.cmd, &values(task)?).map_err(|wrong| wrong.to_string())?;
    let mut notes = Vec::new();
    if !kept.is_empty() {
        notes.push(format!(
            "Local modules have files where inputs, or modules before them, have others, which stay as they are: {}",
            kept.join(", ")
        ));
    }
    let asked = parameters.env.iter().flat_map(|env| &env.vars);
    for (name, value) in asked {
        match [JOB_ID, FILENAME].contains(&name.as_str()) {
            true => notes.push(format!(
                "The variable {name} has the server's value, not the one the job gives it"
            )),
            false => drop(order.env.insert(name.clone(), value.clone())),
        }
    }
    if !modules.is_empty() {
        let path = order.env.entry("PYTHONPATH".into()).or_default();
        *path = [path.as_str(), WORK]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(":");
    }
    order.env.insert(JOB_ID.into(), task.job_id.to_string());
    notes.push(format!(
        "The working directory is ready; inputs: {}",
        parameters.input_files.len()
    ));
    Ok((order, notes))
}

struct Hold<'a, K> {
    task: &'a Task,
    keeping: &'a K,
    order: Order,
    /// What stayed in its place though a module had something else there.
    kept: Vec<String>,
}

impl<K: Keeping> Hold<'_, K> {
    async fn input(&mut self, input: &jobs::File) -> Result<(), Wrong> {
        let path = place(input.desc.as_ref().ok_or("it has no path")?)?;
        if input.compression_type() != FileCompressionType::Zip {
            let content = Content::Held(digest(input)?);
            self.order.inputs.push(Input { path, content });
            return Ok(());
        }
        // Its entries begin with the folder's own name; those of the working directory have none before them.
        let into = path
            .rsplit_once('/')
            .map_or(String::new(), |(above, _)| above.to_owned());
        let unpacked = self.unpacked(input, &into).await?;
        self.order.inputs.extend(unpacked.files);
        // An archive of an empty folder may hold nothing at all.
        self.order.folders.extend(unpacked.folders);
        self.order.folders.extend(Some(path).filter(|path| !path.is_empty()));
        Ok(())
    }

    /// Clients send a module as an archive; one that is sent as it is keeps its name.
    async fn module(&mut self, module: &jobs::File) -> Result<(), Wrong> {
        if module.compression_type() == FileCompressionType::Zip {
            let unpacked = self.unpacked(module, "").await?;
            self.order.folders.extend(unpacked.folders);
            for file in unpacked.files {
                self.put_missing(file);
            }
            return Ok(());
        }
        let path = module.desc.as_ref().map(|desc| desc.path.as_str()).unwrap_or_default();
        let path = RelativePath::sheltered(path)
            .map_err(|_| "it has no name")?
            .name()
            .to_owned();
        let content = Content::Held(digest(module)?);
        self.put_missing(Input { path, content });
        Ok(())
    }

    fn put_missing(&mut self, file: Input) {
        match self.order.inputs.iter().find(|other| other.path == file.path) {
            None => self.order.inputs.push(file),
            Some(other) if digest_of(&other.content) == digest_of(&file.content) => {}
            Some(_) => self.kept.push(format!("`{}`", file.path)),
        }
    }

    async fn unpacked(&self, file: &jobs::File, into: &str) -> Result<zip::Unpacked, Wrong> {
        let archive = self.keeping.read(&self.task.project_id, digest(file)?).await?;
        zip::unpack(&archive, into, MOST_UNPACKED_BYTES)
    }
}

fn digest(file: &jobs::File) -> Result<Sha256, Wrong> {
    Sha256::parse(&file.sha256).map_err(|error| error.to_string())
}

fn digest_of(content: &Content) -> Sha256 {
    match content {
        Content::Held(sha256) => *sha256,
        Content::Bytes(bytes) => Sha256::of(bytes),
    }
}

/// Where a file of the job lies, as machines say it: below the working directory, or absolute.
pub(super) fn place(desc: &FileDesc) -> Result<String, Wrong> {
    if RelativePath::is_working_directory(&desc.path) {
        return Ok(String::new());
    }
    match RelativePath::parse(&desc.path) {
        Ok(path) => Ok(path.to_string()),
        Err(_) => {
            let path = RelativePath::sheltered(&desc.path).map_err(|error| error.to_string())?;
            Ok(format!("{SHELTERED}/{path}"))
        }
    }
}

/// Where a file lies whose command has taken its absolute path as it stands, if machines tell what lies there.
pub(super) fn as_it_stands(desc: &FileDesc) -> Option<String> {
    let below = desc.path.strip_prefix(WORK)?.strip_prefix('/')?;
    RelativePath::parse(below).ok().map(|path| path.to_string())
}

/// The path of a file as its command is told of it: absolute, so that it holds wherever the command goes.
fn path(desc: &FileDesc) -> Result<String, Wrong> {
    let place = place(desc)?;
    let whole = match place.as_str() {
        "" => WORK.to_owned(),
        absolute if absolute.starts_with('/') => absolute.to_owned(),
        below => format!("{WORK}/{below}"),
    };
    // As it is written: `${DIR}name` is a path in it.
    Ok(whole + if desc.path.ends_with('/') { "/" } else { "" })
}

/// What stands behind each variable of the command.
fn values(task: &Task) -> Result<BTreeMap<String, Value>, Wrong> {
    let parameters = &task.parameters;
    let inputs = parameters.input_files.iter().filter_map(|file| file.desc.as_ref());
    let named = inputs
        .chain(&parameters.output_files)
        .filter(|desc| !desc.var.is_empty());
    let mut values = BTreeMap::new();
    for desc in named {
        values.insert(desc.var.clone(), Value::Path(path(desc)?));
    }
    for argument in &parameters.arguments {
        values.insert(argument.name.clone(), Value::Text(argument.value.clone()));
    }
    Ok(values)
}
