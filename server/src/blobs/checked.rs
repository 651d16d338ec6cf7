//! Reading that finds damage: bytes that do not have the hash they are stored under are not good bytes.

// What blocks says so; a body that is damaged is removed once.
#![allow(clippy::disallowed_methods)]

use std::{
    fs::{self, File},
    io::{self, Read},
    path::PathBuf,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use jobsphere_api::{id::ProjectId, sha256::Sha256};
use sha2::Digest;

use super::{BUFFER_BYTES, DiskBlobs};

const DAMAGED: &str = "the stored file is damaged: the server's disk has altered it, and it was removed; send it again";

/// A stored file that is what was sent, and not what it is used for.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unfit(String);

impl DiskBlobs {
    /// Opens a stored file for someone who tells what was read of it, to [`DiskBlobs::check_read`].
    ///
    /// # Errors
    /// When it is not there.
    pub(crate) fn open_stored(&self, project: &ProjectId, sha256: Sha256) -> io::Result<File> {
        File::open(self.path(project, sha256))
    }

    /// Compares what was read of a stored file with what was stored.
    ///
    /// # Errors
    /// When it is damaged; it is removed then, so that it is asked for again.
    pub(crate) fn check_read(&self, project: &ProjectId, sha256: Sha256, found: Option<Sha256>) -> io::Result<()> {
        if found == Some(sha256) {
            return Ok(());
        }
        // The disk is asked once more: what was found comes from where the job could have a say.
        self.check_stored(project, sha256)?;
        Err(io::Error::other("it was copied wrongly; run the job again"))
    }

    /// Why someone could not use a stored file: that it is damaged, or else that it is [`Unfit`], and `why`.
    pub(crate) fn why_unreadable(&self, project: &ProjectId, sha256: Sha256, why: String) -> anyhow::Error {
        match self.check_stored(project, sha256) {
            Err(error) => error.into(),
            Ok(()) => Unfit(why).into(),
        }
    }

    /// # Errors
    /// When it is damaged, and removed.
    fn check_stored(&self, project: &ProjectId, sha256: Sha256) -> io::Result<()> {
        let place = self.path(project, sha256);
        let mut file = File::open(&place)?;
        let mut check = Check::new(place, sha256);
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            match file.read(&mut buffer)? {
                0 => return check.finish(),
                read => check.update(&buffer[..read]),
            }
        }
    }

    /// Lets a download of `size_bytes` pass, and breaks it off before its end when the bytes are not the right ones.
    pub(crate) fn check_body<B>(
        &self,
        project: &ProjectId,
        sha256: Sha256,
        size_bytes: u64,
        body: B,
    ) -> CheckedBody<B> {
        CheckedBody {
            body,
            left_bytes: size_bytes,
            check: Some(Check::new(self.path(project, sha256), sha256)),
        }
    }
}

/// Hashes what passes.
struct Check {
    place: PathBuf,
    expected: Sha256,
    hasher: sha2::Sha256,
}

impl Check {
    fn new(place: PathBuf, expected: Sha256) -> Self {
        Self {
            place,
            expected,
            hasher: sha2::Sha256::new(),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
    }

    fn finish(self) -> io::Result<()> {
        if Sha256::finish(self.hasher) == self.expected {
            return Ok(());
        }
        tracing::error!(
            "{} does not have the hash it is named by; it is removed",
            self.place.display()
        );
        fs::remove_file(self.place)?;
        Err(io::Error::new(io::ErrorKind::InvalidData, DAMAGED))
    }
}

/// A whole file on its way out.
pub(crate) struct CheckedBody<B> {
    body: B,
    left_bytes: u64,
    /// Until the end was seen.
    check: Option<Check>,
}

impl<B> Body for CheckedBody<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
            None => return Poll::Ready(None),
        };
        if let (Some(check), Some(bytes)) = (&mut self.check, frame.data_ref()) {
            check.update(bytes);
            self.left_bytes = self.left_bytes.saturating_sub(bytes.len() as u64);
        }
        // The last bytes are held back when something is wrong: a short answer is known to be broken.
        if self.left_bytes == 0
            && let Some(check) = self.check.take()
            && let Err(error) = check.finish()
        {
            return Poll::Ready(Some(Err(error.into())));
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
