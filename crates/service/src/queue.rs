//! Whose turn it is: first come, first served within a project, and fair between projects.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::channel::oneshot;

use super::{JobRecord, JobService};
use crate::{
    api::{
        id::{JobId, ProjectId},
        jobs::{CloudInstanceType, JobParameters},
    },
    job::waiting,
};

/// What can run at the same time.
#[derive(Debug, Clone, PartialEq)]
pub struct Capacity {
    /// Processors that the running jobs share out among them.
    pub cpus: f64,
    /// The instance types there are; a job that asks for none gets the first.
    pub instance_types: Vec<InstanceType>,
}

/// A kind of place for a job.
#[derive(Debug, Clone, PartialEq)]
pub struct InstanceType {
    /// As jobs ask for it, such as `c1.4`.
    pub name: String,
    /// Processors that a job takes while it runs.
    pub cpus: f64,
}

impl Capacity {
    /// The first of the asked types that is there.
    pub(super) fn choose(&self, parameters: &JobParameters) -> Option<&InstanceType> {
        let asked = &parameters.cloud_instance_types;
        if asked.is_empty() {
            return self.instance_types.first();
        }
        asked.iter().find_map(|asked| self.named(&asked.name))
    }

    fn named(&self, name: &str) -> Option<&InstanceType> {
        self.instance_types.iter().find(|known| known.name == name)
    }

    /// Why no place can be given to a job with `parameters`.
    pub(super) fn refusal(&self, parameters: &JobParameters) -> Option<String> {
        if self.choose(parameters).is_some() {
            return None;
        }
        let list = |names: Vec<&str>| names.join(", ");
        let asked = list(
            parameters
                .cloud_instance_types
                .iter()
                .map(|asked| asked.name.as_str())
                .collect(),
        );
        let known = list(self.instance_types.iter().map(|known| known.name.as_str()).collect());
        Some(format!(
            "`job_parameters.cloud_instance_types` asks for {asked}, and this server has {known}: ask for one of these, \
             or have the operator add the type to the server's configuration"
        ))
    }
}

/// Those who run, and those who wait.
#[derive(Debug)]
pub(super) struct Queue {
    lines: Mutex<Lines>,
}

#[derive(Debug)]
struct Lines {
    waiting: BTreeMap<ProjectId, VecDeque<Waiting>>,
    running: HashMap<JobId, (ProjectId, f64)>,
    all_cpus: f64,
    free_cpus: f64,
    /// Number of jobs begun so far, and for each project the number at its last.
    begun: u64,
    last_begun: BTreeMap<ProjectId, u64>,
}

#[derive(Debug)]
struct Waiting {
    id: JobId,
    cpus: f64,
    go: oneshot::Sender<()>,
}

/// A place in the queue, then the right to run; given back when dropped.
#[derive(Debug)]
pub(super) struct Ticket {
    queue: Arc<Queue>,
    id: JobId,
    go: Option<oneshot::Receiver<()>>,
}

impl Ticket {
    /// Waits for the job's turn; false when it was taken out of the queue.
    pub(super) async fn turn(&mut self) -> bool {
        match self.go.take() {
            Some(go) => go.await.is_ok(),
            None => true,
        }
    }

    /// Whether the job's turn has come.
    pub(super) fn is_called(&mut self) -> bool {
        let called = match &mut self.go {
            Some(go) => matches!(go.try_recv(), Ok(Some(()))),
            None => true,
        };
        if called {
            self.go = None;
        }
        called
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.queue.leave(&self.id);
    }
}

