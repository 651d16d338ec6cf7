//! How an environment is built: a script for the shell, and what it is given.
//!
//! Addresses of indexes travel in variables, never in arguments: they may hold a password, and arguments are for
//! everyone to read.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    packages::{Packages, PythonVersion},
    tools::{Absence, Tools},
};

const REQUIREMENTS: &str = "requirements.txt";
const CONDA_YAML: &str = "environment.yml";

const UV: &str = r#"
"$UV" venv --quiet --python "$PYTHON" "$VIRTUAL_ENV"
if [ -s "$RECIPE/requirements.txt" ]; then
    "$UV" pip install $NO_DEPS --requirement "$RECIPE/requirements.txt"
fi
"#;

/// A command such as `pip install x` must not reach the machine's own pip.
const UV_PIP: &str = r#"
[ -e "$VIRTUAL_ENV/bin/pip" ] || "$VIRTUAL_ENV/bin/python" -m ensurepip --default-pip > ensurepip.log 2>&1 ||
    "$UV" pip install pip || true
"#;

/// Some systems package what brings pip on its own; what installs nothing does without it.
const VENV: &str = r#"
if [ -s "$RECIPE/requirements.txt" ]; then
    "$PYTHON" -m venv "$VIRTUAL_ENV"
else
    "$PYTHON" -m venv "$VIRTUAL_ENV" > venv.log 2>&1 || "$PYTHON" -m venv --clear --without-pip "$VIRTUAL_ENV"
fi
"#;

/// A command that calls pip is told why there is none.
const NO_PIP: &str = r#"
if [ ! -e "$VIRTUAL_ENV/bin/pip" ]; then
    echo "This environment has no pip: its Python does not bring one, and no index gives it."
    printf '#!/bin/sh\necho "There is no pip here: the Python of this environment does not bring one." >&2\nexit 1\n' \
        > "$VIRTUAL_ENV/bin/pip"
    chmod 0755 "$VIRTUAL_ENV/bin/pip"
fi
"#;

const PIP: &str = r#"
if [ -s "$RECIPE/requirements.txt" ]; then
    "$VIRTUAL_ENV/bin/python" -m pip install $NO_DEPS --requirement "$RECIPE/requirements.txt"
fi
"#;

/// An environment is the same for all jobs, and closed. Each job has a small one of its own above it, begun as a copy of
/// what this makes: there it installs what it likes, which counts before what lies below.
const OF_JOB: &str = r#"
"$VIRTUAL_ENV/bin/python" -I "$RECIPE/venv_of_job.py"
"$VIRTUAL_ENV/bin/python" -I "$RECIPE/installed.py" || true
"#;
const OF_JOB_PROGRAM: &str = "venv_of_job.py";
/// Says at the end what is installed; an environment is none the worse without.
const INSTALLED_PROGRAM: &str = "installed.py";

const CONDA_VERSION: &str = r#"
if [ ! -x "$VIRTUAL_ENV/bin/python" ]; then echo "ERROR: conda_yaml names no python"; exit 1; fi
if [ -n "$PYTHON" ]; then
    made=$("$VIRTUAL_ENV/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$made" != "$PYTHON" ]; then
        echo "ERROR: conda_yaml has brought Python $made, but python_version asks for $PYTHON"; exit 1
    fi
fi
"#;

/// Settings of the operator for the tools themselves: mirrors, proxies and certificates.
const PASSED_ON: [&str; 14] = [
    "ALL_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "all_proxy",
    "https_proxy",
    "http_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "CONDA_OVERRIDE_GLIBC",
    "CONDA_OVERRIDE_CUDA",
];
const PASSED_ON_GROUPS: [&str; 4] = ["PIP_", "UV_", "CONDARC", "MAMBA_"];

/// Those of the operator alone: what is built could read them.
const SECRET: [&str; 5] = ["PASSWORD", "TOKEN", "USERNAME", "PUBLISH", "SECRET"];

