//! Asking for what a log has, without staying for what comes: the API knows streams alone, so one is opened, and dropped
//! when it has told what there is.

use std::pin::pin;

use futures::{
    FutureExt,
    future::{Either, select},
};

use super::{
    CallError, Clock,
    logs::{Heard, LogReader},
};

/// A service that is there begins its answer sooner than this.
const BEGIN_MS: u32 = 30_000;
/// What is there comes without pauses.
const QUIET_MS: u32 = 200;
/// Others have their turn after so long.
const SLICE_MS: u32 = 1000;

/// Why reading has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The service ended the stream: the job has ended, or the service is about to.
    End,
    /// What is there was told.
    Quiet,
    /// There may be more.
    More,
}

/// Reads what is there behind `offset`, or `enough_bytes` of it, or as much as comes in a slice of time.
pub async fn ask(
    reader: &impl LogReader,
    offset: i64,
    enough_bytes: usize,
    hear: &mut impl AsyncFnMut(Heard),
) -> Result<Stop, CallError> {
    let late = reader.clock().sleep(BEGIN_MS);
    let mut stream = match select(pin!(reader.read_logs(offset)), pin!(late)).await {
        Either::Left((stream, _)) => stream?,
        Either::Right(_) => {
            // The service is there, so that the answer is held back on the way.
            reader.has_ended().await?;
            hear(Heard::HeldBack).await;
            return Ok(Stop::Quiet);
        }
    };
    hear(Heard::Opened).await;
    let mut slice = pin!(reader.clock().sleep(SLICE_MS));
    let mut patience_ms = reader.patience_ms();
    let mut bytes = 0;
    loop {
        let batch = match select(pin!(stream.message()), pin!(reader.clock().sleep(patience_ms))).await {
            Either::Left((batch, _)) => batch?,
            Either::Right(_) => return Ok(Stop::Quiet),
        };
        let Some(batch) = batch else { return Ok(Stop::End) };
        let count: usize = batch.logs.iter().map(|message| message.content.len()).sum();
        hear(Heard::Batch(batch)).await;
        bytes += count;
        if count == 0 {
            return Ok(Stop::Quiet);
        }
        if bytes >= enough_bytes || slice.as_mut().now_or_never().is_some() {
            return Ok(Stop::More);
        }
        patience_ms = QUIET_MS;
    }
}