impl Queue {
    pub(super) fn new(cpus: f64) -> Self {
        Self {
            lines: Mutex::new(Lines {
                waiting: BTreeMap::new(),
                running: HashMap::new(),
                all_cpus: cpus,
                free_cpus: cpus,
                begun: 0,
                last_begun: BTreeMap::new(),
            }),
        }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a job at the end of its project's line.
    pub(super) fn join(self: &Arc<Self>, id: &JobId, project: &ProjectId, cpus: f64) -> Ticket {
        let (go, gone) = oneshot::channel();
        let mut lines = self.lines();
        let cpus = cpus.min(lines.all_cpus);
        let waiting = Waiting {
            id: id.clone(),
            cpus,
            go,
        };
        lines.waiting.entry(project.clone()).or_default().push_back(waiting);
        lines.admit();
        self.ticket(id, Some(gone))
    }

    /// Counts a job that runs already, whether there is room or not.
    pub(super) fn resume(self: &Arc<Self>, id: &JobId, project: &ProjectId, cpus: f64) -> Ticket {
        let mut lines = self.lines();
        let cpus = cpus.min(lines.all_cpus);
        lines.begin(id.clone(), project.clone(), cpus);
        self.ticket(id, None)
    }

    fn ticket(self: &Arc<Self>, id: &JobId, go: Option<oneshot::Receiver<()>>) -> Ticket {
        Ticket {
            queue: self.clone(),
            id: id.clone(),
            go,
        }
    }

    /// Takes a job out, whether it waits or runs, and lets those come whose turn it is now.
    pub(super) fn leave(&self, id: &JobId) {
        let mut lines = self.lines();
        match lines.running.remove(id) {
            Some((_, cpus)) => lines.free_cpus += cpus,
            None => {
                for line in lines.waiting.values_mut() {
                    line.retain(|waiting| waiting.id != *id);
                }
                lines.waiting.retain(|_, line| !line.is_empty());
            }
        }
        lines.admit();
    }

    /// How many jobs come to their turn before this one, and itself; `None` when it does not wait.
    fn place(&self, id: &JobId, project: &ProjectId) -> Option<usize> {
        self.lines().place(id, project)
    }
}

impl Lines {
    /// Begins jobs while the next one finds room. The next one is waited for, so that a large one is not
    /// overtaken for ever.
    fn admit(&mut self) {
        while let Some(project) = self.next_project() {
            let Some(line) = self.waiting.get_mut(&project) else {
                return;
            };
            if line.front().is_none_or(|next| next.cpus > self.free_cpus) {
                return;
            }
            let Some(next) = line.pop_front() else { return };
            if line.is_empty() {
                self.waiting.remove(&project);
            }
            self.begin(next.id.clone(), project, next.cpus);
            if next.go.send(()).is_err() {
                // Nobody waits for it any more.
                self.running.remove(&next.id);
                self.free_cpus += next.cpus;
            }
        }
    }

    fn begin(&mut self, id: JobId, project: ProjectId, cpus: f64) {
        self.begun += 1;
        self.last_begun.insert(project.clone(), self.begun);
        self.free_cpus -= cpus;
        self.running.insert(id, (project, cpus));
    }

    /// The project with the smallest share of the machine; among equals the one that has waited longest.
    fn next_project(&self) -> Option<ProjectId> {
        let by_share = |one: &&ProjectId, other: &&ProjectId| {
            let shares = self.share(one).total_cmp(&self.share(other));
            shares.then(self.last_begun.get(*one).cmp(&self.last_begun.get(*other)))
        };
        self.waiting.keys().min_by(by_share).cloned()
    }

    fn share(&self, project: &ProjectId) -> f64 {
        let of_project = self.running.values().filter(|(of, _)| of == project);
        of_project.map(|(_, cpus)| cpus).sum()
    }

    fn place(&self, id: &JobId, project: &ProjectId) -> Option<usize> {
        let index = self
            .waiting
            .get(project)?
            .iter()
            .position(|waiting| waiting.id == *id)?;
        let is_before = |other: &ProjectId| self.last_begun.get(other) < self.last_begun.get(project);
        let others = self.waiting.iter().filter(|(other, _)| *other != project);
        let before: usize = others
            .map(|(other, line)| line.len().min(index + usize::from(is_before(other))))
            .sum();
        Some(before + index + 1)
    }
}

impl JobService {
    /// The row with its place in the queue in `status_details`, if it waits for its turn.
    pub(super) fn in_place(&self, mut record: JobRecord) -> JobRecord {
        if record.waiting_since.is_none() {
            return record;
        }
        let ids = (JobId::parse(&record.job.id), ProjectId::parse(&record.job.project_id));
        if let (Ok(job), Ok(project)) = ids
            && let Some(place) = self.inner.queue.place(&job, &project)
        {
            record.job.status_details = waiting::details(place);
        }
        record
    }

