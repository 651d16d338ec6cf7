//! The page where a job is written and run.

pub(crate) mod state;
pub(crate) mod view;

use futures::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_params_map, use_query_map},
};

use self::view::{
    command::Command,
    config::ConfigView,
    differences::Differences,
    drafts::Drafts,
    examples::Examples,
    field::TextField,
    group::Interrupted,
    inputs::Inputs,
    offered_draft::OfferedDraft,
    offers::FolderOffers,
    options::{OUTPUTS, Options},
    problems::{ProblemSummary, SUMMARY},
    restored::RestoredNotice,
    rows::Rows,
    submission::RunProgress,
};
use crate::{
    app::{
        address::{DRAFT_QUERY, INPUT_QUERY, SOURCE_QUERY, compare_address, job_address, use_go},
        announce::use_announcer,
        drops::use_drops,
        new_job::state::{
            drafts::store::{DraftStore, Restored},
            form::Form,
            fresh::Fresh,
            inputs::job_outputs,
            offers::Offers,
            problems::Problems,
            python::program::Program,
            reading_ahead::read_ahead,
            submission::run::{RUN, Run, RunError},
            template::Template,
        },
        notice::ErrorNotice,
        page_title::PageTitle,
        sign_in::{SignIn, use_sign_in},
        task::run_while_mounted,
        text::{Text, use_text, words},
    },
    browser::{self, document},
};
use jobsphere_authoring::draft::{Item, List};
use jobsphere_client::CallError;

/// What the form is filled with at its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    /// A job.
    job: Option<String>,
    /// A draft.
    draft: Option<String>,
    /// Outputs of jobs that become inputs.
    inputs: Vec<String>,
    /// Each press of "New job" is another beginning.
    fresh: u32,
}

/// The form for a new job of the project in the address.
#[component]
pub(crate) fn NewJobPage() -> impl IntoView {
    let query = use_query_map();
    let Fresh(fresh) = expect_context();
    let origin = Memo::new(move |_| {
        let part = |name| query.read().get(name).filter(|value| !value.is_empty());
        Origin {
            job: part(SOURCE_QUERY),
            draft: part(DRAFT_QUERY),
            inputs: query.read().get_all(INPUT_QUERY).unwrap_or_default(),
            fresh: fresh.get(),
        }
    });
    move || view! { <NewJobForm origin=origin.get() /> }
}

