//! The page where a job is written and run.

mod field;
mod form;
mod inputs;
mod problems;
mod progress;
mod rows;
mod run;

use futures::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};

use self::{
    field::TextField,
    form::Form,
    inputs::Inputs,
    problems::{ProblemSummary, Problems, SUMMARY},
    progress::RunProgress,
    rows::{Rows, Words},
    run::{Phase, Run, RunError},
};
use super::{
    announce::use_announcer,
    shell::{PageTitle, job_address},
    sign_in::{SignIn, use_sign_in},
    text::use_text,
};
use crate::browser::document;

const OUTPUTS: Words = Words {
    heading: "outputs-heading",
    hint: "outputs-hint",
    left: "path-label",
    right: "var-label",
    add: "outputs-add",
};
const ARGUMENTS: Words = Words {
    heading: "arguments-heading",
    hint: "arguments-hint",
    left: "pair-name-label",
    right: "pair-value-label",
    add: "arguments-add",
};
const ENV: Words = Words {
    heading: "env-heading",
    hint: "env-hint",
    left: "pair-name-label",
    right: "pair-value-label",
    add: "env-add",
};

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
        if is_running.get_untracked() {
            return;
        }
        run.error.set(None);
        if !problems.check(&form, &draft, &project) {
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
                        problems.show(&form, &untrack(|| form.draft()), error.violations.clone());
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
        <form on:submit=on_submit autocomplete="off" novalidate>
            <ProblemSummary />
            <fieldset class="plain" disabled=is_running>
                <TextField id=form::CMD label="cmd-label" hint="cmd-hint" rows=4 code=true value=form.cmd />
                <Variables form />
                <Inputs form />
                <Rows id=form::OUTPUTS words=OUTPUTS rows=form.outputs form />
                <TextField id=form::NAME label="name-label" value=form.name />
                <TextField id=form::DESC label="desc-label" rows=2 value=form.desc />
                <Rows id=form::ARGUMENTS words=ARGUMENTS rows=form.arguments form />
                <Rows id=form::ENV words=ENV rows=form.env form />
            </fieldset>
            <div id=RUN tabindex="-1">
                <RunProgress run on_cancel=cancel />
            </div>
            <button class="button-main" type="submit" disabled=is_running>{text.say("run")}</button>
        </form>
    }
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

/// The `${VAR}` texts that the command may use, as they are defined below it.
#[component]
fn Variables(form: Form) -> impl IntoView {
    let text = use_text();
    let variables = Memo::new(move |_| form.draft().variables());
    move || {
        let variables = variables.get();
        (!variables.is_empty()).then(|| {
            let names = variables
                .into_iter()
                .map(|name| view! { <code>{format!("${{{name}}}")}</code>" " });
            view! { <p class="hint variables">{text.say("cmd-variables")} " " {names.collect_view()}</p> }
        })
    }
}
