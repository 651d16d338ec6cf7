//! The log of a job: what its worker tells, as signals, and what a page asks of it.

mod address;
mod ahead;
mod aloud;
mod answers;
mod copy;
mod find;
mod goto;
mod hotkeys;
mod links;
mod look;
mod menu;
mod panel;
mod reading;
mod rows;
mod save;
mod sources;
mod stage;
mod status;
mod toolbar;

use leptos::{prelude::*, task::spawn_local};

use self::{goto::Goto, reading::Reading, stage::Stage};
pub(super) use self::{links::LogLink, panel::LogPanel};
use crate::{
    app::{
        announce::{Announcer, use_announcer},
        notice::Lost,
        sign_in::{SignIn, use_sign_in},
        text::{Text, use_text},
    },
    browser::{book::Book, clock, document, server, token},
    client::{
        CallError,
        book::words::{Access, Ahead, Ask, Count, Matches, Phase, Rows, Series, Told, Trouble},
    },
};

/// What is known of the log.
#[derive(Clone, Copy)]
pub(super) struct Log {
    /// How reading goes; nothing before it was asked for.
    pub(super) phase: RwSignal<Option<Phase>>,
    /// How much there is.
    pub(super) count: RwSignal<Count>,
    /// The rows in sight.
    pub(super) rows: RwSignal<Rows>,
    /// The log's last rows, where they were told before all that comes before them.
    ahead: RwSignal<Option<Ahead>>,
    /// How far looking for the pattern has come.
    pub(super) matches: RwSignal<Matches>,
    /// What a reader of a failed job wants to see first.
    pub(super) trouble: RwSignal<Trouble>,
    /// Numbers over time, see [`Log::set_series`].
    pub(super) series: RwSignal<Vec<Series>>,
    /// The connection that is gone for now.
    pub(super) lost: RwSignal<Option<Lost>>,
    /// The time under the pointer, in the log or in a chart; milliseconds since 1970.
    pub(super) pointed_ms: RwSignal<Option<i64>>,
    /// Where it is to go; until it has got there.
    goto: RwSignal<Option<Goto>>,
    /// How the reader looks at it.
    reading: Reading,
    /// The place among the matches of the one that was found last.
    rank: RwSignal<Option<u64>>,
    text: Text,
    announcer: Announcer,
    /// Whether a frame is waited for.
    is_waiting: StoredValue<bool>,
    stage: StoredValue<Option<Stage>, LocalStorage>,
    book: StoredValue<Option<Book>, LocalStorage>,
    /// As whom the worker reads.
    access: StoredValue<Option<Access>, LocalStorage>,
}

impl Log {
    pub(super) fn new() -> Self {
        Self {
            phase: RwSignal::new(None),
            count: RwSignal::default(),
            rows: RwSignal::default(),
            ahead: RwSignal::new(None),
            matches: RwSignal::default(),
            trouble: RwSignal::default(),
            series: RwSignal::default(),
            lost: RwSignal::new(None),
            pointed_ms: RwSignal::new(None),
            goto: RwSignal::new(None),
            reading: Reading::of_address(),
            rank: RwSignal::new(None),
            text: use_text(),
            announcer: use_announcer(),
            is_waiting: StoredValue::new(false),
            stage: StoredValue::new_local(None),
            book: StoredValue::new_local(None),
            access: StoredValue::new_local(None),
        }
    }

    /// Starts the worker, which takes a moment to load, before it is known what there is to follow. It lives until the page
    /// is gone.
    pub(super) fn prepare(self) {
        let sign_in = use_sign_in();
        match Book::open(move |told| self.take(told, sign_in)) {
            Ok(book) => self.book.set_value(Some(book)),
            Err(error) => {
                let error = CallError::new(tonic::Code::Internal, error.to_string());
                self.phase.set(Some(Phase::Failed(error)));
            }
        }
        on_cleanup(move || drop(self.book.try_update_value(Option::take)));
    }

    /// Follows the log until its end or until the page is gone.
    pub(super) fn follow(self, job_id: String) {
        self.follow_as(job_id, Access::Token(token::get()));
    }

    /// The same with another right than the caller's; a share link knows its job by itself.
    pub(super) fn follow_as(self, job_id: String, access: Access) {
        if self.book.with_value(Option::is_none) {
            // It was said why.
            return;
        }
        self.phase.set(Some(Phase::Connecting));
        self.access.set_value(Some(access.clone()));
        self.ask(Ask::Open {
            job_id,
            service: server::current().map_or_else(document::origin, |url| url.origin().to_owned()),
            access,
        });
        self.reading.tell_worker(self);
        self.stage_do(Stage::ask_anew);
    }

    /// Tells the worker what the page wants.
    pub(super) fn ask(self, ask: Ask) {
        self.book
            .try_with_value(|book| book.iter().for_each(|book| book.ask(&ask)));
    }

    /// Scrolls to the line that holds this byte, marks it and moves the focus there; once it has come.
    pub(super) fn show_offset(self, offset: u64) {
        self.goto.set(Some(Goto::marking(offset, offset)));
    }

    /// Scrolls to the first line written at this time or after it; milliseconds since 1970.
    pub(super) fn show_time(self, time_ms: i64) {
        self.goto.set(Some(Goto::time(time_ms)));
    }

    /// Which series of numbers are told; each keeps at most as many points as a chart can show.
    pub(super) fn set_series(self, names: Vec<String>) {
        const POINTS: u32 = 800;
        self.ask(Ask::Series { names, points: POINTS });
    }

    /// Whether nothing more will come.
    fn has_ended(self) -> bool {
        matches!(*self.phase.read(), Some(Phase::Ended | Phase::Full | Phase::Failed(_)))
    }

    fn take(self, told: Told, sign_in: SignIn) {
        // The page may be gone by the time the worker says something.
        if self.phase.try_with_untracked(|_| ()).is_none() {
            return;
        }
        match told {
            Told::Phase(phase) => self.take_phase(phase, sign_in),
            Told::Count(count) => {
                self.stage_do(|stage| stage.take_count(&count));
                self.count.set(count);
            }
            Told::Rows(rows) => {
                self.stage_do(|stage| stage.take_rows(rows.clone()));
                self.rows.set(rows);
            }
            Told::Ahead(ahead) => self.ahead.set(Some(ahead)),
            Told::Matches(matches) => self.matches.set(matches),
            Told::Trouble(trouble) => self.trouble.set(trouble),
            Told::Series(series) => self.series.set(series),
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
        let Some(Some(Access::Token(used))) = self.access.try_get_value() else {
            return;
        };
        // What was begun before the last sign-in may fail after it: that says nothing about the new token.
        let is_old = error.code == tonic::Code::Unauthenticated && used != token::get();
        if is_old || sign_in.overcomes(&error).await {
            let access = Access::Token(token::get());
            self.access.try_set_value(Some(access.clone()));
            self.ask(Ask::Access(access));
        }
    }

    /// Changes the view, and has it drawn with the next frame.
    fn stage_do<T>(self, change: impl FnOnce(&mut Stage) -> T) -> Option<T> {
        let done = self
            .stage
            .try_update_value(|stage| stage.as_mut().map(change))
            .flatten();
        if done.is_some() {
            rows::draw_soon(self);
        }
        done
    }
}
