//! `ReadLogs`: what is there, then what comes, until the job ends.

use std::{sync::Arc, time::Duration};

use event_listener::EventListener;
use futures::{
    StreamExt,
    future::{Either, select},
    stream::BoxStream,
};

use super::{Caller, JobService, LogBatch, LogFrom, Role, ServiceError, active::ActiveJob, jobs::job_id, page::Page};
use crate::{
    api::{
        LOG_FROM_NOW,
        id::JobId,
        jobs::{LogMessage, ReadProjectJobLogsRequest, ReadProjectJobLogsResponse},
    },
    job::status::{self, Forbidden},
};

/// About how much content one answer carries.
const BATCH_BYTES: usize = 256 * 1024;
/// A silent stream says so this often, before middle boxes cut it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A log as it is answered.
pub(super) type LogAnswers = BoxStream<'static, Result<ReadProjectJobLogsResponse, ServiceError>>;

impl JobService {
    /// Follows the log of a job.
    ///
    /// # Errors
    /// NOT_FOUND, or INVALID_ARGUMENT for an offset behind the log's end; later ones come in the stream.
    pub(super) async fn read_logs(
        &self,
        caller: &Caller,
        request: ReadProjectJobLogsRequest,
    ) -> Result<LogAnswers, ServiceError> {
        let id = job_id(&request.job_id)?;
        let record = self.job_for(caller, Role::Viewer, &id).await?;
        if record.job.data_cleared {
            return Err(ServiceError::Forbidden {
                action: "Reading the log",
                reason: Forbidden::DataCleared,
            });
        }
        let first = self.logs.read(&id, log_from(request.offset)?, 0).await?;
        Ok(announced(
            request.offset,
            first.offset,
            self.follow_log(&id, first.offset),
        ))
    }

    /// What is in a log behind `offset`, and what comes until its job ends.
    pub(super) fn follow_log(&self, id: &JobId, offset: u64) -> LogAnswers {
        let active = self.inner.active.get(id);
        let follower = Follower {
            service: self.clone(),
            ended: active.ended.listen(),
            active,
            is_over: None,
            has_answered: false,
            changes: self.logs.changes(id),
            offset,
            id: id.clone(),
        };
        futures::stream::unfold(Some(follower), |follower| async {
            let mut follower = follower?;
            match follower.next().await {
                Ok(Some(answer)) => Some((Ok(answer), Some(follower))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })
        .boxed()
    }
}

/// Reads the offset of a request.
pub(super) fn log_from(offset: i64) -> Result<LogFrom, ServiceError> {
    match u64::try_from(offset) {
        Ok(offset) => Ok(LogFrom::Offset(offset)),
        Err(_) if offset == LOG_FROM_NOW => Ok(LogFrom::End),
        Err(_) => Err(ServiceError::Field {
            field: "offset",
            problem: "must be -1, for from now on, or not negative".into(),
        }),
    }
}

/// Answers, which tell at once where "now" is to who `asked` for what comes from now on.
pub(super) fn announced(asked: i64, offset: u64, answers: LogAnswers) -> LogAnswers {
    if asked != LOG_FROM_NOW {
        return answers;
    }
    let first = ReadProjectJobLogsResponse {
        logs: Vec::new(),
        offset: offset.try_into().unwrap_or(i64::MAX),
    };
    futures::stream::iter([Ok(first)]).chain(answers).boxed()
}

/// As much of a batch that begins at `offset` as fits into an answer, and where to read on: very many short messages
/// take more than their content.
fn fitting(batch: LogBatch, mut offset: u64) -> (Vec<LogMessage>, u64) {
    let mut page = Page::new(usize::MAX);
    for message in batch.messages {
        let end = offset + message.content.len() as u64;
        if !page.add(message) {
            return (page.into_entries(), offset);
        }
        offset = end;
    }
    (page.into_entries(), batch.offset)
}

struct Follower {
    service: JobService,
    id: JobId,
    active: Arc<ActiveJob>,
    /// Hears the end from before the job was looked at.
    ended: EventListener,
    /// Whether the job has ended; unknown until it is looked at.
    is_over: Option<bool>,
    /// Who asks now and then does not wait for what comes: an empty answer says at once that nothing is there.
    has_answered: bool,
    changes: BoxStream<'static, ()>,
    offset: u64,
}

impl Follower {
    /// The next answer, an empty one to keep the stream alive, or `None` at the end of the job.
    async fn next(&mut self) -> Result<Option<ReadProjectJobLogsResponse>, ServiceError> {
        loop {
            // In this order nothing is missed: what rings after a look is heard by the next wait. A look costs a read of
            // the store, and a thousand may follow.
            let is_over = match self.is_over {
                Some(is_over) => is_over,
                None => {
                    self.ended = self.active.ended.listen();
                    status::is_final(self.service.record(&self.id).await?.job.status())
                }
            };
            self.is_over = Some(is_over);
            let batch = self
                .service
                .logs
                .read(&self.id, LogFrom::Offset(self.offset), BATCH_BYTES)
                .await?;
            let (logs, offset) = fitting(batch, self.offset);
            self.offset = offset;
            let answer = ReadProjectJobLogsResponse {
                logs,
                offset: self.offset.try_into().unwrap_or(i64::MAX),
            };
            if answer.logs.is_empty() && is_over {
                return Ok(None);
            }
            if !answer.logs.is_empty() || !self.has_answered {
                self.has_answered = true;
                return Ok(Some(answer));
            }
            let news = select(self.changes.next(), &mut self.ended);
            match select(news, self.service.host.sleep(KEEP_ALIVE)).await {
                Either::Left((Either::Left(_), _)) => {}
                Either::Left((Either::Right(_), _)) => self.is_over = None,
                Either::Right(_) => {
                    self.is_over = None;
                    return Ok(Some(answer));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;
    use crate::{api::jobs::log_message::Source, job::limits};

    #[test]
    fn very_many_short_messages_are_several_answers() {
        let message = LogMessage {
            content: b"x".to_vec(),
            source: Some(Source::FilePath("p".repeat(255))),
            ..Default::default()
        };
        let batch = |count: u64, begin: u64| LogBatch {
            messages: vec![message.clone(); count as usize],
            offset: begin + count,
        };
        let (mut offset, mut answers) = (7, 0);
        while offset < 50_007 {
            let (logs, next) = fitting(batch(50_007 - offset, offset), offset);
            assert_eq!(next - offset, logs.len() as u64);
            let answer = ReadProjectJobLogsResponse { logs, offset: 0 };
            assert!(answer.encoded_len() <= limits::MAX_ANSWER_BYTES + 16);
            (offset, answers) = (next, answers + 1);
        }
        assert_eq!((offset, answers), (50_007, 5));
        assert_eq!(
            fitting(
                LogBatch {
                    messages: Vec::new(),
                    offset: 9
                },
                9
            ),
            (Vec::new(), 9)
        );
    }
}
