//! What is wrong with the form.

use leptos::prelude::*;

use super::form::Form;
use jobsphere_authoring::draft::{Draft, Field};
use jobsphere_client::error::FieldViolation;
use jobsphere_rules::rules::Rule;

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem {
    pub(crate) field: Field,
    /// The element that shows the field; empty when the form has none.
    pub(crate) element: String,
    pub(crate) reason: Reason,
}

/// Why it is wrong.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reason {
    Rule(Rule),
    /// The service's own sentence, with the field's name for what the form does not show.
    Refused(FieldViolation),
}

fn is_limit(rule: &Rule) -> bool {
    matches!(
        rule,
        Rule::TooMany { .. }
            | Rule::TooManyJobs { .. }
            | Rule::FileTooLarge { .. }
            | Rule::TotalTooLarge { .. }
            | Rule::RequestTooLarge { .. }
    )
}

/// The problems of the form: those of limits at once, the others shown from the first Run on.
#[derive(Clone, Copy)]
pub(crate) struct Problems {
    pub(crate) found: RwSignal<Vec<Problem>>,
    attempted: RwSignal<bool>,
}

/// The form's problems.
pub(crate) fn use_problems() -> Problems {
    expect_context()
}

impl Problems {
    /// No problems yet; after the first [`Problems::check`] they follow what is written.
    pub(crate) fn new(form: Form, project: Memo<String>) -> Self {
        let problems = Self {
            found: RwSignal::default(),
            attempted: RwSignal::new(false),
        };
        Effect::new(move || {
            let draft = form.draft();
            let mut found = find(&draft, &project.get());
            if !problems.attempted.get() {
                // No use in going on before this is settled; the rest may just not be written yet.
                found.retain(|problem| matches!(&problem.reason, Reason::Rule(rule) if is_limit(rule)));
            }
            if found != problems.found.get_untracked() {
                problems.found.set(found);
            }
        });
        problems
    }

    /// Checks `draft`; false when something is wrong.
    pub(crate) fn check(self, draft: &Draft, project: &str) -> bool {
        let found = find(draft, project);
        let is_valid = found.is_empty();
        self.found.set(found);
        self.attempted.set(true);
        is_valid
    }

    /// Shows what the service refused.
    pub(crate) fn show(self, draft: &Draft, violations: Vec<FieldViolation>) {
        let place = |violation: FieldViolation| {
            let field = draft.field(&violation.field);
            Problem {
                field,
                element: field.id(),
                reason: Reason::Refused(violation),
            }
        };
        self.found.set(violations.into_iter().map(place).collect());
    }

    /// The elements that show a problem; tracked.
    pub(crate) fn elements(self) -> Vec<String> {
        self.found
            .read()
            .iter()
            .map(|problem| problem.element.clone())
            .collect()
    }

    /// The problems of the field that `element` shows.
    pub(crate) fn about(self, element: &str) -> Vec<Problem> {
        let found = self.found.read();
        let about = found.iter().filter(|problem| problem.element == element);
        about.cloned().collect()
    }
}

fn find(draft: &Draft, project: &str) -> Vec<Problem> {
    let problem = |problem: jobsphere_authoring::draft::Problem| Problem {
        field: problem.field,
        element: problem.field.id(),
        reason: Reason::Rule(problem.rule),
    };
    draft.problems(project).into_iter().map(problem).collect()
}