/// How one environment is built.
#[derive(Debug, Clone)]
pub(super) struct Recipe {
    pub(super) script: String,
    pub(super) env: BTreeMap<String, String>,
    /// Files in the folder that `RECIPE` names.
    pub(super) files: Vec<(&'static str, String)>,
    /// Places of this machine that the tools need.
    pub(super) tools: Vec<PathBuf>,
    /// Places of this machine that the environment needs, also when it is used.
    pub(super) needs: Vec<PathBuf>,
    /// With what, for the log and for status details.
    pub(super) title: String,
}

/// The folders of a build, as it sees them.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub(super) prefix: PathBuf,
    pub(super) cache: PathBuf,
    pub(super) pythons: PathBuf,
    /// What the job's own environment above this one begins as.
    pub(super) venv_of_job: PathBuf,
    /// What to build, which it only reads.
    pub(super) recipe: PathBuf,
}

impl Recipe {
    /// For these packages, with what this machine has.
    ///
    /// # Errors
    /// What is missing; also when it has gone since the job was accepted.
    pub(super) fn new(packages: &Packages, tools: &Tools, places: &Places) -> Result<Self, Absence> {
        let mut recipe = if packages.conda_yaml.is_empty() {
            Self::python(packages, tools)?
        } else {
            Self::conda(packages, tools)?
        };
        recipe.script = format!("set -e\n{}", recipe.script);
        let text = |path: &Path| path.display().to_string();
        let no_deps = if packages.no_deps { "--no-deps" } else { "" };
        let own = [
            ("VIRTUAL_ENV", text(&places.prefix)),
            ("RECIPE", text(&places.recipe)),
            ("NO_DEPS", no_deps.to_owned()),
            ("VENV_OF_JOB", text(&places.venv_of_job)),
            ("NO_COLOR", "1".into()),
            ("PYTHONUNBUFFERED", "1".into()),
            ("PIP_CACHE_DIR", text(&places.cache.join("pip"))),
            ("PIP_NO_INPUT", "1".into()),
            ("PIP_PROGRESS_BAR", "off".into()),
            ("PIP_DISABLE_PIP_VERSION_CHECK", "1".into()),
            ("UV_CACHE_DIR", text(&places.cache.join("uv"))),
            ("UV_PYTHON_INSTALL_DIR", text(&places.pythons)),
            ("UV_NO_PROGRESS", "1".into()),
            // As pip does it: the best version of all indexes.
            ("UV_INDEX_STRATEGY", "unsafe-best-match".into()),
            ("CONDA_PKGS_DIRS", text(&places.cache.join("conda"))),
            ("MAMBA_ROOT_PREFIX", text(&places.cache.join("mamba"))),
        ];
        recipe.env.extend(operators());
        recipe.env.extend(own.map(|(name, value)| (name.to_owned(), value)));
        recipe.env.extend(indexes(packages));
        recipe
            .files
            .push((REQUIREMENTS, lines(packages.requirements.iter().map(String::as_str))));
        recipe
            .files
            .push((OF_JOB_PROGRAM, include_str!("venv_of_job.py").to_owned()));
        recipe
            .files
            .push((INSTALLED_PROGRAM, include_str!("installed.py").to_owned()));
        Ok(recipe)
    }

    fn python(packages: &Packages, tools: &Tools) -> Result<Self, Absence> {
        let python = tools.python(packages);
        let (script, tool, mut used) = match (&tools.uv, python) {
            (Ok(uv), _) => (format!("{UV}{UV_PIP}{NO_PIP}{OF_JOB}"), Some(uv), vec![uv.path.clone()]),
            (Err(_), Some(_)) => (format!("{VENV}{PIP}{NO_PIP}{OF_JOB}"), None, Vec::new()),
            (Err(_), None) => return Err(missing_python(packages.python, tools)),
        };
        let version = packages
            .python
            .map_or_else(|| "3".to_owned(), |version| version.to_string());
        // Without an interpreter here uv gets one of this version.
        let interpreter = python.map_or_else(|| version.clone(), |python| python.path.display().to_string());
        used.extend(python.map(|python| python.path.clone()));
        let mut env = BTreeMap::from([("PYTHON".to_owned(), interpreter)]);
        env.extend(tool.map(|uv| ("UV".to_owned(), uv.path.display().to_string())));
        Ok(Self {
            script,
            env,
            files: Vec::new(),
            tools: used,
            needs: python.map_or_else(Vec::new, |python| python.needs.clone()),
            title: match tool {
                Some(_) => format!("Python {version}, by uv"),
                None => format!("Python {version}, by venv and pip"),
            },
        })
    }

