//! Time, randomness and tasks of a worker.

use std::time::Duration;

use futures::{FutureExt, future::BoxFuture};
use gloo_timers::future::TimeoutFuture;
use jobsphere_service::Host;
use js_sys::Reflect;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

/// The longest that a timer of a browser waits; a longer one ends at once.
const LONGEST: Duration = Duration::from_millis(i32::MAX as u64);

/// The service's surroundings in a worker.
#[derive(Debug, Clone, Copy)]
pub(super) struct WorkerHost;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console)]
    fn warn(sentence: &str);
}

impl Host for WorkerHost {
    fn now_micros(&self) -> i64 {
        now_micros()
    }

    fn random(&self, bytes: &mut [u8]) {
        let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).unwrap_or(JsValue::UNDEFINED);
        let crypto: web_sys::Crypto = crypto.unchecked_into();
        // Refused only for more than 65,536 bytes.
        let _ = crypto.get_random_values_with_u8_array(bytes);
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        SendWrapper::new(async move {
            let mut rest = time;
            while !rest.is_zero() {
                let part = rest.min(LONGEST);
                TimeoutFuture::new(u32::try_from(part.as_millis()).unwrap_or(u32::MAX)).await;
                rest = rest.saturating_sub(part.max(Duration::from_millis(1)));
            }
        })
        .boxed()
    }

    fn warn(&self, sentence: &str) {
        warn(sentence);
    }

    fn spawn(&self, task: BoxFuture<'static, ()>) {
        wasm_bindgen_futures::spawn_local(task);
    }
}

/// Microseconds since the epoch.
pub(super) fn now_micros() -> i64 {
    (js_sys::Date::now() * 1000.0) as i64
}

/// Letters that nobody else draws.
pub(super) fn random_name() -> String {
    let mut bytes = [0; 16];
    WorkerHost.random(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
