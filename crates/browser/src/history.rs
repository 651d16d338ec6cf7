//! The page's address and the way back, without going to another page.

/// The path of the page with these parts behind `?`, or without those that are empty, beside the others that are there;
/// without `fragment` the part behind `#` stays.
pub fn address_with(parts: &[(&str, &str)], fragment: Option<&str>) -> Option<String> {
    let location = web_sys::window()?.location();
    let path = location.pathname().unwrap_or_default();
    let search = location.search().unwrap_or_default();
    let query = web_sys::UrlSearchParams::new_with_str(&search).ok()?;
    parts.iter().for_each(|(name, _)| query.delete(name));
    let mut query = String::from(query.to_string());
    for (name, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
        let sign = if query.is_empty() { "" } else { "&" };
        query = format!(
            "{query}{sign}{name}={}",
            String::from(js_sys::encode_uri_component(value))
        );
    }
    let sign = |sign: &str, part: &str| match part {
        "" => String::new(),
        part => format!("{sign}{part}"),
    };
    let fragment = match fragment {
        Some(fragment) => sign("#", fragment),
        None => location.hash().unwrap_or_default(),
    };
    Some(format!("{path}{}{fragment}", sign("?", &query)))
}

/// Makes `address` the page's own, without going anywhere and without an entry in the history.
pub fn replace_address(address: &str) {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        let state = history.state().unwrap_or_default();
        // Refused only for another origin, or when it is called hundreds of times.
        let _ = history.replace_state_with_url(&state, "", Some(address));
    }
}

/// Makes `address` the page's own, without going anywhere; the way back leads to the one before.
pub fn push_address(address: &str) {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        let state = history.state().unwrap_or_default();
        // Refused as above.
        let _ = history.push_state_with_url(&state, "", Some(address));
    }
}

/// Goes one step back.
pub fn go_back() {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        // Fails only without a page.
        let _ = history.back();
    }
}
