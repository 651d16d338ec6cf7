//! File and folder handles: what some browsers give for a dropped file, and what leads to it again after a reload.

use futures::StreamExt;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, stream::JsStream};
use web_sys::{
    DataTransferItem, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemHandle, FileSystemHandleKind,
};

use super::{entries::Picked, error::message};

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

    /// The name of its file or folder.
    pub fn name(&self) -> String {
        self.0.name()
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

    /// Its file, or all files of its folder with paths that begin with the folder's name. Files are asked for while the
    /// folders are still being listed.
    ///
    /// # Errors
    /// The browser's words when it is gone or may not be read.
    pub async fn read(&self) -> Result<Vec<Picked>, String> {
        let mut asked: Vec<(String, Option<Promise>)> = Vec::new();
        let mut folders = Vec::new();
        let mut sort = |folders: &mut Vec<_>, path: String, handle: FileSystemHandle| {
            if handle.kind() == FileSystemHandleKind::File {
                let handle: FileSystemFileHandle = handle.unchecked_into();
                asked.push((path, Some(handle.get_file())));
            } else {
                folders.push((path, handle.unchecked_into::<FileSystemDirectoryHandle>()));
            }
        };
        let mut empty = Vec::new();
        sort(&mut folders, self.0.name(), self.0.clone());
        while let Some((path, folder)) = folders.pop() {
            let mut children = JsStream::from(folder.values());
            let mut is_empty = true;
            while let Some(child) = children.next().await {
                let child: FileSystemHandle = child.map_err(|thrown| message(&thrown))?.unchecked_into();
                sort(&mut folders, format!("{path}/{}", child.name()), child);
                is_empty = false;
            }
            if is_empty {
                empty.push((path, None));
            }
        }
        asked.extend(empty);
        let mut picked = Vec::with_capacity(asked.len());
        for (path, promise) in asked {
            let file = match promise {
                Some(promise) => Some(file(promise).await.map_err(|thrown| message(&thrown))?),
                None => None,
            };
            picked.push(Picked { path, file });
        }
        Ok(picked)
    }
}

async fn file(promise: Promise) -> Result<File, JsValue> {
    JsFuture::from(promise).await.map(JsCast::unchecked_into)
}
