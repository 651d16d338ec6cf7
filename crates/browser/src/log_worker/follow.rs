//! Following the log in the worker: from its first byte, through lost connections, to its end.

use std::{cell::RefCell, pin::pin, rc::Rc};

use futures::future::{Either, FutureExt, select};
use tonic::Code;

use super::{clock::WorkerClock, turns::Turns, worker::Session};
use crate::{
    log_worker::messages::{Access, Phase},
    slots::Connections,
    transport::FetchFrom,
};
use jobsphere_client::{
    CallError, Client, Clock,
    log_tail::read_tail,
    logs::{self, JobLog, LogEvent, LogReader},
    shares::{ShareCredentials, SharedClient},
};
use jobsphere_log::ahead::ahead;

/// The log's end is asked for so long before all of it is: read together, they would wait for each other.
const HEAD_START_MS: u32 = 400;

/// Which log is read, and as whom.
pub(super) struct Follower {
    pub(super) service: String,
    /// Changed by the page, after a sign-in.
    pub(super) access: Rc<RefCell<Access>>,
    pub(super) clock: WorkerClock,
    pub(super) turns: Turns,
}

impl Follower {
    /// Follows to the end. After a failure it waits to be rung, and goes on from where it was.
    pub(super) async fn run(self, session: Rc<RefCell<Session>>) {
        let mut offset = 0;
        loop {
            session.borrow_mut().set_phase(Phase::Connecting);
            if self.read(&session, &mut offset).await {
                return;
            }
            self.clock.rung().await;
        }
    }

    /// Whether the log has been read to its end.
    async fn read(&self, session: &Rc<RefCell<Session>>, offset: &mut i64) -> bool {
        let access = self.access.borrow().clone();
        let fetch = |token: Option<&str>| FetchFrom::new(&self.service, token);
        match access {
            Access::Caller { job_id, token } => {
                let client = Client::new(fetch(token.as_deref()), self.clock.clone());
                self.read_by(&JobLog { client, job_id }, session, offset).await
            }
            Access::Share(link) => match ShareCredentials::from_link(&link) {
                Some(credentials) => {
                    let holder = SharedClient::new(fetch(None), self.clock.clone(), credentials);
                    self.read_by(&holder, session, offset).await
                }
                None => {
                    let error = CallError::new(Code::NotFound, "this is no whole link");
                    session.borrow_mut().set_phase(Phase::Failed(error));
                    false
                }
            },
        }
    }

    async fn read_by(&self, reader: &impl LogReader, session: &Rc<RefCell<Session>>, offset: &mut i64) -> bool {
        if *offset > 0 {
            return self.follow(reader, session, offset).await;
        }
        let mut ahead = pin!(look_ahead(reader, session).fuse());
        select(ahead.as_mut(), pin!(self.clock.sleep(HEAD_START_MS))).await;
        // Whoever follows does not wait for the end: afterwards it is of no use.
        match select(ahead, pin!(self.follow(reader, session, offset))).await {
            Either::Left(((), follow)) => follow.await,
            Either::Right((has_ended, _)) => has_ended,
        }
    }

    async fn follow(&self, reader: &impl LogReader, session: &Rc<RefCell<Session>>, offset: &mut i64) -> bool {
        let mut has_ended = false;
        let connections = Connections::to(&self.service, self.clock.seen.clone());
        logs::follow(reader, &connections, offset, async |event| {
            let phase = match event {
                LogEvent::Messages(messages) => {
                    for message in &messages {
                        session.borrow_mut().push(message);
                        self.turns.next_if_due().await;
                    }
                    Session::changed(session);
                    return;
                }
                LogEvent::Connected => Phase::Following,
                LogEvent::HeldBack => Phase::HeldBack,
                LogEvent::Lost { error, retry_ms } => Phase::Lost { error, retry_ms },
                LogEvent::Ended => {
                    has_ended = true;
                    session.borrow_mut().finish();
                    Session::changed(session);
                    Phase::Ended
                }
                LogEvent::Failed(error) => Phase::Failed(error),
            };
            session.borrow_mut().set_phase(phase);
        })
        .await;
        has_ended
    }
}

/// Tells the end of a long log before it has been read as far.
async fn look_ahead(reader: &impl LogReader, session: &Rc<RefCell<Session>>) {
    // What fails here fails for who follows, too, and he says so.
    if let Ok(Some(tail)) = read_tail(reader).await
        && let Ok(ahead) = ahead(tail.begin, &tail.messages)
    {
        session.borrow().tell_ahead(ahead);
    }
}