    fn conda(packages: &Packages, tools: &Tools) -> Result<Self, Absence> {
        let conda = tools.conda.as_ref().map_err(Clone::clone)?;
        // micromamba has one command for both; conda's own `create` does not read this file.
        let create = match conda.name() {
            "micromamba" => r#""$CONDA" create --yes"#,
            _ => r#""$CONDA" env create"#,
        };
        let script =
            format!("{create} --prefix \"$VIRTUAL_ENV\" --file \"$RECIPE/{CONDA_YAML}\"\n{CONDA_VERSION}{PIP}{OF_JOB}");
        Ok(Self {
            script,
            env: BTreeMap::from([
                ("CONDA".to_owned(), conda.path.display().to_string()),
                (
                    "PYTHON".to_owned(),
                    packages.python.map_or_else(String::new, |version| version.to_string()),
                ),
            ]),
            files: vec![(CONDA_YAML, packages.conda_yaml.clone())],
            tools: vec![conda.path.clone()],
            needs: Vec::new(),
            title: format!("conda_yaml, by {}", conda.name()),
        })
    }
}

/// Why no environment with this Python can be built here, and what would help.
pub(super) fn missing_python(version: Option<PythonVersion>, tools: &Tools) -> Absence {
    let wanted = version.map_or_else(|| "Python".to_owned(), |version| format!("Python {version}"));
    let mut here: Vec<String> = tools
        .pythons
        .iter()
        .map(|python| match python.has_venv && python.has_pip {
            true => python.version.to_string(),
            false => format!("{} (without its `venv` and `ensurepip`)", python.version),
        })
        .collect();
    here.dedup();
    let uv = match &tools.uv {
        Ok(_) => "uv knows no such version".to_owned(),
        Err(absence) => absence.to_string(),
    };
    let here = match here.is_empty() {
        true => "this machine has no Python on the server's PATH".to_owned(),
        false => format!("this machine has {}", here.join(", ")),
    };
    Absence(format!(
        "{wanted} cannot be had: {here}, and {uv}; install this Python, or uv, on the server's PATH, or ask for \
         another version"
    ))
}

fn operators() -> impl Iterator<Item = (String, String)> {
    std::env::vars().filter(|(name, _)| {
        let is_secret = SECRET.iter().any(|part| name.contains(part));
        let is_meant =
            PASSED_ON.contains(&name.as_str()) || PASSED_ON_GROUPS.iter().any(|group| name.starts_with(group));
        is_meant && !is_secret
    })
}

/// pip's options as both tools take them.
fn indexes(packages: &Packages) -> impl Iterator<Item = (String, String)> {
    let asked = [
        (["PIP_INDEX_URL", "UV_DEFAULT_INDEX"], packages.index_url.clone()),
        (["PIP_EXTRA_INDEX_URL", "UV_INDEX"], packages.extra_index_urls.join(" ")),
        (
            ["PIP_TRUSTED_HOST", "UV_INSECURE_HOST"],
            packages.trusted_hosts.join(" "),
        ),
    ];
    let given = asked.into_iter().filter(|(_, value)| !value.is_empty());
    given.flat_map(|(names, value)| names.map(|name| (name.to_owned(), value.clone())))
}

fn lines<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.map(|line| format!("{line}\n")).collect()
}
