//! What is wrong with the form: next to each field, and as a list that leads to the fields and names the lines.

use leptos::prelude::*;

use crate::{
    app::{
        new_job::state::{
            form::Form,
            problems::{Problem, Reason, use_problems},
        },
        text::{Text, use_text, words},
    },
    browser::document,
};
use jobsphere_authoring::draft::{Field, List};
use jobsphere_names::said;
use jobsphere_rules::rules::Rule;

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
            .map(|line| text.get(words::ProblemLine { line }));
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
                                <p>{text.get(words::ProblemsHeading { count: found.len() })}</p>
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
        Reason::Rule(Rule::TooMany { max }) => too_many(text, problem.field, *max),
        Reason::Rule(rule) => rule_sentence(text, rule),
        Reason::Refused(violation) if problem.element.is_empty() => {
            format!("{}: {}", violation.field, said(&violation.description))
        }
        Reason::Refused(violation) => said(&violation.description).into_owned(),
    }
}

/// That a list is too long, with the way out that it has.
fn too_many(text: Text, field: Field, max: usize) -> String {
    match field {
        Field::List(List::Inputs) => text.get(words::RuleTooManyInputs { max }),
        Field::List(List::Outputs) => text.get(words::RuleTooManyOutputs { max }),
        _ => text.get(words::RuleTooMany { max }),
    }
}

fn rule_sentence(text: Text, rule: &Rule) -> String {
    match rule {
        Rule::Required => text.get(words::RULE_REQUIRED),
        Rule::TooLong { max } => text.get(words::RuleTooLong { max: *max }),
        Rule::TooMany { max } => text.get(words::RuleTooMany { max: *max }),
        Rule::TooManyJobs { max } => text.get(words::RuleTooManyJobs { max: *max }),
        Rule::Id => text.get(words::RULE_ID),
        Rule::Nul => text.get(words::RULE_NUL),
        Rule::VariableName { name } => text.get(words::RuleVariableName { name: name.as_str() }),
        Rule::VariableReserved { name } => text.get(words::RuleVariableReserved { name: name.as_str() }),
        Rule::VariableRepeated { name } => text.get(words::RuleVariableRepeated { name: name.as_str() }),
        Rule::VariableUnknown { name } => text.get(words::RuleVariableUnknown {
            name: format!("${{{name}}}"),
            shell: format!("${name}"),
        }),
        Rule::NotAVariable { text: inside } => text.get(words::RuleNotAVariable {
            text: format!("${{{inside}}}"),
        }),
        Rule::ProjectDiskMissing => text.get(words::RULE_PROJECT_DISK_MISSING),
        Rule::EnvName { name } => text.get(words::RuleEnvName { name: name.as_str() }),
        Rule::PathAbsolute => text.get(words::RULE_PATH_ABSOLUTE),
        Rule::PathParent => text.get(words::RULE_PATH_PARENT),
        Rule::PathNamesNothing => text.get(words::RULE_PATH_NAMES_NOTHING),
        Rule::OutputIsWorkingDirectory => text.get(words::RULE_OUTPUT_IS_WORKING_DIRECTORY),
        Rule::OutputInFile { input } => text.get(words::RuleOutputInFile { input: input.as_str() }),
        Rule::EnvTooLarge { max_bytes } => text.get(words::RuleEnvTooLarge {
            max: text.size(*max_bytes as f64),
        }),
        Rule::FilledTooLong { max } => text.get(words::RuleFilledTooLong { max: *max }),
        Rule::VariableMisplaced(misplaced) => text.get(words::RuleVariableMisplaced {
            line: misplaced.line,
            name: format!("${{{}}}", misplaced.name),
        }),
        Rule::PathTooLong => text.get(words::RULE_PATH_TOO_LONG),
        Rule::PathRepeated { path } => text.get(words::RulePathRepeated { path: path.as_str() }),
        Rule::NameRepeated { name } => text.get(words::RuleNameRepeated { name: name.as_str() }),
        Rule::PathNested { outer } => text.get(words::RulePathNested { outer: outer.as_str() }),
        Rule::NotInSource { name } => text.get(words::RuleNotInSource { name: name.as_str() }),
        Rule::ResourceId => text.get(words::RULE_RESOURCE_ID),
        Rule::Size => text.get(words::RULE_SIZE),
        Rule::StorageTooSmall { min_gb } => text.get(words::RuleStorageTooSmall { min: *min_gb }),
        Rule::Duration => text.get(words::RULE_DURATION),
        Rule::Signal => text.get(words::RULE_SIGNAL),
        Rule::PythonVersion => text.get(words::RULE_PYTHON_VERSION),
        Rule::MainModule => text.get(words::RULE_MAIN_MODULE),
        Rule::Requirement { line } => text.get(words::RuleRequirement { line: line.as_str() }),
        Rule::Exclusive { other } => text.get(words::RuleExclusive { other: other.as_str() }),
        Rule::Labels => text.get(words::RULE_LABELS),
        Rule::EnvRepeated { .. } => text.get(words::RULE_ENV_REPEATED),
        Rule::ValueMissing { name } => text.get(words::RuleValueMissing { name: name.as_str() }),
        Rule::FileMissing { path } => text.get(words::RuleFileMissing { path: path.as_str() }),
        Rule::Sha256 => text.get(words::RULE_SHA256),
        Rule::Negative => text.get(words::RULE_NEGATIVE),
        Rule::TooLarge { max } => text.get(words::RuleTooLarge { max: *max }),
        Rule::TimeTooLong { max_s } => text.get(words::RuleTooLarge {
            max: format!("{max_s} s"),
        }),
        Rule::Nanos => text.get(words::RULE_NANOS),
        Rule::SignalNumber => text.get(words::RULE_SIGNAL),
        Rule::RequestTooLarge { max_bytes } => text.get(words::RuleRequestTooLarge {
            max: text.size(*max_bytes as f64),
        }),
        Rule::FileTooLarge { max_bytes } => text.get(words::RuleFileTooLarge {
            max: text.size(*max_bytes as f64),
        }),
        Rule::TotalTooLarge { max_bytes } => text.get(words::RuleTotalTooLarge {
            max: text.size(*max_bytes as f64),
        }),
    }
}
