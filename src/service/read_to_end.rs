//! Clients that end with their job: the published one reads the log beside it, in a thread that dies with the program.
//!
//! Such a program asks for the operation until it is done, and what its thread has not read by then is lost. So the
//! operation of a job that has just ended is answered when those who follow its log have had time to read it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::{
    StreamExt,
    future::{Either, select},
};

use super::{JobService, active::ActiveJob, read_logs::LogAnswers};
use crate::api::{any, id::JobId, jobs::ExecuteProjectJobMetadata, operation::Operation, time};

/// No answer waits for readers longer after the end of its job: some have stopped reading.
const LONGEST: Duration = Duration::from_secs(3);
/// What a reader has been given reaches it within this time, on a machine that has much to do;
const ON_ITS_WAY: Duration = Duration::from_millis(150);
/// and then takes some: the published client prints about 2 MB a second on an idle machine.
const TIME_A_BYTE: Duration = Duration::from_micros(4);
/// No more than this lies on its way.
const UNREAD_BYTES: usize = 256 * 1024;

/// Who follows the log of a job, and would lose its end.
#[derive(Default)]
pub(super) struct Readers {
    count: AtomicUsize,
    /// Rung when the last one has gone.
    gone: event_listener::Event,
}

/// One of them, until it is dropped.
struct Reader(Arc<ActiveJob>);

impl Reader {
    fn new(job: Arc<ActiveJob>) -> Self {
        job.readers.count.fetch_add(1, Ordering::SeqCst);
        Self(job)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let readers = &self.0.readers;
        if readers.count.fetch_sub(1, Ordering::SeqCst) == 1 {
            readers.gone.notify(usize::MAX);
        }
    }
}

impl JobService {
    /// The same answers, whose reader the end of the job waits for.
    pub(super) fn waited_for(&self, id: &JobId, answers: LogAnswers) -> LogAnswers {
        let reader = Reader::new(self.inner.active.get(id));
        let host = self.host.clone();
        let state = (answers, Some(reader), 0);
        futures::stream::unfold(state, move |(mut answers, mut reader, mut unread)| {
            let host = host.clone();
            async move {
                let Some(answer) = answers.next().await else {
                    let reader = reader.take().filter(|_| unread > 0)?;
                    host.clone().spawn(Box::pin(async move {
                        host.sleep(ON_ITS_WAY + TIME_A_BYTE * unread as u32).await;
                        drop(reader);
                    }));
                    return None;
                };
                if let Ok(answer) = &answer {
                    let given: usize = answer.logs.iter().map(|message| message.content.len()).sum();
                    unread = UNREAD_BYTES.min(unread + given);
                }
                Some((answer, (answers, reader, unread)))
            }
        })
        .boxed()
    }

    /// Resolves when everyone who is waited for has read the log of the job that `operation` has executed, or soon.
    pub(super) async fn log_read(&self, operation: &Operation) {
        let Some((id, longest)) = self.just_ended(operation) else {
            return;
        };
        let job = self.inner.active.get(&id);
        let read = async {
            loop {
                let gone = job.readers.gone.listen();
                if job.readers.count.load(Ordering::SeqCst) == 0 {
                    return;
                }
                gone.await;
            }
        };
        match select(std::pin::pin!(read), self.host.sleep(longest)).await {
            Either::Left(((), _)) | Either::Right(((), _)) => {}
        }
    }

    /// The job that `operation` has executed, if it ended so lately that its readers are waited for, and how long they are.
    fn just_ended(&self, operation: &Operation) -> Option<(JobId, Duration)> {
        let packed = operation.metadata.as_ref().filter(|_| operation.done)?;
        let job = any::unpack::<ExecuteProjectJobMetadata>(packed).ok()?.metadata?;
        let ago = self.host.now_micros() / 1000 - time::to_millis(&job.finished_at?);
        let longest = LONGEST.checked_sub(Duration::from_millis(ago.try_into().ok()?))?;
        Some((JobId::parse(&job.id).ok()?, longest))
    }
}
