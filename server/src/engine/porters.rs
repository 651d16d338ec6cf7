//! The porter of each job that is being handled here, from before its command to after its outputs.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jobsphere_api::id::JobId;

use super::places::{Folder, Places};
use crate::{
    porter::{Breaker, Porter, PorterError},
    sandbox::{Sandbox, User},
};

/// What a job's porter is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// It fills the folders.
    Filling,
    /// It waits while the command runs.
    Waiting,
    /// It gives the outputs.
    Collecting,
}

/// The porters of all jobs.
#[derive(Debug, Default)]
pub(super) struct Porters(Mutex<HashMap<JobId, Arc<OfJob>>>);

#[derive(Debug)]
struct OfJob {
    phase: Mutex<Phase>,
    porter: Mutex<Option<Porter>>,
    breaker: Mutex<Option<Breaker>>,
}

impl Porters {
    fn of(&self, job: &JobId) -> Arc<OfJob> {
        let mut jobs = lock(&self.0);
        let of_job = jobs.entry(job.clone()).or_insert_with(|| {
            Arc::new(OfJob {
                phase: Mutex::new(Phase::Filling),
                porter: Mutex::default(),
                breaker: Mutex::default(),
            })
        });
        of_job.clone()
    }

    /// Says what comes now.
    pub(super) fn enter(&self, job: &JobId, phase: Phase) {
        *lock(&self.of(job).phase) = phase;
    }

    /// Lets `act` use the job's porter, which is started when there is none that can be asked. Blocks.
    ///
    /// # Errors
    /// When it cannot be started, and those of `act`.
    pub(super) fn with<T>(
        &self,
        job: &JobId,
        (sandbox, user): (Sandbox, Option<User>),
        places: &Places,
        act: impl FnOnce(&mut Porter) -> Result<T, PorterError>,
    ) -> Result<T, PorterError> {
        let of_job = self.of(job);
        let mut held = lock(&of_job.porter);
        if !held.as_mut().is_some_and(Porter::is_ready) {
            *held = None;
            let porter = Porter::start(sandbox, user, &places.folders(), places.number(Folder::Tmp))?;
            *lock(&of_job.breaker) = Some(porter.breaker()?);
            *held = Some(porter);
        }
        match held.as_mut() {
            Some(porter) => act(porter),
            None => Err(io::Error::from(io::ErrorKind::NotConnected).into()),
        }
    }

    /// Ends what the porter of a job does, unless its command runs. Before that `note` is told what there is of it: who
    /// waits for the porter then finds why it ended.
    ///
    /// # Errors
    /// When `note` fails; the porter ends even so.
    pub(super) fn break_off(&self, job: &JobId, note: impl FnOnce(Option<Phase>) -> io::Result<()>) -> io::Result<()> {
        let of_job = lock(&self.0).get(job).cloned();
        let phase = of_job.as_ref().map(|of_job| *lock(&of_job.phase));
        let noted = note(phase);
        if let Some(of_job) = of_job.filter(|_| phase != Some(Phase::Waiting))
            && let Some(breaker) = &*lock(&of_job.breaker)
        {
            breaker.break_off();
        }
        noted
    }

    /// Gives the porter of a job up, if there is one; `act` may use it once more. Blocks.
    pub(super) fn give_up(&self, job: &JobId, act: impl FnOnce(&mut Porter)) {
        let of_job = lock(&self.0).remove(job);
        if let Some(of_job) = of_job
            && let Some(porter) = lock(&of_job.porter).as_mut()
            && porter.is_ready()
        {
            act(porter);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
