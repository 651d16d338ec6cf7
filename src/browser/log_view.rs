//! The lines of a log as nodes of the page, written once per frame however fast messages come.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use futures::channel::oneshot;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Document, Element, HtmlElement, Text};

use crate::client::log_text::{LogText, Source};

/// So near to the end, in pixels, the reader counts as being at the end.
const END_TOLERANCE_PX: i32 = 24;

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

/// The words that name the sources for whoever cannot see how their lines look.
#[derive(Debug, Clone)]
pub struct SourceNames {
    /// For standard output.
    pub out: String,
    /// For standard error.
    pub err: String,
}

struct Shown {
    line: Element,
    text: Text,
}

/// A scrolling element whose children are the lines of a [`LogText`].
#[derive(Clone)]
pub struct LogView {
    region: HtmlElement,
    document: Document,
    lines: Rc<RefCell<VecDeque<Shown>>>,
    /// Number of the first line on the page.
    oldest: Rc<Cell<u64>>,
    names: SourceNames,
}

impl LogView {
    /// A view that writes into `region`.
    pub fn new(region: HtmlElement, names: SourceNames) -> Option<Self> {
        Some(Self {
            document: region.owner_document()?,
            region,
            lines: Rc::default(),
            oldest: Rc::default(),
            names,
        })
    }

    /// Brings the nodes up to date with `log`.
    ///
    /// # Errors
    /// What the browser throws when a node cannot be made.
    pub fn update(&self, log: &mut LogText) -> Result<(), JsValue> {
        let mut oldest = self.oldest.get();
        let changes = log.take_changes();
        let mut lines = self.lines.borrow_mut();
        while oldest < log.first() {
            if let Some(gone) = lines.pop_front() {
                gone.line.remove();
            }
            oldest += 1;
        }
        self.oldest.set(oldest);
        for number in changes.changed {
            let place = number.checked_sub(oldest).and_then(|place| usize::try_from(place).ok());
            if let (Some(shown), Some(line)) = (place.and_then(|place| lines.get(place)), log.line(number)) {
                shown.text.set_data(&line.text);
            }
        }
        let fragment = self.document.create_document_fragment();
        for number in changes.first_new..log.count() {
            let Some(line) = log.line(number) else { continue };
            let shown = self.line(&line.source, &line.text)?;
            fragment.append_child(&shown.line)?;
            lines.push_back(shown);
        }
        self.region.append_child(&fragment)?;
        Ok(())
    }

    fn line(&self, source: &Source, text: &str) -> Result<Shown, JsValue> {
        let line = self.document.create_element("div")?;
        let (class, name) = match source {
            Source::Out => ("line line-out", self.names.out.as_str()),
            Source::Err => ("line line-err", self.names.err.as_str()),
            Source::File(path) => ("line line-file", path.as_str()),
        };
        line.set_class_name(class);
        let mark = self.document.create_element("span")?;
        mark.set_class_name("line-source");
        mark.set_text_content(Some(name));
        line.append_child(&mark)?;
        let words = self.document.create_element("span")?;
        words.set_class_name("line-text");
        let text = self.document.create_text_node(text);
        words.append_child(&text)?;
        line.append_child(&words)?;
        Ok(Shown { line, text })
    }

    /// Whether the reader looks at the end.
    pub fn is_at_end(&self) -> bool {
        is_at_end(&self.region)
    }

    /// Shows the end.
    pub fn scroll_to_end(&self) {
        self.region.set_scroll_top(self.region.scroll_height());
    }
}

/// Whether `region` is scrolled to its end.
pub fn is_at_end(region: &Element) -> bool {
    region.scroll_height() - region.scroll_top() - region.client_height() <= END_TOLERANCE_PX
}
