//! The worker's side: one answer to each question, in their order.

use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Listens for questions, which `answer` answers, and tells the page that it does.
pub fn listen<Q: DeserializeOwned + 'static>(answer: fn(Q) -> serde_json::Result<String>) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let on_message = {
        let scope = scope.clone();
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let question = event.data().as_string().unwrap_or_default();
            let answer = serde_json::from_str::<Q>(&question).and_then(answer).map_or_else(
                |error| js_sys::Error::new(&error.to_string()).into(),
                |text| JsValue::from_str(&text),
            );
            // Texts and errors can always be sent.
            let _ = scope.post_message(&answer);
        })
    };
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives as long as its page wants it.
    on_message.forget();
    let _ = scope.post_message(&JsValue::NULL);
}
