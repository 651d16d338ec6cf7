//! What the folders at hand offer to the job, beneath the command: programs to begin with, and files that the command
//! names and a folder has.

use leptos::{prelude::*, task::spawn_local};

use crate::app::{
    new_job::state::offers::{FolderAtHand, Meeting, Missing, Offers},
    text::{Text, use_text, words},
};
use jobsphere_authoring::project::Program;

/// All of it.
#[component]
pub(crate) fn FolderOffers(
    /// What is offered.
    offers: Offers,
) -> impl IntoView {
    let has_programs = move || {
        offers.is_open()
            && offers
                .folders
                .with(|all| all.iter().any(|folder| !folder.programs.is_empty()))
    };
    let missing = Memo::new(move |_| offers.missing());
    let packages = Memo::new(move |_| offers.packages());
    view! {
        <div class="offers" role="status">
            <Show when=has_programs>
                {move || offers.folders.get().into_iter().map(|folder| view! { <Programs offers folder /> }).collect_view()}
            </Show>
            {move || missing.get().map(|missing| view! { <Meet offers missing /> })}
            {move || packages.get().map(|folder| view! { <Install offers folder /> })}
            <DoneNotice offers />
        </div>
    }
}

/// The programs of a folder, each to become the command.
#[component]
fn Programs(offers: Offers, folder: FolderAtHand) -> impl IntoView {
    let text = use_text();
    let folder = StoredValue::new(folder);
    let heading = move || {
        let name = folder.with_value(|folder| folder.name.clone());
        if name.is_empty() {
            text.get(words::OFFER_PROGRAMS_NAMELESS)
        } else {
            text.get(words::OfferPrograms { folder: name })
        }
    };
    let programs = folder.with_value(|folder| folder.programs.clone());
    let (started, notebooks): (Vec<Program>, Vec<Program>) =
        programs.into_iter().partition(|program| program.command.is_some());
    let chip = move |program: Program| {
        let cmd = program.command.clone();
        let start = move |_| {
            let (folder, program) = (folder.get_value(), program.clone());
            spawn_local(async move { offers.form.while_busy(offers.start(&folder, &program)).await });
        };
        view! { <button type="button" class="small code" on:click=start>{cmd}</button> " " }
    };
    let has_any = !started.is_empty();
    let unread = folder.with_value(|folder| folder.unread);
    view! {
        {has_any.then(|| view! { <p class="hint variables">{heading} " " {started.into_iter().map(chip).collect_view()}</p> })}
        {notebooks
            .into_iter()
            .map(|program| {
                let file = program.path;
                view! { <p class="hint">{move || text.get(words::OfferNotebook { file: file.as_str() })}</p> }
            })
            .collect_view()}
        {unread.map(|file| view! { <p class="hint">{move || text.get(words::OfferUnread { file })}</p> })}
    }
}

/// What the command names and a folder has.
#[component]
fn Meet(offers: Offers, missing: Missing) -> impl IntoView {
    let text = use_text();
    let sentence = {
        let (paths, folder) = (missing.paths.clone(), missing.folder.clone());
        move || {
            let (count, paths) = (paths.len(), paths.join(", "));
            if folder.is_empty() {
                text.get(words::MeetAtHand { count, paths })
            } else {
                text.get(words::MeetInFolder {
                    count,
                    paths,
                    folder: folder.as_str(),
                })
            }
        }
    };
    let label = {
        let missing = missing.clone();
        move || meeting_label(text, &missing)
    };
    let meet = move |_| {
        let missing = missing.clone();
        spawn_local(async move { offers.form.while_busy(offers.meet(&missing)).await });
    };
    view! {
        <p class="notice notice-warn">
            {sentence} " " <button type="button" class="small" on:click=meet>{label}</button>
        </p>
    }
}

fn meeting_label(text: Text, missing: &Missing) -> String {
    match &missing.meeting {
        Meeting::Lay(_) => text.get(words::MeetLay {
            folder: missing.folder.as_str(),
        }),
        Meeting::Enter(path) => text.get(words::MeetEnter { folder: path.as_str() }),
        Meeting::LayProject => text.get(words::MEET_LAY_PROJECT),
        Meeting::Add => text.get(words::MeetAdd {
            count: missing.paths.len(),
        }),
    }
}

/// The packages that a folder asks for.
#[component]
fn Install(offers: Offers, folder: FolderAtHand) -> impl IntoView {
    let text = use_text();
    let file = folder
        .packages
        .as_ref()
        .map(|declared| declared.path.clone())
        .unwrap_or_default();
    let install = move |_| offers.install(&folder);
    view! {
        <p class="notice">
            {move || text.get(words::OfferPackages { file: file.as_str() })} " "
            <button type="button" class="small" on:click=install>{text.say(words::OFFER_PACKAGES_TAKE)}</button>
        </p>
    }
}

/// What was done at the last press.
#[component]
fn DoneNotice(offers: Offers) -> impl IntoView {
    let text = use_text();
    move || {
        let done = offers.done.get()?;
        let packages = done.packages_of.map(|file| text.get(words::OfferDonePackages { file }));
        let left_out = (!done.left_out.is_empty()).then(|| {
            text.get(words::OfferLeftOut {
                lines: done.left_out.join(", "),
            })
        });
        Some(view! {
            <div class="notice">
                <p>{text.say(words::OFFER_DONE)} " " <code>{done.cmd}</code></p>
                {packages.map(|words| view! { <p>{words}</p> })}
                {left_out.map(|words| view! { <p>{words}</p> })}
                {done.unread.map(|file| view! { <p>{text.get(words::OfferUnread { file })}</p> })}
                <button type="button" class="small" on:click=move |_| offers.undo()>{text.say(words::TAKE_BACK)}</button>
            </div>
        })
    }
}
