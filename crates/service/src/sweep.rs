//! What a crash leaves behind: files, logs and runs that no row knows.

use futures::StreamExt;

use super::{JobService, ServiceError};
use crate::{
    api::{
        id::{JobId, ProjectId},
        sha256::Sha256,
    },
    job::status,
};

/// Contents looked at while nobody can begin to need them.
const CONTENTS_AT_ONCE: usize = 100;

impl JobService {
    pub(super) fn sweep_in_background(&self) {
        let service = self.clone();
        self.host.spawn(Box::pin(async move {
            if let Err(error) = service.sweep().await {
                service.host.warn(&format!(
                    "leftovers stay until the next start: {}",
                    error.for_operator()
                ));
            }
        }));
    }

    /// Removes files that no job needs, logs of jobs that are gone or cleared, and runs of jobs that have ended.
    ///
    /// # Errors
    /// When the store cannot be read; what was removed before stays removed.
    pub async fn sweep(&self) -> Result<(), ServiceError> {
        for id in self.engine.kept().await {
            if self
                .store
                .job(&id)
                .await?
                .is_none_or(|record| status::is_final(record.job.status()))
            {
                self.engine.forget(&id).await;
            }
        }
        for id in self.engine.held().await {
            self.let_go_unless_owned(&id).await;
        }
        let mut logs = self.logs.stored();
        while let Some(id) = logs.next().await {
            self.sweep_log(&id).await?;
        }
        let mut stored = self.blobs.stored().ready_chunks(CONTENTS_AT_ONCE);
        while let Some(contents) = stored.next().await {
            self.sweep_contents(contents).await;
        }
        Ok(())
    }

    async fn sweep_log(&self, id: &JobId) -> Result<(), ServiceError> {
        if self.store.job(id).await?.is_none_or(|record| record.job.data_cleared) {
            self.drop_log(id).await;
        }
        Ok(())
    }

    async fn sweep_contents(&self, mut contents: Vec<(ProjectId, Sha256)>) {
        contents.sort_unstable();
        let _ledger = self.inner.ledger.lock().await;
        for same_project in contents.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((project, _)) = same_project.first() else {
                continue;
            };
            let contents = same_project.iter().map(|(_, sha256)| *sha256).collect();
            self.drop_contents(project, contents).await;
        }
    }
}
