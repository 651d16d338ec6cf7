//! The end of a run: what is held of it stays, and the rest goes.

use std::io;

use jobsphere_api::id::JobId;

use super::{
    super::{Inner, run_dir::RunDir},
    HeldRun, now_micros,
};
use crate::porter::Porter;

/// Where the working folder is among those of a porter.
const WORK: usize = 0;
/// A hundred years: a time that clients take.
const MOST_MICROS: i64 = 100 * 365 * 24 * 3600 * 1_000_000;

/// Holds the working folder of a run that has ended, where there is something in it that nobody has named, and removes
/// what else there is of the run; false when nothing is to be held. Blocks.
///
/// # Errors
/// When it cannot be written down that it is held; then it is not.
pub(in super::super) fn hold_unnamed(inner: &Inner, job: &JobId, dir: &RunDir) -> io::Result<bool> {
    let Some(unnamed) = dir.unnamed()? else {
        return Ok(false);
    };
    let Some(until_micros) = from_now(inner.config.limits.hold_run_folders_s) else {
        return Ok(false);
    };
    let held = HeldRun {
        project: unnamed.project,
        until_micros,
        bytes: unnamed.made.bytes(),
    };
    // First of all: whatever comes to pass, the folder goes when its time is over.
    dir.write_held(&held)?;
    let but_work = |porter: &mut Porter| porter.clear_all_but(Some(WORK));
    inner.porters.give_up(job, but_work);
    if let Err(error) = dir.keep_work_alone(&inner.around) {
        tracing::debug!(%job, "beside the working folder something stays: {error}");
    }
    inner.held.add(job, held);
    Ok(true)
}

/// Until when a run that ends now is held; `None` where the operator wants none held.
pub(super) fn from_now(hold_s: u64) -> Option<i64> {
    let hold_micros = i64::try_from(hold_s).unwrap_or(i64::MAX).saturating_mul(1_000_000);
    (hold_s > 0).then(|| now_micros().saturating_add(hold_micros.min(MOST_MICROS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_held_where_the_operator_wants_none() {
        assert_eq!(from_now(0), None);
        assert!(from_now(1).is_some_and(|until| until > now_micros()));
        assert!(from_now(u64::MAX).is_some_and(|until| until > now_micros()));
    }
}
