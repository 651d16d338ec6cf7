//! The sending: several uploads at a time, each begun again after what passes, and with a new address after the old one
//! has expired.

use std::{cell::Cell, rc::Rc};

use futures::{StreamExt, TryStreamExt, stream};

use super::{
    Event, Failure, FileStep, Hands, Hashes, SendError, Sends,
    run::{FailureOf, Placed, Run, UploadOf},
};
use crate::{Clock, Transport, retry::Backoff};

/// Uploads at a time: more than one keeps the line busy between files, many would starve each other.
const UPLOADS_AT_ONCE: usize = 3;
/// How often in a row an upload is begun anew without a byte more having arrived.
const UPLOAD_ATTEMPTS: u32 = 8;
/// How often a content may need a new address.
const RENEWALS: u32 = 3;

impl<T: Transport, C: Clock, H: Hands> Run<'_, T, C, H> {
    /// Sends what the service lacks.
    pub(super) async fn send(&self, uploads: &[UploadOf<'_, H>], placed: &Placed) -> Result<(), FailureOf<H>> {
        stream::iter(uploads)
            .map(|upload| self.send_one(upload, placed))
            .buffer_unordered(UPLOADS_AT_ONCE)
            .try_collect::<()>()
            .await
    }

    async fn send_one(&self, upload: &UploadOf<'_, H>, placed: &Placed) -> Result<(), FailureOf<H>> {
        // Any of the files with this content will do; one may be known by its digest alone.
        let Some(read) = upload.files.iter().find_map(|file| file.content.as_ref()) else {
            return Err(Failure::NoContent { file: upload.path() });
        };
        let mut url = upload.url.clone();
        let mut tries = Tries::default();
        loop {
            match self.try_to_send(upload, &url, &read.body, &tries.bytes).await {
                None => self.control.resumed().await,
                Some(Ok(())) => break,
                Some(Err(error)) if error.is_passing() && tries.may_go_on(self.hands.is_online()) => {
                    self.wait(tries.backoff.next_ms()).await;
                }
                Some(Err(error)) if error.is_expired() && tries.renewals < RENEWALS => {
                    tries.renewals += 1;
                    let renewed = placed.order.place(self.client, &placed.pending.key).await?;
                    match renewed.urls.get(upload.sha256()) {
                        Some(renewed) => url.clone_from(renewed),
                        // It has arrived meanwhile.
                        None => break,
                    }
                }
                Some(Err(error)) => {
                    if error.is_other_content() || error.is_unreadable() {
                        self.hands.mistrust(&read.content).await;
                    }
                    return Err(Failure::Send {
                        file: upload.path(),
                        error,
                    });
                }
            }
        }
        for file in &upload.files {
            self.tell(Event::Progress {
                file: file.number,
                bytes: file.shown_bytes,
            });
            self.begin_step(file.number, FileStep::Sent);
        }
        Ok(())
    }

    /// Sends until it ends, or `None` when it was paused.
    async fn try_to_send(
        &self,
        upload: &UploadOf<'_, H>,
        url: &str,
        body: &<H as Hashes>::Body,
        reached: &Rc<Cell<u64>>,
    ) -> Option<Result<(), <H as Sends>::Error>> {
        let (tell, files, reached) = (Rc::clone(&self.tell), upload.numbers(), Rc::clone(reached));
        let progress = move |bytes| {
            reached.set(bytes);
            files
                .iter()
                .for_each(|file| tell(Event::Progress { file: *file, bytes }));
        };
        let sending = async {
            let turn = self.hands.turn(url).await;
            for file in &upload.files {
                self.begin_step(file.number, FileStep::Sending);
            }
            let sent = self.hands.send(url, body, progress).await;
            drop(turn);
            sent
        };
        self.control.unless_paused(sending).await
    }

    /// Lets time pass until the next try.
    async fn wait(&self, millis: u32) {
        self.tell_waiting(self.waiting.get() + 1);
        self.client.clock().pause_before_retry(millis).await;
        self.tell_waiting(self.waiting.get().saturating_sub(1));
    }

    fn tell_waiting(&self, uploads: usize) {
        self.waiting.set(uploads);
        self.tell(Event::Waiting { uploads });
    }
}

/// How often an upload was begun.
#[derive(Default)]
struct Tries {
    backoff: Backoff,
    in_vain: u32,
    renewals: u32,
    /// How far the last try came.
    bytes: Rc<Cell<u64>>,
    most_bytes: u64,
}

impl Tries {
    /// Counts a failure; one after new bytes arrived is a first one, and without a network none is counted.
    fn may_go_on(&mut self, is_online: bool) -> bool {
        let bytes = self.bytes.get();
        if bytes > self.most_bytes {
            self.most_bytes = bytes;
            self.in_vain = 0;
            self.backoff.reset();
        }
        if is_online {
            self.in_vain += 1;
        }
        self.in_vain < UPLOAD_ATTEMPTS
    }
}
