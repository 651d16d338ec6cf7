//! File and folder handles: what some browsers give for a dropped file, and what leads to it again after a reload.

use futures::{
    StreamExt, TryStreamExt,
    stream::{self, FuturesUnordered},
};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, stream::JsStream};
use web_sys::{
    DataTransferItem, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemHandle, FileSystemHandleKind,
};

use super::{
    entries::{LOOKUPS_AT_ONCE, Picked, compose, composed},
    error::message,
};

/// A handle. It can be kept in the database.
#[derive(Debug, Clone)]
pub struct Handle(FileSystemHandle);

/// The promise of the item's handle, where the browser has them.
pub(super) fn of(item: &DataTransferItem) -> Option<Promise> {
    call(item, "getAsFileSystemHandle", None)
}

fn call(object: &JsValue, method: &str, argument: Option<&JsValue>) -> Option<Promise> {
    let method: Function = Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    let answer = match argument {
        Some(argument) => method.call1(object, argument),
        None => method.call0(object),
    };
    answer.ok()?.dyn_into().ok()
}

impl Handle {
    /// A handle that came from the database or the browser.
    pub fn from_value(value: JsValue) -> Self {
        Self(value.unchecked_into())
    }

    /// As it goes into the database.
    pub fn value(&self) -> JsValue {
        self.0.clone().into()
    }

    /// The name of its file or folder, composed as paths are.
    pub fn name(&self) -> String {
        composed(&self.0.name())
    }

    /// Whether it may be read; with `ask`, which needs a press of the person, the browser asks where it must.
    pub async fn is_readable(&self, ask: bool) -> bool {
        let mode = js_sys::Object::new();
        // A plain object takes any property.
        let _ = Reflect::set(&mode, &"mode".into(), &"read".into());
        let method = if ask { "requestPermission" } else { "queryPermission" };
        let Some(answer) = call(&self.0, method, Some(&mode)) else {
            return false;
        };
        JsFuture::from(answer).await.is_ok_and(|state| state == "granted")
    }

    /// Its file, or all files of its folder with paths that begin with the folder's name.
    ///
    /// # Errors
    /// The browser's words when it is gone or may not be read.
    pub async fn read(&self) -> Result<Vec<Picked>, String> {
        self.files().await.map(compose).map_err(|thrown| message(&thrown))
    }

    async fn files(&self) -> Result<Vec<Picked>, JsValue> {
        let (files, empty) = self.list().await?;
        // Not more at a time: asked for all at once, the browser takes twice as long.
        let files = stream::iter(files).map(|(path, handle)| async move {
            let file: File = JsFuture::from(handle.get_file()).await?.unchecked_into();
            Ok::<_, JsValue>(Picked { path, file: Some(file) })
        });
        let mut picked: Vec<Picked> = files.buffered(LOOKUPS_AT_ONCE).try_collect().await?;
        picked.extend(empty.into_iter().map(|path| Picked { path, file: None }));
        Ok(picked)
    }

    /// Its files, and its empty folders. Folders are listed side by side.
    async fn list(&self) -> Result<(Vec<(String, FileSystemFileHandle)>, Vec<String>), JsValue> {
        let (mut files, mut empty) = (Vec::new(), Vec::new());
        let mut folders = FuturesUnordered::new();
        let mut children = vec![(self.0.name(), self.0.clone())];
        loop {
            for (path, handle) in children {
                if handle.kind() == FileSystemHandleKind::File {
                    files.push((path, handle.unchecked_into()));
                } else {
                    folders.push(open(path, handle.unchecked_into()));
                }
            }
            let Some(opened) = folders.next().await else { break };
            let (path, found) = opened?;
            if found.is_empty() {
                empty.push(path);
            }
            children = found;
        }
        Ok((files, empty))
    }
}

/// The path of a folder, and all that lies in it, by its path.
async fn open(
    path: String,
    folder: FileSystemDirectoryHandle,
) -> Result<(String, Vec<(String, FileSystemHandle)>), JsValue> {
    let mut found = Vec::new();
    let mut children = JsStream::from(folder.values());
    while let Some(child) = children.next().await {
        let child: FileSystemHandle = child?.unchecked_into();
        found.push((format!("{path}/{}", child.name()), child));
    }
    Ok((path, found))
}
