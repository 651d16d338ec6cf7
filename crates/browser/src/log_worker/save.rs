//! Saving the log: written part by part to a file of the worker's folder, and handed to the page as such.

use std::{cell::RefCell, rc::Rc};

use futures::future::try_join;
use js_sys::{Array, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ReadableStream, ReadableStreamDefaultReader};

use super::{
    folder::{Folder, KeptFile},
    worker::Session,
};
use crate::error::message;
use jobsphere_log::{
    Storage,
    model::{SaveForm, Source},
};

#[wasm_bindgen]
extern "C" {
    /// The browser's own gzip.
    type CompressionStream;

    #[wasm_bindgen(constructor)]
    fn new(format: &str) -> CompressionStream;

    #[wasm_bindgen(method, getter)]
    fn readable(this: &CompressionStream) -> ReadableStream;

    #[wasm_bindgen(method, getter)]
    fn writable(this: &CompressionStream) -> Writable;

    type Writable;

    #[wasm_bindgen(method, js_name = getWriter)]
    fn writer(this: &Writable) -> Writer;

    type Writer;

    #[wasm_bindgen(method)]
    fn write(this: &Writer, bytes: &Uint8Array) -> Promise;

    #[wasm_bindgen(method)]
    fn close(this: &Writer) -> Promise;
}

/// Where a saved log goes.
enum Target {
    File(KeptFile),
    /// Where the browser lets nothing be kept elsewhere.
    Memory(Array),
}

impl Target {
    async fn open(folder: Option<Folder>, name: &str) -> Self {
        let file = match folder {
            Some(folder) => folder.file(name).await.ok(),
            None => None,
        };
        file.map_or_else(|| Self::Memory(Array::new()), Self::File)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), String> {
        match self {
            Self::File(file) => file.append(bytes).map(|_| ()).map_err(|error| error.to_string()),
            Self::Memory(parts) => {
                parts.push(&Uint8Array::from(bytes));
                Ok(())
            }
        }
    }

    async fn into_file(self, name: &str) -> Result<File, String> {
        match self {
            Self::File(file) => file.into_file().await,
            Self::Memory(parts) => File::new_with_u8_array_sequence(&parts, name),
        }
        .map_err(|thrown| message(&thrown))
    }
}

/// Writes what is to be saved, between the worker's other work.
///
/// # Errors
/// A sentence.
pub(super) async fn save(
    session: &Rc<RefCell<Session>>,
    folder: Option<Folder>,
    name: &str,
    form: SaveForm,
    source: Option<Source>,
) -> Result<File, String> {
    let target = RefCell::new(Target::open(folder, name).await);
    let turns = session.borrow().turns();
    let mut saving = session.borrow().saving(form, source);
    let mut next = async || {
        turns.next().await;
        session.borrow_mut().part(&mut saving)
    };
    if form == SaveForm::Gzip {
        let stream = CompressionStream::new("gzip");
        let (writer, reader) = (stream.writable().writer(), stream.readable().get_reader());
        let reader: ReadableStreamDefaultReader = reader.unchecked_into();
        let write = async {
            while let Some(part) = next().await? {
                done(writer.write(&Uint8Array::from(&part[..]))).await?;
            }
            done(writer.close()).await.map(|_| ())
        };
        let read = async {
            while let Some(piece) = read(&reader).await? {
                target.borrow_mut().write(&piece)?;
            }
            Ok(())
        };
        try_join(write, read).await?;
    } else {
        while let Some(part) = next().await? {
            target.borrow_mut().write(&part)?;
        }
    }
    target.into_inner().into_file(name).await
}

async fn done(promise: Promise) -> Result<JsValue, String> {
    JsFuture::from(promise).await.map_err(|thrown| message(&thrown))
}

async fn read(reader: &ReadableStreamDefaultReader) -> Result<Option<Vec<u8>>, String> {
    let result = done(reader.read()).await?;
    let part = |name: &str| Reflect::get(&result, &name.into()).unwrap_or_default();
    if part("done").is_truthy() {
        return Ok(None);
    }
    Ok(Some(part("value").unchecked_into::<Uint8Array>().to_vec()))
}
