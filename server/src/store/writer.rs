//! The one writer: commits that come while another is being written share the next one's trip to the disk.

use jobsphere_service::{Change, StoreError};
use sqlx::{Connection, SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::{reserve::Reserve, unavailable, write};

/// Commits that wait to be written before their callers have to.
const WAITING: usize = 256;
/// Commits that share one trip.
const TOGETHER: usize = 64;

type Answer = Result<(), StoreError>;

#[derive(Debug)]
struct Commit {
    changes: Vec<Change>,
    answer: oneshot::Sender<Answer>,
}

/// Takes commits, and writes them in the order in which they came.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    commits: mpsc::Sender<Commit>,
}

impl Writer {
    /// Starts over a pool of one connection; it ends with the last of its clones.
    pub(super) fn start(pool: SqlitePool, reserve: Reserve) -> Self {
        let (commits, mut waiting) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            let mut together = Vec::new();
            while waiting.recv_many(&mut together, TOGETHER).await > 0 {
                write_together(&pool, &reserve, std::mem::take(&mut together)).await;
                reserve.renew();
            }
        });
        Self { commits }
    }

    /// Writes all changes or none.
    pub(super) async fn commit(&self, changes: Vec<Change>) -> Answer {
        let gone = |_| StoreError::Unavailable("the store is closing".into());
        let (answer, answered) = oneshot::channel();
        self.commits
            .send(Commit { changes, answer })
            .await
            .map_err(|_| StoreError::Unavailable("the store is closing".into()))?;
        answered.await.map_err(gone)?
    }
}

/// One transaction for all; when it fails, one for each, so that nobody fails for another's fault.
async fn write_together(pool: &SqlitePool, reserve: &Reserve, commits: Vec<Commit>) {
    if commits.len() > 1 {
        let changes = commits.iter().flat_map(|commit| &commit.changes);
        if write_all(pool, changes).await.is_ok() {
            for commit in commits {
                // Whoever has gone does not need the answer.
                let _ = commit.answer.send(Ok(()));
            }
            return;
        }
    }
    for commit in commits {
        let mut written = write_all(pool, commit.changes.iter()).await;
        if written.as_ref().is_err_and(is_full) && reserve.release() {
            written = write_all(pool, commit.changes.iter()).await;
        }
        let _ = commit.answer.send(written.map_err(unavailable));
    }
}

/// Whether the disk took no more: SQLITE_FULL, or SQLITE_IOERR for want of space beside the database.
fn is_full(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    let primary = code.and_then(|code| code.parse::<u32>().ok()).map(|code| code & 0xff);
    matches!(primary, Some(10 | 13))
}

async fn write_all(pool: &SqlitePool, changes: impl Iterator<Item = &Change>) -> sqlx::Result<()> {
    let mut connection = pool.acquire().await?;
    let written = write(&mut connection, changes).await;
    if written.is_err() {
        // A commit that failed may have left its transaction open.
        connection.close_on_drop();
    }
    written
}

async fn write(connection: &mut SqliteConnection, changes: impl Iterator<Item = &Change>) -> sqlx::Result<()> {
    // A writer from the start: a reader that turns into one would fail at once where another program writes.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for change in changes {
        write::apply(&mut transaction, change).await?;
    }
    transaction.commit().await
}
