//! The worker's side: it holds the log, answers the page, and tells what changes.

use std::{cell::RefCell, rc::Rc};

use gloo_timers::callback::Timeout;
use tonic::Code;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::{
    Logging,
    clock::WorkerClock,
    figures::{Figures, SERIES_MS},
    folder::{FileStorage, Folder},
    follow::Follower,
    save,
    turns::{Turns, now_ms, slice},
};
use crate::{
    api::jobs::LogMessage,
    channel::{
        Beside,
        worker::{self, Teller},
    },
    gate::Gate,
    log_worker::messages::{Access, Answer, Phase, Request, Update},
};
use jobsphere_client::CallError;
use jobsphere_log::{
    Log, RowView, Saving, SeekResult, StorageError, TroubleMark,
    mark_reader::MarkReader,
    model::{Ahead, CopyForm, Count, Goal, Matches, Rows, SaveForm, Source, Trouble, Window},
};

/// Rows are told once in a frame at most.
const ROWS_MS: f64 = 16.0;
/// Counts are told ten times a second at most.
const COUNT_MS: f64 = 100.0;

/// Listens for what the page asks, and tells it that it does.
pub fn listen() {
    console_error_panic_hook::set_once();
    spawn_local(async {
        let teller = Teller::unasked();
        let (storage, folder) = FileStorage::open().await;
        let session = match Session::new(teller.clone(), storage, folder) {
            Ok(session) => Rc::new(RefCell::new(session)),
            Err(error) => return teller.progress(&Update::Phase(Phase::Failed(error))),
        };
        worker::listen::<Logging>(async move |ask, _| match ask {
            Request::Save { form, source } => Answer::Saved(Session::save(&session, form, source).await),
            Request::LastNumbers(whose) => Answer::LastNumbers(whose.read().await),
            ask => Session::hear(&session, ask),
        });
    });
}

/// What is told at most so often, and whether it will be.
#[derive(Default)]
struct Pace {
    told_at_ms: f64,
    timer: Option<Timeout>,
}

/// The log, what is in row_view of it, and what the page knows of both.
pub(super) struct Session {
    teller: Teller<Logging>,
    log: Log<FileStorage>,
    row_view: RowView,
    window: Option<Window>,
    folder: Option<Folder>,
    /// Files that were saved: each has a name of its own, since an earlier one may be read still.
    saved: u32,
    follower: Option<(Rc<RefCell<Access>>, WorkerClock)>,
    /// Open while somebody sees the page.
    seen: Gate,
    turns: Turns,
    is_finding: bool,
    rows: Pace,
    told_rows: Option<Rows>,
    /// How often lines had been changed by what came later when rows were told.
    told_redraws: u64,
    counts: Pace,
    told_count: Option<Count>,
    told_matches: Option<Matches>,
    told_trouble: (TroubleMark, usize),
    figures: Figures,
    told_progress: Option<u8>,
    marks: MarkReader,
    series: Pace,
    has_told_full: bool,
}

impl Session {
    fn new(teller: Teller<Logging>, storage: FileStorage, folder: Option<Folder>) -> Result<Self, CallError> {
        let internal = |error: String| CallError::new(Code::Internal, error);
        Ok(Self {
            teller,
            log: Log::new(storage).map_err(|error| internal(error.to_string()))?,
            row_view: RowView::default(),
            window: None,
            folder,
            saved: 0,
            follower: None,
            seen: Gate::default(),
            turns: Turns::new().map_err(|thrown| internal(crate::error::message(&thrown)))?,
            is_finding: false,
            rows: Pace::default(),
            told_rows: None,
            told_redraws: 0,
            counts: Pace::default(),
            told_count: None,
            told_matches: None,
            told_trouble: (TroubleMark::default(), 0),
            figures: Figures::default(),
            told_progress: None,
            marks: MarkReader::default(),
            series: Pace::default(),
            has_told_full: false,
        })
    }

    fn tell(&self, told: &Update) {
        self.teller.progress(told);
    }

    fn fail(&self, error: String) {
        self.tell(&Update::Phase(Phase::Failed(CallError::new(Code::Internal, error))));
    }

    fn hear(session: &Rc<RefCell<Self>>, ask: Request) -> Answer {
        let mut this = session.borrow_mut();
        let heard = |done: Result<(), StorageError>| done.map(|()| Answer::Heard);
        let answer = match ask {
            Request::Open { service, access } => {
                this.open(session, service, access);
                Ok(Answer::Heard)
            }
            Request::Access(access) => {
                if let Some((its, clock)) = &this.follower {
                    its.replace(access);
                    clock.ring();
                }
                Ok(Answer::Heard)
            }
            Request::Retry => {
                if let Some((_, clock)) = &this.follower {
                    clock.ring();
                }
                Ok(Answer::Heard)
            }
            Request::Seen(is_seen) => {
                this.seen.set(is_seen);
                Ok(Answer::Heard)
            }
            Request::RowFilter(filter) => {
                this.row_view.set_lens(filter);
                this.told_matches = None;
                heard(this.tell_all(session))
            }
            Request::Find(pattern) => {
                this.row_view.set_pattern(pattern);
                this.told_matches = None;
                heard(this.tell_all(session))
            }
            Request::Fold { line, is_closed } => {
                let this = &mut *this;
                let folded = this.row_view.fold(&mut this.log, line, is_closed);
                heard(folded.and_then(|()| this.tell_all(session)))
            }
            Request::Window(window) => {
                this.window = Some(window);
                this.told_rows = None;
                heard(this.tell_rows())
            }
            Request::Series { names, points } => {
                this.figures.want(names, points);
                heard(this.tell_series())
            }
            Request::Seek(goal) => this.seek(goal),
            Request::Copy { first, last, form } => this.copy((first, last), form),
            // They take their time, see `listen`.
            Request::Save { .. } | Request::LastNumbers(_) => Ok(Answer::Heard),
        };
        answer.unwrap_or_else(|error| {
            this.fail(error.to_string());
            Answer::Heard
        })
    }

