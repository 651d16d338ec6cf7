//! The sending of a Run: several uploads at a time, each begun again after what passes, and with a new address after the
//! old one has expired.

use futures::{
    StreamExt, TryStreamExt,
    future::{Either, select},
    stream,
};
use leptos::prelude::*;

use super::run::{FileState, FileStep, Input, Order, Run, RunError};
use crate::{
    app::new_job::state::inputs::source::Hashed,
    browser::{
        Client, document, places,
        upload::{self, UploadError},
    },
    client::{
        Clock,
        retry::Backoff,
        submit::{Created, Upload},
    },
};

/// Uploads at a time: more than one keeps the line busy between files, many would starve each other. Over all tabs there
/// are as many as there are [`places`].
const UPLOADS_AT_ONCE: usize = 3;
/// How often in a row an upload is begun anew without a byte more having arrived.
const UPLOAD_ATTEMPTS: u32 = 8;
/// How often a file may need a new address.
const RENEWALS: u32 = 3;

impl Run {
    /// Sends what the service lacks.
    pub(crate) async fn send(
        self,
        client: &Client,
        inputs: &[Input],
        order: &Order,
        created: &Created,
    ) -> Result<(), RunError> {
        stream::iter(&created.uploads)
            .map(|upload| self.send_one(client, inputs, order, upload))
            .buffer_unordered(UPLOADS_AT_ONCE)
            .try_collect::<()>()
            .await
    }

    async fn send_one(self, client: &Client, inputs: &[Input], order: &Order, upload: &Upload) -> Result<(), RunError> {
        let shown: Vec<FileState> = upload.inputs.iter().map(|index| self.file(*index)).collect();
        let file = shown.first().map(|file| file.name.clone()).unwrap_or_default();
        // Any of the inputs with this content will do; one may be known by its hash alone.
        let Some((source, hashed)) = upload.inputs.iter().find_map(|index| inputs.get(*index)?.hashed()) else {
            return Err(RunError::NoFile { file });
        };
        let failed = |error| RunError::Upload {
            file: file.clone(),
            error,
        };
        let mut url = upload.url.clone();
        let mut tries = Tries::default();
        loop {
            match self.try_to_send(&url, &hashed, &shown).await {
                None => self.wait_for_gate().await,
                Some(Ok(())) => break,
                Some(Err(error)) if error.is_passing() && tries.may_go_on(&shown) => {
                    self.waiting.update(|waiting| *waiting += 1);
                    client.clock().pause_before_retry(tries.backoff.next_ms()).await;
                    self.waiting.update(|waiting| *waiting = waiting.saturating_sub(1));
                }
                Some(Err(error)) if error.is_expired() && tries.renewals < RENEWALS => {
                    tries.renewals += 1;
                    let renewed = order.place(client).await?;
                    match renewed.uploads.into_iter().find(|other| other.inputs == upload.inputs) {
                        Some(other) => url = other.url,
                        // It has arrived meanwhile.
                        None => break,
                    }
                }
                Some(Err(error)) => {
                    if error.is_other_content() || matches!(error, UploadError::Unreadable(_)) {
                        source.mistrust().await;
                    }
                    return Err(failed(error));
                }
            }
        }
        for file in shown {
            file.done_bytes.set(file.size_bytes);
            file.step.set(FileStep::Sent);
        }
        Ok(())
    }

    /// Sends until it ends, or `None` when the Run was paused.
    async fn try_to_send(self, url: &str, hashed: &Hashed, shown: &[FileState]) -> Option<Result<(), UploadError>> {
        let bars: Vec<RwSignal<f64>> = shown.iter().map(|file| file.done_bytes).collect();
        let progress = move |bytes| bars.iter().for_each(|bar| bar.set(bytes));
        let gate = self.gate.with_value(|gate| (**gate).clone());
        let closed = std::pin::pin!(gate.is(false));
        let sending = std::pin::pin!(async {
            let place = places::for_transfer(url).await;
            shown.iter().for_each(|file| file.step.set(FileStep::Sending));
            let sent = upload::send(url, &hashed.body, progress).await;
            drop(place);
            sent
        });
        match select(closed, sending).await {
            Either::Left(_) => None,
            Either::Right((sent, _)) => Some(sent),
        }
    }

    async fn wait_for_gate(self) {
        let gate = self.gate.with_value(|gate| (**gate).clone());
        gate.is(true).await;
    }
}

/// How often an upload was begun.
#[derive(Default)]
struct Tries {
    backoff: Backoff,
    in_vain: u32,
    renewals: u32,
    most_bytes: f64,
}

impl Tries {
    /// Counts a failure; one after new bytes arrived is a first one, and without a network none is counted.
    fn may_go_on(&mut self, shown: &[FileState]) -> bool {
        let bytes = shown.first().map_or(0.0, |file| file.done_bytes.get_untracked());
        if bytes > self.most_bytes {
            self.most_bytes = bytes;
            self.in_vain = 0;
            self.backoff.reset();
        }
        if document::is_online() {
            self.in_vain += 1;
        }
        self.in_vain < UPLOAD_ATTEMPTS
    }
}
