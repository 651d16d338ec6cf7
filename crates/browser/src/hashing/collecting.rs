//! The worker's side of collecting outputs: fetches, checks and writes down, a piece at a time.

use std::{cell::RefCell, fmt::Display, pin::pin};

use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Date, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FileSystemFileHandle, FileSystemWritableFileStream, WriteCommandType, WriteParams};

use super::{
    Hashing,
    collect::{AddError, Step},
};
use crate::{
    api::sha256::Sha256,
    channel::{Beside, worker::Teller},
    error::message,
    fetching::{FetchError, Fetched},
};
use jobsphere_results::bundle::{Bundle, Patch};

/// Between two reports of progress.
const REPORT_MS: f64 = 200.0;
/// A connection that gives nothing for so long is given up; the page waits a little longer for a word.
const STALLED_AFTER_MS: u32 = 25_000;
/// So much is collected before it is written down.
const WRITE_BYTES: u64 = 4 << 20;

/// The archive that is being written.
struct Open {
    bundle: Bundle,
    disk: FileSystemWritableFileStream,
}

thread_local! {
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
}

/// Takes a step.
pub(super) async fn take(step: Step, teller: &Teller<Hashing>) -> Result<(), AddError> {
    match step {
        Step::Begin(Beside(file)) => begin(file).await,
        Step::Add {
            path,
            url,
            size_bytes,
            sha256,
        } => {
            let sha256 = Sha256::parse(&sha256).map_err(output)?;
            with_open(async |open| open.add(teller, &path, &url, (size_bytes, sha256)).await).await
        }
        Step::Text { path, content } => with_open(async |open| open.text(&path, &content).await).await,
        Step::End => end().await,
    }
}

fn output(error: impl Display) -> AddError {
    AddError::Output(error.to_string())
}

fn archive(error: impl Display) -> AddError {
    AddError::Archive(error.to_string())
}

fn no_disk(thrown: JsValue) -> AddError {
    AddError::Archive(message(&thrown))
}

async fn begin(file: FileSystemFileHandle) -> Result<(), AddError> {
    let disk = JsFuture::from(file.create_writable()).await.map_err(no_disk)?;
    OPEN.set(Some(Open {
        bundle: Bundle::default(),
        disk: disk.unchecked_into(),
    }));
    Ok(())
}

async fn with_open(step: impl AsyncFnOnce(&mut Open) -> Result<(), AddError>) -> Result<(), AddError> {
    let mut open = OPEN.take().ok_or_else(|| archive("no archive was begun"))?;
    let done = step(&mut open).await;
    OPEN.set(Some(open));
    done
}

async fn end() -> Result<(), AddError> {
    let Open { bundle, disk } = OPEN.take().ok_or_else(|| archive("no archive was begun"))?;
    let (patches, length) = bundle.finish().map_err(archive)?;
    write(&disk, patches).await?;
    let truncated = disk.truncate_with_f64(length as f64).map_err(no_disk)?;
    JsFuture::from(truncated).await.map_err(no_disk)?;
    JsFuture::from(disk.close()).await.map_err(no_disk)?;
    Ok(())
}

impl Open {
    async fn add(
        &mut self,
        teller: &Teller<Hashing>,
        path: &str,
        url: &str,
        (size_bytes, sha256): (u64, Sha256),
    ) -> Result<(), AddError> {
        let mut fetched = Fetched::get(url, None).await.map_err(not_fetched)?;
        self.bundle.begin(path, size_bytes).map_err(output)?;
        let came = match self.contents(teller, &mut fetched, size_bytes).await {
            Ok(()) => return self.end(size_bytes, sha256).await,
            Err(error) => error,
        };
        // What came of it is written over by the next.
        self.bundle.abandon().map_err(archive)?;
        self.write().await?;
        Err(came)
    }

    async fn contents(
        &mut self,
        teller: &Teller<Hashing>,
        fetched: &mut Fetched,
        size_bytes: u64,
    ) -> Result<(), AddError> {
        let (mut came, mut unwritten, mut reported_ms) = (0_u64, 0_u64, Date::now());
        loop {
            let piece = match select(pin!(fetched.next()), pin!(TimeoutFuture::new(STALLED_AFTER_MS))).await {
                Either::Left((piece, _)) => piece.map_err(not_fetched)?,
                Either::Right(_) => return Err(output("the connection gave nothing any more")),
            };
            let Some(piece) = piece else { return Ok(()) };
            came += piece.len() as u64;
            if came > size_bytes {
                return Err(output(format!("more than its {size_bytes} bytes came")));
            }
            self.bundle.content(&piece).map_err(output)?;
            unwritten += piece.len() as u64;
            if unwritten >= WRITE_BYTES {
                unwritten = 0;
                self.write().await?;
            }
            if Date::now() - reported_ms >= REPORT_MS {
                reported_ms = Date::now();
                teller.progress(&(came as f64));
            }
        }
    }

    /// Ends an output, and says whether it is what it should be.
    async fn end(&mut self, size_bytes: u64, sha256: Sha256) -> Result<(), AddError> {
        let sound = self.bundle.end(size_bytes, sha256);
        self.write().await?;
        sound.map_err(output)
    }

    async fn text(&mut self, path: &str, content: &str) -> Result<(), AddError> {
        self.bundle.begin(path, content.len() as u64).map_err(archive)?;
        self.bundle.content(content.as_bytes()).map_err(archive)?;
        self.write().await
    }

    async fn write(&mut self) -> Result<(), AddError> {
        write(&self.disk, self.bundle.take()).await
    }
}

async fn write(disk: &FileSystemWritableFileStream, patches: Vec<Patch>) -> Result<(), AddError> {
    for Patch { at, bytes } in patches {
        let params = WriteParams::new(WriteCommandType::Write);
        params.set_position(Some(at as f64));
        params.set_data(&Uint8Array::from(bytes.as_slice()));
        let written = disk.write_with_write_params(&params).map_err(no_disk)?;
        JsFuture::from(written).await.map_err(no_disk)?;
    }
    Ok(())
}

fn not_fetched(error: FetchError) -> AddError {
    match error {
        FetchError::Between(between) => AddError::Between(between),
        error if error.is_expired() => AddError::Expired(error.to_string()),
        error => AddError::Output(error.to_string()),
    }
}
