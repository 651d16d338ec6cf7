//! `ProjectService`: while there are no tokens any id may name a project, which appears with its first job.

use super::{Caller, DEFAULT_PROJECT, JobService, Role, ServiceError, StoreError, jobs::page_size};
use crate::api::{
    id::ProjectId,
    project::{self, Project},
};

impl JobService {
    pub(super) async fn get_project(&self, caller: &Caller, id: &str) -> Result<Project, ServiceError> {
        let unknown = || ServiceError::NotFound {
            kind: "project",
            id: id.to_owned(),
        };
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
        let after = match request.page_token.as_str() {
            "" => None,
            token => Some(ProjectId::parse(token).map_err(|_| ServiceError::Field {
                field: "page_token",
                problem: "is not one that `List` has answered".into(),
            })?),
        };
        let mut projects = self.store.projects(after.as_ref(), limit + 1).await?;
        let more = projects.len() > limit;
        projects.truncate(limit);
        let next_page_token = match projects.last() {
            Some(last) if more => last.id.clone(),
            _ => String::new(),
        };
        let is_visible =
            |project: &Project| ProjectId::parse(&project.id).is_ok_and(|id| caller.may(Role::Viewer, &id));
        projects.retain(|project| is_visible(project) && project.name.contains(&request.project_name_pattern));
        Ok(project::ListProjectsResponse {
            projects,
            next_page_token,
        })
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
