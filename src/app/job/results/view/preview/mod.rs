//! A look into one output. Its beginning is read, then its kind is known; nothing in it is believed or run.

pub(crate) mod frame;
pub(crate) mod markdown;
pub(crate) mod plot;
pub(crate) mod reading;
pub(crate) mod table;

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use self::{frame::PageFrame, markdown::Document, reading::Reading, table::TableView};
use super::{
    download::{ContentNotice, Download},
    tree::opener_id,
};
use crate::app::job::results::state::results;
use crate::{
    app::{
        announce::use_announcer,
        job::results::state::{
            content::Source,
            item::Item,
            preview::{FIRST_BYTES, Look, Manner, Shown, look},
        },
        task::run_while_mounted,
        text::{use_text, words},
    },
    browser::{document, files},
};
use jobsphere_names::isolated;
use jobsphere_results::look::Choice;

/// Each press reads so many times more.
const GROWTH: u64 = 4;
/// More than this is not held in memory for a look.
const MOST_BYTES: u64 = 256 << 20;
/// The same for what is drawn as text.
const MOST_TEXT_BYTES: u64 = 16 << 20;
const HEADING: &str = "preview-heading";

/// What is known of the file that is looked into.
#[derive(Clone, Copy)]
struct Looking {
    shown: RwSignal<Shown>,
    /// How a text was read, and how the person wants it to be.
    manner: RwSignal<Option<Manner>>,
    choice: RwSignal<Choice>,
    /// How much of it was read, and how much may be read.
    read_bytes: RwSignal<u64>,
    limit: RwSignal<u64>,
    size_bytes: u64,
}

impl Looking {
    /// Looks, again whenever more may be read or in another way.
    fn at(item: &Item) -> Self {
        let looking = Self {
            shown: RwSignal::new(Shown::Reading),
            manner: RwSignal::new(None),
            choice: RwSignal::default(),
            read_bytes: RwSignal::new(0),
            limit: RwSignal::new(FIRST_BYTES),
            size_bytes: item.size_bytes(),
        };
        let source = SendWrapper::new(Rc::new(Source::new(results().job_id.get_value(), item.file.clone())));
        let item = item.clone();
        Effect::new(move |_| {
            let (source, item) = (source.clone(), item.clone());
            let (limit, choice) = (looking.limit.get(), looking.choice.get());
            run_while_mounted(async move {
                let Look {
                    shown,
                    manner,
                    read_bytes,
                } = look(&source, &item, limit, choice).await;
                looking.read_bytes.set(read_bytes);
                looking.manner.set(manner);
                looking.shown.set(shown);
            });
        });
        looking
    }

    fn is_partial(self) -> bool {
        self.read_bytes.get() < self.size_bytes && !matches!(*self.shown.read(), Shown::Reading | Shown::Large)
    }

    fn can_grow(self) -> bool {
        self.is_partial()
            && self.limit.get() < MOST_TEXT_BYTES
            && matches!(
                *self.shown.read(),
                Shown::Text(_) | Shown::Table(_) | Shown::Markdown(_)
            )
    }
}

/// The preview of an output.
#[component]
pub(crate) fn Preview(
    /// The output.
    item: Item,
) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let results = results();
    let looking = Looking::at(&item);
    let name = item.name();
    let opener = StoredValue::new(opener_id(&item));
    let close = move || {
        let opener = opener.get_value();
        results.close();
        request_animation_frame(move || document::focus(&opener));
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    request_animation_frame(|| document::focus(HEADING));
    announcer.say(untrack(|| text.get(words::PreviewOf { file: name.as_str() })));
    let heading = {
        let path = item.path();
        move || text.get(words::PreviewOf { file: path.as_str() })
    };
    let sha256 = item.entry.is_none().then(|| item.file.sha256.clone());
    let is_choosing = RwSignal::new(false);
    let reading = move || {
        let manner = looking.manner.get()?;
        Some(view! { <Reading manner choice=looking.choice is_open=is_choosing /> })
    };
    view! {
        <section class="preview" aria-labelledby=HEADING on:keydown=on_key>
            <div class="preview-head">
                <h3 id=HEADING tabindex="-1">{heading}</h3>
                <span class="output-actions">
                    <Download item=item.clone() />
                    <button type="button" on:click=move |_| close()>{text.say(words::PREVIEW_CLOSE)}</button>
                </span>
            </div>
            {sha256.map(|sha256| view! { <Digest sha256 /> })}
            <Extent looking />
            {reading}
            <Body looking item />
        </section>
    }
}

