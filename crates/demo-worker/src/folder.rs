//! A folder of the browser's private files.

use futures::StreamExt;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, stream::JsStream};
use web_sys::{
    DedicatedWorkerGlobalScope, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemHandle, FileSystemRemoveOptions, FileSystemSyncAccessHandle,
};

/// A folder.
#[derive(Debug, Clone)]
pub(super) struct Folder(FileSystemDirectoryHandle);

impl Folder {
    /// The root of the private files.
    pub(super) async fn root() -> Result<Self, JsValue> {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let storage = scope.navigator().storage();
        if storage.is_undefined() {
            return Err("this browser keeps no files for pages".into());
        }
        await_as(storage.get_directory()).await.map(Self)
    }

    /// A folder in this one, made if it is not there.
    pub(super) async fn folder(&self, name: &str) -> Result<Self, JsValue> {
        let options = FileSystemGetDirectoryOptions::new();
        options.set_create(true);
        await_as(self.0.get_directory_handle_with_options(name, &options))
            .await
            .map(Self)
    }

    /// A file of this folder; `None` when it is not there.
    pub(super) async fn file(&self, name: &str) -> Result<Option<File>, JsValue> {
        let handle: FileSystemFileHandle = match await_as(self.0.get_file_handle(name)).await {
            Ok(handle) => handle,
            Err(thrown) if is_missing(&thrown) => return Ok(None),
            Err(thrown) => return Err(thrown),
        };
        await_as(handle.get_file()).await.map(Some)
    }

    /// A file to write into, made if it is not there. It has one writer at a time.
    pub(super) async fn writable(
        &self,
        name: &str,
    ) -> Result<(FileSystemFileHandle, FileSystemSyncAccessHandle), JsValue> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let handle: FileSystemFileHandle = await_as(self.0.get_file_handle_with_options(name, &options)).await?;
        let access = await_as(handle.create_sync_access_handle()).await?;
        Ok((handle, access))
    }

    /// Moves a file, which nobody writes any more, into this folder.
    pub(super) async fn take(&self, file: &FileSystemFileHandle, name: &str) -> Result<(), JsValue> {
        // Not in web-sys yet.
        let take: Function = Reflect::get(file, &"move".into())?
            .dyn_into()
            .map_err(|_| JsValue::from_str("this browser cannot move files"))?;
        let moved: Promise = take.call2(file, &self.0, &name.into())?.dyn_into()?;
        JsFuture::from(moved).await.map(drop)
    }

    /// Removes a file or a folder with all that is in it; one that is not there is fine.
    pub(super) async fn remove(&self, name: &str) -> Result<(), JsValue> {
        let options = FileSystemRemoveOptions::new();
        options.set_recursive(true);
        match JsFuture::from(self.0.remove_entry_with_options(name, &options)).await {
            Err(thrown) if !is_missing(&thrown) => Err(thrown),
            _ => Ok(()),
        }
    }

    /// The names of what is in it.
    pub(super) async fn names(&self) -> Result<Vec<String>, JsValue> {
        let mut entries = JsStream::from(self.0.values());
        let mut names = Vec::new();
        while let Some(entry) = entries.next().await {
            names.push(entry?.unchecked_into::<FileSystemHandle>().name());
        }
        Ok(names)
    }
}

async fn await_as<T: JsCast>(promise: Promise) -> Result<T, JsValue> {
    JsFuture::from(promise).await.map(JsCast::unchecked_into)
}

/// Whether this is what the browser throws for what is not there.
fn is_missing(thrown: &JsValue) -> bool {
    name_of(thrown).as_deref() == Some("NotFoundError")
}

/// Whether this is what the browser throws when there is no more room.
pub(super) fn is_full(thrown: &JsValue) -> bool {
    name_of(thrown).as_deref() == Some("QuotaExceededError")
}

fn name_of(thrown: &JsValue) -> Option<String> {
    Reflect::get(thrown, &"name".into()).ok()?.as_string()
}
