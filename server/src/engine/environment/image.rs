//! The image of a job's container: which one, and getting it.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jobsphere_api::jobs::{DockerImageSpec, Environment, docker_image_spec::Password, environment::DockerImage};
use jobsphere_rules::service_line::ServiceLine;
use secrecy::{ExposeSecret, SecretString};
use tokio::process::Command;

use super::{NotReady, failure, note, quote, tools::Program};
use crate::{config, secrets::Secret};

/// Where Docker's own registry keeps its sign-ins.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// Where else engines get images from.
const TRANSPORTS: [&str; 10] = [
    "containers-storage",
    "dir",
    "docker",
    "docker-archive",
    "docker-daemon",
    "oci",
    "oci-archive",
    "ostree",
    "sif",
    "tarball",
];

/// The image that a job asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Image {
    pub(super) address: String,
    username: String,
    password: Option<Password>,
}

impl Image {
    /// # Errors
    /// A clause about an id that this server does not know, or an address that is none.
    pub(super) fn of(env: &Environment, rule: &config::Environments) -> Result<Option<Self>, ServiceLine<'static>> {
        let Some(asked) = &env.docker_image else {
            return Ok(None);
        };
        let spec = match asked {
            DockerImage::DockerImageResourceId(id) => DockerImageSpec {
                image_url: rule
                    .images
                    .get(id)
                    .cloned()
                    .ok_or_else(|| ServiceLine::ImageUnknown { id: id.clone().into() })?,
                ..Default::default()
            },
            DockerImage::DockerImageSpec(spec) => spec.clone(),
        };
        let address = spec.image_url.trim();
        // What begins with a hyphen would be an option of the engine's program.
        let is_address = |letter: char| letter.is_ascii_alphanumeric() || "-._/:@".contains(letter);
        // What the engine would read from a folder or a file is none of a registry's.
        let leads_elsewhere = address.contains(":/")
            || TRANSPORTS
                .iter()
                .any(|name| address.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')));
        if address.starts_with('-') || address.is_empty() || leads_elsewhere || !address.chars().all(is_address) {
            let address = address.to_owned().into();
            return Err(ServiceLine::ImageAddress { address });
        }
        Ok(Some(Self {
            address: address.to_owned(),
            username: spec.username,
            password: spec.password,
        }))
    }

    /// The key of the registry among stored sign-ins.
    fn registry(&self) -> &str {
        match self.address.split_once('/') {
            Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => first,
            _ => DOCKER_HUB,
        }
    }

    /// The sign-in in the form that both engines read, if there is one.
    fn sign_in(&self, secrets: &[Secret]) -> Result<Option<SecretString>, NotReady> {
        let password: SecretString = match &self.password {
            None => return Ok(None),
            Some(Password::PasswordPlainText(text)) => text.clone().into(),
            Some(Password::PasswordDsSecretName(name)) => {
                let found = secrets.iter().find(|secret| secret.name == *name);
                let secret = found.ok_or_else(|| {
                    NotReady::Absent(ServiceLine::ImageSecret {
                        image: self.address.clone().into(),
                        name: name.clone().into(),
                    })
                })?;
                secret.value.clone()
            }
        };
        let pair = STANDARD.encode(format!("{}:{}", self.username, password.expose_secret()));
        let entry = serde_json::json!({ "auths": { self.registry(): { "auth": pair } } });
        Ok(Some(entry.to_string().into()))
    }

    /// Gets the image when this machine does not have it; ended when it is dropped.
    ///
    /// # Errors
    /// With the engine's own message.
    pub(super) async fn get(&self, engine: &Program, secrets: &[Secret], log_dir: &Path) -> Result<(), NotReady> {
        let there = ask(&engine.path, &["image", "inspect", &self.address]).await?;
        if there.status.success() {
            let image = self.address.clone().into();
            note(log_dir, ServiceLine::ImageThere { image }).await?;
            return Ok(());
        }
        note(
            log_dir,
            ServiceLine::GettingImageBy {
                image: self.address.clone().into(),
                program: engine.version.to_string().into(),
            },
        )
        .await?;
        let sign_in = tempfile::tempdir()?;
        let file = sign_in.path().join("config.json");
        let mut pull: Vec<&str> = Vec::new();
        let (folder, path) = (sign_in.path().to_string_lossy(), file.to_string_lossy());
        if let Some(text) = self.sign_in(secrets)? {
            tokio::fs::write(&file, text.expose_secret()).await?;
            match engine.name() {
                "podman" => pull.extend(["pull", "--authfile", &*path]),
                _ => pull.extend(["--config", &*folder, "pull"]),
            }
        } else {
            pull.push("pull");
        }
        pull.push(&self.address);
        let pulled = ask(&engine.path, &pull).await?;
        let said = [pulled.stdout, pulled.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        for line in said.lines().filter(|line| !line.trim().is_empty()) {
            quote(log_dir, line.to_owned()).await?;
        }
        if !pulled.status.success() {
            let reason = failure::meaning(&said);
            return Err(NotReady::Absent(ServiceLine::ImageAbsent {
                image: self.address.clone().into(),
                reason: reason.into(),
            }));
        }
        Ok(())
    }
}

async fn ask(engine: &PathBuf, arguments: &[&str]) -> io::Result<Output> {
    let mut command = Command::new(engine);
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    command.output().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(address: &str) -> Result<Option<Image>, ServiceLine<'static>> {
        let spec = DockerImageSpec {
            image_url: address.into(),
            username: "me".into(),
            password: Some(Password::PasswordDsSecretName("PASSWORD".into())),
        };
        let env = Environment {
            docker_image: Some(DockerImage::DockerImageSpec(spec)),
            ..Default::default()
        };
        Image::of(&env, &config::Environments::default())
    }

    #[test]
    fn an_option_is_not_an_address() {
        for address in [
            "--privileged",
            "",
            "a b",
            "python:3.11;id",
            "$(id)",
            "dir:/etc",
            "oci-archive:/dev/zero",
            "dir:x",
        ] {
            assert!(image(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_sign_in_is_for_the_images_own_registry() {
        let secret = Secret {
            name: "PASSWORD".into(),
            value: "pässword".to_owned().into(),
        };
        for (address, registry) in [
            ("python:3.11", DOCKER_HUB),
            ("library/python", DOCKER_HUB),
            ("cr.example.org/team/python@sha256:00", "cr.example.org"),
            ("localhost:5000/x", "localhost:5000"),
            ("localhost/x", "localhost"),
        ] {
            let image = image(address).unwrap().unwrap();
            let text = image.sign_in(std::slice::from_ref(&secret)).unwrap().unwrap();
            let entry: serde_json::Value = serde_json::from_str(text.expose_secret()).unwrap();
            assert_eq!(
                entry["auths"][registry]["auth"],
                STANDARD.encode("me:pässword"),
                "{address}"
            );
            let absent = image.sign_in(&[]);
            assert!(
                matches!(&absent, Err(NotReady::Absent(why)) if why.to_string().contains("no secret `PASSWORD`")),
                "{absent:?}"
            );
        }
    }
}
