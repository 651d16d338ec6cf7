//! The rows: what each says, drawn once a frame however often something changes.

use leptos::{html, prelude::*};
use web_sys::wasm_bindgen::JsCast;

use super::{ahead::LogAhead, links::wants_tab, look::Look};
use crate::{
    app::{
        job::log::state::{log::Log, stage::Stage},
        text::use_text,
    },
    browser::{
        document, error,
        log_rows::{self, Action},
        log_view::{LogRegion, SizeWatch},
        log_worker::messages::{Phase, Request},
    },
};
use jobsphere_client::CallError;
use jobsphere_log::view::times;

/// The bar is put to where it belongs when it has rested for so long.
const REST_MS: u32 = 160;

fn draw(log: Log) {
    let Some(count) = log.count.try_with_untracked(Clone::clone) else {
        // The page is gone.
        return;
    };
    let drawn = log.stage.try_update_value(|stage| {
        let stage = stage.as_mut()?;
        let drawn = untrack(|| {
            let look = Look::of(log, count.began_ms, &count.sources);
            stage.draw(|cache, number| look.shown(cache, number))
        });
        Some((drawn, stage.is_at_end()))
    });
    match drawn.flatten() {
        Some((Ok(wanted), is_at_end)) => {
            if log.reading.is_following.get_untracked() != is_at_end {
                log.reading.is_following.set(is_at_end);
            }
            if let Some(window) = wanted {
                log.ask(Request::Window(window));
            }
        }
        Some((Err(thrown), _)) => {
            let error = CallError::new(tonic::Code::Internal, error::message(&thrown));
            log.phase.set(Some(Phase::Failed(error)));
        }
        None => {}
    }
}

/// The scrolling region with the rows in sight.
#[component]
pub(crate) fn LogRows(log: Log, is_ahead: Memo<bool>) -> impl IntoView {
    let text = use_text();
    let [region, space, layer, rows, ruler] = std::array::from_fn(|_| NodeRef::<html::Div>::new());
    let watch = StoredValue::new_local(None::<SizeWatch>);
    Effect::new(move || {
        let parts = [region, space, layer, rows, ruler].map(|part| part.get());
        let [Some(region), Some(space), Some(layer), Some(rows), Some(ruler)] = parts else {
            return;
        };
        let parts = LogRegion {
            region: region.unchecked_into(),
            space: space.unchecked_into(),
            layer: layer.unchecked_into(),
            rows: rows.unchecked_into(),
            ruler: ruler.unchecked_into(),
        };
        let resized = move || {
            log.stage_do(Stage::resized);
        };
        let sizes: [&web_sys::Element; 2] = [parts.region.as_ref(), parts.ruler.as_ref()];
        watch.set_value(SizeWatch::new(&sizes, resized).ok());
        let mut stage = Stage::new(parts);
        if let Some(stage) = &mut stage {
            stage.take_count(&log.count.read_untracked());
            stage.take_rows(log.rows.get_untracked());
        }
        log.stage.set_value(stage);
        log.drawing.set_value(Some(draw));
        log.draw_soon();
    });
    on_cleanup(move || drop(log.stage.try_update_value(Option::take)));
    Effect::new(move || {
        let wraps = log.reading.wraps.get();
        log.stage_do(|stage| stage.set_wraps(wraps));
    });
    Effect::new(move || {
        let reading = log.reading;
        reading.times.track();
        reading.marked.track();
        reading.current.track();
        log.pointed_ms.track();
        text.language();
        log.draw_soon();
    });
    let rest = StoredValue::new_local(None::<gloo_timers::callback::Timeout>);
    let on_scroll = move |_| {
        log.stage_do(Stage::scrolled);
        let timeout = gloo_timers::callback::Timeout::new(REST_MS, move || {
            log.stage
                .try_update_value(|stage| stage.iter_mut().for_each(Stage::put_bar));
        });
        // The one before is cancelled as it is dropped.
        rest.set_value(Some(timeout));
    };
    view! {
        <div
            class="log"
            class:log-wraps=move || log.reading.wraps.get()
            class:log-timed=move || log.reading.times.get() != times::Times::Off
            role="log"
            aria-live="off"
            aria-labelledby="log-heading"
            tabindex="0"
            data-rows=move || log.count.read().rows.to_string()
            node_ref=region
            on:scroll=on_scroll
            on:click=move |event| log.press(&event)
            on:pointermove=move |event| log.point(log_rows::hit(&event).map(|(row, _)| row))
            on:pointerleave=move |_| log.point(None)
        >
            <div class="log-row log-ruler" aria-hidden="true" node_ref=ruler>"0"</div>
            <div class="log-space" node_ref=space>
                <div class="log-layer" node_ref=layer>
                    <div class="log-rows" class:is-covered=move || is_ahead.get() node_ref=rows></div>
                    <LogAhead log is_ahead />
                </div>
            </div>
        </div>
    }
}

impl Log {
    /// Stays where it is while the reader selects text. Runs until the page is gone.
    pub(super) fn stay_while_selecting(self) {
        let listener = document::on_selection(move || {
            let selects = |stage: &Stage| stage.is_at_end() && stage.region.has_selection();
            let must_stay = self.stage.try_with_value(|stage| stage.as_ref().is_some_and(selects));
            if must_stay == Some(true) && !untrack(|| self.has_ended()) {
                self.stage_do(Stage::stay);
            }
        });
        let listener = StoredValue::new_local(listener);
        on_cleanup(move || drop(listener.try_update_value(Option::take)));
    }

    /// The pointer is over a row, or over none.
    fn point(self, row: Option<u64>) {
        let time_ms = row.and_then(|row| {
            let stage = self
                .stage
                .try_with_value(|stage| stage.as_ref()?.row(row).map(|row| row.time_ms));
            stage.flatten()
        });
        if self.pointed_ms.get_untracked() != time_ms {
            self.pointed_ms.set(time_ms);
        }
    }

    /// A row was pressed, or a button within it.
    fn press(self, event: &web_sys::MouseEvent) {
        let Some((number, Some(action))) = log_rows::hit(event) else {
            return;
        };
        if action == Action::Number && wants_tab(event) {
            return;
        }
        event.prevent_default();
        let Some(row) = self.stage.with_value(|stage| stage.as_ref()?.row(number).cloned()) else {
            return;
        };
        match action {
            Action::Number => self.mark(&row, event.shift_key()),
            Action::Fold => self.ask(Request::Fold {
                line: row.line,
                is_closed: !row.group.unwrap_or_default().is_closed,
            }),
            Action::States => self.reading.has_history.set(true),
            Action::Whole => self.open_as_text(Some((row.line, row.line))),
        }
    }
}
