//! A strange page made fit for a frame: the sandbox and the policy of the frame keep it from everything already; what would
//! only ask for something is taken out as well, so that no name is looked up and no connection is opened.

use wasm_bindgen::JsCast;
use web_sys::{DomParser, Element, NodeList, SupportedType};

/// Elements that load, connect, or lead elsewhere.
const UNWANTED: &str =
    "script, link, meta, base, iframe, frame, frameset, object, embed, applet, portal, form, template";
/// Nothing from outside, whatever the page says; pictures that are in the page itself.
const POLICY: &str = concat!(
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; ",
    "style-src 'unsafe-inline'\"><meta http-equiv=\"x-dns-prefetch-control\" content=\"off\"><meta charset=\"utf-8\">",
);

/// The page for a frame; empty when the browser does not read it.
pub fn inert(page: &str) -> String {
    // A document that is read so loads nothing and runs nothing.
    let document = DomParser::new().and_then(|parser| parser.parse_from_string(page, SupportedType::TextHtml));
    let Ok(document) = document else {
        return String::new();
    };
    for element in all(document.query_selector_all(UNWANTED)) {
        element.remove();
    }
    for element in all(document.query_selector_all("[href]")) {
        let leads_inside = element.get_attribute("href").is_some_and(|href| href.starts_with('#'));
        if !leads_inside {
            // Fails only for a name that is not one.
            let _ = element.remove_attribute("href");
        }
    }
    let root = document.document_element().map(|root| root.outer_html());
    format!("<!doctype html>{POLICY}{}", root.unwrap_or_default())
}

fn all(found: Result<NodeList, wasm_bindgen::JsValue>) -> Vec<Element> {
    let Ok(found) = found else { return Vec::new() };
    let nodes = (0..found.length()).filter_map(|place| found.get(place));
    nodes.filter_map(|node| node.dyn_into().ok()).collect()
}
