//! What the command made and nobody named: asked for once the job has ended, kept file by file.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{
        jobs::File,
        share::{ListUnnamedFilesResponse, NotKept},
    },
    app::job::{results::state::content::fresh_url, state::ShownJob},
    browser::{self, document},
};
use jobsphere_client::CallError;
use jobsphere_rules::limits::MAX_ENTRIES;

/// The unnamed files of the page's job.
#[derive(Clone, Copy)]
pub(crate) struct Unnamed {
    view: ShownJob,
    /// What the service tells of them; `None` until it has.
    pub(crate) listed: RwSignal<Option<ListUnnamedFilesResponse>>,
    /// Paths that are being kept.
    pub(crate) asked: RwSignal<Vec<String>>,
    /// Those that were not kept, and why.
    pub(crate) refused: RwSignal<Vec<NotKept>>,
    /// Why none was.
    pub(crate) failed: RwSignal<Option<CallError>>,
}

impl Unnamed {
    /// Asks for them when `may_ask` says so.
    pub(crate) fn watch(view: ShownJob, job_id: StoredValue<String>, may_ask: Memo<bool>) -> Self {
        let unnamed = Self {
            view,
            listed: RwSignal::new(None),
            asked: RwSignal::new(Vec::new()),
            refused: RwSignal::new(Vec::new()),
            failed: RwSignal::new(None),
        };
        Effect::new(move || {
            if !may_ask.get() {
                return unnamed.listed.set(None);
            }
            spawn_local(async move {
                let Some(job_id) = job_id.try_get_value() else { return };
                // A service of another make knows no such call, and what a page cannot tell it does not show.
                let listed = browser::client().unnamed_files(&job_id).await.ok();
                unnamed.listed.try_set(listed);
            });
        });
        unnamed
    }

    /// Whether a file is being kept.
    pub(crate) fn is_asked(self, path: &str) -> bool {
        self.asked.read().iter().any(|asked| asked == path)
    }

    /// Makes outputs of these files; what is `fetched` is downloaded too.
    pub(crate) fn keep(self, job_id: String, mut paths: Vec<String>, is_fetched: bool) {
        paths.retain(|path| !self.asked.read_untracked().contains(path));
        if paths.is_empty() {
            return;
        }
        self.failed.set(None);
        self.refused.set(Vec::new());
        self.asked.update(|asked| asked.extend(paths.iter().cloned()));
        spawn_local(async move {
            let mut outcome = Ok(());
            for some in paths.chunks(MAX_ENTRIES) {
                if outcome.is_ok() {
                    outcome = self.keep_some(&job_id, some.to_vec(), is_fetched).await;
                }
            }
            self.asked
                .try_update(|asked| asked.retain(|path| !paths.contains(path)));
            self.failed.try_set(outcome.err());
        });
    }

    async fn keep_some(self, job_id: &str, paths: Vec<String>, is_fetched: bool) -> Result<(), CallError> {
        let client = browser::client();
        let kept = client.keep_unnamed(job_id, paths).await?;
        self.refused.try_update(|refused| refused.extend(kept.errors));
        self.view.renew(client.job(job_id).await?);
        if is_fetched {
            fetch(job_id, &kept.files).await?;
        }
        Ok(())
    }
}

async fn fetch(job_id: &str, files: &[File]) -> Result<(), CallError> {
    for file in files {
        document::download(&fresh_url(job_id, file).await?);
    }
    Ok(())
}
