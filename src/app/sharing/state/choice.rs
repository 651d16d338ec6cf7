//! What a link is to show, as the maker ticks it.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::{
    api::{
        jobs::Job,
        share::{CreateShareRequest, ShareParts, SweepRequest},
        time,
    },
    browser::clock,
};

/// How long a link can be good, in days; the first is proposed.
pub(crate) const DAYS: [u32; 4] = [7, 1, 30, 365];
const DAY_MS: i64 = 86_400_000;

/// The outputs that a job names.
pub(crate) fn output_paths(job: &Job) -> Vec<String> {
    let parameters = job.job_parameters.iter();
    let named = parameters.flat_map(|parameters| &parameters.output_files);
    named.map(|desc| desc.path.clone()).collect()
}

/// What is ticked.
#[derive(Clone, Copy)]
pub(crate) struct Choice {
    pub(crate) log: RwSignal<bool>,
    pub(crate) parameters: RwSignal<bool>,
    pub(crate) env_values: RwSignal<BTreeSet<String>>,
    pub(crate) outputs: RwSignal<BTreeSet<String>>,
    pub(crate) days: RwSignal<u32>,
    pub(crate) preview: RwSignal<bool>,
    pub(crate) badge: RwSignal<bool>,
    pub(crate) embed: RwSignal<bool>,
    pub(crate) hidden: RwSignal<String>,
}

impl Choice {
    /// What is ticked at first: the log, and all outputs of the job, which is what people share a job for.
    pub(crate) fn of(job: &Job) -> Self {
        Self {
            log: RwSignal::new(true),
            parameters: RwSignal::new(false),
            env_values: RwSignal::default(),
            outputs: RwSignal::new(output_paths(job).into_iter().collect()),
            days: RwSignal::new(DAYS[0]),
            preview: RwSignal::new(false),
            badge: RwSignal::new(false),
            embed: RwSignal::new(false),
            hidden: RwSignal::default(),
        }
    }

    fn parts(self) -> ShareParts {
        let has_parameters = self.parameters.get();
        ShareParts {
            log: self.log.get(),
            parameters: has_parameters,
            env_values: if has_parameters {
                self.env_values.get().into_iter().collect()
            } else {
                Vec::new()
            },
            outputs: self.outputs.get().into_iter().collect(),
        }
    }

    fn hidden_texts(self) -> Vec<String> {
        let hidden = self.hidden.get();
        let lines = hidden.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    }

    /// What would be looked through; reactive.
    pub(crate) fn sweep(self, job_id: &str) -> SweepRequest {
        SweepRequest {
            job_id: job_id.to_owned(),
            parts: Some(self.parts()),
            hidden_texts: self.hidden_texts(),
        }
    }

    /// The link that would be made; reactive.
    pub(crate) fn create(self, job_id: &str) -> CreateShareRequest {
        let ends_ms = clock::now_ms() + i64::from(self.days.get()) * DAY_MS;
        CreateShareRequest {
            job_id: job_id.to_owned(),
            parts: Some(self.parts()),
            expires_at: Some(time::from_millis(ends_ms)),
            allow_preview: self.preview.get(),
            allow_badge: self.badge.get(),
            allow_embed: self.embed.get(),
            hidden_texts: self.hidden_texts(),
        }
    }
}
