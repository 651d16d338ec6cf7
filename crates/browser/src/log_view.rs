//! The element that a log scrolls in: a space as high as all rows, and a layer that stays in sight and carries those drawn.

use futures::channel::oneshot;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, HtmlElement, ResizeObserver};

/// Ends when the browser is about to draw the next frame; in a hidden page, when it is seen again.
pub async fn next_frame() {
    let (say, said) = oneshot::channel::<()>();
    let callback = Closure::once_into_js(move || {
        // The page may have lost interest.
        let _ = say.send(());
    });
    let asked = web_sys::window().and_then(|window| window.request_animation_frame(callback.unchecked_ref()).ok());
    if asked.is_some() {
        // An error means that the callback was dropped: then there is no frame to wait for.
        let _ = said.await;
    }
}

/// Where the rows drawn stand in the layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stand {
    /// The last row at the lower end.
    End,
    /// The first row so many pixels above the upper end.
    Lifted(f64),
}

/// The scrolling element and its parts.
#[derive(Clone)]
pub struct LogRegion {
    /// It scrolls, and has the focus.
    pub region: HtmlElement,
    /// As high as all rows.
    pub space: HtmlElement,
    /// Stays in sight, as high as the region.
    pub layer: HtmlElement,
    /// Carries the rows.
    pub rows: HtmlElement,
    /// As high as a row of one line.
    pub ruler: HtmlElement,
}

impl LogRegion {
    /// Height of a row of one line, and of the region within its borders; in pixels.
    pub fn measure(&self) -> (f64, f64) {
        let row_px = self.ruler.get_bounding_client_rect().height();
        (row_px, f64::from(self.region.client_height()))
    }

    /// Makes the layer as high as the region.
    pub fn fit_layer(&self, view_px: f64) {
        set(&self.layer, "height", &format!("{view_px}px"));
    }

    /// Makes the space so high.
    pub fn set_space(&self, px: f64) {
        set(&self.space, "height", &format!("{px}px"));
    }

    /// Room for so many letters of a line.
    pub fn set_columns(&self, columns: usize) {
        set(&self.space, "--columns", &columns.to_string());
    }

    /// Room for so many digits of a line's number.
    pub fn set_digits(&self, digits: usize) {
        set(&self.space, "--digits", &digits.to_string());
    }

    /// Where the bar is.
    pub fn bar_px(&self) -> f64 {
        f64::from(self.region.scroll_top())
    }

    /// Moves the bar; where it came to stand.
    pub fn set_bar(&self, px: f64) -> f64 {
        // Rounded as the browser tells it.
        self.region.set_scroll_top(px.round() as i32);
        self.bar_px()
    }

    /// Places the rows drawn.
    pub fn stand(&self, stand: Stand) {
        match stand {
            Stand::End => set(&self.rows, "transform", "none"),
            Stand::Lifted(px) => set(&self.rows, "transform", &format!("translateY({}px)", -px)),
        }
        // Fails only for a name that is not one.
        let _ = self
            .layer
            .class_list()
            .toggle_with_force("is-at-end", stand == Stand::End);
    }

    /// Moves the focus there, without scrolling the page more than needed.
    pub fn focus(&self) {
        // Fails only for an element that is gone.
        let _ = self.region.focus();
    }

    /// Whether the focus is on the region or within it.
    pub fn has_focus(&self) -> bool {
        let active = self
            .region
            .owner_document()
            .and_then(|document| document.active_element());
        active.is_some_and(|active| self.region.contains(Some(&active)))
    }

    /// Whether text within is selected.
    pub fn has_selection(&self) -> bool {
        let selection = web_sys::window().and_then(|window| window.get_selection().ok().flatten());
        selection.is_some_and(|selection| {
            !selection.is_collapsed() && self.region.contains(selection.anchor_node().as_ref())
        })
    }
}

fn set(element: &HtmlElement, property: &str, value: &str) {
    // Fails only for a property that is not one.
    let _ = element.style().set_property(property, value);
}

/// Calls back whenever one of some elements changes its size, until it is dropped.
pub struct SizeWatch {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl SizeWatch {
    /// Watches `elements`.
    ///
    /// # Errors
    /// What the browser throws, which has no such watch.
    pub fn new(elements: &[&Element], on_change: impl FnMut() + 'static) -> Result<Self, JsValue> {
        let callback = Closure::<dyn FnMut()>::new(on_change);
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref())?;
        for element in elements {
            observer.observe(element);
        }
        Ok(Self {
            observer,
            _callback: callback,
        })
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
