//! A button that opens a few more.

use leptos::{
    ev::{FocusEvent, KeyboardEvent},
    html,
    prelude::*,
};
use web_sys::{Node, wasm_bindgen::JsCast};

/// A button and what it opens; closed again by Escape, by the button, or by leaving it.
#[component]
pub(crate) fn Menu(
    /// What the button says.
    #[prop(into)]
    label: Signal<String>,
    /// What it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let menu = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let leave = move |event: FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        // Without a target the window itself was left, or a place that takes no focus was pressed.
        let stays = menu.get_untracked().is_some_and(|menu| menu.contains(to.as_ref()));
        if !stays {
            is_open.set(false);
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && is_open.get_untracked() {
            event.stop_propagation();
            is_open.set(false);
            if let Some(button) = button.get_untracked() {
                // Fails only for an element that is gone.
                let _ = button.focus();
            }
        }
    };
    view! {
        <div class="menu" node_ref=menu on:focusout=leave on:keydown=key>
            <button
                type="button"
                node_ref=button
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
            >
                {label}
            </button>
            <Show when=move || is_open.get()>
                <div class="menu-list" tabindex="-1">{children()}</div>
            </Show>
        </div>
    }
}