    /// The place in the queue for an executed job.
    pub(super) fn ticket(&self, record: &JobRecord) -> Option<Ticket> {
        let id = JobId::parse(&record.job.id).ok()?;
        let project = ProjectId::parse(&record.job.project_id).ok()?;
        let chosen = record.job.actual_cloud_instance_type.as_ref();
        let known = chosen.and_then(|chosen| self.capacity.named(&chosen.name));
        let cpus = known.map_or(1.0, |known| known.cpus);
        let queue = &self.inner.queue;
        Some(if record.waiting_since.is_some() {
            queue.join(&id, &project, cpus)
        } else {
            queue.resume(&id, &project, cpus)
        })
    }
}

impl From<&InstanceType> for CloudInstanceType {
    fn from(chosen: &InstanceType) -> Self {
        Self {
            name: chosen.name.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    struct Hall {
        queue: Arc<Queue>,
        tickets: Vec<(String, Ticket)>,
    }

    impl Hall {
        fn new(cpus: f64) -> Self {
            Self {
                queue: Arc::new(Queue::new(cpus)),
                tickets: Vec::new(),
            }
        }

        /// A job named by its project's letter and a number, such as `a1`.
        fn join(&mut self, name: &str, cpus: f64) {
            let (id, project) = (JobId::parse(name).unwrap(), ProjectId::parse(&name[..1]).unwrap());
            self.tickets
                .push((name.to_owned(), self.queue.join(&id, &project, cpus)));
        }

        /// Those whose turn has come since the last look, in the order in which they joined.
        fn called(&mut self) -> Vec<String> {
            let waiting = self.tickets.iter_mut().filter(|(_, ticket)| ticket.go.is_some());
            let called = waiting.filter_map(|(name, ticket)| {
                let came = ticket.go.as_mut()?.now_or_never()?.is_ok();
                ticket.go = None;
                came.then(|| name.clone())
            });
            called.collect()
        }

        fn end(&mut self, name: &str) {
            self.tickets.retain(|(other, _)| other != name);
        }

        fn place(&self, name: &str) -> Option<usize> {
            let (id, project) = (JobId::parse(name).unwrap(), ProjectId::parse(&name[..1]).unwrap());
            self.queue.place(&id, &project)
        }
    }

    #[test]
    fn projects_take_turns_and_each_keeps_its_order() {
        let mut hall = Hall::new(1.0);
        for name in ["a1", "a2", "a3", "b1", "b2", "c1"] {
            hall.join(name, 1.0);
        }
        let mut order = Vec::new();
        for _ in 0..6 {
            let called = hall.called();
            assert_eq!(called.len(), 1, "{order:?}");
            hall.end(&called[0]);
            order.extend(called);
        }
        assert_eq!(order, ["a1", "b1", "c1", "a2", "b2", "a3"]);
    }

    #[test]
    fn the_place_counts_those_who_come_before() {
        let mut hall = Hall::new(1.0);
        for name in ["a1", "a2", "a3", "b1", "b2"] {
            hall.join(name, 1.0);
        }
        assert_eq!(hall.place("a1"), None, "it runs");
        assert_eq!(hall.place("b1"), Some(1));
        assert_eq!(hall.place("a2"), Some(2));
        assert_eq!(hall.place("b2"), Some(3));
        assert_eq!(hall.place("a3"), Some(4));
    }

    #[test]
    fn a_large_job_is_waited_for_and_one_too_large_gets_the_whole_machine() {
        let mut hall = Hall::new(4.0);
        hall.join("a1", 2.0);
        hall.join("b1", 8.0);
        hall.join("c1", 1.0);
        assert_eq!(hall.called(), ["a1"]);
        hall.end("a1");
        assert_eq!(hall.called(), ["b1"]);
        hall.end("b1");
        assert_eq!(hall.called(), ["c1"]);
    }

    #[test]
    fn whoever_leaves_the_line_is_not_called() {
        let mut hall = Hall::new(1.0);
        for name in ["a1", "a2", "a3"] {
            hall.join(name, 1.0);
        }
        assert_eq!(hall.called(), ["a1"]);
        hall.queue.leave(&JobId::parse("a2").unwrap());
        hall.end("a1");
        assert_eq!(hall.called(), ["a3"]);
    }
}
