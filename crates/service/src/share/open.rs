//! `Open`: the job as a link shows it.

use super::{Holder, hold::Held, request::made};
use crate::{
    JobService, ServiceError,
    api::{
        any,
        jobs::{self, ExecuteProjectJobResponse, Job, JobParameters, JobResult},
        operation::operation::Result as Answer,
        share::{ShareParts, SharedJob, SharedOutput},
    },
    job::status,
};

impl JobService {
    pub(super) async fn open_share(&self, holder: &Holder, is_refresh: bool) -> Result<SharedJob, ServiceError> {
        let holder = self.in_force(holder).await?;
        self.note_use(holder.share_id(), i64::from(!is_refresh)).await;
        let held = holder.held();
        let result = self.result_of(held).await?;
        let rules = self
            .rules(&held.job.job, &held.parts(), &held.share.share.hidden_texts)
            .await?;
        let parts = held.parts();
        let record = self.in_place(held.job.clone());
        let job = record.job;
        let clean = |text: &str| rules.clean(text).0;
        let outputs = parts.outputs.iter().enumerate();
        let outputs = outputs
            .map(|(index, path)| output(&job, index, path, clean(path)))
            .collect();
        // The program's own words belong to its log.
        let mut progress = record.progress.filter(|_| parts.log);
        if let Some(progress) = &mut progress {
            progress.message = clean(&progress.message);
        }
        let mut shared = SharedJob {
            name: clean(&job.name),
            status: job.status,
            status_details: clean(&job.status_details),
            result,
            progress,
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
            expires_at: held.share.share.expires_at,
            outputs,
            data_cleared: job.data_cleared,
            actual_cloud_instance_type: job.actual_cloud_instance_type.clone(),
            missing_output_count: status::missing_outputs(&job.file_errors).try_into().unwrap_or(i64::MAX),
            ..Default::default()
        };
        if parts.parameters {
            shared.desc = clean(&job.desc);
            let mut parameters = job.job_parameters.clone().unwrap_or_default();
            shared.hidden_env = hide_values(&mut parameters, &parts.env_values);
            hide_sign_in(&mut parameters);
            hide_digests(&mut parameters);
            each_text(&mut parameters, &mut |_, text| *text = clean(text));
            shared.job_parameters = Some(parameters);
        }
        shared.parts = Some(ShareParts {
            outputs: parts.outputs.iter().map(|path| clean(path)).collect(),
            ..parts
        });
        Ok(shared)
    }

    /// How the program ended, which the operation knows.
    async fn result_of(&self, held: &Held) -> Result<Option<JobResult>, ServiceError> {
        let Some(id) = &held.job.execute_operation else {
            return Ok(None);
        };
        let operation = self.store.operation(id).await?;
        Ok(match operation.and_then(|record| record.operation.result) {
            Some(Answer::Response(packed)) => any::unpack::<ExecuteProjectJobResponse>(&packed)
                .ok()
                .and_then(|response| response.result),
            _ => None,
        })
    }
}

/// An output under the name that is shown.
fn output(job: &Job, index: usize, path: &str, shown: String) -> SharedOutput {
    let file = made(job, path);
    SharedOutput {
        index: i32::try_from(index).unwrap_or(i32::MAX),
        path: shown,
        is_there: file.is_some(),
        size_bytes: file.map_or(0, |file| file.size_bytes),
        sha256: file.map(|file| file.sha256.clone()).unwrap_or_default(),
        compression_type: file.map_or(0, |file| file.compression_type),
    }
}

/// Empties the values that are not shown; the names of their variables.
pub(super) fn hide_values(parameters: &mut JobParameters, shown: &[String]) -> Vec<String> {
    let vars = parameters.env.iter_mut().flat_map(|env| &mut env.vars);
    let hidden = vars.filter(|(name, _)| !shown.contains(name));
    hidden
        .map(|(name, value)| {
            value.clear();
            name.clone()
        })
        .collect()
}

