//! The operator's file: what this machine offers to jobs, and what it allows to callers.

// Read before anybody is served.
#![allow(clippy::disallowed_methods)]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context;
use jobsphere_rules::variable;
use jobsphere_service::Capacity;
use serde::Deserialize;

/// Its name inside the data folder, where it is looked for when none is named.
pub const FILE: &str = "config.toml";

/// What may be set; every part has a default.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The instance types that jobs may ask for, in no order.
    #[serde(rename = "instance_type", deserialize_with = "instance_types")]
    pub instance_types: InstanceTypes,
    /// How much runs at the same time.
    pub queue: Queue,
    /// Folders of this machine by the id under which jobs mount them (`s3_mount_ids`).
    #[serde(deserialize_with = "s3_mounts")]
    pub s3_mounts: BTreeMap<String, S3Mount>,
    /// What a caller may ask of the server.
    pub limits: Limits,
    /// The tools that make environments, and how long these are kept.
    pub environments: Environments,
}

/// A folder that jobs mount.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "S3MountText")]
pub struct S3Mount {
    /// Where it lies.
    pub path: PathBuf,
    /// Whether commands may only read it.
    pub read_only: bool,
}

/// `id = "/folder"`, or `id = { path = "/folder", read_only = true }`.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "an s3 mount is the path of a folder, or { path = \"…\", read_only = true }"
)]
enum S3MountText {
    Path(PathBuf),
    Table(S3MountTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct S3MountTable {
    path: PathBuf,
    #[serde(default)]
    read_only: bool,
}

impl From<S3MountText> for S3Mount {
    fn from(text: S3MountText) -> Self {
        match text {
            S3MountText::Path(path) => Self { path, read_only: false },
            S3MountText::Table(S3MountTable { path, read_only }) => Self { path, read_only },
        }
    }
}

/// The table of instance types.
#[derive(Debug, Clone, PartialEq)]
pub struct InstanceTypes(pub Vec<InstanceType>);

/// One line of the table: what a job of this type may use.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceType {
    /// The name that jobs ask for, such as `c1.4`.
    pub name: String,
    /// Processors that a job takes while it runs, such as 0.5 or 4.
    pub cpus: f64,
    /// Memory of a job in GiB; none means no limit.
    pub memory_gb: Option<f64>,
    /// Seconds after which a running job is ended; none means no limit.
    pub time_limit_s: Option<u64>,
}

impl Default for InstanceTypes {
    fn default() -> Self {
        Self(vec![InstanceType {
            name: "c1.4".into(),
            cpus: 4.0,
            memory_gb: None,
            time_limit_s: None,
        }])
    }
}

/// How much runs at the same time.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Queue {
    /// Processors that the running jobs share out among them by their instance types; further jobs wait. Four times
    /// the machine's, and at least 16, when it is not set: small jobs wait for files and networks most of the time.
    pub cpus: Option<f64>,
}

impl Queue {
    const JOBS_PER_CPU: usize = 4;
    const LEAST_CPUS: usize = 16;

    fn cpus(&self) -> f64 {
        self.cpus.unwrap_or_else(|| {
            let machine = std::thread::available_parallelism().map_or(1, usize::from);
            (machine * Self::JOBS_PER_CPU).max(Self::LEAST_CPUS) as f64
        })
    }
}

/// What a caller may ask of the server.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Size of one request message in bytes.
    pub message_bytes: usize,
    /// Size of one file in bytes.
    pub file_bytes: i64,
    /// Log streams that one token may hold open.
    pub open_streams: usize,
    /// Calls that one token may make in a minute, all at once or spread; 0 means any number.
    pub requests_per_minute: u32,
    /// Calls that the holders of one share link may make in a minute, and five times as many from one address, known
    /// or not; 0 means any number.
    pub share_requests_per_minute: u32,
    /// Log streams that the holders of one share link may hold open.
    pub share_open_streams: usize,
    /// Seconds for which the working folder of a job that has ended is held, where its command left files that no output
    /// names: so long they can be kept. 0 holds none.
    pub hold_run_folders_s: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 8 << 20,
            file_bytes: jobsphere_rules::limits::MAX_FILE_BYTES,
            open_streams: 2000,
            requests_per_minute: 60_000,
            share_requests_per_minute: 1200,
            share_open_streams: 100,
            hold_run_folders_s: 3600,
        }
    }
}

/// The tools that make environments, and how long these are kept. Tools that are not named are looked for on the
/// server's PATH.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Environments {
    /// The program `uv`.
    pub uv: Option<PathBuf>,
    /// `micromamba`, `mamba` or `conda`, known by its file name.
    pub conda: Option<PathBuf>,
    /// `podman` or `docker`, known by its file name.
    pub container: Option<PathBuf>,
    /// Interpreters of Python besides those on the PATH.
    pub pythons: Vec<PathBuf>,
    /// Images by the id under which jobs ask for them (`docker_image_resource_id`).
    pub images: BTreeMap<String, String>,
    /// Days after which an environment that no job uses is dropped.
    pub keep_days: u64,
    /// Size of all environments in GiB from which on those that were unused longest are dropped.
    pub max_gb: u64,
    /// Seconds after which a build is ended.
    pub build_time_limit_s: u64,
    /// Memory in GiB that a build may take; three quarters of the machine's where it is not said.
    pub build_memory_gb: Option<u64>,
}

