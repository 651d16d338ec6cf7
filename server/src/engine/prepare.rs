//! Fills a run directory: inputs in place, the command with its variables put in, the environment.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::Context;
use jobsphere_api::{
    jobs::{self, FileCompressionType},
    path::RelativePath,
    sha256::Sha256,
};
use jobsphere_rules::{
    command::{self, Value},
    service_line::ServiceLine,
};
use jobsphere_service::Task;

use super::{
    Inner, datasets,
    environment::{Setting, python_env},
    mounts, note,
    places::{Folder, Places},
    programs,
    run_dir::RunDir,
    variables,
};
use crate::{
    porter::{Copied, Existing, NamedPaths, Place, PorterError},
    sandbox::{FolderCopy, Limits, Spec},
};

const GIB: u64 = 1 << 30;

/// Makes the folders of the job, and its porter where there will be something to carry, which begins its work while other
/// things are made ready. What an earlier try left in them is removed. Blocks.
pub(super) fn begin(inner: &Inner, task: &Task, dir: &RunDir, places: &Places) -> anyhow::Result<()> {
    let user = inner.around.user_of_jobs(task.project_id.as_str());
    let given = places.folders();
    let sources: Vec<PathBuf> = given.iter().map(|folder| folder.source.clone()).collect();
    let are_new = dir.make(user, &sources)?;
    let parameters = &task.parameters;
    let carries = !parameters.input_files.is_empty()
        || !parameters.output_files.is_empty()
        || !parameters.output_datasets.is_empty()
        || !local_modules(task).is_empty();
    if !are_new || carries {
        inner.with_porter(task, places, |porter| match are_new {
            true => Ok(()),
            false => (0..given.len()).try_for_each(|number| porter.clear(number)),
        })?;
    }
    Ok(())
}

/// Fills the folders of `dir` and writes down what the supervisor needs. Blocks.
pub(super) fn prepare(
    inner: &Inner,
    task: &Task,
    dir: &RunDir,
    places: &Places,
    setting: &Setting,
) -> anyhow::Result<()> {
    let parameters = &task.parameters;
    let limits = limits(inner, task);
    let mut hold = Hold {
        inner,
        task,
        places,
        left_bytes: limits.work_bytes.unwrap_or(u64::MAX),
        kept: NamedPaths::default(),
    };
    for input in &parameters.input_files {
        let path = input.desc.as_ref().map(|desc| desc.path.as_str()).unwrap_or_default();
        hold.place_input(input).with_context(|| format!("input `{path}`"))?;
    }
    // After the inputs, which stay what they are.
    for module in local_modules(task) {
        let var = module.desc.as_ref().map(|desc| desc.var.as_str()).unwrap_or_default();
        hold.place_module(module)
            .with_context(|| format!("local module `{var}`"))?;
    }
    if !hold.kept.is_empty() {
        let files = hold.kept.to_string().into();
        note(inner, &task.job_id, &ServiceLine::ModulesKept { files })?;
    }
    // A command is told of these by a variable, and may not know that they lie in a folder; others it makes as it would
    // anywhere, and would find a folder that is there already.
    for output in parameters.output_files.iter().filter(|output| !output.var.is_empty()) {
        if let Some(above) = above(places.place(output)?) {
            inner.with_porter(task, places, |porter| porter.make_folder(above))?;
        }
    }
    let user = inner.around.user_of_jobs(task.project_id.as_str());
    let mut mounted = mounts::mount(inner, task, places.view(), user)?;
    datasets::show(task, places, &mut mounted);
    mounted.mounts.extend(setting.mounts.iter().cloned());
    mounted.mounts.push(places.progress());
    let programs = programs::shown(&inner.around.data_dir, places.view());
    mounted.mounts.push(programs.clone());
    let mut values = values(task, places)?;
    values.extend(mounted.values);
    let around_path = variables::around_path(places, programs.target);
    let mut env = variables::of_command(inner, task, places, setting, &around_path);
    env.extend(mounted.env);
    let spec = Spec {
        cmd: command::substitute(&parameters.cmd, &values)?,
        env,
        around_path: Some(around_path),
        copy: setting.python.as_ref().map(|python| FolderCopy {
            from: python.venv_of_job.clone(),
            to: places.folder(Folder::Venv).target,
        }),
        work_dir: places.folder(Folder::Work).target,
        log_dir: inner.logs.dir(&task.job_id),
        sandbox: inner.around.sandbox,
        container: setting.container.clone(),
        user,
        hidden: inner.around.hidden.clone(),
        folders: places.folders(),
        mounts: mounted.mounts,
        limits,
    };
    dir.make_progress(user)?;
    dir.write_spec(&spec)?;
    let count = parameters.input_files.len();
    note(
        inner,
        &task.job_id,
        &ServiceLine::DirectoryReady {
            inputs: count.to_string().into(),
        },
    )?;
    Ok(())
}

