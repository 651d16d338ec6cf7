//! What a sender goes on sending after it was refused.

use axum::body::BodyDataStream;
use futures::StreamExt;

/// Read before the connection is closed.
const MOST_BYTES: usize = 64 << 20;

/// Reads on after a refusal: a browser that is still sending when the connection closes never sees the answer.
pub(crate) async fn read(content: &mut BodyDataStream) {
    let mut left = MOST_BYTES;
    while let Some(Ok(chunk)) = content.next().await {
        left = left.saturating_sub(chunk.len());
        if left == 0 {
            return;
        }
    }
}
