//! The picture of the tab.

use wasm_bindgen::JsCast;
use web_sys::HtmlLinkElement;

use super::document::document;

const LINK: &str = "link[rel~=\"icon\"]";

fn link() -> Option<HtmlLinkElement> {
    document()?.query_selector(LINK).ok()??.dyn_into().ok()
}

/// A picture in place of the app's own, which comes back when this is dropped.
#[derive(Debug)]
pub struct Icon {
    link: HtmlLinkElement,
    own: String,
}

impl Icon {
    /// Takes the place of the app's own; `None` where the page names none.
    pub fn take() -> Option<Self> {
        let link = link()?;
        let own = link.href();
        Some(Self { link, own })
    }

    /// Shows a picture; `svg` holds no text from outside.
    pub fn show(&self, svg: &str) {
        let encoded: String = js_sys::encode_uri_component(svg).into();
        self.link.set_href(&format!("data:image/svg+xml,{encoded}"));
    }
}

impl Drop for Icon {
    fn drop(&mut self) {
        self.link.set_href(&self.own);
    }
}
