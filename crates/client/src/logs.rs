//! Following a log: from an offset to the job's end, through lost connections, without a gap or a repeat.
//!
//! Who has a [slot](Slots) for it reads a stream, which ends with the job. Who has none asks now and then, see
//! [`super::log_question`].

use tonic::Streaming;

use super::{
    CallError, Client, Clock, Transport,
    log_question::{Stop, ask},
    log_stream::stream,
    retry::Backoff,
    shares::SharedClient,
    slots::Slots,
};
use crate::api::jobs::{JobStatus, LogMessage, ReadProjectJobLogsResponse};
use jobsphere_rules::status;

/// Pause after a stream that ended well although the job goes on.
const REOPEN_MS: u32 = 1000;
/// Pause after a question, for who has no place for a stream.
const ASK_MS: u32 = 1000;

/// What happens while a log is followed.
#[derive(Debug)]
pub enum LogEvent {
    /// The service answers; messages may follow.
    Connected,
    /// The next messages, in order.
    Messages(Vec<LogMessage>),
    /// The service answers, but something on the way holds the log back: it comes late, perhaps only at the job's end.
    HeldBack,
    /// The connection is gone; it is tried again after the pause.
    Lost {
        /// What went wrong.
        error: CallError,
        /// The pause, in milliseconds.
        retry_ms: u32,
    },
    /// Everything there is has been read, and the job has ended.
    Ended,
    /// The log cannot be read, now or later.
    Failed(CallError),
}

/// A log that can be read from any offset, and whose job ends some day.
pub trait LogReader {
    /// How time passes.
    fn clock(&self) -> &impl Clock;

    /// Opens the log at `offset`; how long an answer may take is the caller's business.
    fn read_logs(&self, offset: i64) -> impl Future<Output = Result<Streaming<ReadProjectJobLogsResponse>, CallError>>;

    /// Whether the job has ended, so that its log does not grow.
    fn has_ended(&self) -> impl Future<Output = Result<bool, CallError>>;

    /// How long the first words of an answer may take, where there are any; in milliseconds. A service that has nothing
    /// to say says so at once, or does not: then nothing tells it from one that is slow.
    fn patience_ms(&self) -> u32 {
        1000
    }
}

/// The log of a job, for who may see the job.
#[derive(Debug, Clone)]
pub struct JobLog<T, C> {
    /// Who asks.
    pub client: Client<T, C>,
    /// Which job.
    pub job_id: String,
}

impl<T: Transport, C: Clock> LogReader for JobLog<T, C> {
    fn clock(&self) -> &impl Clock {
        self.client.clock()
    }

    async fn read_logs(&self, offset: i64) -> Result<Streaming<ReadProjectJobLogsResponse>, CallError> {
        self.client.read_logs(&self.job_id, offset).await
    }

    async fn has_ended(&self) -> Result<bool, CallError> {
        let job = self.client.job(&self.job_id).await?;
        Ok(status::is_final(JobStatus::try_from(job.status).unwrap_or_default()))
    }
}

impl<T: Transport, C: Clock> LogReader for SharedClient<T, C> {
    fn clock(&self) -> &impl Clock {
        SharedClient::clock(self)
    }

    async fn read_logs(&self, offset: i64) -> Result<Streaming<ReadProjectJobLogsResponse>, CallError> {
        SharedClient::read_logs(self, offset).await
    }

    async fn has_ended(&self) -> Result<bool, CallError> {
        Ok(status::is_final(self.open(true).await?.status()))
    }

    /// The service holds back a line that has no end for two seconds, since a secret may go on in it.
    fn patience_ms(&self) -> u32 {
        2500
    }
}

/// What is heard while a log is read.
pub enum Heard {
    /// The service answers; messages may follow.
    Opened,
    /// The service is there, and its answer is held back on the way.
    HeldBack,
    /// The next messages, and where to read on.
    Batch(ReadProjectJobLogsResponse),
}

