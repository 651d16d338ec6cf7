//! `jobsphere-server secret set | list | remove`.

// A command of its own.
#![allow(clippy::disallowed_methods)]

use std::{
    fs,
    io::{IsTerminal, Read, stdin},
    path::Path,
};

use anyhow::{Context, bail, ensure};
use clap::Subcommand;
use jobsphere_api::id::ProjectId;
use jobsphere_rules::{limits, variable};
use jobsphere_service::DEFAULT_PROJECT;
use secrecy::{ExposeSecret, SecretString};

use super::{RESERVED, Secrets};
use crate::cli::{date, project, say};

/// What to do with secrets.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretAction {
    /// Sets a secret: its value is read from standard input, or asked for without being shown.
    Set {
        /// The environment variable that commands of the project get.
        name: String,
        /// The project.
        #[arg(long, value_name = "PROJECT", default_value = DEFAULT_PROJECT, value_parser = project)]
        project: ProjectId,
    },
    /// Lists the secrets; never their values.
    List {
        /// Only those of this project.
        #[arg(long, value_name = "PROJECT", value_parser = project)]
        project: Option<ProjectId>,
    },
    /// Removes a secret; commands that are started afterwards do not get it.
    Remove {
        /// The environment variable.
        name: String,
        /// The project.
        #[arg(long, value_name = "PROJECT", default_value = DEFAULT_PROJECT, value_parser = project)]
        project: ProjectId,
    },
}

/// Does what the arguments say.
///
/// # Errors
/// When a name or value is not good, or the data folder cannot be used.
pub(crate) fn run(action: &SecretAction, data_dir: &Path) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(act(action, data_dir))
}

async fn act(action: &SecretAction, data_dir: &Path) -> anyhow::Result<()> {
    match action {
        SecretAction::Set { name, project } => {
            check_name(name)?;
            let value = value(name)?;
            open(data_dir).await?.set(project, name, &value).await?;
        }
        SecretAction::List { project } => {
            for secret in open(data_dir).await?.list(project.as_ref()).await? {
                let set = date(secret.created_s);
                say(&format!("{}\t{}\tset {set}", secret.name, secret.project));
            }
        }
        SecretAction::Remove { name, project } => {
            if !open(data_dir).await?.remove(project, name).await? {
                bail!("project `{project}` has no secret `{name}`; `jobsphere-server secret list` names them");
            }
        }
    }
    Ok(())
}

async fn open(data_dir: &Path) -> anyhow::Result<Secrets> {
    fs::create_dir_all(data_dir).with_context(|| format!("cannot create the data folder {}", data_dir.display()))?;
    Secrets::to_change(data_dir)
        .await
        .with_context(|| format!("cannot open the secrets in {}", data_dir.display()))
}

fn check_name(name: &str) -> anyhow::Result<()> {
    ensure!(
        variable::is_env_name(name),
        "`{name}` is not an environment variable name: it must have no `=`, blanks or control characters"
    );
    ensure!(
        !RESERVED.contains(&name),
        "`{name}` is what the server itself tells commands; choose another name"
    );
    Ok(())
}

fn value(name: &str) -> anyhow::Result<SecretString> {
    let text = if stdin().is_terminal() {
        rpassword::prompt_password(format!("Value of {name}, not shown: "))?
    } else {
        let mut text = String::new();
        stdin()
            .read_to_string(&mut text)
            .context("the value is not UTF-8 text; encode it, for example with base64")?;
        without_line_end(text)
    };
    let value = SecretString::from(text);
    let bytes = value.expose_secret().len();
    ensure!(
        bytes > 0,
        "the value is empty; to take a secret away use `secret remove`"
    );
    ensure!(
        !value.expose_secret().contains('\0'),
        "the value has a NUL character, which no environment variable can hold; encode it, for example with base64"
    );
    let most = limits::MAX_VALUE_BYTES - name.len() - 1;
    ensure!(bytes <= most, "the value is longer than {most} bytes");
    Ok(value)
}

/// The end of the last line is what `echo` and editors add.
fn without_line_end(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    text
}