    fn open(&mut self, session: &Rc<RefCell<Self>>, service: String, access: Access) {
        if self.follower.is_some() {
            return;
        }
        let (access, clock) = (Rc::new(RefCell::new(access)), WorkerClock::new(self.seen.clone()));
        self.follower = Some((access.clone(), clock.clone()));
        let follower = Follower {
            service,
            access,
            clock,
            turns: self.turns.clone(),
        };
        spawn_local(follower.run(session.clone()));
    }

    fn seek(&mut self, goal: Goal) -> Result<Answer, StorageError> {
        let SeekResult { row, line, rank } = self.row_view.seek(&mut self.log, goal)?;
        Ok(Answer::Place { row, line, rank })
    }

    fn copy(&mut self, lines: (u64, u64), form: CopyForm) -> Result<Answer, StorageError> {
        let access = self.follower.as_ref().map(|(access, _)| access.borrow());
        let job_id = access.as_deref().and_then(Access::job_id);
        let (text, left_out) = self.row_view.copy(&mut self.log, job_id, lines, form)?;
        Ok(Answer::Text { text, left_out })
    }

    async fn save(session: &Rc<RefCell<Self>>, form: SaveForm, source: Option<Source>) -> Result<Beside<File>, String> {
        let (folder, name) = {
            let this = &mut *session.borrow_mut();
            this.saved += 1;
            (this.folder.clone(), format!("saved-{}", this.saved))
        };
        save::save(session, folder, &name, form, source).await.map(Beside)
    }

    /// Turns with the worker's other work.
    pub(super) fn turns(&self) -> Turns {
        self.turns.clone()
    }

    /// Begins to save.
    pub(super) fn saving(&self, form: SaveForm, source: Option<Source>) -> Saving {
        Saving::new(&self.row_view, form, source)
    }

    /// The next part of what is saved.
    pub(super) fn part(&mut self, saving: &mut Saving) -> Result<Option<Vec<u8>>, String> {
        saving.part(&mut self.log).map_err(|error| error.to_string())
    }

    /// How reading goes now.
    pub(super) fn set_phase(&mut self, phase: Phase) {
        let is_last = matches!(phase, Phase::Ended | Phase::Failed(_));
        let phase = match phase {
            Phase::Following if self.has_told_full => Phase::Full,
            phase => phase,
        };
        if is_last {
            // Whoever hears of the end has all of it.
            let told = self.tell_counts().and_then(|()| self.tell_rows());
            let result = told.and_then(|()| self.tell_series());
            self.check(result);
        }
        self.tell(&Update::Phase(phase));
    }

    /// Tells the log's end, where it has not been read as far meanwhile.
    pub(super) fn tell_ahead(&self, ahead: Ahead) {
        if self.log.offset() < ahead.end {
            self.tell(&Update::Ahead(ahead));
        }
    }

    /// Takes a message of the log.
    pub(super) fn push(&mut self, message: &LogMessage) {
        self.marks.push(message);
        self.figures.push(message);
        let mut on_line = |_: &Source, _, _, _: &[u8]| {};
        if let Err(error) = self.log.push(message, &mut on_line) {
            self.fail(error.to_string());
        }
        if self.log.is_full() && !self.has_told_full {
            self.has_told_full = true;
            self.tell(&Update::Phase(Phase::Full));
        }
    }

    /// Nothing more will come.
    pub(super) fn finish(&mut self) {
        self.figures.finish();
        let mut on_line = |_: &Source, _, _, _: &[u8]| {};
        if let Err(error) = self.log.finish(&mut on_line) {
            self.fail(error.to_string());
        }
    }

