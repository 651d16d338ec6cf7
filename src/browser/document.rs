//! The document as a whole: title, language, theme, focus, visibility.

use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement, VisibilityState};

/// The page's document.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Sets the title of the tab.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Sets an attribute of `<html>`, or removes it.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else {
        return;
    };
    // Both fail only for a name that is not one.
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Moves the focus to the element with this id and brings it into view.
pub fn focus(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Focus fails only for an element that is gone.
        let _ = element.focus();
        element.scroll_into_view();
    }
}

/// Takes the element with this id out of the page.
pub fn remove(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.remove();
    }
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        // Fails only where a page may not be loaded at all.
        let _ = window.location().reload();
    }
}

/// Whether anybody can see the page.
pub fn is_visible() -> bool {
    document().is_none_or(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Whether the browser believes that there is a network.
pub fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// A text that nobody can guess and nobody else has.
pub fn random_id() -> String {
    let random = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    let mut bytes = [0; 16];
    match crypto.map(|crypto| crypto.get_random_values_with_u8_array(&mut bytes)) {
        Some(Ok(_)) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        _ => (0..4).map(|_| format!("{:08x}", random())).collect(),
    }
}

/// The languages the person prefers, best first.
pub fn preferred_languages() -> Vec<String> {
    web_sys::window()
        .map(|window| window.navigator().languages())
        .into_iter()
        .flat_map(|languages| languages.iter().collect::<Vec<_>>())
        .filter_map(|language| language.as_string())
        .collect()
}

/// The page's own address.
pub fn address() -> String {
    web_sys::window()
        .and_then(|window| window.location().href().ok())
        .unwrap_or_default()
}

/// Sets a part of the page's address behind `?`, without going anywhere and without an entry in the history; the part
/// behind `#` goes away.
pub fn set_query(name: &str, value: &str) {
    let Some(window) = web_sys::window() else { return };
    let path = window.location().pathname().unwrap_or_default();
    if let Ok(history) = window.history() {
        let state = history.state().unwrap_or_default();
        // Refused only for another origin, or when it is called hundreds of times.
        let _ = history.replace_state_with_url(&state, "", Some(&format!("{path}?{name}={value}")));
    }
}

/// The origin of the page.
pub fn origin() -> String {
    web_sys::window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default()
}

/// Starts a download from `url` without leaving the page, under the name the server gives it.
pub fn download(url: &str) {
    download_as(url, "");
}

/// Starts a download from `url` without leaving the page; `name` counts for the page's own origin.
pub fn download_as(url: &str, name: &str) {
    let anchor = document().and_then(|document| document.create_element("a").ok());
    if let Some(anchor) = anchor.and_then(|anchor| anchor.dyn_into::<web_sys::HtmlAnchorElement>().ok()) {
        anchor.set_href(url);
        anchor.set_download(name);
        anchor.click();
    }
}

/// The words that label the element with this id: its `aria-label` or its `<label>`.
pub fn label_of(id: &str) -> Option<String> {
    let element = document()?.get_element_by_id(id)?;
    if let Some(label) = element.get_attribute("aria-label") {
        return Some(label);
    }
    let label = document()?.query_selector(&format!("label[for=\"{id}\"]")).ok()??;
    label.text_content()
}
