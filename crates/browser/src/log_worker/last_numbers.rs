//! The last numbers that jobs which have ended printed: for pages that show numbers of many jobs and none of their logs.
//! The log's worker reads them; what it reads logs with is no part of such a page.

use std::cell::Cell;

use futures::future::{AbortHandle, Abortable};
use serde::{Deserialize, Serialize};

use crate::{
    channel::{ChannelError, Kept, Work},
    gate::Gate,
    server,
    slots::Connections,
    token,
    transport::FetchFrom,
};
use jobsphere_client::{
    Client,
    log_tail::read_tail,
    logs::{JobLog, LogEvent, follow},
};
use jobsphere_log::{model::SeriesOrigin, series::SeriesReader};

use super::clock::WorkerClock;

/// A log whose end cannot be had alone is read up to this.
const MAX_BYTES: u64 = 4 << 20;

/// Whose numbers are asked for.
#[derive(Clone, Serialize, Deserialize)]
pub struct NumbersOf {
    service: String,
    token: Option<String>,
    job_id: String,
}

/// Each name with its number as a text: JSON has no words for what is no number.
pub type Texts = Vec<(String, String)>;

/// The worker, as far as it is asked for numbers.
enum Asking {}

/// As in [`super::messages::Request`], without all else that can be asked of it.
#[derive(Serialize, Deserialize)]
enum Request {
    LastNumbers(NumbersOf),
}

/// As in [`super::messages::Answer`].
#[derive(Serialize, Deserialize)]
enum Answer {
    LastNumbers(Option<Texts>),
}

impl Work for Asking {
    const WORKER: &'static str = "log";
    type Request = Request;
    type Progress = ();
    type Answer = Answer;
}

thread_local! {
    static WORKER: Kept<Asking> = Kept::default();
}

/// The last numbers of a job that has ended; `None` when its log cannot be read now.
///
/// # Errors
/// [`ChannelError`].
pub async fn last_numbers(job_id: String) -> Result<Option<Texts>, ChannelError> {
    let request = Request::LastNumbers(NumbersOf {
        service: server::current().map_or_else(server::own, |url| url.origin().to_owned()),
        token: token::get(),
        job_id,
    });
    let worker = WORKER.with(Kept::clone);
    let Answer::LastNumbers(numbers) = worker.ask(&request).await?;
    Ok(numbers)
}

impl NumbersOf {
    /// In the worker.
    pub(super) async fn read(self) -> Option<Texts> {
        // Open: who asks for numbers looks at them.
        let seen = Gate::default();
        let log = JobLog {
            client: Client::new(
                FetchFrom::new(&self.service, self.token.as_deref()),
                WorkerClock::new(seen.clone()),
            ),
            job_id: self.job_id,
        };
        let mut reader = SeriesReader::default();
        if let Some(tail) = read_tail(&log).await.ok()? {
            tail.messages.iter().for_each(|message| reader.push(message));
            return Some(last_of(reader));
        }
        let is_whole = Cell::new(false);
        let (abort, registration) = AbortHandle::new_pair();
        let mut offset = 0;
        let hear = async |event| match event {
            LogEvent::Messages(messages) => {
                messages.iter().for_each(|message| reader.push(message));
                if reader.bytes() > MAX_BYTES {
                    abort.abort();
                }
            }
            LogEvent::Ended => is_whole.set(true),
            LogEvent::Lost { .. } | LogEvent::Failed(_) => abort.abort(),
            LogEvent::Connected | LogEvent::HeldBack => {}
        };
        let connections = Connections::to(&self.service, seen);
        let following = follow(&log, &connections, &mut offset, hear);
        // What was aborted is not whole.
        let _ = Abortable::new(following, registration).await;
        is_whole.get().then(|| last_of(reader))
    }
}

fn last_of(mut reader: SeriesReader) -> Texts {
    reader.finish();
    let series = reader.log().take_all(4);
    let printed = series
        .into_iter()
        .filter(|series| series.origin == SeriesOrigin::Printed);
    printed
        .filter_map(|series| Some((series.name, series.points.last()?.value.to_string())))
        .collect()
}
