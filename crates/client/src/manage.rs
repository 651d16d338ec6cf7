//! The calls that manage what is there: lifetime and data of jobs.

use super::{CallError, Client, Clock, Transport};
use crate::api::{jobs, time::Millis};

/// The data of a large project is dropped job by job before the answer comes.
const ALL_DATA_LIMIT_MS: u32 = 15 * 60 * 1000;

impl<T: Transport, C: Clock> Client<T, C> {
    /// `SetDataTtl`: has the job's data live `ttl_ms` from now on; without, for good.
    ///
    /// # Errors
    /// [`CallError`], FAILED_PRECONDITION when the data is gone already.
    pub async fn set_data_ttl(&self, job_id: &str, ttl_ms: Option<Millis>) -> Result<(), CallError> {
        let request = jobs::SetProjectJobDataTtlRequest {
            job_id: job_id.to_owned(),
            ttl: ttl_ms.map(|millis| prost_types::Duration {
                seconds: millis.div_euclid(1000),
                nanos: (millis.rem_euclid(1000) as i32) * 1_000_000,
            }),
        };
        self.limited(self.jobs().set_data_ttl(request)).await.map(|_| ())
    }

    /// `DeleteData`: drops the job's files and logs; its record stays.
    ///
    /// # Errors
    /// [`CallError`], FAILED_PRECONDITION while the job runs.
    pub async fn delete_data(&self, job_id: &str) -> Result<(), CallError> {
        let request = jobs::DeleteProjectJobDataRequest {
            job_id: job_id.to_owned(),
        };
        self.limited(self.jobs().delete_data(request)).await.map(|_| ())
    }

    /// `DeleteAllData`: drops the files and logs of all jobs of a project; the records stay.
    ///
    /// # Errors
    /// [`CallError`], FAILED_PRECONDITION while a job of the project runs.
    pub async fn delete_all_data(&self, project_id: &str) -> Result<(), CallError> {
        let request = jobs::DeleteAllProjectJobDataRequest {
            project_id: project_id.to_owned(),
        };
        self.within(ALL_DATA_LIMIT_MS, self.jobs().delete_all_data(request))
            .await
            .map(|_| ())
    }
}
