//! `ReadLogs` for the holder of a link: the log as it comes, with secrets hidden.

use std::{pin::pin, time::Duration};

use futures::{
    StreamExt,
    future::{Either, select},
};

use super::{Holder, hold::GLANCE_MICROS};
use crate::{
    JobService, ServiceError,
    api::jobs::{LogMessage, ReadProjectJobLogsResponse},
    jobs::job_id,
    read_logs::{LogAnswers, announced, log_from},
    redact::Redactor,
};

/// How soon an open stream notices that its link is good no more, and gives up what waits for the rest of a line.
const GLANCE: Duration = Duration::from_micros(GLANCE_MICROS.unsigned_abs());

impl JobService {
    pub(super) async fn read_shared_logs(&self, holder: &Holder, offset: i64) -> Result<LogAnswers, ServiceError> {
        let holder = self.in_force(holder).await?;
        let held = holder.held();
        let parts = held.parts();
        if !parts.log || held.job.job.data_cleared {
            return Err(ServiceError::NoShare);
        }
        let id = job_id(&held.job.job.id)?;
        let from = self.logs.read(&id, log_from(offset)?, 0).await?.offset;
        let rules = self
            .rules(&held.job.job, &parts, &held.share.share.hidden_texts)
            .await?;
        self.note_use(holder.share_id(), 0).await;
        let reader = Reader {
            service: self.clone(),
            holder: holder.clone(),
            raw: self.follow_log(&id, Redactor::beginning(from)),
            redactor: Redactor::new(rules, from),
            waits_since: None,
            is_over: false,
        };
        let answers = futures::stream::unfold(Some(reader), |reader| async {
            let mut reader = reader?;
            match reader.next().await {
                Ok(Some(answer)) => Some((Ok(answer), Some(reader))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        });
        Ok(announced(offset, from, answers.boxed()))
    }
}

struct Reader {
    service: JobService,
    /// As the link was seen last.
    holder: Holder,
    raw: LogAnswers,
    redactor: Redactor,
    /// Since when the next byte waits for the rest of its line, in microseconds since the epoch.
    waits_since: Option<i64>,
    is_over: bool,
}

impl Reader {
    async fn next(&mut self) -> Result<Option<ReadProjectJobLogsResponse>, ServiceError> {
        loop {
            if self.is_over {
                return Ok(None);
            }
            let heard = {
                let glance = self.service.host.sleep(GLANCE);
                match select(self.raw.next(), pin!(glance)).await {
                    Either::Left((heard, _)) => Some(heard),
                    Either::Right(_) => None,
                }
            };
            let now = self.service.host.now_micros();
            self.holder = self.service.in_force(&self.holder).await?;
            if self.waits_since.is_some_and(|since| now - since >= GLANCE_MICROS) {
                self.redactor.give_up();
            }
            let mut is_alive = false;
            match heard {
                Some(Some(answer)) => {
                    let answer = answer?;
                    is_alive = answer.logs.is_empty();
                    answer.logs.into_iter().for_each(|message| self.redactor.push(message));
                }
                Some(None) => {
                    // Whoever followed to the end must still have the right to see it.
                    self.service.good_share(self.holder.share_id()).await?;
                    self.redactor.finish();
                    self.is_over = true;
                }
                None => {}
            }
            let logs = self.take(now);
            if is_alive || !logs.is_empty() {
                return Ok(Some(ReadProjectJobLogsResponse {
                    logs,
                    offset: self.redactor.offset().try_into().unwrap_or(i64::MAX),
                }));
            }
        }
    }

    /// What can be shown, at `now`.
    fn take(&mut self, now: i64) -> Vec<LogMessage> {
        let logs = self.redactor.take();
        if !self.redactor.is_waiting() {
            self.waits_since = None;
        } else if !logs.is_empty() || self.waits_since.is_none() {
            self.waits_since = Some(now);
        }
        logs
    }
}
