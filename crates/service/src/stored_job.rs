//! A job as the service keeps it: what everyone may see who sees the job, and what nobody is shown.

use std::ops::{Deref, DerefMut};

use crate::api::{
    jobs::{Job, JobParameters, docker_image_spec::Password, environment::DockerImage},
    time,
};

/// Stands where a password would.
const HIDDEN: &str = "********";

/// A job whose secret part is kept beside the message, so that the message can be given to whoever sees the job.
///
/// It dereferences to the message as callers see it; nothing that is made of it can hold the secret part. The whole
/// comes out by [`StoredJob::whole`] and [`StoredJob::whole_parameters`] alone: for the store, the engine and `Clone`.
#[derive(Clone, PartialEq)]
pub struct StoredJob {
    shown: Job,
    /// The password of the image's registry.
    password: Option<String>,
}

impl StoredJob {
    /// The message with its secret part.
    pub fn whole(&self) -> Job {
        Job {
            job_parameters: self.shown.job_parameters.is_some().then(|| self.whole_parameters()),
            ..self.shown.clone()
        }
    }

    /// What is to be run, with the secret part.
    pub fn whole_parameters(&self) -> JobParameters {
        let mut parameters = self.shown.job_parameters.clone().unwrap_or_default();
        if let (Some(place), Some(password)) = (plain_password(&mut parameters), &self.password) {
            place.clone_from(password);
        }
        parameters
    }

    /// The message as callers see it.
    pub fn into_shown(self) -> Job {
        self.shown
    }
}

impl From<Job> for StoredJob {
    fn from(mut job: Job) -> Self {
        let password = hide_password(&mut job);
        // An earlier version has taken any lifetime.
        job.data_expires_at = job.data_expires_at.as_ref().map(time::within_range);
        Self { shown: job, password }
    }
}

impl Deref for StoredJob {
    type Target = Job;

    fn deref(&self) -> &Job {
        &self.shown
    }
}

impl DerefMut for StoredJob {
    fn deref_mut(&mut self) -> &mut Job {
        &mut self.shown
    }
}

impl std::fmt::Debug for StoredJob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.shown.fmt(f)
    }
}

/// Takes the password out of a message.
pub(super) fn hide_password(job: &mut Job) -> Option<String> {
    let place = plain_password(job.job_parameters.as_mut()?)?;
    Some(std::mem::replace(place, HIDDEN.to_owned()))
}

fn plain_password(parameters: &mut JobParameters) -> Option<&mut String> {
    let DockerImage::DockerImageSpec(spec) = parameters.env.as_mut()?.docker_image.as_mut()? else {
        return None;
    };
    match spec.password.as_mut()? {
        Password::PasswordPlainText(password) => Some(password),
        Password::PasswordDsSecretName(_) => None,
    }
}

/// Whether parameters hold what stands in the place of a password, instead of one.
pub(super) fn has_hidden_password(parameters: &JobParameters) -> bool {
    let image = parameters.env.as_ref().and_then(|env| env.docker_image.as_ref());
    let Some(DockerImage::DockerImageSpec(spec)) = image else {
        return false;
    };
    matches!(&spec.password, Some(Password::PasswordPlainText(password)) if password == HIDDEN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::jobs::{DockerImageSpec, Environment};

    fn job(password: Option<Password>) -> Job {
        let spec = DockerImageSpec {
            image_url: "cr.example.org/image".into(),
            username: "me".into(),
            password,
        };
        Job {
            id: "j".into(),
            job_parameters: Some(JobParameters {
                env: Some(Environment {
                    docker_image: Some(DockerImage::DockerImageSpec(spec)),
                    ..Default::default()
                }),
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    #[test]
    fn what_is_seen_never_holds_the_password_and_the_whole_does() {
        let whole = job(Some(Password::PasswordPlainText("s3cr3t".into())));
        let kept = StoredJob::from(whole.clone());
        assert_eq!(kept.whole(), whole);
        assert_eq!(Some(kept.whole_parameters()), whole.job_parameters);
        assert!(!format!("{kept:?}").contains("s3cr3t"));
        assert_eq!(*kept, job(Some(Password::PasswordPlainText(HIDDEN.into()))));
        assert_eq!(kept.clone().into_shown(), *kept);
    }

    #[test]
    fn a_job_without_a_password_is_kept_as_it_is() {
        let secret = Password::PasswordDsSecretName("NAME".into());
        for whole in [Job::default(), job(None), job(Some(secret))] {
            let kept = StoredJob::from(whole.clone());
            assert_eq!((kept.whole(), &*kept), (whole.clone(), &whole));
        }
    }
}