impl Environments {
    /// Memory in bytes that a build may take.
    pub(crate) fn build_memory_bytes(&self) -> u64 {
        match self.build_memory_gb {
            Some(gb) => gb.saturating_mul(1 << 30),
            None => {
                let machine = rustix::system::sysinfo();
                machine.totalram.saturating_mul(machine.mem_unit.into()) / 4 * 3
            }
        }
    }
}

impl Default for Environments {
    fn default() -> Self {
        Self {
            uv: None,
            conda: None,
            container: None,
            pythons: Vec::new(),
            images: BTreeMap::new(),
            keep_days: 14,
            max_gb: 50,
            build_time_limit_s: 3600,
            build_memory_gb: None,
        }
    }
}

impl Config {
    /// What the job service may run at the same time.
    pub fn capacity(&self) -> Capacity {
        let types = self.instance_types.0.iter();
        Capacity {
            cpus: self.queue.cpus(),
            instance_types: types
                .map(|known| jobsphere_service::InstanceType {
                    name: known.name.clone(),
                    cpus: known.cpus,
                })
                .collect(),
        }
    }

    /// The instance type with this name.
    pub fn instance_type(&self, name: &str) -> Option<&InstanceType> {
        self.instance_types.0.iter().find(|known| known.name == name)
    }

    /// Reads `named`, or the file in `data_dir` where there is one.
    ///
    /// # Errors
    /// When the named file is not there, or something in the file is not understood; the line is named.
    pub fn read(named: Option<&Path>, data_dir: &Path) -> anyhow::Result<Self> {
        let path = match named {
            Some(path) => path.to_owned(),
            None => data_dir.join(FILE),
        };
        if named.is_none() && !path.exists() {
            return Ok(Self::default());
        }
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not understood", path.display()))
    }
}

fn instance_types<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<InstanceTypes, D::Error> {
    use serde::de::Error;
    let types = Vec::<InstanceType>::deserialize(deserializer)?;
    for (place, found) in types.iter().enumerate() {
        if types[..place].iter().any(|earlier| earlier.name == found.name) {
            return Err(D::Error::custom(format!(
                "instance type `{}` is there twice",
                found.name
            )));
        }
        if found.name.is_empty() || !found.cpus.is_finite() || found.cpus <= 0.0 {
            return Err(D::Error::custom("an instance type needs a name and `cpus` above 0"));
        }
    }
    Ok(InstanceTypes(types))
}

fn s3_mounts<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, S3Mount>, D::Error> {
    use serde::de::Error;
    let mounts = BTreeMap::<String, S3Mount>::deserialize(deserializer)?;
    for (id, mount) in &mounts {
        if !variable::is_name(id) {
            return Err(D::Error::custom(format!(
                "no job can ask for the s3 mount `{id}`: an id has 1 to 50 Latin letters, digits, `-` or `_`"
            )));
        }
        if !mount.path.is_absolute() {
            return Err(D::Error::custom(format!(
                "the folder of s3 mount `{id}` needs an absolute path, not `{}`",
                mount.path.display()
            )));
        }
    }
    Ok(mounts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> anyhow::Result<Config> {
        let dir = tempfile::tempdir()?;
        std::fs::write(dir.path().join(FILE), text)?;
        Config::read(None, dir.path())
    }

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(parse("").unwrap(), Config::default());
        assert_eq!(Config::default().instance_types.0[0].name, "c1.4");
    }

    #[test]
    fn the_tables_are_read() {
        let config = parse(
            "[[instance_type]]\nname = \"small\"\ncpus = 1\nmemory_gb = 0.5\ntime_limit_s = 60\n\
             [s3_mounts]\nphotos = \"/srv/photos\"\nbooks = { path = \"/srv/books\", read_only = true }\n[limits]\nopen_streams = 3\n",
        )
        .unwrap();
        assert_eq!(config.instance_types.0[0].memory_gb, Some(0.5));
        assert_eq!(config.s3_mounts["photos"].path, Path::new("/srv/photos"));
        assert_eq!(
            (
                config.s3_mounts["photos"].read_only,
                config.s3_mounts["books"].read_only
            ),
            (false, true)
        );
        assert_eq!(config.limits.open_streams, 3);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (text, named) in [
            ("colour = 1", "colour"),
            ("[s3_mounts]\n\"a b\" = \"/a\"", "`a b`"),
            ("[s3_mounts]\na = \"photos\"", "absolute"),
            ("[s3_mounts]\na = { path = \"/a\", readonly = true }", "read_only"),
            ("[[instance_type]]\nname = \"a\"\ncpus = 0", "cpus"),
            (
                "[[instance_type]]\nname = \"a\"\ncpus = 1\n[[instance_type]]\nname = \"a\"\ncpus = 1",
                "twice",
            ),
        ] {
            let error = format!("{:#}", parse(text).unwrap_err());
            assert!(error.contains(named) && error.contains(FILE), "{error}");
        }
    }
}
