//! A chosen folder: its tree with sizes, and the rules that leave entries out.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};

use super::edit::FileTools;
use crate::app::{
    name::Name,
    new_job::state::{
        form::Form,
        inputs::{editing::Target, source::Folder},
    },
    text::{Text, use_text, words},
    tree::{self, is_open_now},
};
use jobsphere_authoring::folder::{LeftOut, Node};

/// Whether the person has opened a folder while it was listed: it is then open when its files are there.
#[derive(Clone, Copy)]
pub(super) struct StaysOpen(pub(super) RwSignal<bool>);

/// The folder.
#[component]
pub(crate) fn FolderView(
    /// The folder.
    folder: Folder,
    /// The form it is an input of.
    form: Form,
    /// Where it is in the form.
    target: Target,
    /// Hears that other entries are sent than before.
    on_change: Callback<()>,
) -> impl IntoView {
    let text = use_text();
    let Folder {
        name,
        uses_git,
        own_rules,
        tree,
        ..
    } = folder.clone();
    let has_git = folder.has_git_rules();
    let tools = FileTools::new(expect_context(), target);
    let StaysOpen(stays_open) = expect_context();
    let begins_open = stays_open.get_untracked();
    stays_open.set(false);
    let is_open = RwSignal::new(begins_open);
    let sift = {
        let folder = folder.clone();
        move || {
            let folder = folder.clone();
            spawn_local(async move {
                form.while_busy(folder.sift()).await;
                on_change.run(());
            });
        }
    };
    let summary = move || {
        let tree = tree.get();
        let sent = text.get(words::FolderSummary {
            count: tree.files,
            size: text.size(tree.size_bytes as f64),
        });
        match tree.left_out {
            0 => sent,
            count => format!("{sent}, {}", text.get(words::FolderLeftOut { count })),
        }
    };
    let toggle_git = {
        let sift = sift.clone();
        move |event| {
            uses_git.set(event_target_checked(&event));
            sift();
        }
    };
    let change_own = move |event| {
        own_rules.set(event_target_value(&event));
        sift();
    };
    let own_id = format!("folder-rules-{}", name);
    view! {
        <details class="folder" open=begins_open on:toggle=move |event| is_open.set(is_open_now(&event))>
            <summary>{summary}</summary>
            <Show when=move || is_open.get()>
                <div class="folder-rules">
                    {has_git
                        .then(|| {
                            view! {
                                <label class="check">
                                    <input type="checkbox" prop:checked=move || uses_git.get() on:change=toggle_git.clone() />
                                    {text.say(words::FOLDER_GIT)}
                                </label>
                            }
                        })}
                    <div class="field">
                        <label for=own_id.clone()>{text.say(words::FOLDER_OWN)}</label>
                        <textarea
                            id=own_id.clone()
                            class="code"
                            rows="3"
                            spellcheck="false"
                            prop:value=move || own_rules.get()
                            on:change=change_own.clone()
                        ></textarea>
                    </div>
                </div>
                {move || level(Shown { text, tools: Some(tools) }, tree.get(), String::new())}
            </Show>
            {tools.picker()}
        </details>
    }
}

/// What is said of the entries of a tree.
#[derive(Clone, Copy)]
struct Shown {
    text: Text,
    /// Of files that are here; of others the sizes are not known either.
    tools: Option<FileTools>,
}

/// A dropped folder whose files are being asked for: its names alone.
#[component]
pub(crate) fn ListedFolder(
    /// What was found.
    tree: Arc<Node>,
) -> impl IntoView {
    let text = use_text();
    let StaysOpen(is_open) = expect_context();
    let count = tree.files;
    // A folder alone is shown by what is in it.
    let tree = match tree.children.as_deref() {
        Some([only]) if only.children.is_some() => Arc::clone(only),
        _ => tree,
    };
    view! {
        <details class="folder" on:toggle=move |event| is_open.set(is_open_now(&event))>
            <summary>{move || text.get(words::FolderListed { count })}</summary>
            <Show when=move || is_open.get()>{level(Shown { text, tools: None }, tree.clone(), String::new())}</Show>
        </details>
    }
}

/// One level of the tree, below the path `above`.
fn level(shown: Shown, node: Arc<Node>, above: String) -> AnyView {
    let total = node.children.as_ref().map_or(0, Vec::len);
    tree::level(shown.text, Some("tree"), total, move |place| {
        let child = node.children.as_ref()?.get(place)?;
        let path = format!("{above}{}", child.name);
        Some(entry(shown, Arc::clone(child), path))
    })
}

fn entry(shown: Shown, node: Arc<Node>, path: String) -> AnyView {
    let text = shown.text;
    let size = if shown.tools.is_some() {
        text.size(node.size_bytes as f64)
    } else {
        String::new()
    };
    if node.children.is_some() {
        let is_open = RwSignal::new(false);
        let label = node.name.clone();
        let count = text.get(words::FolderFiles { count: node.files });
        let is_left_out = node.files == 0 && node.left_out > 0;
        return view! {
            <li class:left-out=is_left_out>
                <details on:toggle=move |event| {
                    event.stop_propagation();
                    is_open.set(is_open_now(&event));
                }>
                    <summary>
                        <span class="file-name"><Name of=label /> "/"</span>
                        " "
                        <span class="quiet">{count} {(!size.is_empty()).then(|| format!(", {size}"))}</span>
                    </summary>
                    <Show when=move || is_open.get()>{level(shown, node.clone(), format!("{path}/"))}</Show>
                </details>
            </li>
        }
        .into_any();
    }
    let why = node.why.clone();
    let words = move || match &why {
        None => size.clone(),
        Some(LeftOut { rule, file }) if file.is_empty() => text.get(words::LeftOutOwn { rule: rule.as_str() }),
        Some(LeftOut { rule, file }) => text.get(words::LeftOutGit {
            rule: rule.as_str(),
            file: file.as_str(),
        }),
    };
    view! {
        <li class:left-out=node.why.is_some()>
            <span class="file-name"><Name of=node.name.clone() /></span>
            " "
            <span class="quiet">{words}</span>
            " "
            {shown
                .tools
                .filter(|_| node.why.is_none())
                .map(|tools| tools.buttons(text, path, node.size_bytes as f64))}
        </li>
    }
    .into_any()
}