/// How much of it is shown, and the way to more.
#[component]
fn Extent(looking: Looking) -> impl IntoView {
    let text = use_text();
    let size_bytes = looking.size_bytes;
    let extent = move || {
        let (read, size) = (text.size(looking.read_bytes.get() as f64), text.size(size_bytes as f64));
        text.get(words::PreviewExtent { read, size })
    };
    let more = move || {
        let next = (looking.limit.get() * GROWTH).min(size_bytes);
        text.get(words::PreviewMore {
            size: text.size(next as f64),
        })
    };
    let limit = looking.limit;
    let grow = move |_| limit.set((limit.get_untracked() * GROWTH).min(MOST_TEXT_BYTES));
    view! {
        <Show when=move || looking.is_partial()>
            <p class="hint">
                {extent} " "
                <Show when=move || looking.can_grow()>
                    <button type="button" class="small" on:click=grow>{more}</button>
                </Show>
            </p>
        </Show>
    }
}

/// What is shown of it.
#[component]
fn Body(looking: Looking, item: Item) -> impl IntoView {
    let text = use_text();
    let size_bytes = looking.size_bytes;
    let name = item.name();
    let whole = move |_| {
        looking.shown.set(Shown::Reading);
        looking.limit.set(size_bytes);
    };
    let quiet = move |message| view! { <p class="quiet">{text.say(message)}</p> }.into_any();
    move || match looking.shown.get() {
        Shown::Reading => view! { <p class="quiet" role="status">{text.say(words::LOADING)}</p> }.into_any(),
        Shown::Failed(error) => view! { <ContentNotice error /> }.into_any(),
        Shown::Unread(reason) => view! {
            <div class="notice notice-bad" role="alert">
                <p>{text.say(words::CONTENT_UNREADABLE)}</p>
                <p class="as-written">{reason}</p>
            </div>
        }
        .into_any(),
        Shown::Large if size_bytes > MOST_BYTES => view! { <p>{text.say(words::PREVIEW_TOO_LARGE)}</p> }.into_any(),
        Shown::Large => {
            let words = move || {
                text.get(words::PreviewWhole {
                    size: text.size(size_bytes as f64),
                })
            };
            view! { <button type="button" on:click=whole>{words}</button> }.into_any()
        }
        Shown::Image(url) => view! {
            <img class="preview-image" src=url.as_str().to_owned() alt=name.clone() />
        }
        .into_any(),
        Shown::Pdf(url) => {
            let name = name.clone();
            let address = url.as_str().to_owned();
            view! {
                <iframe class="preview-frame" title=isolated(&name).into_owned() src=address></iframe>
                <p class="print-only quiet">{text.say(words::PRINT_FRAME)}</p>
            }
            .into_any()
        }
        Shown::Html(page) => view! { <PageFrame page name=name.clone() /> }.into_any(),
        Shown::Table(table) => view! { <TableView table is_partial=looking.is_partial() /> }.into_any(),
        Shown::Markdown(nodes) => view! { <Document nodes item=item.clone() /> }.into_any(),
        Shown::Text(words) => {
            view! { <pre class="preview-text" tabindex="0" role="region" aria-labelledby=HEADING>{words}</pre> }
                .into_any()
        }
        Shown::Empty => quiet(words::PREVIEW_EMPTY),
        Shown::Blank { is_mark: true } => quiet(words::PREVIEW_MARK),
        Shown::Blank { is_mark: false } => quiet(words::PREVIEW_BLANK),
        Shown::Binary => quiet(words::PREVIEW_BINARY),
    }
}

#[component]
fn Digest(sha256: String) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let copied = sha256.clone();
    let copy = move |_| {
        let sha256 = copied.clone();
        spawn_local(async move {
            if files::copy(&sha256).await.is_ok() {
                announcer.say(untrack(|| text.get(words::DIGEST_COPIED)));
            }
        });
    };
    view! {
        <p class="hint preview-digest">
            "SHA-256 " <code>{sha256}</code> " "
            <button type="button" class="small" on:click=copy>{text.say(words::DIGEST_COPY)}</button>
        </p>
    }
}