#[component]
fn NewJobForm(origin: Origin) -> impl IntoView {
    let text = use_text();
    let announcer = use_announcer();
    let navigate = use_go();
    let params = use_params_map();
    let project = Memo::new(move |_| params.read().get("project").unwrap_or_default());
    let form = Form::new();
    let program = Program::new(form);
    provide_context(program);
    let offers = Offers::new(form);
    let run = Run::new();
    let problems = Problems::new(form, project);
    provide_context(problems);
    let drafts = DraftStore::new(form, run.sending, project);
    let source_error = RwSignal::new(None::<CallError>);
    let restored = RwSignal::new(None::<Restored>);
    let source = origin.job.clone();
    let draft = origin.draft.clone();
    let current = draft.clone();
    let inputs = origin.inputs.clone();
    let refused = RwSignal::new(Vec::<String>::new());
    run_while_mounted(async move {
        if let Some(id) = draft {
            let back = form.while_busy(drafts.restore(&id)).await;
            if back != Restored::Gone {
                announcer.say(text.get(words::DRAFT_BACK));
            }
            restored.set(Some(back));
        } else if let Some(job_id) = origin.job {
            match form.while_busy(fill_from(form, &job_id)).await {
                Ok(()) => announcer.say(text.get(words::SOURCE_FILLED)),
                Err(error) => source_error.set(Some(error)),
            }
        } else if let Some(template) = Template::from_address() {
            // A browser that makes no file leaves the form asking for it.
            let _ = form.while_busy(template.fill(form)).await;
        }
        if !origin.inputs.is_empty() {
            match form.while_busy(job_outputs::take(form, &origin.inputs)).await {
                Ok((count, gone)) => {
                    refused.set(gone);
                    // A reload must not add them again.
                    document::set_query(DRAFT_QUERY, &drafts.id());
                    announcer.say(text.get(words::InputTaken { count }));
                }
                Err(error) => source_error.set(Some(error)),
            }
        }
    });

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
        run.phase.set(None);
        announcer.say(text.get(words::RUN_CANCELLED));
    });
    let is_running = Memo::new(move |_| run.phase.get().is_some());
    read_ahead(form, is_running);
    use_drops().refuse_while(is_running, words::DROP_RUNNING);

    let submit = move || {
        let project = project.get_untracked();
        if is_running.get_untracked() || untrack(|| !form.is_understood() || form.is_busy()) {
            return;
        }
        run.error.set(None);
        let navigate = navigate.clone();
        let (work, handle) = abortable(async move {
            program.settle().await;
            if let Some(reason) = program.failure() {
                run.fail(RunError::Program { reason });
                return;
            }
            if !problems.check(&untrack(|| form.draft()), &project) {
                request_animation_frame(|| document::focus(SUMMARY));
                return;
            }
            request_animation_frame(|| document::focus(RUN));
            match submit_signed_in(run, form, drafts, &project, sign_in).await {
                Ok(jobs) => {
                    if let Some(job_id) = jobs.first() {
                        drafts.become_job(job_id).await;
                    }
                    let address = match &jobs[..] {
                        [job_id] => job_address(&project, job_id),
                        jobs => compare_address(&project, jobs),
                    };
                    navigate(&address, NavigateOptions::default());
                }
                Err(error) => {
                    if let Some(call) = error.call()
                        && !call.violations.is_empty()
                    {
                        problems.show(&untrack(|| form.draft()), call.violations.clone());
                    }
                    run.fail(error);
                }
            }
        });
        stop();
        abort.set_value(Some(handle));
        spawn_local(async move {
            // Aborted means: cancelled by the person, or the page is gone.
            let _ = work.await;
        });
    };
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        submit();
    };

    view! {
        <PageTitle title=Signal::derive(text.say(words::NEW_JOB_TITLE)) />
        <h1>{text.say(words::NEW_JOB_TITLE)}</h1>
        {source
            .map(|job_id| {
                let address = job_address(&project.get_untracked(), &job_id);
                view! {
                    <p class="hint">{text.say(words::SOURCE_FROM)} " " <a href=address>{job_id}</a></p>
                }
            })}
        {move || source_error.get().map(|error| view! { <ErrorNotice error /> })}
        {move || {
            refused
                .get()
                .into_iter()
                .map(|file| view! { <p class="notice notice-warn" role="alert">{text.get(words::InputGone {
                    file,
                })}</p> })
                .collect_view()
        }}
        <OfferedDraft project inputs is_of_draft=current.is_some() />
        <RestoredNotice restored project />
        <Interrupted run is_running />
        <Drafts project current />
        <Examples form drafts />
        <div class="two-views">
            <form on:submit=on_submit autocomplete="off" novalidate>
                <ProblemSummary form />
                <fieldset class="plain" disabled=move || is_running.get() || !form.is_understood()>
                    <Command form />
                    <FolderOffers offers />
                    <Inputs form />
                    <Rows form list=List::Outputs words=OUTPUTS />
                    <TextField form item=Item::Name label=words::NAME_LABEL />
                    <Options form />
                </fieldset>
                <Differences form project />
                <div id=RUN tabindex="-1">
                    <RunProgress run on_cancel=cancel />
                </div>
                <button
                    class="button-main"
                    type="submit"
                    disabled=move || is_running.get() || !form.is_understood() || form.is_busy()
                >
                    {move || run_words(text, form.jobs_count())}
                </button>
            </form>
            <ConfigView form project is_running />
        </div>
    }
}

/// What the button says.
fn run_words(text: Text, count: usize) -> String {
    match count {
        0 | 1 => text.get(words::RUN),
        count => text.get(words::RunSeveral { count }),
    }
}

/// Fills the form with what another job was made of.
async fn fill_from(form: Form, job_id: &str) -> Result<(), CallError> {
    let job = browser::client().job(job_id).await?;
    form.fill(job);
    Ok(())
}

/// Submits, and goes on after a sign-in where it was refused for want of one.
async fn submit_signed_in(
    run: Run,
    form: Form,
    drafts: DraftStore,
    project: &str,
    sign_in: SignIn,
) -> Result<Vec<String>, RunError> {
    loop {
        let outcome = run.submit(form, drafts, project).await;
        match outcome.as_ref().err().and_then(RunError::call) {
            Some(error) if sign_in.overcomes(error).await => {}
            _ => return outcome,
        }
    }
}
