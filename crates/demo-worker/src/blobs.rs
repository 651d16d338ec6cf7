//! Contents in the browser's private files, by their hash.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use jobsphere_api::{id::ProjectId, jobs::File, sha256::Sha256};
use jobsphere_browser::error::message;
use jobsphere_demo::address;
use jobsphere_service::{Blobs, BlobsError};
use js_sys::{Reflect, Uint8Array};
use send_wrapper::SendWrapper;
use sha2::Digest as _;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, FileSystemReadWriteOptions, FileSystemSyncAccessHandle, ReadableStreamDefaultReader};

use super::{
    folder::{Folder, is_full},
    host::random_name,
};

/// Why a content was not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum TakeError {
    /// It is not what was announced.
    #[error("these bytes are not those of the announced content")]
    Other,
    /// It cannot be read to its end.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// There is no room.
    #[error("the browser gives this page no more room")]
    Full,
    /// The browser's words.
    #[error("the browser cannot keep the file: {0}")]
    Failed(String),
}

/// What is held.
#[derive(Debug)]
pub(super) struct PrivateBlobs {
    contents: SendWrapper<Folder>,
    incoming: SendWrapper<Folder>,
    held: Mutex<BTreeSet<(ProjectId, Sha256)>>,
}

impl PrivateBlobs {
    /// Opens the contents in `root`, and drops what was half taken.
    pub(super) async fn open(root: &Folder) -> Result<Self, JsValue> {
        root.remove("incoming").await?;
        let incoming = root.folder("incoming").await?;
        let contents = root.folder("contents").await?;
        let mut held = BTreeSet::new();
        for project in contents.names().await? {
            let Ok(id) = ProjectId::parse(&project) else { continue };
            let names = contents.folder(&project).await?.names().await?;
            let digests = names.iter().filter_map(|name| Sha256::parse(name).ok());
            held.extend(digests.map(|digest| (id.clone(), digest)));
        }
        Ok(Self {
            contents: SendWrapper::new(contents),
            incoming: SendWrapper::new(incoming),
            held: Mutex::new(held),
        })
    }

    fn held(&self) -> MutexGuard<'_, BTreeSet<(ProjectId, Sha256)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A content; `None` when it is not held.
    pub(super) async fn get(&self, project: &ProjectId, sha256: Sha256) -> Result<Option<Blob>, JsValue> {
        if !self.held().contains(&(project.clone(), sha256)) {
            return Ok(None);
        }
        let folder = self.contents.folder(project.as_str()).await?;
        Ok(folder.file(&sha256.to_string()).await?.map(Into::into))
    }

    /// Takes a content in, of the announced hash and size in bytes where they are known; `on_progress` hears how much has
    /// been read.
    pub(super) async fn take(
        &self,
        project: &ProjectId,
        announced: Option<(Sha256, u64)>,
        content: &Blob,
        on_progress: impl Fn(u64),
    ) -> Result<(Sha256, u64), TakeError> {
        if let Some((sha256, bytes)) = announced
            && self.held().contains(&(project.clone(), sha256))
        {
            return Ok((sha256, bytes));
        }
        let failed = |thrown: JsValue| match is_full(&thrown) {
            true => TakeError::Full,
            false => TakeError::Failed(message(&thrown)),
        };
        let name = random_name();
        let (handle, access) = self.incoming.writable(&name).await.map_err(failed)?;
        // Whatever happens, nothing is left there.
        let _swept = Swept(self.incoming.clone(), name);
        let taken = fill(Access(access), content, announced.map(|(_, bytes)| bytes), on_progress).await?;
        if announced.is_some_and(|announced| announced != taken) {
            return Err(TakeError::Other);
        }
        let folder = self.contents.folder(project.as_str()).await.map_err(failed)?;
        folder.take(&handle, &taken.0.to_string()).await.map_err(failed)?;
        self.held().insert((project.clone(), taken.0));
        Ok(taken)
    }
}

/// A file that is open for writing; closed when dropped.
struct Access(FileSystemSyncAccessHandle);

impl Drop for Access {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Removes a file when dropped, where it has not been moved away.
struct Swept(SendWrapper<Folder>, String);

impl Drop for Swept {
    fn drop(&mut self) {
        let (folder, name) = (self.0.clone(), std::mem::take(&mut self.1));
        spawn_local(async move {
            // What is left goes at the next start.
            let _ = folder.remove(&name).await;
        });
    }
}

/// Copies `content`, and answers its hash and size.
async fn fill(
    into: Access,
    content: &Blob,
    most: Option<u64>,
    on_progress: impl Fn(u64),
) -> Result<(Sha256, u64), TakeError> {
    let unreadable = |thrown: JsValue| TakeError::Unreadable(message(&thrown));
    let reader: ReadableStreamDefaultReader = content.stream().get_reader().unchecked_into();
    let (mut hasher, mut position) = (sha2::Sha256::new(), 0);
    let at = FileSystemReadWriteOptions::new();
    loop {
        let read = JsFuture::from(reader.read()).await.map_err(unreadable)?;
        let piece = Reflect::get(&read, &"value".into()).map_err(unreadable)?;
        let Ok(piece) = piece.dyn_into::<Uint8Array>() else {
            break;
        };
        let piece = piece.to_vec();
        if most.is_some_and(|most| position + piece.len() as u64 > most) {
            return Err(TakeError::Other);
        }
        at.set_at_f64(position as f64);
        let written = into.0.write_with_u8_array_and_options(&piece, &at);
        match written {
            Ok(written) if written >= piece.len() as f64 => {}
            Err(thrown) if !is_full(&thrown) => return Err(TakeError::Failed(message(&thrown))),
            _ => return Err(TakeError::Full),
        }
        hasher.update(&piece);
        position += piece.len() as u64;
        on_progress(position);
    }
    into.0.flush().map_err(|thrown| TakeError::Failed(message(&thrown)))?;
    Ok((Sha256::finish(hasher), position))
}

fn failed(thrown: JsValue) -> BlobsError {
    BlobsError(message(&thrown))
}

#[async_trait]
impl Blobs for PrivateBlobs {
    async fn holds(&self, project: &ProjectId, sha256: Sha256) -> Result<bool, BlobsError> {
        Ok(self.held().contains(&(project.clone(), sha256)))
    }

    async fn beginning(&self, project: &ProjectId, sha256: Sha256, most: usize) -> Result<Vec<u8>, BlobsError> {
        SendWrapper::new(async {
            let Some(content) = self.get(project, sha256).await.map_err(failed)? else {
                return Ok(Vec::new());
            };
            let beginning = content.slice_with_f64_and_f64(0.0, most as f64).map_err(failed)?;
            let bytes = JsFuture::from(beginning.array_buffer()).await.map_err(failed)?;
            Ok(Uint8Array::new(&bytes).to_vec())
        })
        .await
    }

    async fn remove(&self, project: &ProjectId, sha256: Sha256) -> Result<(), BlobsError> {
        SendWrapper::new(async {
            self.held().remove(&(project.clone(), sha256));
            let folder = self.contents.folder(project.as_str()).await.map_err(failed)?;
            folder.remove(&sha256.to_string()).await.map_err(failed)
        })
        .await
    }

    fn stored(&self) -> BoxStream<'static, (ProjectId, Sha256)> {
        stream::iter(self.held().clone()).boxed()
    }

    fn upload_url(&self, origin: &str, project: &ProjectId, file: &File) -> String {
        address::upload(origin, project, file)
    }

    fn download_url(&self, origin: &str, project: &ProjectId, file: &File) -> String {
        address::download(origin, project, file)
    }
}
