//! What of a long page is in view, and when that changes.

use std::{cell::Cell, rc::Rc};

use futures::FutureExt;
use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use super::log_view::next_frame;

/// Calls back while it lives.
pub struct Watch {
    _listeners: Vec<EventListener>,
    /// What is called back; a frame that was waited for finds it gone.
    _changed: Rc<dyn Fn()>,
}

/// Has `changed` called, at most once a frame, when the page is scrolled or its window changes its size.
pub fn watch(changed: impl Fn() + 'static) -> Option<Watch> {
    let window = web_sys::window()?;
    let changed: Rc<dyn Fn()> = Rc::new(changed);
    let weak = Rc::downgrade(&changed);
    let is_due = Rc::new(Cell::new(false));
    let options = EventListenerOptions {
        phase: EventListenerPhase::Bubble,
        passive: true,
    };
    let listen = |event: &'static str| {
        let (changed, is_due) = (weak.clone(), is_due.clone());
        EventListener::new_with_options(&window, event, options, move |_| {
            if is_due.replace(true) {
                return;
            }
            let (changed, is_due) = (changed.clone(), is_due.clone());
            spawn_local(next_frame().map(move |()| {
                is_due.set(false);
                if let Some(changed) = changed.upgrade() {
                    changed();
                }
            }));
        })
    };
    Some(Watch {
        _listeners: vec![listen("scroll"), listen("resize")],
        _changed: changed,
    })
}

/// How far the top of `element` is below the top of the window, in pixels; negative when it is scrolled out.
pub fn top_of(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}

/// The height of `element`, in pixels.
pub fn height_of(element: &Element) -> f64 {
    element.get_bounding_client_rect().height()
}

/// The height of the window, in pixels.
pub fn height() -> f64 {
    let height = web_sys::window().and_then(|window| window.inner_height().ok());
    height.and_then(|height| height.as_f64()).unwrap_or_default()
}

/// Scrolls the page by so many pixels.
pub fn scroll_by(pixels: f64) {
    if let Some(window) = web_sys::window() {
        window.scroll_by_with_x_and_y(0.0, pixels);
    }
}
