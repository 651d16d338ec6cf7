//! A role in a project, as the command line and the table spell it.

use std::{fmt, str::FromStr};

use jobsphere_api::id::ProjectId;
use jobsphere_service::{Access, Role};

const EVERY_PROJECT: &str = "*";

/// Where a token is good: one project, or every one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place(Option<ProjectId>);

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == EVERY_PROJECT {
            return Ok(Self(None));
        }
        let project = ProjectId::parse(text).map_err(|error| format!("{error}; `*` means every project"))?;
        Ok(Self(Some(project)))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_ref().map_or(EVERY_PROJECT, ProjectId::as_str))
    }
}

/// What a token may do in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) place: Place,
    pub(crate) role: Role,
}

impl Grant {
    /// What all `grants` together allow.
    pub(crate) fn access(grants: &[Self]) -> Access {
        Access::to(grants.iter().map(|grant| (grant.place.0.clone(), grant.role)).collect())
    }
}

/// The role that a word names.
pub(crate) fn role(word: &str) -> Option<Role> {
    [Role::Viewer, Role::Editor, Role::Admin]
        .into_iter()
        .find(|role| role.to_string() == word)
}
