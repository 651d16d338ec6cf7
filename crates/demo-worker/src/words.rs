//! What the engine says, read with care: a stranger's command may have had it say anything.

use jobsphere_demo::engine::{Collected, Exit, FailedBy, Found, Kind, Part, Stream, Usage, Word};
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// A message of the engine.
pub(super) enum Said {
    /// Something happened in a run.
    OfRun {
        /// Which.
        run: String,
        /// What.
        word: Word,
    },
    /// An answer to `collect`.
    Collected {
        /// Of which run.
        run: String,
        /// To which question.
        number: u32,
        /// What there is.
        what: Collected,
    },
}

/// `None` for what is none, or is nothing new.
pub(super) fn read(said: &JsValue) -> Option<Said> {
    let kind = text(said, "type")?;
    let run = text(said, "run")?;
    if kind == "collected" {
        return Some(Said::Collected {
            run,
            number: number(said, "id")? as u32,
            what: collected(said)?,
        });
    }
    let word = word(&kind, said)?;
    Some(Said::OfRun { run, word })
}

fn word(kind: &str, said: &JsValue) -> Option<Word> {
    Some(match kind {
        "loading" => Word::Loading {
            part: match text(said, "part")?.as_str() {
                "python" => Part::Python,
                _ => Part::Machine,
            },
            loaded_bytes: number(said, "loadedBytes")? as u64,
            total_bytes: number(said, "totalBytes").unwrap_or_default() as u64,
        },
        "started" => Word::Started {
            at_ms: number(said, "atMs")?,
        },
        "output" => {
            let stream = match text(said, "stream")?.as_str() {
                "stdout" => Stream::Out,
                "stderr" => Stream::Err,
                _ => return None,
            };
            Word::Output(stream, bytes(said, "bytes")?)
        }
        "system" => Word::System(text(said, "line")?),
        "progress" => Word::Progress(bytes(said, "bytes")?),
        "usage" => Word::Usage(usage(said)?),
        "exit" => Word::Exit(Exit {
            return_code: number(said, "returnCode").map(|code| code as i64),
            cancelled: is(said, "cancelled"),
            details: text(said, "details").unwrap_or_default(),
            progress: bytes(said, "progress").unwrap_or_default(),
        }),
        "failed" => {
            let by = match text(said, "kind")?.as_str() {
                "load" => FailedBy::Load,
                "memory" => FailedBy::Memory,
                "refused" => FailedBy::Refused,
                _ => FailedBy::Machine,
            };
            Word::Failed(by, text(said, "message").unwrap_or_default())
        }
        _ => return None,
    })
}

fn usage(said: &JsValue) -> Option<Usage> {
    let told = |name| number(said, name).unwrap_or_default();
    Some(Usage {
        at_ms: number(said, "atMs")?,
        cpu_percent: told("cpuPercent"),
        memory_bytes: told("memoryBytes"),
        disk_read_bytes: told("diskReadBytes"),
        disk_write_bytes: told("diskWriteBytes"),
        processes: told("processes"),
    })
}

fn collected(said: &JsValue) -> Option<Collected> {
    Some(match text(said, "kind")?.as_str() {
        "file" => {
            let entry = list(said, "entries").first().cloned()?;
            Collected::File(bytes(&entry, "content")?)
        }
        "folder" => Collected::Folder {
            entries: list(said, "entries").iter().filter_map(found).collect(),
            left_out: list(said, "leftOut")
                .iter()
                .filter_map(|name| name.as_string())
                .collect(),
        },
        "missing" => Collected::Missing,
        "tooLarge" => Collected::TooLarge,
        "lost" => Collected::Lost,
        _ => Collected::Other,
    })
}

fn found(entry: &JsValue) -> Option<Found> {
    Some(Found {
        path: text(entry, "path")?,
        kind: match text(entry, "type")?.as_str() {
            "file" => Kind::File(bytes(entry, "content")?),
            "folder" => Kind::Folder,
            _ => return None,
        },
    })
}

fn get(from: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(from, &name.into()).ok()
}

fn text(from: &JsValue, name: &str) -> Option<String> {
    get(from, name)?.as_string()
}

fn number(from: &JsValue, name: &str) -> Option<f64> {
    get(from, name)?.as_f64()
}

fn is(from: &JsValue, name: &str) -> bool {
    get(from, name).is_some_and(|value| value.is_truthy())
}

fn bytes(from: &JsValue, name: &str) -> Option<Vec<u8>> {
    let bytes: Uint8Array = get(from, name)?.dyn_into().ok()?;
    Some(bytes.to_vec())
}

fn list(from: &JsValue, name: &str) -> Vec<JsValue> {
    let list = get(from, name).and_then(|list| list.dyn_into::<Array>().ok());
    list.map(|list| list.to_vec()).unwrap_or_default()
}
