//! The worker's side of an archive of outputs: fetches, checks and writes down, a piece at a time.

use std::{cell::RefCell, pin::pin};

use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Date, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DedicatedWorkerGlobalScope, FileSystemFileHandle, FileSystemWritableFileStream, WriteCommandType, WriteParams,
};

use super::{
    bundle::{ADD, BEGIN, DISK, END, TEXT},
    message,
    worker::say,
};
use crate::{
    api::sha256::Sha256,
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

/// A step that failed: an HTTP status, [`DISK`], or 0.
struct Failed(usize, String);

/// Takes a step; where it fails, `at` says how.
pub(super) async fn work(scope: &DedicatedWorkerGlobalScope, task: &Array, at: &mut usize) -> Result<Array, JsValue> {
    let done = match task.get(0).as_string().as_deref() {
        Some(BEGIN) => begin(task.get(1).unchecked_into()).await,
        Some(ADD) => with_open(async |open| add(open, scope, task).await).await,
        Some(TEXT) => with_open(async |open| text(open, task).await).await,
        Some(END) => end().await,
        _ => Err(Failed(0, "an unknown step".into())),
    };
    done.map(|()| Array::new()).map_err(|Failed(status, reason)| {
        *at = status;
        JsValue::from_str(&reason)
    })
}

fn no_disk(thrown: JsValue) -> Failed {
    Failed(DISK, message(&thrown))
}

async fn begin(file: FileSystemFileHandle) -> Result<(), Failed> {
    let disk = JsFuture::from(file.create_writable()).await.map_err(no_disk)?;
    OPEN.set(Some(Open {
        bundle: Bundle::default(),
        disk: disk.unchecked_into(),
    }));
    Ok(())
}

async fn with_open(step: impl AsyncFnOnce(&mut Open) -> Result<(), Failed>) -> Result<(), Failed> {
    let mut open = OPEN.take().ok_or(Failed(DISK, "no archive was begun".into()))?;
    let done = step(&mut open).await;
    OPEN.set(Some(open));
    done
}

async fn add(open: &mut Open, scope: &DedicatedWorkerGlobalScope, task: &Array) -> Result<(), Failed> {
    let word = |place| task.get(place).as_string().unwrap_or_default();
    let size_bytes = task.get(3).as_f64().unwrap_or_default() as u64;
    let sha256 = Sha256::parse(&word(4)).map_err(|error| Failed(0, error.to_string()))?;
    let mut fetched = Fetched::get(&word(2), None).await.map_err(not_fetched)?;
    open.bundle
        .begin(&word(1), size_bytes)
        .map_err(|error| Failed(0, error.to_string()))?;
    let came = contents(open, scope, &mut fetched, size_bytes).await;
    let came = match came {
        Ok(()) => return open.end(size_bytes, sha256).await,
        Err(failed) => failed,
    };
    // What came of it is written over by the next.
    open.bundle.abandon().map_err(|error| Failed(DISK, error.to_string()))?;
    open.write().await?;
    Err(came)
}

async fn contents(
    open: &mut Open,
    scope: &DedicatedWorkerGlobalScope,
    fetched: &mut Fetched,
    size_bytes: u64,
) -> Result<(), Failed> {
    let (mut came, mut unwritten, mut reported_ms) = (0_u64, 0_u64, Date::now());
    loop {
        let piece = match select(pin!(fetched.next()), pin!(TimeoutFuture::new(STALLED_AFTER_MS))).await {
            Either::Left((piece, _)) => piece.map_err(not_fetched)?,
            Either::Right(_) => return Err(Failed(0, "the connection gave nothing any more".into())),
        };
        let Some(piece) = piece else { return Ok(()) };
        came += piece.len() as u64;
        if came > size_bytes {
            return Err(Failed(0, format!("more than its {size_bytes} bytes came")));
        }
        open.bundle
            .content(&piece)
            .map_err(|error| Failed(0, error.to_string()))?;
        unwritten += piece.len() as u64;
        if unwritten >= WRITE_BYTES {
            unwritten = 0;
            open.write().await?;
        }
        if Date::now() - reported_ms >= REPORT_MS {
            reported_ms = Date::now();
            say(scope, &(came as f64).into());
        }
    }
}

async fn text(open: &mut Open, task: &Array) -> Result<(), Failed> {
    let word = |place| task.get(place).as_string().unwrap_or_default();
    let content = word(2);
    let disk = |error: &dyn std::fmt::Display| Failed(DISK, error.to_string());
    open.bundle
        .begin(&word(1), content.len() as u64)
        .map_err(|error| disk(&error))?;
    open.bundle.content(content.as_bytes()).map_err(|error| disk(&error))?;
    open.write().await
}

async fn end() -> Result<(), Failed> {
    let Open { bundle, disk } = OPEN.take().ok_or(Failed(DISK, "no archive was begun".into()))?;
    let (patches, length) = bundle.finish().map_err(|error| Failed(DISK, error.to_string()))?;
    write(&disk, patches).await?;
    let truncated = disk.truncate_with_f64(length as f64).map_err(no_disk)?;
    JsFuture::from(truncated).await.map_err(no_disk)?;
    JsFuture::from(disk.close()).await.map_err(no_disk)?;
    Ok(())
}

impl Open {
    /// Ends an output, and says whether it is what it should be.
    async fn end(&mut self, size_bytes: u64, sha256: Sha256) -> Result<(), Failed> {
        let sound = self.bundle.end(size_bytes, sha256);
        self.write().await?;
        sound.map_err(|error| Failed(0, error.to_string()))
    }

    async fn write(&mut self) -> Result<(), Failed> {
        write(&self.disk, self.bundle.take()).await
    }
}

async fn write(disk: &FileSystemWritableFileStream, patches: Vec<Patch>) -> Result<(), Failed> {
    for Patch { at, bytes } in patches {
        let params = WriteParams::new(WriteCommandType::Write);
        params.set_position(Some(at as f64));
        params.set_data(&Uint8Array::from(bytes.as_slice()));
        let written = disk.write_with_write_params(&params).map_err(no_disk)?;
        JsFuture::from(written).await.map_err(no_disk)?;
    }
    Ok(())
}

fn not_fetched(error: FetchError) -> Failed {
    let status = match &error {
        FetchError::Refused { status, .. } => usize::from(*status),
        FetchError::Connection(_) => 0,
    };
    Failed(status, error.to_string())
}
