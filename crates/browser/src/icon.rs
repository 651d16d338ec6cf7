//! The picture of the tab.

use std::cell::OnceCell;

use wasm_bindgen::JsCast;
use web_sys::HtmlLinkElement;

use super::document::document;

const LINK: &str = "link[rel~=\"icon\"]";

thread_local! {
    /// Address of the app's own picture.
    static OWN: OnceCell<String> = const { OnceCell::new() };
}

fn link() -> Option<HtmlLinkElement> {
    document()?.query_selector(LINK).ok()??.dyn_into().ok()
}

/// A picture in place of the app's own, which comes back when this is dropped.
#[derive(Debug)]
pub struct Icon {
    link: HtmlLinkElement,
}

impl Icon {
    /// Takes the place of the app's own; `None` where the page names none.
    pub fn take() -> Option<Self> {
        let link = link()?;
        // Set already where another page took it before.
        OWN.with(|own| drop(own.set(link.href())));
        Some(Self { link })
    }

    /// Shows a picture; `svg` holds no text from outside.
    pub fn show(&self, svg: &str) {
        let encoded: String = js_sys::encode_uri_component(svg).into();
        self.link.set_href(&format!("data:image/svg+xml,{encoded}"));
    }
}

impl Drop for Icon {
    fn drop(&mut self) {
        OWN.with(|own| own.get().iter().for_each(|own| self.link.set_href(own)));
    }
}
