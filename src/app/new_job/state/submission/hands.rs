//! The page's hands in a submission: sources are read by workers, sent in one of the browser's slots, and what must
//! outlive a reload is kept with the draft.

use send_wrapper::SendWrapper;
use web_sys::Blob;

use super::run::Run;
use crate::{
    app::new_job::state::{drafts::store::DraftStore, inputs::source::Source},
    browser::{
        document,
        hashing::{HashError, Pool},
        slots::{self, Slot},
        upload::{self, UploadError},
    },
};
use jobsphere_client::submission::{Hashed, Hashes, Keeps, Pending, Sends};

/// What a submission of the form is done with.
pub(crate) struct Hands {
    run: Run,
    drafts: DraftStore,
    /// Which of the draft's jobs.
    key: String,
    pool: Pool,
}

impl Hands {
    /// Those for the variant with this key.
    pub(crate) fn new(run: Run, drafts: DraftStore, key: String) -> Self {
        Self {
            run,
            drafts,
            key,
            pool: Pool::default(),
        }
    }
}

impl Hashes for Hands {
    type Content = Source;
    type Body = SendWrapper<Blob>;
    type Error = HashError;

    fn at_once(&self) -> usize {
        Pool::width()
    }

    async fn hash(
        &self,
        content: &Source,
        path: &str,
        on_progress: impl Fn(f64),
    ) -> Result<Hashed<Self::Body>, HashError> {
        let found = content.hash(&self.pool, path, on_progress).await?;
        Ok(Hashed {
            sha256: found.sha256,
            size_bytes: found.size_bytes,
            body: found.body,
        })
    }

    async fn mistrust(&self, content: &Source) {
        content.mistrust().await;
    }
}

impl Sends for Hands {
    type Body = SendWrapper<Blob>;
    type Turn = Slot;
    type Error = UploadError;

    async fn turn(&self, url: &str) -> Slot {
        slots::for_transfer(url).await
    }

    async fn send(&self, url: &str, body: &Self::Body, on_progress: impl Fn(u64) + 'static) -> Result<(), UploadError> {
        upload::send(url, body, move |bytes| on_progress(bytes as u64)).await
    }

    fn is_online(&self) -> bool {
        document::is_online()
    }
}

impl Keeps for Hands {
    async fn keep(&self, pending: &Pending) {
        self.run.sending.keep(&self.key, pending);
        self.drafts.save().await;
    }
}
