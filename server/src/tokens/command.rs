//! `jobsphere-server token add | list | remove`.

// A command of its own.
#![allow(clippy::disallowed_methods)]

use std::{path::Path, time::Duration};

use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use jobsphere_service::Role;

use super::{Grant, NewToken, Secret, Token, TokenTable, grant::Place};
use crate::{
    blobs::now_s,
    cli::{date, say},
    guard::LOCAL_USER,
};

const MAX_NAME_CHARS: usize = 50;

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenAction {
    /// Makes a token and prints it, this once.
    Add {
        /// Who it is for; jobs made with it carry this name.
        name: String,
        /// A project it is good for; may be repeated; `*` means every project.
        #[arg(long = "project", value_name = "PROJECT", required = true)]
        projects: Vec<Place>,
        /// What it allows there; each role includes those before it.
        #[arg(long)]
        role: RoleName,
        /// How long it is good, such as 30d or 12h [default: until it is removed].
        #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
        expires: Option<Duration>,
    },
    /// Lists the tokens; never what they are.
    List,
    /// Removes a token; a running server refuses it from then on.
    Remove {
        /// The name it was made for.
        name: String,
    },
}

/// A role, as the command line spells it.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum RoleName {
    /// Sees jobs, logs and files.
    Viewer,
    /// Also submits, cancels and deletes jobs.
    Editor,
    /// Also drops all data of the project.
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Viewer => Self::Viewer,
            RoleName::Editor => Self::Editor,
            RoleName::Admin => Self::Admin,
        }
    }
}

/// Does what the arguments say.
///
/// # Errors
/// When a name is not good or taken, or the data folder cannot be used.
pub(crate) fn run(action: &TokenAction, data_dir: &Path) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(act(action, data_dir))
}

async fn act(action: &TokenAction, data_dir: &Path) -> anyhow::Result<()> {
    match action {
        TokenAction::Add {
            name,
            projects,
            role,
            expires,
        } => {
            check_name(name)?;
            let secret = Secret::new()?;
            let token = Token {
                name: name.clone(),
                grants: grants(projects, (*role).into()),
                created_s: now_s(),
                expires_s: expires.map(end).transpose()?,
            };
            let digest = secret.digest();
            open(data_dir).await?.add(&NewToken { token, digest }).await?;
            say(secret.reveal());
            eprintln!("This is the only time it is shown. Whoever has it may call as {name}.");
        }
        TokenAction::List => {
            for token in open(data_dir).await?.list().await? {
                say(&line(&token));
            }
        }
        TokenAction::Remove { name } => {
            let table = open(data_dir).await?;
            if !table.remove(name).await? {
                bail!("there is no token `{name}`; `jobsphere-server token list` names them");
            }
            if !table.has_any().await? {
                eprintln!(
                    "That was the last token. A server that runs goes on asking for one; started anew on loopback it \
                     asks for none, unless it is given --auth token."
                );
            }
        }
    }
    Ok(())
}

async fn open(dir: &Path) -> anyhow::Result<TokenTable> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot create the data folder {}", dir.display()))?;
    TokenTable::to_change(dir)
        .await
        .with_context(|| format!("cannot open the database in {}", dir.display()))
}

/// The name stands in `created_by` of jobs, in lists and in logs.
fn check_name(name: &str) -> anyhow::Result<()> {
    if name == LOCAL_USER {
        bail!("`{LOCAL_USER}` is whoever calls a server without tokens; choose another name");
    }
    let is_good = |letter: char| letter.is_ascii_alphanumeric() || "-_.@".contains(letter);
    if !(1..=MAX_NAME_CHARS).contains(&name.len()) || !name.chars().all(is_good) {
        bail!("a name has 1 to {MAX_NAME_CHARS} Latin letters, digits, `-`, `_`, `.` or `@`");
    }
    Ok(())
}

/// A project named twice is one.
fn grants(projects: &[Place], role: Role) -> Vec<Grant> {
    let mut grants: Vec<Grant> = Vec::new();
    for place in projects {
        let grant = Grant {
            place: place.clone(),
            role,
        };
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    grants
}

fn end(lifetime: Duration) -> anyhow::Result<i64> {
    let lifetime = i64::try_from(lifetime.as_secs())?;
    now_s().checked_add(lifetime).context("the time is too long")
}

fn line(token: &Token) -> String {
    let grants: Vec<String> = token
        .grants
        .iter()
        .map(|grant| format!("{}:{}", grant.place, grant.role))
        .collect();
    let until = match token.expires_s {
        Some(end) if end <= now_s() => format!("expired {}", date(end)),
        Some(end) => format!("until {}", date(end)),
        None => "no end".to_owned(),
    };
    format!(
        "{}\t{}\tmade {}\t{until}",
        token.name,
        grants.join(" "),
        date(token.created_s)
    )
}
