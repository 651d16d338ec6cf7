//! Notices of the desktop.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// Whether notices may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// The person has not been asked.
    Unasked,
    /// They may.
    Granted,
    /// The person, or the browser, said no.
    Denied,
    /// This browser has none for pages, or none for a page that came without encryption.
    Missing,
}

/// Whether notices may be shown, without asking.
pub fn permission() -> Permission {
    let Some(window) = web_sys::window() else {
        return Permission::Missing;
    };
    let is_there = js_sys::Reflect::has(&window, &"Notification".into()).unwrap_or(false);
    // On Android the constructor is there and throws.
    let is_phone = window
        .navigator()
        .user_agent()
        .is_ok_and(|agent| agent.contains("Android"));
    if !is_there || !window.is_secure_context() || is_phone {
        return Permission::Missing;
    }
    said(Notification::permission())
}

fn said(permission: NotificationPermission) -> Permission {
    match permission {
        NotificationPermission::Granted => Permission::Granted,
        NotificationPermission::Denied => Permission::Denied,
        _ => Permission::Unasked,
    }
}

/// Asks the person, where they have not been asked; only a click may lead here.
pub async fn ask() -> Permission {
    if permission() != Permission::Unasked {
        return permission();
    }
    if let Ok(answer) = Notification::request_permission() {
        // Refused or broken off: the permission says it.
        let _ = JsFuture::from(answer).await;
    }
    permission()
}

/// Shows a notice; a click on it brings this tab to the front. Notices with the same `tag` take each other's place.
///
/// # Errors
/// What the browser threw.
pub fn show(title: &str, body: &str, tag: &str) -> Result<(), JsValue> {
    let options = NotificationOptions::new();
    options.set_body(body);
    options.set_tag(tag);
    let notice = Notification::new_with_options(title, &options)?;
    let shown = notice.clone();
    let on_click = Closure::once_into_js(move || {
        if let Some(window) = web_sys::window() {
            // Refused only without a click.
            let _ = window.focus();
        }
        shown.close();
    });
    notice.set_onclick(Some(on_click.unchecked_ref()));
    Ok(())
}
