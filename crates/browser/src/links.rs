//! Links of the page that somebody is about to follow.

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlAnchorElement};

use super::document::document;

/// What comes before a click: a pointer over the link (or a finger on it), or the focus.
const SIGNS: [&str; 2] = ["pointerover", "focusin"];

/// Calls `hear` with the path of each link of this site that is pointed at or focused, as long as the page lives.
pub fn on_approach(hear: impl Fn(&str) + Clone + 'static) {
    let Some(document) = document() else { return };
    for sign in SIGNS {
        let hear = hear.clone();
        let listener = EventListener::new(&document, sign, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let link = target.and_then(|element| element.closest("a[href]").ok().flatten());
            if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok())
                && link.host() == host()
            {
                hear(&link.pathname());
            }
        });
        listener.forget();
    }
}

fn host() -> String {
    let host = web_sys::window().and_then(|window| window.location().host().ok());
    host.unwrap_or_default()
}
