//! Looking at the job of a link again and again, until it has ended.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    api::share::SharedJob,
    app::{connection::Lost, job::state::ShownJob, task::run_while_mounted},
    browser::{self, clock, files},
};
use jobsphere_client::{
    CallError, Clock,
    retry::Backoff,
    shares::{ShareCredentials, SharedClient, job_state},
};
use jobsphere_rules::status::is_final;

/// Between two looks, in milliseconds; a hidden page looks more seldom.
const LOOK_MS: u32 = 2000;

/// A client for the holder of a link.
pub(crate) type Holder = SharedClient<browser::transport::Fetch, clock::BrowserClock>;

/// The job behind the link in the address.
#[derive(Clone, Copy)]
pub(crate) struct Shared {
    /// The job as the pages of jobs show it.
    pub(crate) view: ShownJob,
    /// What came, whole.
    pub(crate) job: RwSignal<Option<SharedJob>>,
    /// The client; `None` when the address holds no link.
    pub(crate) holder: StoredValue<Option<Holder>>,
}

impl Shared {
    /// Follows the job of the address as long as this part of the page is there.
    pub(crate) fn follow() -> Self {
        let params = use_params_map();
        let share_id = params.read_untracked().get("share").unwrap_or_default();
        let fragment = files::fragment().unwrap_or_default();
        // A place in the log may stand behind the secret.
        let secret = fragment.split('&').next().unwrap_or_default();
        let credentials = ShareCredentials::new(&share_id, secret);
        let holder = credentials.map(|credentials| {
            SharedClient::new(browser::transport::Fetch::default(), clock::BrowserClock, credentials)
        });
        let shared = Self {
            view: ShownJob::new(false),
            job: RwSignal::new(None),
            holder: StoredValue::new(holder.clone()),
        };
        match holder {
            Some(holder) => run_while_mounted(watch(holder, shared)),
            None => shared.view.failed.set(Some(CallError::new(
                tonic::Code::NotFound,
                "the address holds no whole link",
            ))),
        }
        shared
    }
}

async fn watch(holder: Holder, shared: Shared) {
    let Shared { view, job, .. } = shared;
    let mut backoff = Backoff::default();
    let mut is_refresh = false;
    loop {
        match holder.open(is_refresh).await {
            Ok(found) => {
                backoff.reset();
                is_refresh = true;
                view.lost.set(None);
                let state = job_state(&found, holder.credentials().share_id());
                let has_ended = is_final(state.status());
                if view.state.read_untracked().as_ref() != Some(&state) {
                    view.state.set(Some(state));
                }
                job.set(Some(found));
                if has_ended {
                    return;
                }
                holder.clock().pause_before_look(LOOK_MS).await;
            }
            Err(error) if error.is_transient() => {
                let retry_ms = backoff.next_ms();
                let retry_at_ms = clock::now_ms() + i64::from(retry_ms);
                view.lost.set(Some(Lost { error, retry_at_ms }));
                holder.clock().pause_before_retry(retry_ms).await;
            }
            Err(error) => {
                view.lost.set(None);
                // What a link showed is not shown any longer once it has ended.
                view.state.set(None);
                job.set(None);
                return view.failed.set(Some(error));
            }
        }
    }
}
