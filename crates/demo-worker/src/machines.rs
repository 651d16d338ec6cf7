//! Machines behind the port of the engine, whose words are those of `demo/PROTOCOL.md`.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures::{
    StreamExt,
    channel::{
        mpsc::{UnboundedSender, unbounded},
        oneshot,
    },
    stream::BoxStream,
};
use gloo_events::EventListener;
use jobsphere_api::id::{JobId, ProjectId};
use jobsphere_browser::error::message;
use jobsphere_demo::engine::{Collected, Content, Machines, Order, Sight, Word};
use js_sys::{Array, Object, Reflect, Uint8Array};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort};

use super::{
    blobs::PrivateBlobs,
    words::{self, Said},
};

const NO_MACHINE: &str = "this copy of the demo has no machine to run commands on";

/// The engine, if the page has one.
pub(super) struct PortMachines {
    line: SendWrapper<Option<Rc<Line>>>,
    blobs: Arc<PrivateBlobs>,
}

struct Line {
    port: MessagePort,
    runs: RefCell<BTreeMap<String, UnboundedSender<Word>>>,
    /// By the number of the question, with the run it is about.
    asked: RefCell<BTreeMap<u32, (String, oneshot::Sender<Collected>)>>,
    last_number: RefCell<u32>,
    listener: RefCell<Option<EventListener>>,
}

impl PortMachines {
    /// Speaks to the engine by `port`.
    pub(super) fn new(port: Option<MessagePort>, blobs: Arc<PrivateBlobs>) -> Self {
        Self {
            line: SendWrapper::new(port.map(Line::open)),
            blobs,
        }
    }
}

impl Line {
    fn open(port: MessagePort) -> Rc<Self> {
        let line = Rc::new(Self {
            port,
            runs: RefCell::default(),
            asked: RefCell::default(),
            last_number: RefCell::default(),
            listener: RefCell::default(),
        });
        let hears = Rc::downgrade(&line);
        let listener = EventListener::new(&line.port, "message", move |event| {
            if let (Some(line), Some(event)) = (hears.upgrade(), event.dyn_ref::<MessageEvent>()) {
                line.hear(&event.data());
            }
        });
        line.listener.replace(Some(listener));
        line.port.start();
        line
    }

    fn say(&self, kind: &str, run: &str, fields: &[(&str, JsValue)]) -> Result<(), JsValue> {
        let message = object([("type", kind.into()), ("run", run.into())]);
        for (name, value) in fields {
            Reflect::set(&message, &(*name).into(), value)?;
        }
        self.port.post_message(&message)
    }

    fn hear(&self, said: &JsValue) {
        match words::read(said) {
            Some(Said::OfRun { run, word }) => {
                let is_last = matches!(word, Word::Exit(_) | Word::Failed(..));
                let mut runs = self.runs.borrow_mut();
                if let Some(hears) = runs.get(&run) {
                    // Who ordered the run may be gone.
                    let _ = hears.unbounded_send(word);
                }
                if is_last {
                    runs.remove(&run);
                }
            }
            Some(Said::Collected { run, number, what }) => {
                let mut asked = self.asked.borrow_mut();
                // One run cannot answer for another.
                if asked.get(&number).is_some_and(|(of, _)| *of == run)
                    && let Some((_, hears)) = asked.remove(&number)
                {
                    // Nobody may wait any more.
                    let _ = hears.send(what);
                }
            }
            None => {}
        }
    }

    fn ask(&self, run: &str, path: &str, most_bytes: u64) -> oneshot::Receiver<Collected> {
        let number = {
            let mut last = self.last_number.borrow_mut();
            *last += 1;
            *last
        };
        let (hears, answer) = oneshot::channel();
        self.asked.borrow_mut().insert(number, (run.to_owned(), hears));
        let fields = [
            ("id", number.into()),
            ("path", path.into()),
            ("mostBytes", (most_bytes as f64).into()),
        ];
        if self.say("collect", run, &fields).is_err() {
            self.asked.borrow_mut().remove(&number);
        }
        answer
    }
}

fn object<const COUNT: usize>(fields: [(&str, JsValue); COUNT]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // A plain object takes any property.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}

#[async_trait]
impl Machines for PortMachines {
    fn sight(&self) -> Sight {
        Sight {
            is_there: self.line.is_some(),
        }
    }

    async fn run(&self, project: &ProjectId, job: &JobId, order: Order) -> Result<BoxStream<'static, Word>, String> {
        SendWrapper::new(async {
            let line = self.line.as_ref().ok_or(NO_MACHINE)?;
            let inputs = Array::new();
            for input in &order.inputs {
                let content: JsValue = match &input.content {
                    Content::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
                    Content::Held(sha256) => {
                        let content = self.blobs.get(project, *sha256).await;
                        let content = content.map_err(|thrown| message(&thrown))?;
                        content
                            .ok_or_else(|| format!("the content of {} is gone", input.path))?
                            .into()
                    }
                };
                inputs.push(&object([("path", input.path.as_str().into()), ("content", content)]));
            }
            let env = Object::new();
            for (name, value) in &order.env {
                Reflect::set(&env, &name.into(), &value.into()).map_err(|thrown| message(&thrown))?;
            }
            let folders: Array = order.folders.iter().map(|folder| JsValue::from_str(folder)).collect();
            let fields = [
                ("command", order.command.as_str().into()),
                ("env", env.into()),
                ("inputs", inputs.into()),
                ("folders", folders.into()),
                ("limits", Object::new().into()),
            ];
            let (hears, words) = unbounded();
            line.runs.borrow_mut().insert(job.to_string(), hears);
            line.say("run", job.as_str(), &fields)
                .map_err(|thrown| message(&thrown))?;
            Ok(words.boxed())
        })
        .await
    }

    fn cancel(&self, job: &JobId, signal: Option<i32>, timeout: Option<Duration>) {
        let timeout_ms = timeout.map(|timeout| timeout.as_millis() as f64);
        let fields = [
            ("signal", signal.map_or(JsValue::NULL, Into::into)),
            ("timeoutMs", timeout_ms.map_or(JsValue::NULL, Into::into)),
        ];
        if let Some(line) = self.line.as_ref() {
            // Refused only for what cannot be copied.
            let _ = line.say("cancel", job.as_str(), &fields);
        }
    }

    async fn collect(&self, job: &JobId, path: &str, most_bytes: u64) -> Collected {
        let answer = self.line.as_ref().map(|line| line.ask(job.as_str(), path, most_bytes));
        match answer {
            Some(answer) => answer.await.unwrap_or(Collected::Lost),
            None => Collected::Lost,
        }
    }

    fn forget(&self, job: &JobId) {
        if let Some(line) = self.line.as_ref() {
            line.runs.borrow_mut().remove(job.as_str());
            line.asked.borrow_mut().retain(|_, (run, _)| run != job.as_str());
            // Refused only for what cannot be copied.
            let _ = line.say("forget", job.as_str(), &[]);
        }
    }
}
