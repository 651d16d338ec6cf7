//! What the app knows of a project's jobs: read in the background, kept while the app is open.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use futures::future::join;
use leptos::prelude::*;
use tonic::Code;

use crate::{
    app::{
        connection::Lost,
        sign_in::{SignIn, use_sign_in},
        task::run_while_mounted,
    },
    browser::{self, Client, clock, document},
};
use jobsphere_client::{CallError, Clock, retry::Backoff};
use jobsphere_overview::listing::{self, Cursor, Index, Row, Slot};
use jobsphere_rules::status::is_final;

/// Between two looks at what may have changed.
const REFRESH_MS: u32 = 3000;
/// So many rows are read unasked; the rest when something needs it.
const READ_UNASKED: usize = 20_000;
/// How soon reading goes on when the rest is wanted.
const ATTENTION_MS: u32 = 200;

/// The rows of the project that was looked at last, so that the way back to its list is short.
#[derive(Clone, Copy)]
pub(crate) struct LastList {
    rows: StoredValue<(String, Rc<RefCell<Index>>), LocalStorage>,
    /// What the list says when it is seen next.
    pub(crate) note: RwSignal<Option<String>>,
}

impl LastList {
    pub(crate) fn new() -> Self {
        Self {
            rows: StoredValue::new_local(Default::default()),
            note: RwSignal::new(None),
        }
    }

    fn of(self, project: &str) -> Rc<RefCell<Index>> {
        let is_other = self.rows.with_value(|(kept, _)| kept != project);
        if is_other {
            self.rows.set_value((project.to_owned(), Rc::default()));
        }
        self.rows.with_value(|(_, index)| index.clone())
    }
}

/// The jobs of a project, as far as they are known.
#[derive(Clone, Copy)]
pub(crate) struct LoadedJobs {
    /// The project's id.
    pub(crate) project: StoredValue<String>,
    index: StoredValue<Rc<RefCell<Index>>, LocalStorage>,
    /// Changes with each change of any row.
    pub(crate) version: RwSignal<u64>,
    /// The number of rows; nothing before the first answer.
    pub(crate) count: RwSignal<Option<usize>>,
    /// Whether these are all there are.
    pub(crate) is_whole: RwSignal<bool>,
    /// Whether all are wanted, however many they are.
    pub(crate) wants_all: RwSignal<bool>,
    /// Whether reading waits for somebody to want the rest.
    pub(crate) rests: RwSignal<bool>,
    pub(crate) lost: RwSignal<Option<Lost>>,
    pub(crate) failed: RwSignal<Option<CallError>>,
}

impl LoadedJobs {
    /// What is known of `project`.
    pub(crate) fn new(project: String) -> Self {
        let last: LastList = expect_context();
        let index = last.of(&project);
        let (version, count) = {
            let index = index.borrow();
            (index.version(), index.len())
        };
        Self {
            project: StoredValue::new(project),
            version: RwSignal::new(version),
            index: StoredValue::new_local(index),
            count: RwSignal::new((count > 0).then_some(count)),
            is_whole: RwSignal::new(false),
            wants_all: RwSignal::new(false),
            rests: RwSignal::new(false),
            lost: RwSignal::new(None),
            failed: RwSignal::new(None),
        }
    }

    /// Reads the list and stays up to date while this part of the page is there.
    pub(crate) fn follow(self) {
        run_while_mounted(self.read(true, use_sign_in()));
    }

    /// Reads the list once, to its end.
    pub(crate) fn read_once(self) {
        self.wants_all.set(true);
        run_while_mounted(self.read(false, use_sign_in()));
    }

    /// Looks at the rows as they are now, without following their changes.
    pub(crate) fn with<R>(self, look: impl FnOnce(&Index) -> R) -> R {
        self.index.with_value(|index| look(&index.borrow()))
    }

    /// Alters what is known, ahead of the service's word.
    pub(crate) fn update(self, change: impl FnOnce(&mut Index)) {
        // Nobody looks any more when it is gone.
        let done = self.index.try_with_value(|index| change(&mut index.borrow_mut()));
        if done.is_some() {
            self.note();
        }
    }

    /// The row at `slot`; reactive.
    pub(crate) fn row(self, slot: Slot) -> Option<Row> {
        self.version.track();
        self.with(|index| index.row(slot).cloned())
    }

