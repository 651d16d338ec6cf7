//! What of a job's environment this machine cannot give, and what would make it work.

use jobsphere_api::jobs::{Environment, PythonEnv};

use super::{
    image::Image,
    packages::{Packages, PythonVersion},
    recipe::missing_python,
    tools::Tools,
};
use crate::config;

/// Whether the machine's tools matter to it.
pub(super) fn concerns(env: &Environment) -> bool {
    env.docker_image.is_some() || env.python_env.is_some()
}

/// A sentence for each part that cannot be had.
pub(super) fn refusals(env: &Environment, rule: &config::Environments, tools: &Tools) -> Vec<String> {
    let mut found = Vec::new();
    if env.docker_image.is_some() {
        found.extend(image_refusal(env, rule, tools));
    }
    if let Some(python) = &env.python_env {
        found.extend(python_refusal(python, tools));
    }
    found
}

fn image_refusal(env: &Environment, rule: &config::Environments, tools: &Tools) -> Option<String> {
    if let Err(why) = Image::of(env, rule) {
        return Some(refusal("docker_image", &why.to_string()));
    }
    if let Err(absence) = &tools.container {
        let cure = "install podman or docker where the server runs, or leave the image out: the programs of this \
                    machine are used then";
        return Some(refusal("docker_image", &format!("{absence}; {cure}")));
    }
    let python = env.python_env.as_ref().map(Packages::of);
    python.filter(|packages| !packages.is_any()).map(|_| {
        refusal(
            "python_env",
            "with `docker_image` the packages are those of the image: leave `requirements`, `python_version` and \
             `conda_yaml` out, or install them in the image",
        )
    })
}

fn python_refusal(asked: &PythonEnv, tools: &Tools) -> Option<String> {
    let version = asked.python_version.trim();
    if !version.is_empty() && PythonVersion::parse(version).is_none() {
        let why = format!("`{version}` is not a minor version of Python 3, such as 3.11");
        return Some(refusal("python_env.python_version", &why));
    }
    let packages = Packages::of(asked);
    if packages.is_any() {
        return None;
    }
    if !packages.conda_yaml.is_empty() {
        let absence = tools.conda.as_ref().err()?;
        let cure = "install micromamba, mamba or conda on the server's PATH, or give `requirements`";
        return Some(refusal("python_env.conda_yaml", &format!("{absence}; {cure}")));
    }
    if tools.can_build(&packages) {
        return None;
    }
    let part = match version {
        "" => "python_env.requirements",
        _ => "python_env.python_version",
    };
    Some(refusal(part, &missing_python(packages.python, tools).0))
}

fn refusal(part: &str, why: &str) -> String {
    format!("this server cannot honour `job_parameters.env.{part}`: {why}")
}
