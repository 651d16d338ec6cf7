//! Files of the app whose names change with their content: the page says their addresses.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use super::{document::document, error::message};

/// A file of the app did not arrive: there is no network, or the server has another version of the app by now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{address} could not be loaded: {reason}")]
pub struct NotLoaded {
    address: String,
    reason: String,
}

/// The address that the page says for this name. It says none when trunk has built it.
pub fn address(name: &str) -> Option<String> {
    document()?
        .query_selector(&format!("meta[name=\"{name}\"]"))
        .ok()??
        .get_attribute("content")
}

/// The file at this address, as text.
///
/// # Errors
/// [`NotLoaded`].
pub async fn text(address: &str) -> Result<String, NotLoaded> {
    let not_loaded = |reason: String| NotLoaded {
        address: address.to_owned(),
        reason,
    };
    match fetch(address).await {
        Ok(response) if !response.ok() => Err(not_loaded(format!("HTTP {}", response.status()))),
        Ok(response) => body(&response).await.map_err(|thrown| not_loaded(message(&thrown))),
        Err(thrown) => Err(not_loaded(message(&thrown))),
    }
}

async fn fetch(address: &str) -> Result<Response, JsValue> {
    let window = web_sys::window().ok_or("there is no page")?;
    JsFuture::from(window.fetch_with_str(address)).await?.dyn_into()
}

async fn body(response: &Response) -> Result<String, JsValue> {
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}