    fn note(self) {
        let Some((version, count)) = self.index.try_with_value(|index| {
            let index = index.borrow();
            (index.version(), index.len())
        }) else {
            return;
        };
        if self.count.try_get_untracked() != Some(Some(count)) {
            self.count.try_set(Some(count));
        }
        if self.version.try_get_untracked() != Some(version) {
            self.version.try_set(version);
        }
    }

    async fn read(self, goes_on: bool, sign_in: SignIn) {
        let client = browser::client();
        let (project, index) = (self.project.get_value(), self.index.get_value());
        let mut backoff = Backoff::default();
        let older = loop {
            match listing::newest(&client, &project, &index).await {
                Ok(older) => break older,
                Err(error) => {
                    if !self.overcomes(error, &client, &mut backoff, sign_in).await {
                        return;
                    }
                }
            }
        };
        self.holds();
        self.note();
        let fill = self.fill(older, client.clone(), sign_in);
        if goes_on {
            join(fill, self.look_again(client, sign_in)).await;
        } else {
            fill.await;
        }
    }

    /// Reads the older rows, to the end or as far as anybody wants.
    async fn fill(self, mut older: Option<Cursor>, client: Client, sign_in: SignIn) {
        let (project, index) = (self.project.get_value(), self.index.get_value());
        let mut backoff = Backoff::default();
        let mut read = 0;
        while let Some(cursor) = &older {
            let rests = read >= READ_UNASKED && !self.wants_all.get_untracked();
            if rests != self.rests.get_untracked() {
                self.rests.set(rests);
            }
            if rests || !document::is_visible() {
                client.clock().sleep(ATTENTION_MS).await;
                continue;
            }
            match listing::older(&client, &project, cursor, &index).await {
                Ok(next) => {
                    older = next;
                    read += listing::PAGE as usize;
                    self.holds();
                    self.note();
                    clock::give_way().await;
                }
                Err(error) => {
                    if !self.overcomes(error, &client, &mut backoff, sign_in).await {
                        return;
                    }
                }
            }
        }
        self.rests.set(false);
        self.is_whole.set(true);
    }

    /// Keeps the newest rows and those that may change up to date.
    async fn look_again(self, client: Client, sign_in: SignIn) {
        let (project, index) = (self.project.get_value(), self.index.get_value());
        let mut backoff = Backoff::default();
        let (mut operations, mut may_ask) = (HashMap::new(), true);
        loop {
            client.clock().sleep(REFRESH_MS).await;
            while !document::is_visible() {
                client.clock().pause_before_retry(REFRESH_MS).await;
            }
            let looked = match listing::newest(&client, &project, &index).await {
                Ok(_) => listing::look_again(&client, &project, &index).await,
                Err(error) => Err(error),
            };
            if may_ask && looked.is_ok() {
                // What else may be wrong is met again by the next look.
                let asked = listing::ask_progress(&client, &index, &mut operations).await;
                may_ask = !asked.is_err_and(|error| error.code == Code::PermissionDenied);
            }
            self.note();
            match looked {
                Ok(()) => {
                    backoff.reset();
                    self.holds();
                }
                Err(error) => {
                    if !self.overcomes(error, &client, &mut backoff, sign_in).await {
                        return;
                    }
                }
            }
        }
    }

    fn holds(self) {
        if self.lost.get_untracked().is_some() {
            self.lost.set(None);
        }
        if self.failed.get_untracked().is_some() {
            self.failed.set(None);
        }
    }

    /// Waits until the call is worth another try; false when it is not.
    async fn overcomes(self, error: CallError, client: &Client, backoff: &mut Backoff, sign_in: SignIn) -> bool {
        if error.is_transient() {
            let retry_ms = backoff.next_ms();
            let retry_at_ms = clock::now_ms() + i64::from(retry_ms);
            self.lost.set(Some(Lost { error, retry_at_ms }));
            client.clock().pause_before_retry(retry_ms).await;
            return true;
        }
        self.lost.set(None);
        let is_turned_away = matches!(
            error.code,
            Code::Unauthenticated | Code::PermissionDenied | Code::NotFound
        );
        if is_turned_away {
            // Whoever signs in next may not be the one who was allowed to see this.
            self.update(|index| *index = Index::default());
        }
        self.failed.set(Some(error.clone()));
        sign_in.overcomes(&error).await
    }

    /// The jobs that run now.
    pub(crate) fn running(self) -> usize {
        self.version.track();
        self.with(|index| {
            let rows = index.unfinished().filter_map(|slot| index.row(slot));
            rows.filter(|row| !is_final(row.status) && jobsphere_rules::lifetime::may_stand_by(row.status).is_err())
                .count()
        })
    }
}
