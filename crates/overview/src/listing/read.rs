//! Reading the list: the newest rows, the older ones stretch by stretch, and those that may change.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use futures::future::join_all;
use tonic::Code;

use super::{Index, Slot};
use crate::api::{
    any,
    jobs::{ExecuteProjectJobMetadata, JobStatus},
};
use jobsphere_client::{CallError, Client, Clock, Transport};
use jobsphere_rules::status::is_final;

/// Rows asked for first, so that something stands there at once.
const FIRST_PAGE: i64 = 100;
/// Rows asked for at once afterwards: so few that taking them in is not felt.
pub const PAGE: i64 = 500;
const MOST: i64 = 1000;
/// Jobs that have left the unfinished ones, asked for by themselves in one look.
const ASKED_AT_ONCE: usize = 20;

/// Where reading goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    token: String,
    after: Option<i64>,
}

/// Brings the top of the list up to date; where the older rows begin, if there are any.
///
/// # Errors
/// [`CallError`].
pub async fn newest<T: Transport, C: Clock>(
    client: &Client<T, C>,
    project_id: &str,
    index: &RefCell<Index>,
) -> Result<Option<Cursor>, CallError> {
    let mut jobs = Vec::new();
    let mut token = String::new();
    loop {
        let size = if jobs.is_empty() { FIRST_PAGE } else { PAGE };
        let mut page = client.listed_page(project_id, size, &token, "").await?;
        let index = index.borrow();
        // So many may be new that what is known is further down.
        let meets_known = index.is_empty() || page.jobs.iter().any(|job| index.slot_of(&job.id).is_some());
        jobs.append(&mut page.jobs);
        token = page.next_page_token;
        if meets_known || token.is_empty() {
            break;
        }
    }
    let after = index.borrow_mut().take(&jobs, None, token.is_empty());
    Ok((!token.is_empty()).then_some(Cursor { token, after }))
}

/// Reads on at `cursor`; where it goes on then, if there is more.
///
/// # Errors
/// [`CallError`].
pub async fn older<T: Transport, C: Clock>(
    client: &Client<T, C>,
    project_id: &str,
    cursor: &Cursor,
    index: &RefCell<Index>,
) -> Result<Option<Cursor>, CallError> {
    let page = client.listed_page(project_id, PAGE, &cursor.token, "").await?;
    let is_last = page.next_page_token.is_empty();
    let after = index.borrow_mut().take(&page.jobs, cursor.after, is_last);
    Ok((!is_last).then_some(Cursor {
        token: page.next_page_token,
        after,
    }))
}

/// Brings the jobs that have not ended up to date.
///
/// # Errors
/// [`CallError`].
pub async fn look_again<T: Transport, C: Clock>(
    client: &Client<T, C>,
    project_id: &str,
    index: &RefCell<Index>,
) -> Result<(), CallError> {
    let before: Vec<Slot> = index.borrow().unfinished().collect();
    if before.is_empty() {
        return Ok(());
    }
    let filter = format!("status IN ({})", unfinished_states().join(", "));
    let mut token = String::new();
    let mut seen = HashSet::new();
    loop {
        let page = client.listed_page(project_id, MOST, &token, &filter).await?;
        let mut index = index.borrow_mut();
        for job in &page.jobs {
            seen.extend(index.slot_of(&job.id));
            index.put(job);
        }
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let left = before.into_iter().filter(|slot| !seen.contains(slot));
    for slot in left.take(ASKED_AT_ONCE) {
        look_at(client, slot, index).await?;
    }
    Ok(())
}

/// Asks how far the programs of the newest running jobs are. `operations` remembers whom to ask.
///
/// # Errors
/// The first [`CallError`], such as PERMISSION_DENIED for who may only look: the operation is known from `Execute`.
pub async fn ask_progress<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &RefCell<Index>,
    operations: &mut HashMap<Slot, String>,
) -> Result<(), CallError> {
    let running: Vec<(Slot, String)> = {
        let index = index.borrow();
        let unfinished: Vec<Slot> = index.unfinished().collect();
        let rows = unfinished
            .iter()
            .rev()
            .filter_map(|slot| Some((*slot, index.row(*slot)?)));
        let running = rows.filter(|(_, row)| row.status == JobStatus::Executing);
        running
            .map(|(slot, row)| (slot, row.id.clone()))
            .take(ASKED_AT_ONCE)
            .collect()
    };
    operations.retain(|slot, _| running.iter().any(|(other, _)| other == slot));
    let known = &*operations;
    let calls = running.into_iter().map(|(slot, id)| async move {
        let operation = match known.get(&slot) {
            Some(operation) => client.operation(operation).await,
            // On a job that runs this starts nothing; it answers the operation in progress.
            None => client.execute(&id).await,
        };
        (slot, operation)
    });
    for (slot, operation) in join_all(calls).await {
        let operation = operation?;
        let metadata = operation
            .metadata
            .as_ref()
            .map(any::unpack::<ExecuteProjectJobMetadata>);
        let said = metadata.transpose()?.and_then(|metadata| metadata.progress);
        operations.insert(slot, operation.id);
        let progress = said.and_then(|said| u8::try_from(said.progress.clamp(0, 100)).ok());
        let mut index = index.borrow_mut();
        let is_news = index
            .row(slot)
            .is_some_and(|row| row.status == JobStatus::Executing && row.progress != progress);
        if is_news {
            index.change(slot, |row| row.progress = progress);
        }
    }
    Ok(())
}

/// A job that is not among the unfinished any more has ended, or is gone.
async fn look_at<T: Transport, C: Clock>(
    client: &Client<T, C>,
    slot: Slot,
    index: &RefCell<Index>,
) -> Result<(), CallError> {
    let row = index
        .borrow()
        .row(slot)
        .map(|row| (row.id.clone(), is_final(row.status)));
    // The top of the list may have told it already.
    let Some((id, false)) = row else { return Ok(()) };
    match client.listed_job(&id).await {
        Ok(job) => {
            index.borrow_mut().put(&job);
        }
        Err(error) if error.code == Code::NotFound => index.borrow_mut().remove(slot),
        Err(error) => return Err(error),
    }
    Ok(())
}

fn unfinished_states() -> Vec<&'static str> {
    let states = super::STATES.into_iter().filter(|status| !is_final(*status));
    states.map(|status: JobStatus| status.as_str_name()).collect()
}
