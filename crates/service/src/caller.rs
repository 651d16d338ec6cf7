//! Who calls, from where, and what they may do.

use std::collections::BTreeSet;

use super::{JobService, ServiceError, StoreError};
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

    /// The projects of which any role is held; `None` where that are all.
    pub(super) fn projects(&self) -> Option<BTreeSet<ProjectId>> {
        self.0.iter().map(|(project, _)| project.clone()).collect()
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
    /// PERMISSION_DENIED for a lower role; without any there is no such project.
    pub(super) fn require(&self, role: Role, project: &ProjectId) -> Result<(), ServiceError> {
        self.require_for(role, project, || unknown_project(project.as_str()))
    }

    /// Lets the caller pass who has `role` in the `project` that something belongs to; whoever has no role there hears
    /// `unknown`, so that it is not told from what does not exist.
    pub(super) fn require_for(
        &self,
        role: Role,
        project: &ProjectId,
        unknown: impl FnOnce() -> ServiceError,
    ) -> Result<(), ServiceError> {
        match self.access.role_in(project) {
            Some(held) if held >= role => Ok(()),
            Some(held) => Err(ServiceError::Denied {
                project: project.to_string(),
                needed: role,
                held,
            }),
            None => Err(unknown()),
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
    /// The project that a row names, for a caller who has `role` in it; see [`Caller::require_for`].
    pub(super) fn permitted(
        &self,
        caller: &Caller,
        role: Role,
        project: &str,
        unknown: impl FnOnce() -> ServiceError,
    ) -> Result<ProjectId, ServiceError> {
        let project = named_by_row(project)?;
        caller.require_for(role, &project, unknown)?;
        Ok(project)
    }
}

/// The project that a row names.
pub(super) fn named_by_row(project: &str) -> Result<ProjectId, ServiceError> {
    ProjectId::parse(project).map_err(|_| StoreError::Damaged(format!("a row names the project `{project}`")).into())
}

/// There is no such project, or the caller may not know of it.
pub(super) fn unknown_project(id: &str) -> ServiceError {
    ServiceError::NotFound {
        kind: "project",
        id: id.to_owned(),
    }
}