/// Follows the job's log from `offset` and reports to `on_event`, which has time for each event: no more is read until it
/// is done, so that the service waits, too. Ends after `Ended` or `Failed`.
///
/// `offset` moves with what was reported, so that a log that failed can be followed from there. To stop sooner, drop
/// the future.
pub async fn follow(
    reader: &impl LogReader,
    slots: &impl Slots,
    offset: &mut i64,
    mut on_event: impl AsyncFnMut(LogEvent),
) {
    let mut following = Following::from(*offset);
    let mut is_connected = false;
    loop {
        let next = following.read_on(reader, slots, Reach::AsLongAsSeen, async |heard| match heard {
            Heard::Opened if is_connected => {}
            Heard::Opened => {
                is_connected = true;
                on_event(LogEvent::Connected).await;
            }
            Heard::HeldBack => {
                is_connected = false;
                on_event(LogEvent::HeldBack).await;
            }
            Heard::Batch(batch) => {
                *offset = batch.offset;
                if !batch.logs.is_empty() {
                    on_event(LogEvent::Messages(batch.logs)).await;
                }
            }
        });
        match next.await {
            Next::More => {}
            Next::Ended => return on_event(LogEvent::Ended).await,
            Next::Lost { error, retry_ms } => {
                is_connected = false;
                on_event(LogEvent::Lost { error, retry_ms }).await;
                reader.clock().pause_before_retry(retry_ms).await;
            }
            Next::Failed(error) => return on_event(LogEvent::Failed(error)).await,
        }
    }
}

/// How far is read at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// As long as there is a place and somebody looks, else what is there.
    AsLongAsSeen,
    /// About so many bytes of what is there. Whether the job has ended is asked before. In between no connection is held.
    Bytes(usize),
}

/// What is to be done after some of a log was read.
#[derive(Debug)]
pub enum Next {
    /// Read on.
    More,
    /// Nothing: everything there is has been read, and the job has ended.
    Ended,
    /// The connection is gone; read on after the pause.
    Lost {
        /// What went wrong.
        error: CallError,
        /// The pause, in milliseconds.
        retry_ms: u32,
    },
    /// Nothing: the log cannot be read, now or later.
    Failed(CallError),
}

/// How far a log has been followed. [`follow`] goes on by itself; whoever wants the log bit by bit calls
/// [`Following::read_on`].
#[derive(Debug)]
pub struct Following {
    offset: i64,
    backoff: Backoff,
    job_has_ended: bool,
}

impl Following {
    /// Nothing has been read before `offset`.
    pub fn from(offset: i64) -> Self {
        Self {
            offset,
            backoff: Backoff::default(),
            job_has_ended: false,
        }
    }

    /// Whether the job is known to have ended, so that nobody waits for the rest of its log.
    pub fn job_has_ended(&self) -> bool {
        self.job_has_ended
    }

    /// Reads on, and pauses where the job is silent.
    pub async fn read_on(
        &mut self,
        reader: &impl LogReader,
        slots: &impl Slots,
        reach: Reach,
        hear: impl AsyncFnMut(Heard),
    ) -> Next {
        match self.try_read_on(reader, slots, reach, hear).await {
            Ok(next) => next,
            Err(error) if error.is_transient() => Next::Lost {
                error,
                retry_ms: self.backoff.next_ms(),
            },
            Err(error) => Next::Failed(error),
        }
    }

