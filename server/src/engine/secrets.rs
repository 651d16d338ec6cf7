//! What a job may not say because a secret of its project says it.

use jobsphere_api::{id::ProjectId, jobs::JobParameters};
use jobsphere_rules::service_line::ServiceLine;
use jobsphere_service::{StoreError, Task};

use super::{Inner, note};
use crate::secrets::{Secret, Secrets};

/// A sentence for each environment variable of the job that has the name of a secret. One that a secret gets after
/// the job was created gives way to it.
pub(super) async fn refusals(
    secrets: &Secrets,
    project: &ProjectId,
    parameters: &JobParameters,
) -> Result<Vec<String>, StoreError> {
    let Some(env) = parameters.env.as_ref().filter(|env| !env.vars.is_empty()) else {
        return Ok(Vec::new());
    };
    let names = secrets.names(project).await?;
    let taken = names.iter().filter(|name| env.vars.contains_key(*name));
    Ok(taken
        .map(|name| {
            format!(
                "`job_parameters.env.vars` sets `{name}`, which is a secret of project `{project}` and is given to every \
                 command of it; choose another name"
            )
        })
        .collect())
}

/// Says in the system log which variables of the job give way.
///
/// # Errors
/// When the log cannot be written.
pub(super) fn note_overridden(inner: &Inner, task: &Task, secrets: &[Secret]) -> std::io::Result<()> {
    let Some(env) = &task.parameters.env else {
        return Ok(());
    };
    for secret in secrets.iter().filter(|secret| env.vars.contains_key(&secret.name)) {
        let name = secret.name.as_str().into();
        note(inner, &task.job_id, &ServiceLine::VariableSecret { name })?;
    }
    Ok(())
}
