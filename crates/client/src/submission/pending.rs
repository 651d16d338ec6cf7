//! What is kept of a submission until its job runs.

use serde::{Deserialize, Serialize};

/// A job on its way, as it is kept until it runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The digest of the order.
    pub request: String,
    /// The `Idempotency-Key` of its Create or Clone.
    pub key: String,
    /// The job it became.
    #[serde(default)]
    pub waiting_job: Option<String>,
    /// Jobs that earlier orders became, which are still to be deleted unless they run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_behind: Vec<String>,
    /// The job was started. Of several jobs that are made one after another, it is passed over when the rest is gone on
    /// with, whatever became of it since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_begun: bool,
}

impl Pending {
    /// An order of `draft`, which goes on where `before` stopped if it is for the same.
    ///
    /// Its key is the same after a reload and in every window that shows the draft, so that it becomes one job.
    pub(super) fn of(draft: &str, request: String, before: Option<Self>) -> Self {
        let mut left_behind = Vec::new();
        if let Some(mut before) = before {
            if before.request == request {
                return before;
            }
            before.leave_behind();
            left_behind = before.left_behind;
        }
        Self {
            key: format!("{draft}-{request}"),
            request,
            waiting_job: None,
            left_behind,
            has_begun: false,
        }
    }

    /// What is kept of one job when others of the same draft are not wanted any more: what those became is left behind
    /// with this one, unless it was started.
    pub fn instead_of(before: Option<Self>, others: impl IntoIterator<Item = Self>) -> Option<Self> {
        let jobs: Vec<String> = others
            .into_iter()
            .flat_map(|mut other| {
                if !other.has_begun {
                    other.leave_behind();
                }
                other.left_behind
            })
            .collect();
        if jobs.is_empty() {
            return before;
        }
        let mut pending = before.unwrap_or_default();
        for job_id in jobs {
            if pending.waiting_job.as_ref() != Some(&job_id) && !pending.left_behind.contains(&job_id) {
                pending.left_behind.push(job_id);
            }
        }
        Some(pending)
    }

    /// The job that was started for one of these orders, if it was.
    pub(super) fn begun<'a>(&self, mut orders: impl Iterator<Item = &'a String>) -> Option<String> {
        let job_id = self.waiting_job.as_ref().filter(|_| self.has_begun)?;
        orders.any(|order| *order == self.request).then(|| job_id.clone())
    }

    /// It became `job_id`.
    pub(super) fn became(&mut self, job_id: &str) {
        if self.waiting_job.as_deref() != Some(job_id) {
            self.leave_behind();
        }
        self.left_behind.retain(|left| left != job_id);
        self.waiting_job = Some(job_id.to_owned());
    }

    /// `job_id`, which it became, cannot be executed: the same order is for another job from now on, which will find out
    /// what the service still lacks. It is the same one in every window.
    pub(super) fn gives_up(&mut self, draft: &str, job_id: String) {
        self.key = format!("{draft}-{}-{job_id}", self.request);
        self.waiting_job = Some(job_id);
    }

    fn leave_behind(&mut self) {
        if let Some(job_id) = self.waiting_job.take() {
            self.left_behind.retain(|left| *left != job_id);
            self.left_behind.push(job_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_order_has_the_same_key() {
        let first = Pending::of("d", "r".into(), None);
        assert_eq!(first.key, "d-r");
        assert_eq!(Pending::of("d", "r".into(), Some(first.clone())), first);
        assert_ne!(Pending::of("d", "s".into(), Some(first)).key, "d-r");
    }

    #[test]
    fn what_other_orders_became_is_left_behind_until_it_is_wanted_again() {
        let mut first = Pending::of("d", "r".into(), None);
        first.became("1");
        let mut second = Pending::of("d", "s".into(), Some(first));
        assert_eq!((second.waiting_job.clone(), second.left_behind.len()), (None, 1));
        second.became("2");
        assert_eq!(second.left_behind, ["1"]);
        let mut third = Pending::of("d", "r".into(), Some(second));
        third.became("1");
        assert_eq!(third.left_behind, ["2"]);
    }

    #[test]
    fn an_order_whose_job_cannot_run_is_for_another_one() {
        let mut pending = Pending::of("d", "r".into(), None);
        pending.became("1");
        pending.gives_up("d", "1".into());
        assert_eq!(pending.key, "d-r-1");
        pending.became("2");
        assert_eq!(pending.left_behind, ["1"]);
        assert_eq!(pending.waiting_job.as_deref(), Some("2"));
    }

    #[test]
    fn what_is_not_wanted_any_more_is_left_behind_unless_it_runs() {
        let mut begun = Pending::of("d", "a".into(), None);
        begun.became("1");
        begun.has_begun = true;
        let mut created = Pending::of("d", "b".into(), None);
        created.became("2");
        let only = Pending::instead_of(None, [begun.clone(), created.clone()]);
        assert_eq!(
            only.as_ref().map(|pending| pending.left_behind.clone()),
            Some(vec!["2".to_owned()])
        );
        let next = Pending::of("d", "c".into(), only);
        assert_eq!((next.key.as_str(), next.left_behind), ("d-c", vec!["2".to_owned()]));
        assert_eq!(
            Pending::instead_of(Some(created.clone()), [created.clone()]),
            Some(created)
        );
        assert_eq!(Pending::instead_of(None, [begun.clone()]), None);
        assert_eq!(begun.begun(["a".to_owned()].iter()).as_deref(), Some("1"));
        assert_eq!(begun.begun(["b".to_owned()].iter()), None);
        assert!(!Pending::of("d", "z".into(), Some(begun)).has_begun);
    }

    #[test]
    fn what_an_older_version_kept_is_read_and_what_is_kept_is_as_before() {
        let text = r#"{"request":"r","key":"k","waiting_job":null}"#;
        let pending: Pending = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&pending).unwrap(), text);
        assert!(serde_json::from_str::<Pending>(r#"{"request":"r","key":"k"}"#).is_ok());
    }
}