/// What the job's files are put into.
struct Hold<'a> {
    inner: &'a Inner,
    task: &'a Task,
    places: &'a Places,
    /// Of the job's storage.
    left_bytes: u64,
    /// What stayed in its place though a module had something else there.
    kept: NamedPaths,
}

/// How stored content comes into the job's folders.
enum Carry {
    Write(Place),
    Unpack(Place),
}

impl Hold<'_> {
    fn place_input(&mut self, input: &jobs::File) -> anyhow::Result<()> {
        let place = self.places.place(input.desc.as_ref().context("it has no path")?)?;
        if input.compression_type() != FileCompressionType::Zip {
            return self.carry(input, Carry::Write(place), Existing::Replaced);
        }
        // An archive of an empty folder may hold nothing at all.
        self.inner
            .with_porter(self.task, self.places, |porter| porter.make_folder(place.clone()))?;
        // Its entries begin with the folder's own name; those of the working directory have none before them.
        let root = Place {
            folder: place.folder,
            path: String::new(),
        };
        let into = above(place).unwrap_or(root);
        self.carry(input, Carry::Unpack(into), Existing::Replaced)
    }

    /// Clients send a module as an archive, and its path is their own temporary file's; one that is sent as it is keeps
    /// its name.
    fn place_module(&mut self, module: &jobs::File) -> anyhow::Result<()> {
        let mut into = Place {
            folder: self.places.number(Folder::Work),
            path: String::new(),
        };
        if module.compression_type() == FileCompressionType::Zip {
            return self.carry(module, Carry::Unpack(into), Existing::Kept);
        }
        let path = module.desc.as_ref().map(|desc| desc.path.as_str()).unwrap_or_default();
        into.path = RelativePath::sheltered(path)
            .context("it has no name")?
            .name()
            .to_owned();
        self.carry(module, Carry::Write(into), Existing::Kept)
    }

    fn carry(&mut self, file: &jobs::File, how: Carry, existing: Existing) -> anyhow::Result<()> {
        let (blobs, project) = (&self.inner.blobs, &self.task.project_id);
        let sha256 = Sha256::parse(&file.sha256)?;
        let content = blobs.open_stored(project, sha256)?;
        let left_bytes = self.left_bytes;
        let carried = self.inner.with_porter(self.task, self.places, |porter| match how {
            Carry::Write(at) => porter.write(at, &content, existing),
            Carry::Unpack(into) => porter.unpack(into, &content, left_bytes, existing),
        });
        let Copied {
            sha256: found,
            size_bytes,
            kept,
        } = match carried {
            Ok(copied) => copied,
            // Damage may be why it could not be unpacked.
            Err(PorterError::Refused(why)) => return Err(blobs.why_unreadable(project, sha256, why)),
            Err(error) => return Err(error.into()),
        };
        self.left_bytes = left_bytes.saturating_sub(size_bytes);
        self.kept.add(&kept);
        Ok(blobs.check_read(project, sha256, found)?)
    }
}

/// The folder in which a place lies, unless that is the first one.
fn above(place: Place) -> Option<Place> {
    let (above, _) = place.path.rsplit_once('/')?;
    Some(Place {
        folder: place.folder,
        path: above.to_owned(),
    })
}

/// Those of the instance type, and the size of the working storage.
fn limits(inner: &Inner, task: &Task) -> Limits {
    let chosen = task
        .instance_type
        .as_deref()
        .and_then(|name| inner.config.instance_type(name));
    Limits {
        memory_bytes: chosen
            .and_then(|chosen| chosen.memory_gb)
            .map(|gb| (gb * GIB as f64) as u64),
        cpu_ms_per_s: chosen.map(|chosen| (chosen.cpus * 1000.0) as u64),
        time_s: chosen.and_then(|chosen| chosen.time_limit_s),
        work_bytes: storage_bytes(task),
    }
}

/// The size of the working storage that the job asks for, if it does.
pub(super) fn storage_bytes(task: &Task) -> Option<u64> {
    let asked = task.parameters.extended_working_storage.as_ref()?;
    let bytes = u64::try_from(asked.size_gb).ok()?.checked_mul(GIB)?;
    Some(bytes).filter(|bytes| *bytes > 0)
}

pub(super) fn local_modules(task: &Task) -> &[jobs::File] {
    python_env(task).map_or(&[], |python| &python.local_modules)
}

/// What stands behind each variable of the command.
fn values(task: &Task, places: &Places) -> anyhow::Result<BTreeMap<String, Value>> {
    let parameters = &task.parameters;
    let inputs = parameters.input_files.iter().filter_map(|file| file.desc.as_ref());
    let mut values = BTreeMap::new();
    for desc in inputs
        .chain(&parameters.output_files)
        .filter(|desc| !desc.var.is_empty())
    {
        values.insert(desc.var.clone(), Value::Path(places.path(desc)?));
    }
    for argument in &parameters.arguments {
        values.insert(argument.name.clone(), Value::Text(argument.value.clone()));
    }
    Ok(values)
}