/// Takes the digests of inputs, from which short contents can be guessed.
fn hide_digests(parameters: &mut JobParameters) {
    let modules = parameters.env.as_mut().and_then(|env| env.python_env.as_mut());
    let modules = modules.into_iter().flat_map(|python| &mut python.local_modules);
    for file in parameters.input_files.iter_mut().chain(modules) {
        file.sha256.clear();
    }
}

/// How the image's registry is signed in to is nobody's business.
pub(super) fn hide_sign_in(parameters: &mut JobParameters) {
    use jobs::environment::DockerImage;
    let image = parameters.env.as_mut().and_then(|env| env.docker_image.as_mut());
    if let Some(DockerImage::DockerImageSpec(spec)) = image {
        spec.username.clear();
        spec.password = None;
    }
}

/// Hands every text of parameters, with the name of its field, to `see`.
pub(super) fn each_text(parameters: &mut JobParameters, see: &mut dyn FnMut(&str, &mut String)) {
    see("job_parameters.cmd", &mut parameters.cmd);
    for argument in &mut parameters.arguments {
        see(
            &format!("job_parameters.arguments.{}", argument.name),
            &mut argument.value,
        );
    }
    for desc in parameters.input_files.iter_mut().filter_map(|file| file.desc.as_mut()) {
        see("job_parameters.input_files", &mut desc.path);
    }
    for desc in &mut parameters.output_files {
        see("job_parameters.output_files", &mut desc.path);
    }
    for dataset in &mut parameters.output_datasets {
        see("job_parameters.output_datasets", &mut dataset.name);
        see("job_parameters.output_datasets", &mut dataset.description);
        dataset.labels = std::mem::take(&mut dataset.labels)
            .into_iter()
            .map(|(mut name, mut label)| {
                see("job_parameters.output_datasets", &mut name);
                see("job_parameters.output_datasets", &mut label);
                (name, label)
            })
            .collect();
    }
    for asked in &mut parameters.cloud_instance_types {
        see("job_parameters.cloud_instance_types", &mut asked.name);
    }
    if let Some(spark) = &mut parameters.spark_parameters {
        see("job_parameters.spark_parameters", &mut spark.connector_id);
    }
    let Some(env) = &mut parameters.env else { return };
    for (name, value) in &mut env.vars {
        see(&format!("job_parameters.env.vars.{name}"), value);
    }
    match &mut env.docker_image {
        Some(jobs::environment::DockerImage::DockerImageSpec(spec)) => {
            see("job_parameters.env.docker_image_spec.image_url", &mut spec.image_url);
        }
        Some(jobs::environment::DockerImage::DockerImageResourceId(id)) => {
            see("job_parameters.env.docker_image_resource_id", id);
        }
        None => {}
    }
    let Some(python) = &mut env.python_env else { return };
    see("job_parameters.env.python_env.conda_yaml", &mut python.conda_yaml);
    see(
        "job_parameters.env.python_env.python_version",
        &mut python.python_version,
    );
    for desc in python
        .local_modules
        .iter_mut()
        .filter_map(|module| module.desc.as_mut())
    {
        see("job_parameters.env.python_env.local_modules", &mut desc.path);
    }
    for requirement in &mut python.requirements {
        see("job_parameters.env.python_env.requirements", requirement);
    }
    if let Some(pip) = &mut python.pip_options {
        let urls = std::iter::once(&mut pip.index_url).chain(&mut pip.extra_index_urls);
        let urls = urls.chain(&mut pip.trusted_hosts);
        urls.for_each(|url| see("job_parameters.env.python_env.pip_options", url));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_emptied_unless_they_are_shown() {
        let vars = [("A", "1"), ("B", "2")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut parameters = JobParameters {
            env: Some(jobs::Environment {
                vars: vars.into(),
                ..Default::default()
            }),
            ..Default::default()
        };
        assert_eq!(hide_values(&mut parameters, &["B".into()]), ["A"]);
        let env = parameters.env.unwrap();
        assert_eq!((env.vars["A"].as_str(), env.vars["B"].as_str()), ("", "2"));
    }
}