    async fn try_read_on(
        &mut self,
        reader: &impl LogReader,
        slots: &impl Slots,
        reach: Reach,
        mut hear: impl AsyncFnMut(Heard),
    ) -> Result<Next, CallError> {
        if matches!(reach, Reach::Bytes(_)) && !self.job_has_ended {
            self.job_has_ended = reader.has_ended().await?;
        }
        let (begin, offset, backoff) = (self.offset, &mut self.offset, &mut self.backoff);
        let hear = &mut async |heard| {
            if let Heard::Batch(batch) = &heard {
                *offset = batch.offset;
                backoff.reset();
            }
            hear(heard).await;
        };
        match read(reader, slots, reach, begin, hear).await? {
            // A stream opened after the job's end has told everything; an earlier one may have ended before the last
            // lines were written.
            Stop::End if self.job_has_ended => return Ok(Next::Ended),
            Stop::End => {
                self.job_has_ended = reader.has_ended().await?;
                if !self.job_has_ended {
                    reader.clock().sleep(REOPEN_MS).await;
                }
            }
            Stop::More => {}
            Stop::Quiet => {
                self.backoff.reset();
                reader.clock().pause_before_look(ASK_MS).await;
            }
        }
        Ok(Next::More)
    }
}

/// Reads as far as is wanted; without a place for a stream, what is there.
async fn read(
    reader: &impl LogReader,
    slots: &impl Slots,
    reach: Reach,
    offset: i64,
    hear: &mut impl AsyncFnMut(Heard),
) -> Result<Stop, CallError> {
    let enough_bytes = match reach {
        Reach::Bytes(bytes) => bytes,
        Reach::AsLongAsSeen => {
            if let Some(place) = slots.for_stream().await {
                let stop = stream(reader, slots, offset, hear).await;
                drop(place);
                return stop;
            }
            usize::MAX
        }
    };
    let turn = slots.for_question().await;
    let stop = ask(reader, offset, enough_bytes, hear).await;
    drop(turn);
    stop
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc, Mutex,
            atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        },
        task::{Context, Poll},
        time::Duration,
    };

    use bytes::{BufMut, Bytes, BytesMut};
    use futures::{StreamExt, future::join, stream, stream::BoxStream};
    use http::StatusCode;
    use prost::Message;
    use tonic::{Status, codec::Codec};
    use tonic_prost::ProstCodec;

    use super::*;

    /// How much faster time passes.
    const TIMES: u64 = 20;

    /// A log that grows, and who reads it.
    #[derive(Clone, Default)]
    struct Growing(Arc<World>);

    #[derive(Default)]
    struct World {
        content: Mutex<Vec<u8>>,
        has_ended: AtomicBool,
        /// Whether there is a place for a stream.
        has_place: AtomicBool,
        is_unseen: AtomicBool,
        /// Says nothing where there is nothing, as some services do.
        is_silent: bool,
        /// Whether no answer comes through as long as the job goes on.
        is_held: bool,
        /// Whether nothing comes through.
        is_lost: AtomicBool,
        open: AtomicUsize,
        opened: AtomicUsize,
    }

    /// A stream that is open.
    struct Open(Growing);

    impl Drop for Open {
        fn drop(&mut self) {
            self.0.0.open.fetch_sub(1, SeqCst);
        }
    }

    async fn pass(millis: u32) {
        tokio::time::sleep(Duration::from_micros(u64::from(millis) * 1000 / TIMES)).await;
    }

    impl Clock for Growing {
        async fn sleep(&self, millis: u32) {
            pass(millis).await;
        }
    }

    impl Slots for Growing {
        type Slot = ();

        async fn for_stream(&self) -> Option<()> {
            let may = self.0.has_place.load(SeqCst) && !self.0.is_unseen.load(SeqCst);
            may.then_some(())
        }

        async fn for_question(&self) {}

        async fn unseen(&self) {
            until(|| self.0.is_unseen.load(SeqCst)).await;
        }
    }

    async fn until(is_so: impl Fn() -> bool) {
        while !is_so() {
            pass(20).await;
        }
    }

    impl LogReader for Growing {
        fn clock(&self) -> &impl Clock {
            self
        }

        async fn has_ended(&self) -> Result<bool, CallError> {
            if self.0.is_lost.load(SeqCst) {
                return Err(CallError::new(tonic::Code::Unavailable, "away"));
            }
            Ok(self.0.has_ended.load(SeqCst))
        }

        async fn read_logs(&self, offset: i64) -> Result<Streaming<ReadProjectJobLogsResponse>, CallError> {
            until(|| !self.0.is_held || self.0.has_ended.load(SeqCst)).await;
            self.0.open.fetch_add(1, SeqCst);
            self.0.opened.fetch_add(1, SeqCst);
            let offset = usize::try_from(offset).unwrap();
            let answers = stream::unfold(
                (Open(self.clone()), offset, true),
                |(open, offset, is_first)| async move {
                    let answer = open.0.answer(offset, is_first).await?;
                    let offset = usize::try_from(answer.offset).unwrap();
                    Some((Ok(frame(&answer)), (open, offset, false)))
                },
            );
            let decoder = ProstCodec::<(), _>::default().decoder();
            let body = Answers(answers.boxed(), false);
            Ok(Streaming::new_response(decoder, body, StatusCode::OK, None, None))
        }
    }

    impl Growing {
        fn push(&self, text: &str) {
            self.0.content.lock().unwrap().extend_from_slice(text.as_bytes());
        }

        /// What is behind `offset`, as soon as there is something; `None` at the job's end.
        async fn answer(&self, offset: usize, is_first: bool) -> Option<ReadProjectJobLogsResponse> {
            loop {
                let has_ended = self.0.has_ended.load(SeqCst);
                let content = self.0.content.lock().unwrap()[offset..].to_vec();
                let end = offset + content.len();
                let message = LogMessage {
                    content,
                    ..LogMessage::default()
                };
                let has_news = end > offset;
                if has_news || is_first && !self.0.is_silent && !has_ended {
                    return Some(ReadProjectJobLogsResponse {
                        logs: if has_news { vec![message] } else { Vec::new() },
                        offset: end.try_into().unwrap(),
                    });
                }
                if has_ended {
                    return None;
                }
                pass(10).await;
            }
        }

        /// Follows to the end; all that was told.
        async fn followed(&self) -> String {
            let told = Mutex::new(Vec::new());
            let mut offset = 0;
            follow(self, self, &mut offset, async |event| {
                if let LogEvent::Messages(messages) = event {
                    let content = messages.into_iter().flat_map(|message| message.content);
                    told.lock().unwrap().extend(content);
                }
            })
            .await;
            String::from_utf8(told.into_inner().unwrap()).unwrap()
        }

        /// Writes lines, then ends; what was told must be just these.
        async fn tells_all(&self, between: impl AsyncFn(usize)) {
            let write = async {
                for line in 0..12 {
                    self.push(&format!("line {line}\n"));
                    between(line).await;
                }
                self.0.has_ended.store(true, SeqCst);
            };
            let (told, ()) = join(self.followed(), write).await;
            let expected: String = (0..12).map(|line| format!("line {line}\n")).collect();
            assert_eq!(told, expected);
        }
    }

    /// Answers, and whether the verdict has been given behind them.
    struct Answers(BoxStream<'static, Result<Bytes, Status>>, bool);

    impl http_body::Body for Answers {
        type Data = Bytes;
        type Error = Status;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<http_body::Frame<Bytes>, Status>>> {
            match std::task::ready!(self.0.poll_next_unpin(context)) {
                Some(bytes) => Poll::Ready(Some(bytes.map(http_body::Frame::data))),
                None if self.1 => Poll::Ready(None),
                None => {
                    self.1 = true;
                    let status = [("grpc-status".parse().unwrap(), "0".parse().unwrap())];
                    Poll::Ready(Some(Ok(http_body::Frame::trailers(status.into_iter().collect()))))
                }
            }
        }
    }

    fn frame(answer: &ReadProjectJobLogsResponse) -> Bytes {
        let mut frame = BytesMut::new();
        frame.put_u8(0);
        frame.put_u32(answer.encoded_len().try_into().unwrap());
        answer.encode(&mut frame).unwrap();
        frame.freeze()
    }

    #[tokio::test]
    async fn bit_by_bit_all_is_told_and_nothing_is_held() {
        let log = Growing::default();
        let write = async {
            for line in 0..12 {
                log.push(&format!("line {line}\n"));
                pass(300).await;
            }
            log.0.has_ended.store(true, SeqCst);
        };
        let read = async {
            let mut told = Vec::new();
            let mut following = Following::from(0);
            loop {
                let next = following.read_on(&log, &log, Reach::Bytes(10), async |heard| {
                    if let Heard::Batch(batch) = heard {
                        told.extend(batch.logs.into_iter().flat_map(|message| message.content));
                    }
                });
                let next = next.await;
                assert_eq!(log.0.open.load(SeqCst), 0);
                if matches!(next, Next::Ended) {
                    return String::from_utf8(told).unwrap();
                }
                assert!(matches!(next, Next::More), "{next:?}");
            }
        };
        let (told, ()) = join(read, write).await;
        let expected: String = (0..12).map(|line| format!("line {line}\n")).collect();
        assert_eq!(told, expected);
    }

    #[tokio::test]
    async fn with_a_place_one_stream_tells_all() {
        let log = Growing::default();
        log.0.has_place.store(true, SeqCst);
        log.tells_all(async |_| pass(300).await).await;
        // The second finds the job at its end.
        assert_eq!(log.0.opened.load(SeqCst), 2);
    }

    #[tokio::test]
    async fn without_a_place_it_is_asked_for_and_no_stream_stays() {
        for is_silent in [false, true] {
            let log = Growing(Arc::new(World {
                is_silent,
                ..World::default()
            }));
            let (asked, held) = (AtomicUsize::new(0), AtomicUsize::new(0));
            log.tells_all(async |_| {
                for _ in 0..20 {
                    pass(50).await;
                    asked.fetch_add(1, SeqCst);
                    held.fetch_add(log.0.open.load(SeqCst), SeqCst);
                }
            })
            .await;
            let (asked, held) = (asked.into_inner(), held.into_inner());
            assert!(log.0.opened.load(SeqCst) > 4);
            assert!(held * 4 < asked * 3, "a stream was open {held} of {asked} times");
        }
    }

    #[tokio::test]
    async fn who_is_not_seen_lets_go_and_catches_up() {
        let log = Growing::default();
        log.0.has_place.store(true, SeqCst);
        log.tells_all(async |line| {
            log.0.is_unseen.store(line % 4 >= 2, SeqCst);
            pass(700).await;
        })
        .await;
        assert!(log.0.opened.load(SeqCst) > 4);
    }

    #[tokio::test]
    async fn what_is_held_back_is_not_lost() {
        let log = Growing(Arc::new(World {
            is_held: true,
            has_place: AtomicBool::new(true),
            ..World::default()
        }));
        log.push("all of it\n");
        let seen = Mutex::new(Vec::new());
        let said = |word: &'static str| {
            let mut seen = seen.lock().unwrap();
            if seen.last() != Some(&word) {
                seen.push(word);
            }
        };
        let mut offset = 0;
        let read = follow(&log, &log, &mut offset, async |event| match event {
            LogEvent::Connected => said("connected"),
            LogEvent::Messages(_) => said("messages"),
            LogEvent::HeldBack => said("held back"),
            LogEvent::Lost { .. } => said("lost"),
            LogEvent::Ended => said("ended"),
            LogEvent::Failed(_) => said("failed"),
        });
        let live = async {
            pass(60_000).await;
            // Now the other calls fail as well.
            log.0.is_lost.store(true, SeqCst);
            pass(20_000).await;
            log.0.is_lost.store(false, SeqCst);
            pass(20_000).await;
            log.0.has_ended.store(true, SeqCst);
        };
        join(read, live).await;
        let seen = seen.into_inner().unwrap();
        assert_eq!(
            seen,
            ["held back", "lost", "held back", "connected", "messages", "ended"]
        );
    }
}
