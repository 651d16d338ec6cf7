//! The page where a job is written and run.

mod command;
mod config_view;
mod field;
mod form;
mod inputs;
mod options;
mod problems;
mod progress;
mod rows;
mod run;

use futures::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map, use_query_map},
};

use self::{
    command::Command,
    config_view::ConfigView,
    field::TextField,
    form::Form,
    inputs::Inputs,
    options::{OUTPUTS, Options},
    problems::{ProblemSummary, Problems, SUMMARY},
    progress::RunProgress,
    rows::Rows,
    run::{Phase, Run, RunError},
};
use super::{
    announce::use_announcer,
    notice::ErrorNotice,
    shell::{PageTitle, job_address},
    sign_in::{SignIn, use_sign_in},
    task::run_while_mounted,
    text::use_text,
};
use crate::{
    browser::{self, document, files},
    client::CallError,
    job::draft::{Draft, Item, List},
};

/// The part of the address behind `#` that holds a whole configuration.
const CONFIG_FRAGMENT: &str = "config";
/// The part of the address behind `?` that names the job to begin from.
const SOURCE_QUERY: &str = "from";

/// Id of the part that shows a Run.
const RUN: &str = "run";

/// The form for a new job of the project in the address.
#[component]
pub(crate) fn NewJobPage() -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let navigate = use_navigate();
    let params = use_params_map();
    let project = Memo::new(move |_| params.read().get("project").unwrap_or_default());
    let form = Form::new();
    let run = Run::new();
    let problems = Problems::new(form, project);
    provide_context(problems);
    let source_error = RwSignal::new(None::<CallError>);
    if let Some(config) = files::fragment(CONFIG_FRAGMENT) {
        form.type_text(config);
    }
    let source = use_query_map()
        .read_untracked()
        .get(SOURCE_QUERY)
        .filter(|id| !id.is_empty());
    if let Some(job_id) = source.clone() {
        run_while_mounted(async move {
            match fill_from(form, &job_id).await {
                Ok(()) => announcer.say(text.get("source-filled")),
                Err(error) => source_error.set(Some(error)),
            }
        });
    }

    let sign_in = use_sign_in();
    let abort: StoredValue<Option<AbortHandle>> = StoredValue::new(None);
    let stop = move || {
        if let Some(handle) = abort.try_update_value(Option::take).flatten() {
            handle.abort();
        }
    };
    on_cleanup(stop);
    let cancel = Callback::new(move |()| {
        stop();
        run.phase.set(Phase::Idle);
        announcer.say(text.get("run-cancelled"));
    });
    let is_running = Memo::new(move |_| run.phase.get() != Phase::Idle);

    let submit = move || {
        let project = project.get_untracked();
        let draft = untrack(|| form.draft());
        if is_running.get_untracked() || !untrack(|| form.is_understood()) {
            return;
        }
        run.error.set(None);
        if !problems.check(&draft, &project) {
            request_animation_frame(|| document::focus(SUMMARY));
            return;
        }
        let navigate = navigate.clone();
        let (work, handle) = abortable(async move {
            match submit_signed_in(run, form, &project, sign_in).await {
                Ok(job_id) => navigate(&job_address(&project, &job_id), NavigateOptions::default()),
                Err(error) => {
                    run.phase.set(Phase::Idle);
                    if let RunError::Call(error) = &error
                        && !error.violations.is_empty()
                    {
                        problems.show(&untrack(|| form.draft()), error.violations.clone());
                    }
                    run.error.set(Some(error));
                    request_animation_frame(|| document::focus(RUN));
                }
            }
        });
        abort.set_value(Some(handle));
        spawn_local(async move {
            // Aborted means: cancelled by the person, or the page is gone.
            let _ = work.await;
        });
        request_animation_frame(|| document::focus(RUN));
    };
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        submit();
    };

    view! {
        <PageTitle title=Signal::derive(text.say("new-job-title")) />
        <h1>{text.say("new-job-title")}</h1>
        {source
            .map(|job_id| {
                let address = job_address(&project.get_untracked(), &job_id);
                view! {
                    <p class="hint">{text.say("source-from")} " " <a href=address>{job_id}</a></p>
                    {move || source_error.get().map(|error| view! { <ErrorNotice error /> })}
                }
            })}
        <div class="two-views">
            <form on:submit=on_submit autocomplete="off" novalidate>
                <ProblemSummary form />
                <fieldset class="plain" disabled=move || is_running.get() || !form.is_understood()>
                    <Command form />
                    <Inputs form />
                    <Rows form list=List::Outputs words=OUTPUTS />
                    <TextField form item=Item::Name label="name-label" />
                    <Options form />
                </fieldset>
                <div id=RUN tabindex="-1">
                    <RunProgress run on_cancel=cancel />
                </div>
                <button
                    class="button-main"
                    type="submit"
                    disabled=move || is_running.get() || !form.is_understood()
                >
                    {text.say("run")}
                </button>
            </form>
            <ConfigView form project is_running />
        </div>
    }
}

/// Fills the form with what another job was made of.
async fn fill_from(form: Form, job_id: &str) -> Result<(), CallError> {
    let job = browser::client().job(job_id).await?;
    let parameters = job.job_parameters.unwrap_or_default();
    form.fill(&job.config, Draft::from_parameters(&job.name, &job.desc, &parameters));
    Ok(())
}

/// Submits, and goes on after a sign-in where it was refused for want of one.
async fn submit_signed_in(run: Run, form: Form, project: &str, sign_in: SignIn) -> Result<String, RunError> {
    loop {
        match run.submit(form, project).await {
            Err(RunError::Call(error)) if sign_in.overcomes(&error).await => {}
            outcome => return outcome,
        }
    }
}
