//! What is wrong with the form: next to each field, and as a list that leads to the fields and names the lines.

use leptos::prelude::*;

use crate::{
    app::{
        new_job::state::{
            form::Form,
            problems::{Problem, Reason, use_problems},
        },
        text::{Text, use_text},
    },
    browser::document,
    job::rules::Rule,
};

/// Id of the summary.
pub(crate) const SUMMARY: &str = "problems";

/// Id of the element with a field's problems.
pub(crate) fn error_id(element: &str) -> String {
    format!("{element}-error")
}

/// The problems of the field that `element` shows.
#[component]
pub(crate) fn FieldProblems(
    /// Id of the element.
    #[prop(into)]
    element: String,
) -> impl IntoView {
    let text = use_text();
    let problems = use_problems();
    let id = error_id(&element);
    let shown = move || problems.about(&element);
    view! {
        <div class="field-problems" id=id>
            {move || shown().into_iter().map(|problem| view! { <p>{sentence(text, &problem)}</p> }).collect_view()}
        </div>
    }
}

/// All problems, each leading to its field. Takes the focus after a Run that found some.
#[component]
pub(crate) fn ProblemSummary(
    /// The form.
    form: Form,
) -> impl IntoView {
    let text = use_text();
    let problems = use_problems();
    let item = move |problem: Problem| {
        let sentence = sentence(text, &problem);
        let label = document::label_of(&problem.element);
        let line = form
            .line(problem.field)
            .map(|line| text.with("problem-line", [("line", line.into())]));
        let words = label.map_or(sentence.clone(), |label| format!("{label}: {sentence}"));
        let words = line.map_or(words.clone(), |line| format!("{words} ({line})"));
        if problem.element.is_empty() {
            return view! { <li>{words}</li> }.into_any();
        }
        let href = format!("#{}", problem.element);
        let go = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            document::focus(&problem.element);
        };
        view! { <li><a href=href on:click=go>{words}</a></li> }.into_any()
    };
    view! {
        <div id=SUMMARY tabindex="-1">
            {move || {
                let found = problems.found.get();
                (!found.is_empty())
                    .then(|| {
                        view! {
                            <div class="notice notice-bad" role="alert">
                                <p>{text.with("problems-heading", [("count", found.len().into())])}</p>
                                <ul>{found.into_iter().map(item).collect_view()}</ul>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

/// What is wrong, as the person reads it.
fn sentence(text: Text, problem: &Problem) -> String {
    match &problem.reason {
        Reason::Rule(rule) => rule_sentence(text, rule),
        Reason::Refused(violation) if problem.element.is_empty() => {
            format!("{}: {}", violation.field, violation.description)
        }
        Reason::Refused(violation) => violation.description.clone(),
    }
}

fn rule_sentence(text: Text, rule: &Rule) -> String {
    let number = |max: usize| (max as f64).into();
    match rule {
        Rule::Required => text.get("rule-required"),
        Rule::TooLong { max } => text.with("rule-too-long", [("max", number(*max))]),
        Rule::TooMany { max } => text.with("rule-too-many", [("max", number(*max))]),
        Rule::Id => text.get("rule-id"),
        Rule::Nul => text.get("rule-nul"),
        Rule::VariableName { name } => text.with("rule-variable-name", [("name", name.as_str().into())]),
        Rule::VariableReserved { name } => text.with("rule-variable-reserved", [("name", name.as_str().into())]),
        Rule::VariableRepeated { name } => text.with("rule-variable-repeated", [("name", name.as_str().into())]),
        Rule::VariableUnknown { name } => text.with(
            "rule-variable-unknown",
            [
                ("name", format!("${{{name}}}").into()),
                ("shell", format!("${name}").into()),
            ],
        ),
        Rule::NotAVariable { text: inside } => {
            text.with("rule-not-a-variable", [("text", format!("${{{inside}}}").into())])
        }
        Rule::ProjectDiskMissing => text.get("rule-project-disk-missing"),
        Rule::EnvName { name } => text.with("rule-env-name", [("name", name.as_str().into())]),
        Rule::PathAbsolute => text.get("rule-path-absolute"),
        Rule::PathParent => text.get("rule-path-parent"),
        Rule::PathNamesNothing => text.get("rule-path-names-nothing"),
        Rule::OutputIsWorkingDirectory => text.get("rule-output-is-working-directory"),
        Rule::OutputInFile { input } => text.with("rule-output-in-file", [("input", input.as_str().into())]),
        Rule::EnvTooLarge { max_bytes } => {
            text.with("rule-env-too-large", [("max", text.size(*max_bytes as f64).into())])
        }
        Rule::FilledTooLong { max } => text.with("rule-filled-too-long", [("max", number(*max))]),
        Rule::VariableMisplaced(misplaced) => text.with(
            "rule-variable-misplaced",
            [
                ("line", number(misplaced.line)),
                ("name", format!("${{{}}}", misplaced.name).into()),
            ],
        ),
        Rule::PathTooLong => text.get("rule-path-too-long"),
        Rule::PathRepeated { path } => text.with("rule-path-repeated", [("path", path.as_str().into())]),
        Rule::NameRepeated { name } => text.with("rule-name-repeated", [("name", name.as_str().into())]),
        Rule::PathNested { outer } => text.with("rule-path-nested", [("outer", outer.as_str().into())]),
        Rule::NotInSource { name } => text.with("rule-not-in-source", [("name", name.as_str().into())]),
        Rule::ResourceId => text.get("rule-resource-id"),
        Rule::Size => text.get("rule-size"),
        Rule::StorageTooSmall { min_gb } => text.with("rule-storage-too-small", [("min", (*min_gb as f64).into())]),
        Rule::Duration => text.get("rule-duration"),
        Rule::Signal => text.get("rule-signal"),
        Rule::PythonVersion => text.get("rule-python-version"),
        Rule::MainModule => text.get("rule-main-module"),
        Rule::Requirement { line } => text.with("rule-requirement", [("line", line.as_str().into())]),
        Rule::Exclusive { other } => text.with("rule-exclusive", [("other", other.as_str().into())]),
        Rule::Labels => text.get("rule-labels"),
        Rule::EnvRepeated { .. } => text.get("rule-env-repeated"),
        Rule::ValueMissing { name } => text.with("rule-value-missing", [("name", name.as_str().into())]),
        Rule::FileMissing { path } => text.with("rule-file-missing", [("path", path.as_str().into())]),
        Rule::Sha256 => text.get("rule-sha256"),
        Rule::Negative => text.get("rule-negative"),
        Rule::TooLarge { max } => text.with("rule-too-large", [("max", (*max as f64).into())]),
        Rule::TimeTooLong { max_s } => text.with("rule-too-large", [("max", format!("{max_s} s").into())]),
        Rule::Nanos => text.get("rule-nanos"),
        Rule::SignalNumber => text.get("rule-signal"),
        Rule::RequestTooLarge { max_bytes } => {
            text.with("rule-request-too-large", [("max", text.size(*max_bytes as f64).into())])
        }
        Rule::FileTooLarge { max_bytes } => {
            text.with("rule-file-too-large", [("max", text.size(*max_bytes as f64).into())])
        }
        Rule::TotalTooLarge { max_bytes } => {
            text.with("rule-total-too-large", [("max", text.size(*max_bytes as f64).into())])
        }
    }
}
