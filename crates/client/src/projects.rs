//! What there is to know of a project.

use tonic::Code;

use super::{CallError, Client, Clock, Transport, calls::limited};
use crate::api::project::{GetProjectRequest, project_service_client::ProjectServiceClient};

impl<T: Transport, C: Clock> Client<T, C> {
    /// Whether there is a project of this id, as far as the caller may know.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn has_project(&self, project_id: &str) -> Result<bool, CallError> {
        let request = GetProjectRequest {
            project_id: project_id.to_owned(),
        };
        let mut projects = ProjectServiceClient::new(self.transport().clone());
        match limited(self.clock(), projects.get(request)).await {
            Ok(_) => Ok(true),
            Err(error) if error.code == Code::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}