    /// The log has grown, or more was found in it: what the page should know of it is told, now or soon.
    pub(super) fn changed(session: &Rc<RefCell<Self>>) {
        let mut this = session.borrow_mut();
        let now = now_ms();
        if now - this.counts.told_at_ms >= COUNT_MS {
            let result = this.tell_counts();
            this.check(result);
        } else if this.counts.timer.is_none() {
            let later = Self::later(session, Self::tell_counts);
            let wait_ms = COUNT_MS - (now - this.counts.told_at_ms);
            this.counts.timer = Some(Timeout::new(wait_ms as u32 + 1, later));
        }
        if now - this.series.told_at_ms >= SERIES_MS {
            let result = this.tell_series();
            this.check(result);
        } else if this.series.timer.is_none() {
            let later = Self::later(session, Self::tell_series);
            let wait_ms = SERIES_MS - (now - this.series.told_at_ms);
            this.series.timer = Some(Timeout::new(wait_ms as u32 + 1, later));
        }
        if this.is_in_sight() {
            if now - this.rows.told_at_ms >= ROWS_MS {
                let result = this.tell_rows();
                this.check(result);
            } else if this.rows.timer.is_none() {
                let later = Self::later(session, Self::tell_rows);
                let wait_ms = ROWS_MS - (now - this.rows.told_at_ms);
                this.rows.timer = Some(Timeout::new(wait_ms as u32 + 1, later));
            }
        }
        this.find_on(session);
    }

    fn later(session: &Rc<RefCell<Self>>, tell: fn(&mut Self) -> Result<(), StorageError>) -> impl FnOnce() + 'static {
        let session = session.clone();
        move || {
            let mut this = session.borrow_mut();
            let result = tell(&mut this);
            this.check(result);
        }
    }

    fn check(&self, result: Result<(), StorageError>) {
        if let Err(error) = result {
            self.fail(error.to_string());
        }
    }

    /// Whether what comes at the log's end is in the window, or may have changed what is.
    fn is_in_sight(&self) -> bool {
        let Some(window) = self.window else { return false };
        if self.log.redraws() != self.told_redraws {
            return true;
        }
        let Some(told) = &self.told_rows else { return true };
        window.first.is_none()
            || (told.rows.len() as u64) < u64::from(window.count)
            || told.rows.iter().any(|row| row.is_open)
    }

    fn tell_rows(&mut self) -> Result<(), StorageError> {
        self.rows = Pace {
            told_at_ms: now_ms(),
            timer: None,
        };
        let Some(window) = self.window else { return Ok(()) };
        self.told_redraws = self.log.redraws();
        let rows = self.row_view.window(&mut self.log, window)?;
        if self.told_rows.as_ref() != Some(&rows) {
            let told = Update::Rows(rows);
            self.tell(&told);
            if let Update::Rows(rows) = told {
                self.told_rows = Some(rows);
            }
        }
        Ok(())
    }

    fn tell_counts(&mut self) -> Result<(), StorageError> {
        self.counts = Pace {
            told_at_ms: now_ms(),
            timer: None,
        };
        let count = Count {
            rows: self.row_view.count(&mut self.log)?,
            filter: self.row_view.version(),
            ..self.log.count()
        };
        if self.told_count.as_ref() != Some(&count) {
            self.tell(&Update::Count(count.clone()));
            self.told_count = Some(count);
        }
        let matches = self.row_view.matches(&self.log);
        if self.told_matches != matches {
            self.tell(&Update::Matches(matches.clone().unwrap_or_default()));
            self.told_matches = matches;
        }
        let mark = (self.log.trouble_mark(), self.marks.marks().len());
        if self.told_trouble != mark {
            let trouble = Trouble {
                marks: self.marks.marks().to_vec(),
                ..self.log.trouble()?
            };
            self.tell(&Update::Trouble(trouble));
            self.told_trouble = mark;
        }
        Ok(())
    }

    fn tell_series(&mut self) -> Result<(), StorageError> {
        self.series = Pace {
            told_at_ms: now_ms(),
            timer: None,
        };
        let progress = self.figures.progress();
        if progress != self.told_progress {
            self.told_progress = progress;
            progress
                .into_iter()
                .for_each(|percent| self.tell(&Update::Progress(percent)));
        }
        if let Some(series) = self.figures.take_news() {
            self.tell(&Update::Series(series));
        }
        Ok(())
    }

    /// Rows are numbered anew.
    fn tell_all(&mut self, session: &Rc<RefCell<Self>>) -> Result<(), StorageError> {
        self.told_rows = None;
        // The first slice at once: where that is all, nothing has to be told twice.
        self.row_view.step(&mut self.log, slice())?;
        self.tell_counts()?;
        self.tell_rows()?;
        self.find_on(session);
        Ok(())
    }

    /// Goes on looking for the pattern, in slices.
    fn find_on(&mut self, session: &Rc<RefCell<Self>>) {
        if self.is_finding || !self.row_view.has_more(&self.log) {
            return;
        }
        self.is_finding = true;
        let (session, turns) = (session.clone(), self.turns.clone());
        spawn_local(async move {
            loop {
                turns.next().await;
                let more = {
                    let this = &mut *session.borrow_mut();
                    this.row_view.step(&mut this.log, slice())
                };
                match more {
                    Ok(true) => Self::changed(&session),
                    Ok(false) => break,
                    Err(error) => {
                        session.borrow().fail(error.to_string());
                        break;
                    }
                }
            }
            let mut this = session.borrow_mut();
            this.is_finding = false;
            let result = this.tell_counts().and_then(|()| this.tell_rows());
            this.check(result);
        });
    }
}
