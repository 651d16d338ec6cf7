//! `Create`, `List`, `Revoke` and `RevokeAll`: links as their makers know them.

use std::collections::HashMap;

use super::{ShareRecord, request, secret::ShareSecret};
use crate::{
    Caller, Change, JobService, Role, ServiceError,
    api::{
        id::{JobId, ProjectId, ShareId},
        share::{self, Share},
        time,
    },
    jobs::job_id,
    page::Page,
};

/// Links in one answer.
const LISTED: usize = 1000;
/// Good links that one project may have.
const MAX_GOOD: usize = 10_000;

impl JobService {
    pub(super) async fn create_share(
        &self,
        caller: &Caller,
        request: share::CreateShareRequest,
    ) -> Result<share::CreateShareResponse, ServiceError> {
        let id = job_id(&request.job_id)?;
        // Alone with the job, so that its deletion comes before, and is noticed, or takes the link away.
        let active = self.inner.active.get(&id);
        let _alone = active.lock.lock().await;
        let job = self.job_for(caller, Role::Editor, &id).await?.job;
        let project = self.project_id(&job.project_id)?;
        request::hidden_texts(&request.hidden_texts)?;
        let now = self.host.now_micros();
        let good = self.store.good_shares(&project, None, now, MAX_GOOD).await?;
        if good.len() >= MAX_GOOD {
            return Err(ServiceError::Precondition(format!(
                "the project has {MAX_GOOD} links already; revoke some first"
            )));
        }
        let share_id = ShareId::from_random(self.random());
        let secret = ShareSecret::from_random(self.random());
        let record = ShareRecord {
            id: share_id.clone(),
            share: Share {
                id: share_id.to_string(),
                project_id: job.project_id.clone(),
                job_id: job.id.clone(),
                parts: Some(request::parts(request.parts, &job)?),
                allow_preview: request.allow_preview,
                allow_badge: request.allow_badge,
                allow_embed: request.allow_embed,
                hidden_texts: request.hidden_texts,
                created_by: caller.id.clone(),
                created_at: Some(time::from_micros(now)),
                expires_at: Some(request::end(request.expires_at, now)?),
                ..Default::default()
            },
            secret: secret.digest(),
            created_micros: now,
            revoked: None,
            used_micros: None,
            uses: 0,
        };
        let share = record.told(&job.name);
        self.store.commit(vec![Change::PutShare(Box::new(record))]).await?;
        Ok(share::CreateShareResponse {
            share: Some(share),
            secret: secret.reveal(),
        })
    }

    pub(super) async fn list_shares(
        &self,
        caller: &Caller,
        request: share::ListSharesRequest,
    ) -> Result<share::ListSharesResponse, ServiceError> {
        let (project, job) = self.place(caller, &request.project_id, &request.job_id).await?;
        let mut records = self.store.shares(&project, job.as_ref(), LISTED + 1).await?;
        let mut is_cut = records.len() > LISTED;
        records.truncate(LISTED);
        let mut names: HashMap<String, String> = HashMap::new();
        let mut shares = Page::new(LISTED);
        for mut record in records {
            let job = record.share.job_id.clone();
            if !names.contains_key(&job) {
                let found = self.store.job(&job_id(&job)?).await?;
                names.insert(
                    job.clone(),
                    found.map(|found| found.job.name.clone()).unwrap_or_default(),
                );
            }
            self.inner.uses.add_to(&mut record);
            if !shares.add(record.told(names.get(&job).map_or("", String::as_str))) {
                is_cut = true;
                break;
            }
        }
        let shares = shares.into_entries();
        Ok(share::ListSharesResponse { shares, is_cut })
    }

    pub(super) async fn revoke_share(&self, caller: &Caller, id: &str) -> Result<Share, ServiceError> {
        let unknown = || ServiceError::NotFound {
            kind: "share link",
            id: id.to_owned(),
        };
        let share_id = ShareId::parse(id).map_err(|_| unknown())?;
        let record = self.store.share(&share_id).await?.ok_or_else(unknown)?;
        self.permitted(caller, Role::Editor, &record.share.project_id, unknown)?;
        self.end_shares(caller, vec![share_id.clone()]).await?;
        let mut record = self.store.share(&share_id).await?.ok_or_else(unknown)?;
        let job = self.store.job(&job_id(&record.share.job_id)?).await?;
        self.inner.uses.add_to(&mut record);
        Ok(record.told(job.map(|job| job.job.name.clone()).unwrap_or_default().as_str()))
    }

    pub(super) async fn revoke_all_shares(
        &self,
        caller: &Caller,
        request: share::RevokeAllSharesRequest,
    ) -> Result<share::RevokeAllSharesResponse, ServiceError> {
        let (project, job) = self.place(caller, &request.project_id, &request.job_id).await?;
        let now = self.host.now_micros();
        let ids = self.store.good_shares(&project, job.as_ref(), now, usize::MAX).await?;
        let revoked_count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        self.end_shares(caller, ids).await?;
        Ok(share::RevokeAllSharesResponse { revoked_count })
    }

    async fn end_shares(&self, caller: &Caller, shares: Vec<ShareId>) -> Result<(), ServiceError> {
        let change = Change::RevokeShares {
            shares,
            at_micros: self.host.now_micros(),
            by: caller.id.clone(),
        };
        Ok(self.store.commit(vec![change]).await?)
    }

    /// The project and the job that a request is about, for an editor.
    async fn place(
        &self,
        caller: &Caller,
        project: &str,
        job: &str,
    ) -> Result<(ProjectId, Option<JobId>), ServiceError> {
        if job.is_empty() {
            let project = self.project_id(project)?;
            caller.require(Role::Editor, &project)?;
            return Ok((project, None));
        }
        let id = job_id(job)?;
        let job = self.job_for(caller, Role::Editor, &id).await?.job;
        if !project.is_empty() && project != job.project_id {
            return Err(ServiceError::NotFound {
                kind: "job in this project",
                id: job.id.clone(),
            });
        }
        Ok((self.project_id(&job.project_id)?, Some(id)))
    }
}
