//! Waiting until the page has nothing to do.

use futures::channel::oneshot;
use wasm_bindgen::{JsCast, prelude::Closure};

/// Ends when the browser is idle; at once in one that cannot tell.
pub async fn idle() {
    let (tell, told) = oneshot::channel::<()>();
    let on_idle = Closure::once_into_js(move || {
        // Fails only when nobody waits any more.
        let _ = tell.send(());
    });
    let asked = web_sys::window().map(|window| window.request_idle_callback(on_idle.unchecked_ref()));
    if matches!(asked, Some(Ok(_))) {
        // Fails only when the page goes away.
        let _ = told.await;
    }
}
