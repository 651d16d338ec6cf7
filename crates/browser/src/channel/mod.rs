//! What a page and its workers say to each other: requests, and to each any number of words of progress and one answer.
//!
//! The words are typed by [`Work`] and travel as JSON; files and other values of the browser travel as they are, as
//! [`Beside`]. A request may be given up: what is still said to it is heard by nobody.

mod beside;
mod kept;
mod page;
mod pool;
pub mod worker;

use js_sys::Array;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

pub use beside::Beside;
pub use kept::Kept;
pub use page::{Channel, Starting};
pub use pool::Pool;

/// What a kind of worker is asked for and says.
pub trait Work: 'static {
    /// The name of the worker.
    const WORKER: &'static str;
    /// A worker that owes an answer and says nothing for so long hangs; `None` where silence is no sign.
    const SILENCE_LIMIT_MS: Option<u32> = None;
    /// What the page asks for.
    type Request: Serialize + DeserializeOwned;
    /// What the worker says before it answers, or unasked.
    type Progress: Serialize + DeserializeOwned;
    /// The last that it says to a request.
    type Answer: Serialize + DeserializeOwned;
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// The worker did not start, died, or was not understood.
    #[error("the background worker failed: {0}")]
    Worker(String),
    /// It said nothing for longer than [`Work::SILENCE_LIMIT_MS`].
    #[error("the background worker is silent")]
    Silent,
}

impl ChannelError {
    /// The worker's answer is to another request.
    pub fn mistaken() -> Self {
        Self::Worker("it answered something else".into())
    }
}

/// Numbers what is said without a request, and requests that want no answer.
const UNASKED: u32 = 0;

/// What a worker says.
#[derive(Serialize, Deserialize)]
enum Word<P, A> {
    /// It listens; what it was sent before that is lost.
    Listening,
    Progress(P),
    Answer(A),
    /// It could not read the request.
    Failed(String),
}

/// A message: the number of the request, the words, and the values beside them.
fn write(id: u32, words: &impl Serialize) -> Result<Array, String> {
    let (text, beside) = beside::collect(|| serde_json::to_string(words));
    let text = text.map_err(|error| error.to_string())?;
    Ok(Array::of3(&id.into(), &text.into(), &beside))
}

/// What [`write`] was given.
fn read<T: DeserializeOwned>(message: &JsValue) -> (u32, Result<T, String>) {
    let message: &Array = message.unchecked_ref();
    let id = message.get(0).as_f64().unwrap_or_default() as u32;
    let text = message.get(1).as_string().unwrap_or_default();
    let words = beside::with(message.get(2).unchecked_into(), || serde_json::from_str(&text));
    (id, words.map_err(|error| error.to_string()))
}
