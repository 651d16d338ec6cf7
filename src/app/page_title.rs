//! The name of a page, and what happens when one opens.

use leptos::prelude::*;

use super::announce::use_announcer;
use crate::browser::document;

/// The id of the part of the window that pages fill.
pub(crate) const MAIN: &str = "main";

/// Whether a page was open before the one that opens.
#[derive(Clone, Copy)]
pub(crate) struct Opened(StoredValue<bool>);

impl Opened {
    /// No page was.
    pub(crate) fn none() -> Self {
        Self(StoredValue::new(false))
    }

    /// A page opens. The focus goes into it when what had it went away with the page before: a keyboard must not begin at
    /// the window's edge. The first page leaves it there, before the way to skip the head.
    fn another(self) {
        if self.0.try_update_value(|opened| std::mem::replace(opened, true)) == Some(true) {
            request_animation_frame(|| {
                if document::is_focus_lost() {
                    document::focus_in_place(MAIN);
                }
            });
        }
    }
}

/// Names the page in the tab, and has the name said when the page opens.
#[component]
pub(crate) fn PageTitle(
    /// The page's name, without the product's.
    title: Signal<String>,
) -> impl IntoView {
    let announcer = use_announcer();
    let opened: Opened = expect_context();
    Effect::new(move |said: Option<()>| {
        let title = title.get();
        document::set_title(&format!("{title} · Jobsphere"));
        if said.is_none() {
            announcer.say(title);
            opened.another();
        }
    });
}
