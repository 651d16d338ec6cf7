//! The log: followed from its first line to the job's end.

use leptos::{html, prelude::*, task::spawn_local};
use web_sys::wasm_bindgen::JsCast;

use super::{
    super::{View, files::DownloadButton},
    Log,
};
use crate::{
    app::{
        notice::{ErrorNotice, Lost},
        sign_in::use_sign_in,
        task::run_while_mounted,
        text::use_text,
    },
    browser::{
        self, clock,
        log_view::{self, LogView, SourceNames},
    },
    client::{
        CallError,
        book::words::{LineRef, Phase},
        log_text::{LogText, Source},
        logs::{self, LogEvent},
    },
    job::status::is_final,
};

/// Name of the stored file with standard output.
const STORED_LOGS: [&str; 2] = ["stdout.txt", "stderr.txt"];

impl Log {
    /// Follows the log until its end or until the page is gone.
    pub(in crate::app::job) fn follow(self, job_id: String) {
        let sign_in = use_sign_in();
        run_while_mounted(async move {
            let mut offset = 0;
            loop {
                logs::follow(&browser::client(), &job_id, &mut offset, |event| self.take(event)).await;
                let Some(error) = self.failed.get_untracked() else {
                    return;
                };
                if !sign_in.overcomes(&error).await {
                    return;
                }
                self.failed.set(None);
            }
        });
    }

    fn take(self, event: LogEvent) {
        match event {
            LogEvent::Connected => self.lost.set(None),
            LogEvent::Messages(messages) => {
                self.text
                    .update_value(|text| messages.iter().for_each(|message| text.push(message)));
                *self.version.write() += 1;
                self.tell_trouble();
                self.mark_reader.update_value(|reader| {
                    // Not `any`: each message has to pass.
                    if messages.iter().filter(|message| reader.push(message)).count() > 0 {
                        self.trouble.write().marks = reader.marks().to_vec();
                    }
                });
            }
            LogEvent::Lost { error, retry_ms } => {
                let retry_at_ms = clock::now_ms() + i64::from(retry_ms);
                self.lost.set(Some(Lost { error, retry_at_ms }));
            }
            LogEvent::Ended => {
                self.text.update_value(LogText::finish);
                *self.version.write() += 1;
                self.has_ended.set(true);
                self.phase.set(Some(Phase::Ended));
            }
            LogEvent::Failed(error) => self.failed.set(Some(error)),
        }
    }

    fn tell_trouble(self) {
        const LAST: usize = 20;
        let lines = self.text.with_value(|text| text.last_lines(&Source::Err, LAST));
        let last_err = lines
            .into_iter()
            .map(|text| LineRef {
                text,
                ..LineRef::default()
            })
            .collect();
        self.trouble.update(|trouble| trouble.last_err = last_err);
    }
}

#[component]
pub(in crate::app::job) fn LogPanel(view: View) -> impl IntoView {
    let text = use_text();
    let log = view.log;
    let region = NodeRef::<html::Div>::new();
    let is_following = RwSignal::new(true);
    let shown = StoredValue::new_local(None::<LogView>);
    let is_drawing = StoredValue::new(false);
    let counts = RwSignal::new((0_u64, 0_u64));

    let draw = move || {
        // The page may be gone by the time its frame comes.
        let Some(Some(shown)) = shown.try_get_value() else {
            return;
        };
        log.text.try_update_value(|text| {
            if let Err(thrown) = shown.update(text) {
                log.failed.set(Some(CallError::new(
                    tonic::Code::Internal,
                    browser::error::message(&thrown),
                )));
            }
            counts.set((text.count(), text.first()));
        });
        if is_following.get_untracked() {
            shown.scroll_to_end();
        }
    };
    Effect::new(move || {
        log.version.get();
        let Some(region) = region.get() else { return };
        if shown.with_value(Option::is_none) {
            let names = SourceNames {
                out: "out".to_owned(),
                err: "err".to_owned(),
            };
            shown.set_value(LogView::new(region.unchecked_into(), names));
        }
        if is_drawing.get_value() {
            return;
        }
        is_drawing.set_value(true);
        spawn_local(async move {
            log_view::next_frame().await;
            if is_drawing.try_update_value(|drawing| *drawing = false).is_some() {
                draw();
            }
        });
    });
    let on_scroll = move |_| {
        if let Some(region) = region.get_untracked() {
            is_following.set(log_view::is_at_end(&region));
        }
    };
    let follow = move |_| {
        is_following.set(true);
        shown.with_value(|shown| shown.iter().for_each(LogView::scroll_to_end));
    };
    let stored = move || {
        let state = view.state.read();
        let job = state.as_ref().map(|state| &state.job)?;
        let files = job.log_files.iter();
        let is_std = |path: &str| STORED_LOGS.iter().any(|name| path.ends_with(name));
        let found = files.filter(|file| file.desc.as_ref().is_some_and(|desc| is_std(&desc.path)));
        Some((job.id.clone(), found.cloned().collect::<Vec<_>>()))
    };
    let note = move || match counts.get() {
        (0, _) if log.has_ended.get() => text.get("log-empty"),
        (0, _) if is_final(view.status()) => text.get("loading"),
        (0, _) => text.get("log-waiting"),
        (count, _) if log.has_ended.get() => text.with("log-complete", [("count", (count as f64).into())]),
        (count, _) => text.with("log-so-far", [("count", (count as f64).into())]),
    };
    let hidden = Memo::new(move |_| counts.get().1);
    view! {
        <section class="log-panel" aria-labelledby="log-heading">
            <div class="section-head">
                <h2 id="log-heading">{text.say("log-heading")}</h2>
                <span class="quiet log-note">{note}</span>
                <button
                    type="button"
                    aria-pressed=move || is_following.get().to_string()
                    on:click=follow
                >
                    {text.say("log-follow")}
                </button>
            </div>
            {move || log.failed.get().map(|error| view! { <ErrorNotice error /> })}
            <Show when=move || hidden.get() != 0>
                <p class="hint">
                    {move || text.with("log-hidden", [("count", (hidden.get() as f64).into())])} " "
                    {move || match stored() {
                        Some((job_id, files)) if !files.is_empty() => {
                            files
                                .into_iter()
                                .map(|file| view! { <DownloadButton job_id=job_id.clone() file named=true /> })
                                .collect_view()
                                .into_any()
                        }
                        _ => text.get("log-hidden-later").into_any(),
                    }}
                </p>
            </Show>
            <div
                class="log"
                role="log"
                aria-live="off"
                aria-labelledby="log-heading"
                tabindex="0"
                node_ref=region
                on:scroll=on_scroll
            ></div>
        </section>
    }
}
