//! The browser's own folder for a log: a file that only this worker opens, outside memory.
//!
//! Each worker has a folder with a name of its own, and holds a lock of that name as long as it lives. A folder whose lock
//! nobody holds was left behind, and is removed by the next worker.

use std::collections::HashSet;

use futures::StreamExt;
use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, stream::JsStream};
use web_sys::{
    DedicatedWorkerGlobalScope, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemHandle, FileSystemReadWriteOptions, FileSystemRemoveOptions,
    FileSystemSyncAccessHandle,
};

use crate::{error::message, slots::Locks};
use jobsphere_log::{Gathered, MemoryStorage, Storage, StorageError};

/// The folder of all logs.
const LOGS: &str = "logs";
/// What is kept in memory at most, where the browser lets nothing be kept elsewhere.
const MEMORY_BYTES: u64 = 256 << 20;

/// The worker's folder.
#[derive(Debug, Clone)]
pub(super) struct Folder(FileSystemDirectoryHandle);

impl Folder {
    /// Makes a folder, and removes those that were left behind.
    pub(super) async fn make() -> Result<Self, JsValue> {
        let navigator = js_sys::global()
            .unchecked_into::<DedicatedWorkerGlobalScope>()
            .navigator();
        let no_locks = || js_sys::Error::new("this browser has no locks");
        let locks = Locks::of_browser().ok_or_else(no_locks)?;
        let root: FileSystemDirectoryHandle = await_as(navigator.storage().get_directory()).await?;
        let options = FileSystemGetDirectoryOptions::new();
        options.set_create(true);
        let logs: FileSystemDirectoryHandle = await_as(root.get_directory_handle_with_options(LOGS, &options)).await?;
        let name = format!("{:.0}-{:.0}", js_sys::Date::now(), js_sys::Math::random() * 1e15);
        // Locked before it is there, so that nobody takes it for one that was left.
        let lock = locks.wait_for(&name).await?;
        // Held until the worker ends.
        std::mem::forget(lock);
        // Nothing depends on what others left.
        let _ = sweep(&logs, &locks).await;
        await_as(logs.get_directory_handle_with_options(&name, &options))
            .await
            .map(Self)
    }

    /// Makes a file.
    pub(super) async fn file(&self, name: &str) -> Result<KeptFile, JsValue> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let handle: FileSystemFileHandle = await_as(self.0.get_file_handle_with_options(name, &options)).await?;
        let access: FileSystemSyncAccessHandle = await_as(handle.create_sync_access_handle()).await?;
        // A name that was used before.
        access.truncate_with_u32(0)?;
        Ok(KeptFile {
            handle,
            access,
            length: 0,
        })
    }
}

async fn await_as<T: JsCast>(promise: Promise) -> Result<T, JsValue> {
    JsFuture::from(promise).await.map(JsCast::unchecked_into)
}

async fn sweep(logs: &FileSystemDirectoryHandle, locks: &Locks) -> Result<(), JsValue> {
    let mut folders = JsStream::from(logs.values());
    let mut names = Vec::new();
    while let Some(folder) = folders.next().await {
        names.push(folder?.unchecked_into::<FileSystemHandle>().name());
    }
    // Asked after the folders were listed: each of those had its lock before.
    let state = JsFuture::from(locks.query()).await?;
    let held: Array = Reflect::get(&state, &"held".into())?.unchecked_into();
    let held: HashSet<String> = held
        .iter()
        .filter_map(|lock| Reflect::get(&lock, &"name".into()).ok()?.as_string())
        .collect();
    let options = FileSystemRemoveOptions::new();
    options.set_recursive(true);
    for name in names.iter().filter(|name| !held.contains(*name)) {
        // One that is being closed goes next time.
        let _ = JsFuture::from(logs.remove_entry_with_options(name, &options)).await;
    }
    Ok(())
}

/// A file of the worker's folder.
#[derive(Debug)]
pub(super) struct KeptFile {
    handle: FileSystemFileHandle,
    access: FileSystemSyncAccessHandle,
    length: u64,
}

impl KeptFile {
    /// Ends writing; the file can be given away then.
    pub(super) async fn into_file(self) -> Result<File, JsValue> {
        self.access.flush()?;
        self.access.close();
        await_as(self.handle.get_file()).await
    }
}

impl Storage for KeptFile {
    fn append(&mut self, bytes: &[u8]) -> Result<u64, StorageError> {
        let written = self
            .access
            .write_with_u8_array_and_options(bytes, &at(self.length))
            .map_err(failed)?;
        if written < bytes.len() as f64 {
            return Err(StorageError::Full);
        }
        let position = self.length;
        self.length += bytes.len() as u64;
        Ok(position)
    }

    fn read(&mut self, position: u64, into: &mut [u8]) -> Result<(), StorageError> {
        let wanted = into.len() as f64;
        let read = self
            .access
            .read_with_u8_array_and_options(into, &at(position))
            .map_err(failed)?;
        if read < wanted {
            return Err(StorageError::Failed("the file is shorter than it was".to_owned()));
        }
        Ok(())
    }
}

fn at(position: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at_f64(position as f64);
    options
}

fn failed(thrown: JsValue) -> StorageError {
    let name = Reflect::get(&thrown, &"name".into())
        .ok()
        .and_then(|name| name.as_string());
    match name.as_deref() {
        Some("QuotaExceededError") => StorageError::Full,
        _ => StorageError::Failed(message(&thrown)),
    }
}

/// Where the worker keeps the log: in its file, or in memory where there is none, as in private windows.
#[derive(Debug)]
pub(super) enum FileStorage {
    File(Gathered<KeptFile>),
    Memory(MemoryStorage),
}

impl FileStorage {
    /// The storage, and the folder where there is one.
    pub(super) async fn open() -> (Self, Option<Folder>) {
        let memory = || Self::Memory(MemoryStorage::new(MEMORY_BYTES));
        let Ok(folder) = Folder::make().await else {
            return (memory(), None);
        };
        match folder.file("log").await {
            Ok(file) => (Self::File(Gathered::new(file)), Some(folder)),
            Err(_) => (memory(), None),
        }
    }
}

impl Storage for FileStorage {
    fn append(&mut self, bytes: &[u8]) -> Result<u64, StorageError> {
        match self {
            Self::File(file) => file.append(bytes),
            Self::Memory(memory) => memory.append(bytes),
        }
    }

    fn read(&mut self, position: u64, into: &mut [u8]) -> Result<(), StorageError> {
        match self {
            Self::File(file) => file.read(position, into),
            Self::Memory(memory) => memory.read(position, into),
        }
    }
}
