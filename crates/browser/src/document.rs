//! The document as a whole: title, language, theme, focus, visibility.

use std::cell::OnceCell;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement, VisibilityState};

use super::{fetching, files, gate::Gate, history, in_page};

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

/// Leaves the page for another one.
pub fn open(address: &str) {
    if let Some(window) = web_sys::window() {
        // Fails only for an address that is none.
        let _ = window.location().assign(address);
    }
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        // Fails only without a page.
        let _ = window.location().reload();
    }
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

/// Selects the text of the field with this id.
pub fn select_text(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(field) = element.and_then(|element| element.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        field.select();
    }
}

/// Scrolls the page to the element with this id.
pub fn bring_into_view(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.scroll_into_view();
    }
}

/// Whether what was pressed belongs to a field, or to a dialog over the page.
pub fn takes_letters(event: &web_sys::KeyboardEvent) -> bool {
    const FIELDS: &str =
        "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable], dialog";
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let is_field = target.is_some_and(|target| target.closest(FIELDS).ok().flatten().is_some());
    is_field || is_covered()
}

/// Whether a dialog stands over the page.
pub fn is_covered() -> bool {
    let dialog = document().and_then(|document| document.query_selector("dialog[open]").ok().flatten());
    dialog.is_some()
}

/// Calls back whenever the selection changes, until it is dropped.
pub fn on_selection(callback: impl FnMut() + 'static) -> Option<gloo_events::EventListener> {
    let mut callback = callback;
    let document = document()?;
    Some(gloo_events::EventListener::new(
        &document,
        "selectionchange",
        move |_| callback(),
    ))
}

/// Moves the focus to the element with this id and leaves the page where it is.
pub fn focus_in_place(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        // Fails only for an element that is gone.
        let _ = element.focus_with_options(&options);
    }
}

/// Whether nothing has the focus: what had it is gone.
pub fn is_focus_lost() -> bool {
    let Some(document) = document() else { return false };
    match document.active_element() {
        Some(active) => document.body().is_some_and(|body| body.is_same_node(Some(&active))),
        None => true,
    }
}

/// Whether a key that is pressed now goes into a field, or belongs to a dialog.
pub fn is_typing() -> bool {
    let active = document().and_then(|document| document.active_element());
    active.is_some_and(|active| {
        active
            .matches("input:not([type=checkbox]), textarea, select, dialog *")
            .unwrap_or(false)
    })
}

/// Takes the element with this id out of the page.
pub fn remove(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.remove();
    }
}

/// Whether anybody can see the page.
pub fn is_visible() -> bool {
    document().is_none_or(|document| document.visibility_state() == VisibilityState::Visible)
}

thread_local! {
    static SEEN: OnceCell<Gate> = const { OnceCell::new() };
}

/// A gate that is open while anybody can see the page.
pub fn seen() -> Gate {
    SEEN.with(|seen| seen.get_or_init(watch_visibility).clone())
}

fn watch_visibility() -> Gate {
    let gate = Gate::default();
    gate.set(is_visible());
    if let Some(document) = document() {
        let gate = gate.clone();
        // As long as the page lives.
        EventListener::new(&document, "visibilitychange", move |_| gate.set(is_visible())).forget();
    }
    gate
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

/// The path of the page's own address.
pub fn path() -> String {
    web_sys::window()
        .and_then(|window| window.location().pathname().ok())
        .unwrap_or_default()
}

/// The path that relative addresses of the page are below, without a slash at its end.
pub fn base_path() -> String {
    let address = document().and_then(|document| document.base_uri().ok().flatten());
    let path = address.and_then(|address| web_sys::Url::new(&address).ok().map(|url| url.pathname()));
    let path = path.unwrap_or_default();
    path.rsplit_once('/')
        .map_or_else(String::new, |(folder, _)| folder.to_owned())
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

/// A part of the page's address behind `?`.
pub fn query(name: &str) -> Option<String> {
    let search = web_sys::window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// Puts a part behind `?` into the page's address, or takes it out, and leaves the others; the part behind `#` becomes
/// `fragment`. Goes nowhere and leaves no entry in the history.
pub fn set_address(name: &str, value: &str, fragment: &str) {
    if let Some(address) = history::address_with(&[(name, value)], Some(fragment)) {
        history::replace_address(&address);
    }
}

/// The origin of the page.
pub fn origin() -> String {
    web_sys::window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default()
}

/// Starts a download from `url` without leaving the page, under the name the server gives it, or its address.
pub fn download(url: &str) {
    if !in_page::is(url) {
        return download_as(url, "");
    }
    let (url, name) = (
        url.to_owned(),
        url.rsplit('/').next().and_then(files::decode).unwrap_or_default(),
    );
    wasm_bindgen_futures::spawn_local(async move {
        // The address is a moment old: what fails now fails without a word, as with a server.
        if let Ok((_, file)) = fetching::file_in_page(&url, None).await {
            let _ = files::save_blob(jobsphere_names::saved(&name).as_ref(), &file);
        }
    });
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

/// A tab that was just opened, still empty.
pub struct Tab(web_sys::Window);

/// Opens a tab; only as the answer to a press.
pub fn open_tab() -> Option<Tab> {
    let tab = web_sys::window()?.open_with_url_and_target("", "_blank").ok()??;
    Some(Tab(tab))
}

impl Tab {
    /// Shows plain text in it; nothing in the text can be more than text.
    ///
    /// # Errors
    /// What the browser throws when it makes no address for it.
    pub fn show_text(&self, text: &str) -> Result<(), wasm_bindgen::JsValue> {
        let options = web_sys::BlobPropertyBag::new();
        options.set_type("text/plain;charset=utf-8");
        let parts = js_sys::Array::of1(&text.into());
        let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)?;
        let url = web_sys::Url::create_object_url_with_blob(&blob)?;
        self.0.location().replace(&url)
    }

    /// Closes it again.
    pub fn close(self) {
        // Fails only for a tab that is gone.
        let _ = self.0.close();
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
