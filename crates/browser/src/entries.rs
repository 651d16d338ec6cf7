//! Dropped and picked files and folders, with the paths they have in them.

use std::pin::pin;

use futures::{
    StreamExt, TryStreamExt,
    future::{Either, select},
    stream,
};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry,
    FileSystemFileEntry,
};

use super::{
    error::message,
    handle::{self, Handle},
};

/// Files looked up at once; each is a question to another process.
const LOOKUPS_AT_ONCE: usize = 64;
/// A handle that takes longer is done without: browsers were seen never to give some.
const HANDLE_LIMIT_MS: u32 = 1000;

/// A file, or a folder that is empty.
#[derive(Debug, Clone)]
pub struct Picked {
    /// `name`, or `folder/…/name` of one that came in a folder.
    pub path: String,
    /// `None` for an empty folder.
    pub file: Option<File>,
}

/// What was dropped. It must be taken out of the event at once, and can be read later.
#[derive(Debug, Clone)]
pub struct Dropped {
    entries: Vec<FileSystemEntry>,
    /// What leads to them after a reload, where the browser has that.
    handles: Vec<Promise>,
    /// What the browser gives no entries for.
    files: Vec<File>,
}

impl Dropped {
    /// Takes everything out of the event.
    pub fn take(data: &DataTransfer) -> Self {
        let items = data.items();
        let mut dropped = Self {
            entries: Vec::new(),
            handles: Vec::new(),
            files: Vec::new(),
        };
        for index in 0..items.length() {
            let Some(item) = items.get(index).filter(|item| item.kind() == "file") else {
                continue;
            };
            match (item.webkit_get_as_entry(), item.get_as_file()) {
                (Ok(Some(entry)), _) => {
                    dropped.entries.push(entry);
                    dropped.handles.extend(handle::of(&item));
                }
                (_, Ok(Some(file))) => dropped.files.push(file),
                _ => {}
            }
        }
        dropped
    }

    /// The handles, by the names of the files and folders.
    pub async fn handles(&self) -> Vec<Handle> {
        let mut handles = Vec::new();
        for promise in &self.handles {
            let handle = pin!(JsFuture::from(promise.clone()));
            if let Either::Left((Ok(handle), _)) = select(handle, pin!(TimeoutFuture::new(HANDLE_LIMIT_MS))).await
                && !handle.is_null()
            {
                handles.push(Handle::from_value(handle));
            }
        }
        handles
    }

    /// Everything in it, folders with all that is below; `on_count` hears how many files were found so far, `on_listed`
    /// their paths, as soon as all are known: asking for the files themselves takes the browser ten times as long, and
    /// less through `handles` than without.
    ///
    /// # Errors
    /// The browser's words when a folder cannot be read.
    pub async fn read(
        self,
        handles: &[Handle],
        on_count: impl Fn(usize),
        on_listed: impl FnOnce(Vec<&str>),
    ) -> Result<Vec<Picked>, String> {
        let has_handles = handles.len() == self.entries.len();
        let mut picked: Vec<Picked> = self.files.into_iter().map(single).collect();
        let mut found = Vec::new();
        let mut folders: Vec<(String, FileSystemDirectoryEntry)> = Vec::new();
        for entry in self.entries {
            sort(String::new(), entry, &mut found, &mut folders);
        }
        while let Some((path, folder)) = folders.pop() {
            let children = children(&folder).await.map_err(|thrown| message(&thrown))?;
            if children.is_empty() {
                picked.push(Picked {
                    path: path.clone(),
                    file: None,
                });
            }
            for child in children {
                sort(format!("{path}/"), child, &mut found, &mut folders);
            }
            on_count(found.len());
        }
        on_listed(found.iter().map(|(path, _)| path.as_str()).collect());
        // What was heard is to be seen before the questions begin.
        TimeoutFuture::new(0).await;
        if has_handles {
            // The folders that are empty come with them.
            picked.retain(|picked| picked.file.is_some());
            for handle in handles {
                picked.extend(handle.read().await?);
            }
            return Ok(picked);
        }
        let files: Vec<Picked> = stream::iter(found)
            .map(|(path, entry)| async move {
                let lookup = Promise::new(&mut |resolve, reject| {
                    entry.file_with_callback_and_callback(&resolve, &reject);
                });
                let file: File = JsFuture::from(lookup).await?.unchecked_into();
                Ok(Picked { path, file: Some(file) })
            })
            .buffered(LOOKUPS_AT_ONCE)
            .try_collect()
            .await
            .map_err(|thrown: JsValue| message(&thrown))?;
        picked.extend(files);
        Ok(picked)
    }
}

fn sort(
    folder: String,
    entry: FileSystemEntry,
    files: &mut Vec<(String, FileSystemFileEntry)>,
    folders: &mut Vec<(String, FileSystemDirectoryEntry)>,
) {
    let path = folder + &entry.name();
    if entry.is_directory() {
        folders.push((path, entry.unchecked_into()));
    } else {
        files.push((path, entry.unchecked_into()));
    }
}

/// All of a folder: the browser gives a hundred at a time, and none when it has told all.
async fn children(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader: FileSystemDirectoryReader = folder.create_reader();
    let mut children = Vec::new();
    loop {
        let batch = Promise::new(&mut |resolve, reject| {
            if let Err(thrown) = reader.read_entries_with_callback_and_callback(&resolve, &reject) {
                // It is a function of the promise; it takes anything.
                let _ = reject.call1(&JsValue::NULL, &thrown);
            }
        });
        let batch: Array = JsFuture::from(batch).await?.unchecked_into();
        if batch.length() == 0 {
            return Ok(children);
        }
        children.extend(batch.iter().map(|entry| entry.unchecked_into::<FileSystemEntry>()));
    }
}

/// What a picker of files or of a folder gave.
pub fn picked(list: Option<FileList>) -> Vec<Picked> {
    let Some(list) = list else { return Vec::new() };
    let files = (0..list.length()).filter_map(|index| list.get(index));
    files.map(single).collect()
}

fn single(file: File) -> Picked {
    let path = js_sys::Reflect::get(&file, &"webkitRelativePath".into())
        .ok()
        .and_then(|path| path.as_string())
        .filter(|path| !path.is_empty())
        .unwrap_or_else(|| file.name());
    Picked { path, file: Some(file) }
}
