//! Files and folders in the browser's database: themselves where they are small, else what leads to them.

use js_sys::Array;
use leptos::prelude::untrack;
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    app::new_job::state::inputs::source::{Folder, Source, What},
    browser::{entries::Picked, handle::Handle},
};

/// Files of a source up to this size are kept themselves; of larger ones only what leads to them.
const MAX_KEPT_BYTES: f64 = 64.0 * 1024.0 * 1024.0;
/// A folder of more files is kept by what leads to it, where there is that: writing them all down stops the page.
const MAX_KEPT_FILES: usize = 500;

const FILES: &str = "files";
const HANDLE: &str = "handle";

/// A source for the database; `None` when the browser gives nothing that could be kept.
pub(crate) fn value(source: &Source) -> Option<JsValue> {
    let is_large = untrack(|| source.size_bytes()) > MAX_KEPT_BYTES;
    let is_many = source
        .as_folder()
        .is_some_and(|folder| folder.files().len() > MAX_KEPT_FILES);
    match &source.handle {
        Some(handle) if is_large || is_many => return Some(Array::of2(&HANDLE.into(), &handle.value()).into()),
        None if is_large => return None,
        _ => {}
    }
    let value = Array::of2(&FILES.into(), &source.name().into());
    match &source.what {
        What::File(file) => {
            value.push(file);
        }
        What::Folder(folder) => {
            for picked in folder.files().iter() {
                value.push(&JsValue::from_str(&picked.path));
                value.push(&picked.file.clone().map_or(JsValue::NULL, JsValue::from));
            }
        }
    }
    Some(value.into())
}

/// What came back.
pub(crate) enum Back {
    /// The file or folder.
    Source(Source),
    /// The person must let the page read it.
    Locked(Handle),
    /// It cannot be had any more.
    Gone,
}

/// Brings back what [`value`] made.
pub(crate) async fn bring_back(value: Option<JsValue>) -> Back {
    let Some(parts) = value.and_then(|value| value.dyn_into::<Array>().ok()) else {
        return Back::Gone;
    };
    let second = parts.get(1);
    if parts.get(0).as_string().as_deref() == Some(HANDLE) {
        let handle = Handle::from_value(second);
        if !handle.is_readable(false).await {
            return Back::Locked(handle);
        }
        return reread(&handle).await.map_or(Back::Gone, Back::Source);
    }
    let name = second.as_string().unwrap_or_default();
    let content = parts.slice(2, parts.length());
    if let Ok(file) = content.get(0).dyn_into::<web_sys::File>() {
        return Back::Source(Source::file(file));
    }
    let files = content.to_vec();
    let files = files.chunks(2).map(|pair| Picked {
        path: pair[0].as_string().unwrap_or_default(),
        file: pair.get(1).and_then(|file| file.clone().dyn_into().ok()),
    });
    Back::Source(Source::folder(Folder::open(&name, files.collect()).await))
}

/// Reads what a handle leads to.
pub(crate) async fn reread(handle: &Handle) -> Option<Source> {
    let picked = handle.read().await.ok()?;
    let source = match &picked[..] {
        [Picked { path, file: Some(file) }] if !path.contains('/') => Source::file(file.clone()),
        _ => {
            let name = handle.name();
            let files = Folder::below(&picked, &name).unwrap_or_default();
            Source::folder(Folder::open(&name, files).await)
        }
    };
    Some(source.with_handle(Some(handle.clone())))
}
