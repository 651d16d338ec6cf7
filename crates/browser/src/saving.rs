//! Files that are written on the disk while they come: one that the person chose, where the browser asks for it, or else
//! one of the browser's own, which becomes a download when it is whole.

use futures::StreamExt;
use js_sys::{Array, Date, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, stream::JsStream};
use web_sys::{
    File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions, FileSystemGetFileOptions,
};

use super::{document, error::message, object_url::ObjectUrl};

const PICKER: &str = "showSaveFilePicker";
/// Where the browser's own files lie.
const FOLDER: &str = "downloads";
/// A download may read its file for so long; older ones are removed.
const KEPT_MS: f64 = 6.0 * 3600.0 * 1000.0;

/// A file to write into.
#[derive(Debug, Clone)]
pub struct Target {
    file: FileSystemFileHandle,
    name: String,
    is_picked: bool,
}

/// A place for a file called `name`; `None` when the person wants none. To be called while a press is handled: the browser
/// asks for the place at no other time.
///
/// # Errors
/// The browser's words when it has no place.
pub async fn target(name: String) -> Result<Option<Target>, String> {
    let name = name.as_str();
    match pick(name) {
        Some(picked) => match JsFuture::from(picked).await {
            Ok(file) => Ok(Some(Target {
                file: file.unchecked_into(),
                name: name.to_owned(),
                is_picked: true,
            })),
            Err(thrown) if is_abort(&thrown) => Ok(None),
            Err(thrown) => Err(message(&thrown)),
        },
        None => match own(name).await {
            Ok(target) => Ok(Some(target)),
            Err(thrown) => Err(message(&thrown)),
        },
    }
}

fn is_abort(thrown: &JsValue) -> bool {
    Reflect::get(thrown, &"name".into()).is_ok_and(|name| name == "AbortError")
}

fn pick(name: &str) -> Option<Promise> {
    let window = web_sys::window()?;
    let picker: Function = Reflect::get(&window, &PICKER.into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    // A plain object takes any property.
    let _ = Reflect::set(&options, &"suggestedName".into(), &name.into());
    picker.call1(&window, &options).ok()?.dyn_into().ok()
}

async fn folder() -> Result<FileSystemDirectoryHandle, JsValue> {
    let window = web_sys::window().ok_or_else(|| JsValue::from_str("no window"))?;
    let storage = window.navigator().storage();
    if storage.is_undefined() {
        return Err("this browser cannot write files".into());
    }
    let root: FileSystemDirectoryHandle = JsFuture::from(storage.get_directory()).await?.unchecked_into();
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(true);
    let folder = root.get_directory_handle_with_options(FOLDER, &options);
    Ok(JsFuture::from(folder).await?.unchecked_into())
}

async fn own(name: &str) -> Result<Target, JsValue> {
    let folder = folder().await?;
    remove_old(&folder).await;
    let options = FileSystemGetFileOptions::new();
    options.set_create(true);
    let file = folder.get_file_handle_with_options(&document::random_id(), &options);
    Ok(Target {
        file: JsFuture::from(file).await?.unchecked_into(),
        name: name.to_owned(),
        is_picked: false,
    })
}

/// Removes what earlier downloads have left; one that is still being written cannot be removed.
async fn remove_old(folder: &FileSystemDirectoryHandle) {
    let mut entries = JsStream::from(folder.entries());
    let mut old = Vec::new();
    while let Some(Ok(entry)) = entries.next().await {
        let entry: Array = entry.unchecked_into();
        let file: FileSystemFileHandle = entry.get(1).unchecked_into();
        if let Ok(file) = JsFuture::from(file.get_file()).await
            && Date::now() - file.unchecked_into::<File>().last_modified() > KEPT_MS
        {
            old.extend(entry.get(0).as_string());
        }
    }
    for name in old {
        let _ = JsFuture::from(folder.remove_entry(&name)).await;
    }
}

impl Target {
    /// For whoever writes.
    pub fn file(&self) -> &FileSystemFileHandle {
        &self.file
    }

    /// Gives the file, which is whole now, to the person.
    ///
    /// # Errors
    /// The browser's words when it cannot be read.
    pub async fn give(self) -> Result<(), String> {
        if self.is_picked {
            return Ok(());
        }
        let file = JsFuture::from(self.file.get_file()).await;
        let file: File = file.map_err(|thrown| message(&thrown))?.unchecked_into();
        // The download has its own hold on the file.
        let url = ObjectUrl::of_file(&file)?;
        document::download_as(url.as_str(), &self.name);
        Ok(())
    }

    /// Removes the file, which will never be whole.
    pub async fn discard(self) {
        let remove = Reflect::get(&self.file, &"remove".into());
        let remove = remove.ok().and_then(|remove| remove.dyn_into::<Function>().ok());
        let removed = match remove {
            Some(remove) => remove
                .call0(&self.file)
                .ok()
                .and_then(|removed| removed.dyn_into().ok()),
            None if self.is_picked => None,
            None => folder().await.ok().map(|folder| folder.remove_entry(&self.file.name())),
        };
        if let Some(removed) = removed {
            // What the writer still holds is removed by the browser, or with the next download.
            let _ = JsFuture::from(removed).await;
        }
    }
}
