//! Following the log in the worker: from its first byte, through lost connections, to its end.

use std::{cell::RefCell, rc::Rc};

use tonic::Code;

use super::{clock::WorkerClock, turns::Turns, worker::Desk};
use crate::{
    browser::transport::FetchFrom,
    client::{
        CallError, Client,
        book::words::{Access, Phase},
        logs::{LogEvent, follow_at_pace},
    },
};

/// Whose log is read, and as whom.
pub(super) struct Follower {
    pub(super) job_id: String,
    pub(super) service: String,
    /// Changed by the page, after a sign-in.
    pub(super) access: Rc<RefCell<Access>>,
    pub(super) clock: WorkerClock,
    pub(super) turns: Turns,
}

impl Follower {
    /// Follows to the end. After a failure it waits to be rung, and goes on from where it was.
    pub(super) async fn run(self, desk: Rc<RefCell<Desk>>) {
        let mut offset = 0;
        loop {
            desk.borrow_mut().set_phase(Phase::Connecting);
            if self.read(&desk, &mut offset).await {
                return;
            }
            self.clock.rung().await;
        }
    }

    /// Whether the log has been read to its end.
    async fn read(&self, desk: &Rc<RefCell<Desk>>, offset: &mut i64) -> bool {
        let access = self.access.borrow().clone();
        let token = match access {
            Access::Token(token) => token,
            Access::Share(_) => {
                let error = CallError::new(Code::Unimplemented, "a log cannot be read by a share link yet");
                desk.borrow_mut().set_phase(Phase::Failed(error));
                return false;
            }
        };
        let client = Client::new(FetchFrom::new(&self.service, token.as_deref()), self.clock.clone());
        let mut has_ended = false;
        follow_at_pace(&client, &self.job_id, offset, async |event| {
            let phase = match event {
                LogEvent::Messages(messages) => {
                    for message in &messages {
                        desk.borrow_mut().push(message);
                        self.turns.next_if_due().await;
                    }
                    Desk::changed(desk);
                    return;
                }
                LogEvent::Connected => Phase::Following,
                LogEvent::Lost { error, retry_ms } => Phase::Lost { error, retry_ms },
                LogEvent::Ended => {
                    has_ended = true;
                    desk.borrow_mut().finish();
                    Desk::changed(desk);
                    Phase::Ended
                }
                LogEvent::Failed(error) => Phase::Failed(error),
            };
            desk.borrow_mut().set_phase(phase);
        })
        .await;
        has_ended
    }
}
