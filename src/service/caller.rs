//! Who calls, from where, and what they may do.

use super::{JobService, ServiceError};
use crate::api::id::ProjectId;

/// Put into each request's extensions by the host, after it has let the caller in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The user's id, for `created_by`.
    pub id: String,
    /// The address the caller reached the service at, such as `http://127.0.0.1:8080`: file URLs begin with it.
    pub origin: String,
    /// What the caller may do, and where.
    pub access: Access,
}

/// What may be done in a project; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Sees jobs, logs and files.
    Viewer,
    /// Submits, cancels and deletes jobs.
    Editor,
    /// Drops all data of the project.
    Admin,
}

/// Roles by project.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access(Vec<(Option<ProjectId>, Role)>);

impl Access {
    /// Every role in every project: the caller of a server that has no tokens.
    pub fn everything() -> Self {
        Self(vec![(None, Role::Admin)])
    }

    /// The given roles; `None` stands for every project.
    pub fn to(grants: Vec<(Option<ProjectId>, Role)>) -> Self {
        Self(grants)
    }

    /// The highest role in `project`.
    pub fn role_in(&self, project: &ProjectId) -> Option<Role> {
        let grants = self.0.iter();
        grants
            .filter(|(granted, _)| granted.as_ref().is_none_or(|granted| granted == project))
            .map(|(_, role)| *role)
            .max()
    }
}

impl Caller {
    /// Lets the caller pass who has `role` in `project`.
    ///
    /// # Errors
    /// PERMISSION_DENIED.
    pub(super) fn require(&self, role: Role, project: &ProjectId) -> Result<(), ServiceError> {
        match self.access.role_in(project) {
            Some(held) if held >= role => Ok(()),
            held => Err(ServiceError::Denied {
                project: project.to_string(),
                needed: role,
                held,
            }),
        }
    }

    pub(super) fn may(&self, role: Role, project: &ProjectId) -> bool {
        self.access.role_in(project).is_some_and(|held| held >= role)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        })
    }
}

impl JobService {
    /// The project of a job's row, for a caller who has `role` in it.
    pub(super) fn permitted(&self, caller: &Caller, role: Role, project: &str) -> Result<ProjectId, ServiceError> {
        let project = ProjectId::parse(project)
            .map_err(|_| ServiceError::Damaged(format!("a row names the project `{project}`, which is not an id")))?;
        caller.require(role, &project)?;
        Ok(project)
    }
}
