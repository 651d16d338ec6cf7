//! The log of a job: what its worker tells, as signals, and what a page asks of it.

use leptos::{prelude::*, task::spawn_local};

use super::{goto::Goto, reading::Reading, stage::Stage};
use crate::{
    app::{
        announce::{Announcer, use_announcer},
        connection::Lost,
        sign_in::{SignIn, use_sign_in},
        text::{Message, Text, use_text},
    },
    browser::{
        clock, log_view,
        log_worker::{
            LogWorker,
            messages::{Access, Phase, Request, Update},
        },
        server, token,
    },
};
use jobsphere_client::CallError;
use jobsphere_log::model::{Ahead, Count, Matches, Row, RowFilter, Rows, Series, Trouble};

/// What is known of the log.
#[derive(Clone, Copy)]
pub(crate) struct Log {
    /// How reading goes; nothing before it was asked for.
    pub(crate) phase: RwSignal<Option<Phase>>,
    /// How much there is.
    pub(crate) count: RwSignal<Count>,
    /// The rows in sight.
    pub(crate) rows: RwSignal<Rows>,
    /// The log's last rows, where they were told before all that comes before them.
    pub(crate) ahead: RwSignal<Option<Ahead>>,
    /// How far looking for the pattern has come.
    pub(crate) matches: RwSignal<Matches>,
    /// What a reader of a failed job wants to see first.
    pub(crate) trouble: RwSignal<Trouble>,
    /// Numbers over time, see [`Log::set_series`].
    pub(crate) series: RwSignal<Vec<Series>>,
    /// How far the program is, in per cent, as far as its lines say.
    pub(crate) progress: RwSignal<Option<u8>>,
    /// The connection that is gone for now.
    pub(crate) lost: RwSignal<Option<Lost>>,
    /// The time under the pointer, in the log or in a chart; milliseconds since 1970.
    pub(crate) pointed_ms: RwSignal<Option<i64>>,
    /// Where it is to go; until it has got there.
    pub(crate) goto: RwSignal<Option<Goto>>,
    /// How the reader looks at it.
    pub(crate) reading: Reading,
    /// The place among the matches of the one that was found last.
    pub(crate) rank: RwSignal<Option<u64>>,
    pub(crate) text: Text,
    pub(crate) announcer: Announcer,
    /// Whether a frame is waited for.
    is_waiting: StoredValue<bool>,
    pub(crate) stage: StoredValue<Option<Stage>, LocalStorage>,
    /// How the rows are drawn; nothing while no view shows them.
    pub(crate) drawing: StoredValue<Option<fn(Log)>>,
    pub(super) worker: StoredValue<Option<LogWorker>, LocalStorage>,
    /// As whom the worker reads.
    access: StoredValue<Option<Access>, LocalStorage>,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self {
            phase: RwSignal::new(None),
            count: RwSignal::default(),
            rows: RwSignal::default(),
            ahead: RwSignal::new(None),
            matches: RwSignal::default(),
            trouble: RwSignal::default(),
            series: RwSignal::default(),
            progress: RwSignal::new(None),
            lost: RwSignal::new(None),
            pointed_ms: RwSignal::new(None),
            goto: RwSignal::new(None),
            reading: Reading::of_address(),
            rank: RwSignal::new(None),
            text: use_text(),
            announcer: use_announcer(),
            is_waiting: StoredValue::new(false),
            stage: StoredValue::new_local(None),
            drawing: StoredValue::new(None),
            worker: StoredValue::new_local(None),
            access: StoredValue::new_local(None),
        }
    }

    /// Starts the worker, which takes a moment to load, before it is known what there is to follow. It lives until the page
    /// is gone.
    pub(crate) fn prepare(self) {
        let sign_in = use_sign_in();
        match LogWorker::open(move |told| self.take(told, sign_in)) {
            Ok(worker) => self.worker.set_value(Some(worker)),
            Err(error) => {
                let error = CallError::new(tonic::Code::Internal, error.to_string());
                self.phase.set(Some(Phase::Failed(error)));
            }
        }
        on_cleanup(move || drop(self.worker.try_update_value(Option::take)));
    }

    /// Follows the log until its end or until the page is gone.
    pub(crate) fn follow(self, job_id: String) {
        let token = token::get();
        self.follow_as(Access::Caller { job_id, token });
    }

    /// The same with any right.
    pub(crate) fn follow_as(self, access: Access) {
        if self.worker.with_value(Option::is_none) {
            // It was said why.
            return;
        }
        self.phase.set(Some(Phase::Connecting));
        self.access.set_value(Some(access.clone()));
        self.ask(Request::Open {
            service: server::current().map_or_else(server::callee, |url| url.origin().to_owned()),
            access,
        });
        self.reading.tell_worker(self);
        self.stage_do(Stage::ask_anew);
    }

    /// Tells the worker what the page wants.
    pub(crate) fn ask(self, ask: Request) {
        self.worker
            .try_with_value(|worker| worker.iter().for_each(|worker| worker.ask(&ask)));
    }

    /// Scrolls to the line that holds this byte, marks it and moves the focus there; once it has come.
    pub(crate) fn show_offset(self, offset: u64) {
        self.goto.set(Some(Goto::marking(offset, offset)));
    }

    /// Scrolls to the first line written at this time or after it; milliseconds since 1970.
    pub(crate) fn show_time(self, time_ms: i64) {
        self.goto.set(Some(Goto::time(time_ms)));
    }

    /// Which series of numbers are told; each keeps at most as many points as a chart can show.
    pub(crate) fn set_series(self, names: Vec<String>) {
        const POINTS: u32 = 800;
        self.ask(Request::Series { names, points: POINTS });
    }

    /// Whether nothing more will come.
    pub(crate) fn has_ended(self) -> bool {
        matches!(*self.phase.read(), Some(Phase::Ended | Phase::Full | Phase::Failed(_)))
    }

    fn take(self, told: Update, sign_in: SignIn) {
        // The page may be gone by the time the worker says something.
        if self.phase.try_with_untracked(|_| ()).is_none() {
            return;
        }
        match told {
            Update::Phase(phase) => self.take_phase(phase, sign_in),
            Update::Count(count) => {
                self.stage_do(|stage| stage.take_count(&count));
                self.count.set(count);
            }
            Update::Rows(rows) => {
                self.stage_do(|stage| stage.take_rows(rows.clone()));
                self.rows.set(rows);
            }
            Update::Ahead(ahead) => self.ahead.set(Some(ahead)),
            Update::Matches(matches) => self.matches.set(matches),
            Update::Trouble(trouble) => self.trouble.set(trouble),
            Update::Series(series) => self.series.set(series),
            Update::Progress(percent) => self.progress.set(Some(percent)),
        }
    }

    fn take_phase(self, phase: Phase, sign_in: SignIn) {
        self.lost.set(match &phase {
            Phase::Lost { error, retry_ms } => Some(Lost {
                error: error.clone(),
                retry_at_ms: clock::now_ms() + i64::from(*retry_ms),
            }),
            _ => None,
        });
        if let Phase::Failed(error) = &phase {
            spawn_local(self.read_again(error.clone(), sign_in));
        }
        self.phase.set(Some(phase));
    }

    /// Lets the worker go on with a new token, where that helps against `error`.
    async fn read_again(self, error: CallError, sign_in: SignIn) {
        let Some(Some(Access::Caller { token: used, .. })) = self.access.try_get_value() else {
            return;
        };
        // What was begun before the last sign-in may fail after it: that says nothing about the new token.
        let is_old = error.code == tonic::Code::Unauthenticated && used != token::get();
        if is_old || sign_in.overcomes(&error).await {
            self.try_again();
        }
    }

    /// Lets the worker go on: a caller with the token of this moment, a holder with the link.
    pub(crate) fn try_again(self) {
        let Some(Some(mut access)) = self.access.try_get_value() else {
            return;
        };
        if let Access::Caller { token, .. } = &mut access {
            *token = token::get();
        }
        self.access.try_set_value(Some(access.clone()));
        self.ask(Request::Access(access));
    }

    /// Changes the view, and has it drawn with the next frame.
    pub(crate) fn stage_do<T>(self, change: impl FnOnce(&mut Stage) -> T) -> Option<T> {
        let done = self
            .stage
            .try_update_value(|stage| stage.as_mut().map(change))
            .flatten();
        if done.is_some() {
            self.draw_soon();
        }
        done
    }

    /// Has the rows drawn with the next frame, once however often something changes.
    pub(crate) fn draw_soon(self) {
        let is_waiting = self
            .is_waiting
            .try_update_value(|is_waiting| std::mem::replace(is_waiting, true));
        if is_waiting != Some(false) {
            return;
        }
        spawn_local(async move {
            log_view::next_frame().await;
            // The page may be gone by the time its frame comes.
            if self
                .is_waiting
                .try_update_value(|is_waiting| *is_waiting = false)
                .is_some()
                && let Some(draw) = self.drawing.try_get_value().flatten()
            {
                draw(self);
            }
        });
    }

    /// Says what was done, to eyes and ears.
    pub(crate) fn note(self, message: Message) {
        self.say(untrack(|| self.text.get(message)));
    }

    /// The same in words of one's own.
    pub(crate) fn say(self, sentence: String) {
        self.announcer.say(sentence.clone());
        self.reading.note.set(sentence);
    }

    /// Whether the log's end is shown before it has been read as far: to who has chosen nothing else.
    pub(crate) fn is_ahead(self) -> bool {
        let ahead = self.ahead.read();
        let Some(ahead) = &*ahead else { return false };
        let last = |rows: &[Row]| rows.last().map_or(0, |row| row.offset);
        self.count.read().offset < ahead.end
            && last(&self.rows.read().rows) < last(&ahead.rows)
            && !self.has_ended()
            && self.reading.is_following.get()
            && self.goto.read().is_none()
            && self.reading.filter() == RowFilter::default()
    }
}
