//! `ProjectService`: while there are no tokens any id may name a project, which appears with its first job.

use std::collections::BTreeSet;

use super::{
    Caller, DEFAULT_PROJECT, JobService, Role, ServiceError, StoreError, bounds,
    caller::{named_by_row, unknown_project},
    jobs::page_size,
};
use crate::{
    api::{
        id::ProjectId,
        project::{self, Project},
    },
    job::limits,
};

/// Rows of one look into the store.
const READ_AT_ONCE: usize = 500;

impl JobService {
    pub(super) async fn get_project(&self, caller: &Caller, id: &str) -> Result<Project, ServiceError> {
        let unknown = || unknown_project(id);
        if id.is_empty() {
            return Err(ServiceError::Field {
                field: "project_id",
                problem: "must not be empty".into(),
            });
        }
        let parsed = ProjectId::parse(id).map_err(|_| unknown())?;
        caller.require(Role::Viewer, &parsed)?;
        self.store.project(&parsed).await?.ok_or_else(unknown)
    }

    pub(super) async fn list_projects(
        &self,
        caller: &Caller,
        request: project::ListProjectsRequest,
    ) -> Result<project::ListProjectsResponse, ServiceError> {
        let limit = page_size(request.page_size)?;
        for (field, text) in [
            ("community_id", &request.community_id),
            ("page_token", &request.page_token),
            ("project_name_pattern", &request.project_name_pattern),
            ("owned_by_id", &request.owned_by_id),
        ] {
            bounds::text(field, text, limits::MAX_PAGE_TOKEN_BYTES)?;
        }
        let after = match request.page_token.as_str() {
            "" => None,
            token => Some(ProjectId::parse(token).map_err(|_| ServiceError::Field {
                field: "page_token",
                problem: "is not one that `List` has answered".into(),
            })?),
        };
        let is_asked = |project: &Project| project.name.contains(&request.project_name_pattern);
        let mut projects = match caller.access.projects() {
            Some(seen) => self.projects_of(seen, after, is_asked, limit + 1).await?,
            None => self.all_projects(after, is_asked, limit + 1).await?,
        };
        let more = projects.len() > limit;
        projects.truncate(limit);
        let next_page_token = match projects.last() {
            Some(last) if more => last.id.clone(),
            _ => String::new(),
        };
        Ok(project::ListProjectsResponse {
            projects,
            next_page_token,
        })
    }

    /// Those of `ids` that are asked for, in their order. No other one is looked at, so that nothing in an answer, not
    /// even its time, follows from projects that the caller may not see.
    async fn projects_of(
        &self,
        ids: BTreeSet<ProjectId>,
        after: Option<ProjectId>,
        is_asked: impl Fn(&Project) -> bool,
        limit: usize,
    ) -> Result<Vec<Project>, ServiceError> {
        let mut projects = Vec::new();
        for id in ids.iter().filter(|id| after.as_ref().is_none_or(|after| *id > after)) {
            projects.extend(self.store.project(id).await?.filter(&is_asked));
            if projects.len() >= limit {
                break;
            }
        }
        Ok(projects)
    }

    /// All that are asked for.
    async fn all_projects(
        &self,
        mut after: Option<ProjectId>,
        is_asked: impl Fn(&Project) -> bool,
        limit: usize,
    ) -> Result<Vec<Project>, ServiceError> {
        let mut projects = Vec::new();
        loop {
            let read = self.store.projects(after.as_ref(), READ_AT_ONCE).await?;
            let is_last = read.len() < READ_AT_ONCE;
            after = read.last().map(|last| named_by_row(&last.id)).transpose()?;
            projects.extend(read.into_iter().filter(&is_asked));
            if is_last || projects.len() >= limit {
                projects.truncate(limit);
                return Ok(projects);
            }
        }
    }

    /// The project to insert when there is none with this id yet.
    pub(super) async fn missing_project(&self, id: &ProjectId) -> Result<Option<Project>, StoreError> {
        if self.store.project(id).await?.is_some() {
            return Ok(None);
        }
        let description = if id.as_str() == DEFAULT_PROJECT {
            "The project that is there from the start"
        } else {
            ""
        };
        Ok(Some(Project {
            id: id.to_string(),
            created_at: Some(self.now()),
            name: id.to_string(),
            description: description.into(),
            ..Default::default()
        }))
    }
}
