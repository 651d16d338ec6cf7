//! Dropped and picked files and folders, with the paths they have in them.

use std::collections::{HashMap, HashSet};

use futures::{
    StreamExt, TryStreamExt,
    future::join,
    stream::{self, FuturesUnordered},
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
pub(super) const LOOKUPS_AT_ONCE: usize = 64;
/// Handles that take longer are done without: browsers were seen never to give some.
const HANDLES_LIMIT_MS: u32 = 1000;

/// A file, or a folder that is empty.
#[derive(Debug, Clone)]
pub struct Picked {
    /// `name`, or `folder/…/name` of one that came in a folder.
    pub path: String,
    /// `None` for an empty folder.
    pub file: Option<File>,
}

/// A text with letters and their marks in one piece, as nearly everything is written; in a Mac's file names they are apart.
pub fn composed(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    js_sys::JsString::from(text).normalize("NFC").into()
}

/// The same with composed paths, so that a name is one name however it came. Where that would make two files one, their
/// names stay as they are.
pub(super) fn compose(all: Vec<Picked>) -> Vec<Picked> {
    if all.iter().all(|picked| picked.path.is_ascii()) {
        return all;
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    let paths: Vec<String> = all.iter().map(|picked| composed(&picked.path)).collect();
    for path in &paths {
        *counts.entry(path.clone()).or_default() += 1;
    }
    let one = |(picked, path): (Picked, String)| {
        let is_alone = counts.get(&path).is_none_or(|count| *count == 1);
        let path = if is_alone { path } else { picked.path };
        Picked { path, ..picked }
    };
    all.into_iter().zip(paths).map(one).collect()
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

    /// Everything in it, folders with all that is below, and the handles that lead to it again; `on_count` hears how many
    /// files were found so far, `on_listed` their paths, as soon as all are known: asking for the files themselves takes
    /// the browser ten times as long, and a third of that through handles.
    ///
    /// # Errors
    /// The browser's words when a folder cannot be read.
    pub async fn read(
        self,
        on_count: impl Fn(usize),
        on_listed: impl FnOnce(Vec<&str>),
    ) -> Result<(Vec<Picked>, Vec<Handle>), String> {
        let mut picked: Vec<Picked> = self.files.into_iter().map(single).collect();
        let count = self.entries.len();
        let (listing, handles) = join(list(self.entries, on_count), given(self.handles)).await;
        let Listing { files, empty } = listing.map_err(|thrown| message(&thrown))?;
        on_listed(files.iter().map(|(path, _)| path.as_str()).collect());
        // What was heard is to be seen before the questions begin.
        TimeoutFuture::new(0).await;
        if handles.len() == count {
            // The folders that are empty come with them.
            for handle in &handles {
                picked.extend(handle.read().await?);
            }
        }
        // Handles hide what has a name that other systems do not take: quotes, a dot at the end, a blank at the beginning.
        let known: HashSet<String> = picked.iter().map(|picked| picked.path.clone()).collect();
        let files: Vec<_> = files.into_iter().filter(|(path, _)| !known.contains(path)).collect();
        let empty: Vec<_> = empty.into_iter().filter(|path| !known.contains(path)).collect();
        let is_all = files.is_empty() && empty.is_empty();
        picked.extend(empty.into_iter().map(|path| Picked { path, file: None }));
        let files: Vec<Picked> = stream::iter(files)
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
        // What they hide would be missing when they are followed again.
        let handles = if is_all || handles.len() != count {
            handles
        } else {
            Vec::new()
        };
        Ok((compose(picked), handles))
    }
}

/// Those of the handles that come in time, in their order.
async fn given(promises: Vec<Promise>) -> Vec<Handle> {
    let asked = promises.into_iter().enumerate();
    let asked: FuturesUnordered<_> = asked
        .map(|(place, promise)| async move { (place, JsFuture::from(promise).await) })
        .collect();
    let mut given: Vec<_> = asked.take_until(TimeoutFuture::new(HANDLES_LIMIT_MS)).collect().await;
    given.sort_by_key(|(place, _)| *place);
    let given = given.into_iter().filter_map(|(_, handle)| handle.ok());
    given
        .filter(|handle| !handle.is_null())
        .map(Handle::from_value)
        .collect()
}

/// What is in dropped folders, by its paths.
#[derive(Default)]
struct Listing {
    files: Vec<(String, FileSystemFileEntry)>,
    empty: Vec<String>,
}

/// Lists all folders, those that are found at a time side by side.
async fn list(entries: Vec<FileSystemEntry>, on_count: impl Fn(usize)) -> Result<Listing, JsValue> {
    let mut listing = Listing::default();
    let mut folders = FuturesUnordered::new();
    let open = |path: String, folder: FileSystemDirectoryEntry| async move {
        children(&folder).await.map(|children| (path, children))
    };
    let sort = |listing: &mut Listing, path: String, entry: FileSystemEntry| {
        if entry.is_directory() {
            return Some(open(path, entry.unchecked_into()));
        }
        listing.files.push((path, entry.unchecked_into()));
        None
    };
    for entry in entries {
        folders.extend(sort(&mut listing, entry.name(), entry));
    }
    while let Some(opened) = folders.next().await {
        let (path, children) = opened?;
        for child in &children {
            folders.extend(sort(&mut listing, format!("{path}/{}", child.name()), child.clone()));
        }
        if children.is_empty() {
            listing.empty.push(path);
        }
        on_count(listing.files.len());
    }
    Ok(listing)
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
    compose(files.map(single).collect())
}

fn single(file: File) -> Picked {
    let path = js_sys::Reflect::get(&file, &"webkitRelativePath".into())
        .ok()
        .and_then(|path| path.as_string())
        .filter(|path| !path.is_empty())
        .unwrap_or_else(|| file.name());
    Picked { path, file: Some(file) }
}
