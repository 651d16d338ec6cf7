//! Single keys that do something, and the sheet that names them.

use leptos::{ev::KeyboardEvent, html, prelude::*};

use crate::{
    app::{
        job::log::state::log::Log,
        modal::show_while,
        text::{Message, use_text, words},
    },
    browser::document,
};
use jobsphere_log::{model::Goal, view::keys::meant};

/// Keys and what they do, as the sheet lists them.
const KEYS: [(&str, Message); 11] = [
    ("/", words::LOG_KEY_FIND),
    ("n  N", words::LOG_KEY_MATCHES),
    ("e  E", words::LOG_KEY_ERRORS),
    ("g  G", words::LOG_KEY_ENDS),
    ("j  k", words::LOG_KEY_MARK),
    ("J  K", words::LOG_KEY_DRAW_OUT),
    ("c", words::LOG_KEY_COPY_LINK),
    ("t", words::LOG_KEY_TIMES),
    ("w", words::LOG_KEY_WRAP),
    ("f", words::LOG_KEY_TALL),
    ("?", words::LOG_KEY_SHEET),
];

impl Log {
    /// Listens to keys until the page is gone.
    pub(super) fn listen_to_keys(self) {
        let listener = window_event_listener(leptos::ev::keydown, move |event| {
            if !event.default_prevented() && self.press_key(&event) {
                event.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    }

    /// Does what a key stands for; whether it stands for something.
    fn press_key(self, event: &KeyboardEvent) -> bool {
        let is_here = self
            .stage
            .try_with_value(|stage| stage.as_ref().is_some_and(|stage| stage.region.has_focus()));
        let key = event.key();
        let meant = meant(&key, &event.code(), event.shift_key());
        if (event.ctrl_key() || event.meta_key()) && matches!(meant, Some('f' | 'F')) && is_here == Some(true) {
            // In the field the same keys reach the browser's own search.
            self.focus_find();
            return true;
        }
        if event.ctrl_key() || event.meta_key() || event.alt_key() || document::takes_letters(event) {
            return false;
        }
        match key.as_str() {
            "End" if is_here == Some(true) => self.follow_end(),
            "Home" if is_here == Some(true) => self.go_to_start(),
            "Escape" if self.reading.is_tall.get_untracked() => self.reading.is_tall.set(false),
            _ => return self.reading.has_keys.get_untracked() && meant.is_some_and(|key| self.press_single(key)),
        }
        true
    }

    fn press_single(self, key: char) -> bool {
        let reading = self.reading;
        match key {
            '/' => self.focus_find(),
            'n' => self.next_match(false),
            'N' => self.next_match(true),
            'e' => self.jump(Goal::ErrorAfter),
            'E' => self.jump(Goal::ErrorBefore),
            'g' => self.go_to_start(),
            'G' => self.follow_end(),
            'j' => self.mark_next(1, false),
            'k' => self.mark_next(-1, false),
            'J' => self.mark_next(1, true),
            'K' => self.mark_next(-1, true),
            'c' => self.copy_link(),
            't' => reading.times.update(|times| *times = times.next()),
            'w' => reading.wraps.update(|wraps| *wraps = !*wraps),
            'f' => reading.is_tall.update(|is_tall| *is_tall = !*is_tall),
            '?' => reading.shows_keys.set(true),
            _ => return false,
        }
        true
    }
}

/// The sheet of keys, with the switch that turns them off.
#[component]
pub(crate) fn KeySheet(log: Log) -> impl IntoView {
    let text = use_text();
    let is_open = log.reading.shows_keys;
    let dialog = NodeRef::<html::Dialog>::new();
    show_while(is_open.into(), dialog);
    let row = move |(keys, about): (&'static str, Message)| {
        view! { <div><dt><kbd>{keys}</kbd></dt><dd>{text.say(about)}</dd></div> }
    };
    view! {
        <dialog node_ref=dialog aria-labelledby="log-keys-heading" on:close=move |_| is_open.set(false)>
            <Show when=move || is_open.get()>
                <h2 id="log-keys-heading">{text.say(words::LOG_KEYS_HEADING)}</h2>
                <dl class="log-keys">{KEYS.map(row)}</dl>
                <p class="hint">{text.say(words::LOG_KEYS_HINT)}</p>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=move || log.reading.has_keys.get()
                        on:change=move |event| log.reading.set_keys(event_target_checked(&event))
                    />
                    <span>{text.say(words::LOG_KEYS_ON)}</span>
                </label>
                <button type="button" on:click=move |_| is_open.set(false)>{text.say(words::LOG_KEYS_CLOSE)}</button>
            </Show>
        </dialog>
    }
}
