//! Reading the numbers of the compared logs: in slices, those of jobs that have ended first where connections are few.

use futures::future::join_all;
use leptos::prelude::*;

use crate::{
    api::time,
    app::{compare::state::comparison::Column, sign_in::SignIn},
    browser::{self, clock, slots::Connections},
};
use jobsphere_client::{
    CallError,
    follow::JobState,
    logs::{JobLog, LogEvent, follow},
};
use jobsphere_log::series::SeriesReader;
use jobsphere_overview::overlay::Run;
use jobsphere_rules::status::is_final;

/// The page answers in between.
const SLICE_MS: f64 = 8.0;
/// The curves of a job that runs are drawn anew so often at most.
const DRAW_MS: f64 = 1000.0;
/// At most so many points of each series are drawn.
const POINTS: u32 = 300;

/// How far the reading of a log is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stage {
    /// Its turn has not come.
    Waiting,
    /// So many bytes were read.
    Reading(u64),
    /// The job goes on, and its curves with it.
    Following,
    /// The connection is gone; it is tried again.
    Lost,
    /// It was read to its end.
    Read,
    /// The job itself is not known; why stands with the jobs.
    Unknown,
    /// It was deleted with the job's data.
    Gone,
    /// It cannot be read further than so many bytes.
    Failed(u64, CallError),
}

/// What is known of a job's numbers.
#[derive(Clone, Copy)]
pub(crate) struct Numbers {
    pub(crate) stage: RwSignal<Stage>,
    pub(crate) run: RwSignal<Option<Run>>,
}

impl Numbers {
    pub(crate) fn new() -> Self {
        Self {
            stage: RwSignal::new(Stage::Waiting),
            run: RwSignal::new(None),
        }
    }
}

/// Reads the log of each job.
pub(crate) async fn read_all(mut jobs: Vec<Column>, sign_in: SignIn) {
    jobs.sort_by_key(|column| !has_ended(column));
    join_all(jobs.into_iter().map(|column| read(column, sign_in))).await;
}

fn has_ended(column: &Column) -> bool {
    let state = column.state.read_untracked();
    state.as_ref().is_none_or(|state| is_final(JobState::status(state)))
}

async fn read(column: Column, sign_in: SignIn) {
    let numbers = column.numbers;
    let Numbers { stage, .. } = numbers;
    let is_gone = match column.state.read_untracked().as_ref() {
        Some(state) => state.job.data_cleared,
        None => return stage.set(Stage::Unknown),
    };
    if is_gone {
        return stage.set(Stage::Gone);
    }
    let mut reading = Reading {
        is_live: !has_ended(&column),
        column,
        numbers,
        reader: SeriesReader::default(),
        slice_ms: clock::precise_ms(),
        drawn_ms: 0.0,
    };
    let connections = Connections::of_page();
    let mut offset = 0;
    loop {
        let log = JobLog {
            client: browser::client(),
            job_id: reading.column.id.clone(),
        };
        let mut failed = None;
        follow(&log, &connections, &mut offset, async |event| {
            if let Err(error) = reading.hear(event).await {
                failed = Some(error);
            }
        })
        .await;
        match failed {
            None => return,
            Some(error) if sign_in.overcomes(&error).await => {}
            Some(error) => {
                reading.draw();
                return stage.set(Stage::Failed(reading.reader.bytes(), error));
            }
        }
    }
}

struct Reading {
    column: Column,
    numbers: Numbers,
    reader: SeriesReader,
    is_live: bool,
    slice_ms: f64,
    drawn_ms: f64,
}

impl Reading {
    async fn hear(&mut self, event: LogEvent) -> Result<(), CallError> {
        match event {
            LogEvent::Connected | LogEvent::HeldBack => self.set_stage(self.under_way()),
            LogEvent::Messages(messages) => {
                for message in &messages {
                    self.reader.push(message);
                    if clock::precise_ms() - self.slice_ms > SLICE_MS {
                        self.set_stage(self.under_way());
                        clock::give_way().await;
                        self.slice_ms = clock::precise_ms();
                    }
                }
                if self.is_live && clock::precise_ms() - self.drawn_ms > DRAW_MS {
                    self.draw();
                }
            }
            LogEvent::Lost { .. } => self.set_stage(Stage::Lost),
            LogEvent::Ended => {
                self.reader.finish();
                self.draw();
                self.set_stage(Stage::Read);
            }
            LogEvent::Failed(error) => return Err(error),
        }
        Ok(())
    }

    fn under_way(&self) -> Stage {
        if self.is_live {
            Stage::Following
        } else {
            Stage::Reading(self.reader.bytes())
        }
    }

    fn set_stage(&self, stage: Stage) {
        if *self.numbers.stage.read_untracked() != stage {
            self.numbers.stage.set(stage);
        }
    }

    fn draw(&mut self) {
        self.drawn_ms = clock::precise_ms();
        let began_ms = self.reader.began_ms();
        let started_ms = {
            let state = self.column.state.read_untracked();
            let started_at = state.as_ref().and_then(|state| state.job.started_at.as_ref());
            started_at.map(time::to_millis)
        };
        self.numbers.run.set(Some(Run {
            start_ms: started_ms.or(began_ms).unwrap_or_default(),
            series: self.reader.log().take_all(POINTS),
        }));
    }
}
