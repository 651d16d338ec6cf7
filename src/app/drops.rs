//! Files that are dropped on a page: taken by one that knows what to do with them, refused with a word by any other. The
//! browser never leaves the page for them.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{
    address::{NEW_JOB, is_about_a_share, project_address, project_of},
    announce::Announcer,
    text::{Message, Text, use_text, words},
};
use crate::browser::{
    document,
    drops::{self, Brought},
    entries::Dropped,
};

/// What becomes of dropped files.
#[derive(Clone, Copy)]
pub(crate) struct Drops {
    /// The page that takes them.
    taker: StoredValue<Option<Callback<Dropped>>>,
    /// Why none are taken just now.
    pause: StoredValue<Option<(Memo<bool>, Message)>>,
    /// Whether files are held over the page.
    is_over: RwSignal<bool>,
    /// Why the last ones were not taken.
    refused: RwSignal<Option<Message>>,
}

/// What becomes of files that are dropped on the page.
pub(crate) fn use_drops() -> Drops {
    expect_context()
}

impl Drops {
    /// Listens from now on.
    pub(crate) fn new(text: Text, announcer: Announcer) -> Self {
        let drops = Self {
            taker: StoredValue::new(None),
            pause: StoredValue::new(None),
            is_over: RwSignal::new(false),
            refused: RwSignal::new(None),
        };
        let listeners = drops::listen(move |brought| drops.hear(brought, text, announcer));
        // As long as the page lives.
        listeners.into_iter().for_each(|listener| listener.forget());
        drops
    }

    /// Has `taker` take what is dropped, as long as the caller is mounted.
    pub(crate) fn give_to(self, taker: Callback<Dropped>) {
        self.taker.set_value(Some(taker));
        on_cleanup(move || self.taker.set_value(None));
    }

    /// Refuses with `why` while `is_held`, as long as the caller is mounted.
    pub(crate) fn refuse_while(self, is_held: Memo<bool>, why: Message) {
        self.pause.set_value(Some((is_held, why)));
        on_cleanup(move || self.pause.set_value(None));
    }

    /// Whether files are held over a page that takes them; tracked.
    pub(crate) fn are_over(self) -> bool {
        self.is_over.get()
    }

    /// Says that nothing was taken.
    pub(crate) fn refuse(self, why: Message) {
        self.refused.set(Some(why));
    }

    fn hear(self, brought: Brought, text: Text, announcer: Announcer) -> bool {
        let (dropped, is_pasted) = match brought {
            Brought::Over => return self.hold(self.taker.get_value().is_some()),
            Brought::Away => return self.hold(false),
            Brought::Dropped(dropped) => (dropped, false),
            Brought::Pasted(dropped) => (dropped, true),
        };
        let pause = self.pause.get_value().filter(|(is_held, _)| is_held.get_untracked());
        let why = match (self.taker.get_value(), pause) {
            // What is asked in a dialog comes first.
            _ if document::is_covered() => words::DROP_COVERED,
            (Some(_), Some((_, why))) => why,
            (Some(taker), None) => {
                self.refused.set(None);
                taker.run(dropped);
                return true;
            }
            (None, _) => words::DROP_REFUSED,
        };
        if !is_pasted {
            self.refused.set(Some(why));
            announcer.say(untrack(|| text.get(why)));
        }
        false
    }

    fn hold(self, is_over: bool) -> bool {
        if self.is_over.get_untracked() != is_over {
            self.is_over.set(is_over);
        }
        false
    }
}

/// Says that dropped files were not taken; goes with the page, or when it is closed.
#[component]
pub(crate) fn DropNotice() -> impl IntoView {
    let text = use_text();
    let refused = use_drops().refused;
    let path = use_location().pathname;
    Effect::new(move || {
        path.track();
        refused.set(None);
    });
    let offer = move || {
        let is_offered = refused.get() == Some(words::DROP_REFUSED) && !is_about_a_share(&path.read());
        is_offered.then(|| {
            let address = project_address(&project_of(&path.read()), NEW_JOB);
            view! { <p><a href=address>{text.say(words::DROP_NEW_JOB)}</a></p> }
        })
    };
    move || {
        refused.get().map(|why| {
            view! {
                <div class="notice notice-warn banner" role="alert">
                    <p>{text.say(why)}</p>
                    {offer}
                    <button type="button" class="small" on:click=move |_| refused.set(None)>
                        {text.say(words::NOTE_CLOSE)}
                    </button>
                </div>
            }
        })
    }
}
