//! The parameters of a job, all of them.

use leptos::prelude::*;

use crate::app::job::state::ShownJob;
use crate::{
    api::jobs::{Environment, File, FileDesc, JobParameters, environment::DockerImage},
    app::{
        name::{Name, Passage},
        text::{Message, use_text, words},
    },
};
use jobsphere_names::readable;

#[component]
pub(crate) fn Parameters(view: ShownJob) -> impl IntoView {
    let text = use_text();
    let parameters = Memo::new(move |_| {
        let state = view.state.read();
        state
            .as_ref()
            .and_then(|state| state.job.job_parameters.clone())
            .unwrap_or_default()
    });
    view! {
        <section aria-labelledby="parameters-heading">
            <h2 id="parameters-heading">{text.say(words::PARAMETERS_HEADING)}</h2>
            {move || view! { <AllParameters parameters=parameters.get() /> }}
        </section>
    }
}

#[component]
fn AllParameters(parameters: JobParameters) -> impl IntoView {
    let text = use_text();
    let env = parameters.env.clone().unwrap_or_default();
    let arguments = parameters
        .arguments
        .iter()
        .map(|argument| (argument.name.clone(), argument.value.clone()));
    let arguments: Vec<_> = arguments.collect();
    let vars: Vec<_> = env.vars.clone().into_iter().collect();
    let others = others(&parameters, &env);
    view! {
        <h3>{text.say(words::CMD_LABEL)}</h3>
        <pre class="cmd" tabindex="0">{readable(&parameters.cmd).into_owned()}</pre>
        <InputTable files=parameters.input_files.clone() />
        <OutputTable descs=parameters.output_files.clone() />
        <Pairs heading=words::ARGUMENTS_HEADING pairs=arguments />
        <Pairs heading=words::ENV_HEADING pairs=vars />
        <Pairs heading=words::OTHER_PARAMETERS_HEADING pairs=others />
    }
}

#[component]
fn InputTable(files: Vec<File>) -> impl IntoView {
    let text = use_text();
    // Holders of links are not told them.
    let has_digests = files.iter().any(|file| !file.sha256.is_empty());
    let row = move |file: File| {
        let digest = has_digests
            .then(|| view! { <td><code class="digest" title=file.sha256.clone()>{file.sha256.clone()}</code></td> });
        let FileDesc { path, var } = file.desc.unwrap_or_default();
        view! {
            <tr>
                <th scope="row"><span class="file-name"><Name of=path /></span></th>
                <td><code>{var}</code></td>
                <td class="number">{move || text.size(file.size_bytes as f64)}</td>
                {digest}
            </tr>
        }
    };
    (!files.is_empty()).then(|| {
        view! {
            <h3>{text.say(words::INPUTS_HEADING)}</h3>
            <table class="files">
                <thead>
                    <tr>
                        <th scope="col">{text.say(words::PATH_LABEL)}</th>
                        <th scope="col">{text.say(words::VAR_LABEL)}</th>
                        <th scope="col" class="number">{text.say(words::COLUMN_SIZE)}</th>
                        {has_digests.then(|| view! { <th scope="col">"SHA-256"</th> })}
                    </tr>
                </thead>
                <tbody>{files.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
    })
}

#[component]
fn OutputTable(descs: Vec<FileDesc>) -> impl IntoView {
    let text = use_text();
    let row = |desc: FileDesc| {
        view! {
            <tr>
                <th scope="row"><span class="file-name"><Name of=desc.path /></span></th>
                <td><code>{desc.var}</code></td>
            </tr>
        }
    };
    (!descs.is_empty()).then(|| {
        view! {
            <h3>{text.say(words::OUTPUTS_HEADING)}</h3>
            <table class="files">
                <thead>
                    <tr>
                        <th scope="col">{text.say(words::PATH_LABEL)}</th>
                        <th scope="col">{text.say(words::VAR_LABEL)}</th>
                    </tr>
                </thead>
                <tbody>{descs.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
    })
}

#[component]
fn Pairs(heading: Message, pairs: Vec<(String, String)>) -> impl IntoView {
    let text = use_text();
    let entry = |(name, value): (String, String)| {
        view! { <div><dt><code><Name of=name /></code></dt><dd class="as-written code"><Passage of=value /></dd></div> }
    };
    (!pairs.is_empty()).then(|| {
        view! {
            <h3>{text.say(heading)}</h3>
            <dl class="facts">{pairs.into_iter().map(entry).collect_view()}</dl>
        }
    })
}

/// What the form cannot write yet but other clients can, under the names the configuration file uses.
fn others(parameters: &JobParameters, env: &Environment) -> Vec<(String, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    found.extend(parameters.s3_mount_ids.iter().map(|id| ("s3-mounts", id.clone())));
    found.extend(parameters.dataset_ids.iter().map(|id| ("datasets", id.clone())));
    let instances: Vec<_> = parameters
        .cloud_instance_types
        .iter()
        .map(|instance| instance.name.as_str())
        .collect();
    if !instances.is_empty() {
        found.push(("cloud-instance-types", instances.join(", ")));
    }
    if let Some(storage) = &parameters.extended_working_storage {
        found.push(("working-storage", format!("{}Gb", storage.size_gb)));
    }
    if parameters.attach_project_disk {
        found.push(("flags", "attach-project-disk".into()));
    }
    match &env.docker_image {
        Some(DockerImage::DockerImageResourceId(id)) => found.push(("env.docker", id.clone())),
        Some(DockerImage::DockerImageSpec(spec)) => found.push(("env.docker", spec.image_url.clone())),
        None => {}
    }
    if let Some(python) = &env.python_env {
        found.push(("env.python.version", python.python_version.clone()));
        found.push(("env.python.requirements", python.requirements.join("\n")));
        let modules = python.local_modules.iter().filter_map(|module| module.desc.as_ref());
        found.extend(modules.map(|desc| ("env.python.local-paths", desc.path.clone())));
        if let Some(pip) = &python.pip_options {
            found.push(("env.python.pip.index-url", pip.index_url.clone()));
            found.push(("env.python.pip.extra-index-urls", pip.extra_index_urls.join("\n")));
            found.push(("env.python.pip.trusted-hosts", pip.trusted_hosts.join("\n")));
            found.push(("env.python.pip.no-deps", pip.no_deps.to_string()));
        }
    }
    found.extend(
        parameters
            .output_datasets
            .iter()
            .map(|dataset| ("output-datasets", format!("{} ({} Gb)", dataset.name, dataset.size_gb))),
    );
    if let Some(shutdown) = &parameters.graceful_shutdown_parameters {
        let timeout_s = shutdown.timeout.as_ref().map_or(0, |timeout| timeout.seconds);
        found.push(("graceful-shutdown.signal", shutdown.signal.to_string()));
        found.push(("graceful-shutdown.timeout", format!("{timeout_s}s")));
    }
    if let Some(spark) = &parameters.spark_parameters {
        found.push(("spark.connector", spark.connector_id.clone()));
    }
    let named = found.into_iter().filter(|(_, value)| !value.is_empty());
    named.map(|(name, value)| (name.to_owned(), value)).collect()
}
