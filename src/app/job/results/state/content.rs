//! The content of an output: read in ranges, under an address that is asked for when it is needed, and anew when it has
//! expired.

use std::cell::RefCell;

use tonic::Code;

use super::{
    item::{Item, size_bytes},
    unpacking::unpacked,
};
use crate::{
    api::jobs::File,
    browser::{
        self,
        fetching::{self, FetchError},
    },
};
use jobsphere_client::{CallError, between::Between};
use jobsphere_results::listing::{Entry, ListingError, Ranges};

/// An archive whose directory is longer is not listed.
const MAX_LISTING_BYTES: u64 = 32 << 20;

/// Why a content cannot be had.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum ContentError {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Listing(#[from] ListingError),
    #[error("the file is packed in a way that a browser does not unpack")]
    Packing,
    #[error("the file in the archive is damaged")]
    Damaged,
}

impl ContentError {
    /// What stands between here and the service, if that refused.
    pub(crate) fn between(&self) -> Option<&Between> {
        match self {
            Self::Call(error) => error.between.as_ref(),
            Self::Fetch(FetchError::Between(between)) => Some(between),
            _ => None,
        }
    }
}

/// The beginning of a content.
#[derive(Debug)]
pub(crate) struct Beginning {
    pub(crate) bytes: Vec<u8>,
    /// Whether that is all of it.
    pub(crate) is_whole: bool,
}

/// Where a file of a job is read from.
#[derive(Debug)]
pub(crate) struct Source {
    job_id: String,
    file: File,
    url: RefCell<Option<String>>,
}

impl Source {
    pub(crate) fn new(job_id: String, file: File) -> Self {
        Self {
            job_id,
            file,
            url: RefCell::new(None),
        }
    }

    async fn url(&self) -> Result<String, CallError> {
        let known = self.url.borrow().clone();
        if let Some(url) = known {
            return Ok(url);
        }
        let url = fresh_url(&self.job_id, &self.file).await?;
        self.url.replace(Some(url.clone()));
        Ok(url)
    }

    /// The bytes from `from` up to `to`.
    pub(crate) async fn range(&self, from: u64, to: u64) -> Result<Vec<u8>, ContentError> {
        let read = fetching::range(&self.url().await?, from, to).await;
        match read {
            Err(error) if error.is_expired() => {
                self.url.replace(None);
                Ok(fetching::range(&self.url().await?, from, to).await?)
            }
            read => Ok(read?),
        }
    }

    /// What is in the archive that the file is.
    pub(crate) async fn entries(&self) -> Result<Vec<Entry>, ContentError> {
        let mut ranges = Ranges::new(size_bytes(&self.file));
        let mut read = 0;
        loop {
            match ranges.entries() {
                Err(ListingError::Needs { from, to }) if read < MAX_LISTING_BYTES => {
                    let bytes = self.range(from, to).await?;
                    if bytes.is_empty() {
                        return Err(ContentError::Damaged);
                    }
                    read += bytes.len() as u64;
                    ranges.add(from, bytes);
                }
                outcome => return Ok(outcome?),
            }
        }
    }

    /// The first bytes of `item`, which is this file or lies in it; at most `limit`.
    pub(crate) async fn beginning(&self, item: &Item, limit: u64) -> Result<Beginning, ContentError> {
        let Some(entry) = &item.entry else {
            let bytes = self.range(0, item.size_bytes().min(limit)).await?;
            return Ok(Beginning {
                is_whole: bytes.len() as u64 >= item.size_bytes(),
                bytes,
            });
        };
        let (from, to) = entry.range(limit, size_bytes(&self.file));
        unpacked(entry, &self.range(from, to).await?, limit).await
    }
}

/// An address of a job's file, made now.
pub(crate) async fn fresh_url(job_id: &str, file: &File) -> Result<String, CallError> {
    let answer = browser::client().download_urls(job_id, vec![file.clone()]).await?;
    let found = answer.into_iter().next();
    found
        .map(|found| found.url)
        .ok_or_else(|| CallError::new(Code::NotFound, "the service named no address"))
}
