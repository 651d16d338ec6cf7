//! A strange page made fit for a frame: the sandbox and the policy of the frame keep it from everything already; what would
//! only ask for something is taken out as well, so that no name is looked up and no connection is opened.

use wasm_bindgen::JsCast;
use web_sys::{DomParser, Element, NodeList, SupportedType};

/// Elements that load, connect, or lead elsewhere.
const UNWANTED: &str =
    "script, link, meta, base, iframe, frame, frameset, object, embed, applet, portal, form, template";
/// Attributes that name something elsewhere, which browsers look for before they have read what forbids it.
const ADDRESSES: [&str; 13] = [
    "href",
    "xlink:href",
    "src",
    "srcset",
    "imagesrcset",
    "poster",
    "background",
    "data",
    "action",
    "formaction",
    "ping",
    "cite",
    "longdesc",
];
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
    for element in all(document.query_selector_all("*")) {
        for name in ADDRESSES {
            let leads_away = element
                .get_attribute(name)
                .is_some_and(|address| !is_within(name, &address));
            if leads_away {
                // Fails only for a name that is not one.
                let _ = element.remove_attribute(name);
            }
        }
    }
    for style in all(document.query_selector_all("style")) {
        let text = style.text_content().unwrap_or_default();
        style.set_text_content(Some(&without_imports(&text)));
    }
    let root = document.document_element().map(|root| root.outer_html());
    format!("<!doctype html>{POLICY}{}", root.unwrap_or_default())
}

/// Whether an attribute names something in the page itself: a place, or what is written out.
fn is_within(name: &str, address: &str) -> bool {
    let address = address.trim_start();
    let scheme = address.get(..5).unwrap_or_default();
    address.starts_with('#') || (name != "href" && scheme.eq_ignore_ascii_case("data:"))
}

/// Style sheets without the rules that fetch others. The policy forbids them too, however they are written.
fn without_imports(css: &str) -> String {
    let lower = css.to_ascii_lowercase();
    let mut kept = String::with_capacity(css.len());
    let mut from = 0;
    while let Some(at) = lower[from..].find("@import") {
        kept.push_str(&css[from..from + at]);
        from = lower[from + at..]
            .find(';')
            .map_or(css.len(), |end| from + at + end + 1);
    }
    kept + &css[from..]
}

fn all(found: Result<NodeList, wasm_bindgen::JsValue>) -> Vec<Element> {
    let Ok(found) = found else { return Vec::new() };
    let nodes = (0..found.length()).filter_map(|place| found.get(place));
    nodes.filter_map(|node| node.dyn_into().ok()).collect()
}
