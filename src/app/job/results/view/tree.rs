//! The outputs as a tree: folders by paths, and the archives of folders, which open without being downloaded.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::download::{ContentNotice, Download};
use crate::app::job::results::state::{Results, results};
use crate::{
    api::jobs::File,
    app::{
        address::{INPUT_QUERY, new_job_address},
        job::results::state::{
            content::{ContentError, Source},
            item::{Item, is_archive, path, size_bytes},
        },
        name::Name,
        printing::use_printing,
        text::{Text, use_text, words},
        tree::{self, is_open_now},
    },
    browser::files::encode,
};
use jobsphere_results::{
    listing::{Entry, MAX_ENTRIES},
    tree::Node,
};

/// So many outputs are shown without a press; folders of more begin closed.
const OPEN_UP_TO: usize = 50;
/// So much of a digest tells contents apart for a person.
const DIGEST_CHARS: usize = 8;

/// The files of a tree.
#[derive(Clone)]
enum Files {
    Outputs(Arc<Vec<File>>),
    Entries(Arc<(File, Vec<Entry>)>),
}

impl Files {
    fn get(&self, place: usize) -> Option<Item> {
        match self {
            Self::Outputs(files) => files.get(place).cloned().map(Item::of),
            Self::Entries(archive) => Some(Item {
                file: archive.0.clone(),
                entry: Some(archive.1.get(place)?.clone()),
            }),
        }
    }
}

#[derive(Clone)]
struct Level {
    text: Text,
    results: Results,
    files: Files,
    begins_open: bool,
    /// On paper, folders are open.
    is_printing: Signal<bool>,
    /// Nothing of it can be had any more.
    is_cleared: bool,
}

/// The outputs.
#[component]
pub(crate) fn Tree(
    /// The job's files.
    files: Vec<File>,
    /// Whether they are deleted.
    is_cleared: bool,
) -> impl IntoView {
    let text = use_text();
    let paths: Vec<String> = files.iter().map(path).collect();
    let sizes = files.iter().map(size_bytes);
    let root = Node::tree(paths.iter().map(String::as_str).zip(sizes));
    let level = Level {
        text,
        results: results(),
        begins_open: files.len() <= OPEN_UP_TO,
        is_printing: use_printing(),
        files: Files::Outputs(Arc::new(files)),
        is_cleared,
    };
    (!root.children.is_empty()).then(|| view! { <div class="outputs">{entries(level, Arc::new(root))}</div> })
}

/// One level of the tree.
fn entries(level: Level, node: Arc<Node>) -> AnyView {
    tree::level(level.text, None, node.children.len(), move |place| {
        node.children
            .get(place)
            .map(|child| entry(level.clone(), Arc::clone(child)))
    })
}

fn entry(level: Level, node: Arc<Node>) -> AnyView {
    match node.file.map(|place| level.files.get(place)) {
        None => folder(level, node),
        Some(Some(item)) if item.entry.is_none() && is_archive(&item.file) => archive(level, &node.name, item),
        Some(Some(item)) => file(&level, node.name.clone(), item),
        Some(None) => ().into_any(),
    }
}

/// Whether an output below is a folder of its own, which is one archive to the service.
fn has_archives(files: &Files, node: &Node) -> bool {
    let is_one = |item: Item| item.entry.is_none() && is_archive(&item.file);
    let here = node.file.and_then(|place| files.get(place)).is_some_and(is_one);
    here || node.children.iter().any(|child| has_archives(files, child))
}

fn folder(level: Level, node: Arc<Node>) -> AnyView {
    let text = level.text;
    let is_open = RwSignal::new(level.begins_open);
    let is_printing = level.is_printing;
    let is_seen = Memo::new(move |_| is_open.get() || is_printing.get());
    let name = node.name.clone();
    let (files, bytes) = (node.files, node.size_bytes as f64);
    let has_archives = has_archives(&level.files, &node);
    let sums = move || {
        // What is in an archive is not known before it is opened.
        let count = if has_archives {
            text.get(words::FolderOutputs { count: files })
        } else {
            text.get(words::FolderFiles { count: files })
        };
        format!("{count}, {}", text.size(bytes))
    };
    view! {
        <li>
            <details
                open=move || is_seen.get()
                on:toggle=move |event| {
                    event.stop_propagation();
                    if !is_printing.get_untracked() {
                        is_open.set(is_open_now(&event));
                    }
                }
            >
                <summary><span class="file-name"><Name of=name /> "/"</span> " " <span class="quiet">{sums}</span></summary>
                <Show when=move || is_seen.get()>{entries(level.clone(), node.clone())}</Show>
            </details>
        </li>
    }
    .into_any()
}

/// What is known of the inside of an archive.
#[derive(Clone)]
enum Inside {
    Unread,
    Reading,
    Read(Files, Arc<Node>),
    Failed(ContentError),
}

fn archive(level: Level, name: &str, item: Item) -> AnyView {
    let text = level.text;
    let name = name.to_owned();
    let inside = RwSignal::new(Inside::Unread);
    let source = StoredValue::new(SendWrapper::new(std::rc::Rc::new(Source::new(
        level.results.job_id.get_value(),
        item.file.clone(),
    ))));
    let open = {
        let file = item.file.clone();
        move |event: leptos::ev::Event| {
            event.stop_propagation();
            let is_known = matches!(inside.get_untracked(), Inside::Reading | Inside::Read(..));
            if is_known || !is_open_now(&event) {
                return;
            }
            inside.set(Inside::Reading);
            let file = file.clone();
            let source = source.get_value();
            spawn_local(async move {
                let read = source.entries().await;
                // The page may be gone by now.
                inside.try_set(match read {
                    Ok(entries) => read_inside(file, entries),
                    Err(error) => Inside::Failed(error),
                });
            });
        }
    };
    let size = size_bytes(&item.file) as f64;
    let is_cleared = level.is_cleared;
    let actions = actions(&level, item.clone());
    let inner = move || match inside.get() {
        Inside::Unread => None,
        Inside::Reading => Some(view! { <p class="quiet">{text.say(words::LOADING)}</p> }.into_any()),
        Inside::Read(_, node) if node.files == 0 => {
            Some(view! { <p class="quiet">{text.say(words::ARCHIVE_EMPTY)}</p> }.into_any())
        }
        Inside::Read(files, node) => {
            let level = Level {
                files,
                begins_open: node.files <= OPEN_UP_TO,
                ..level.clone()
            };
            // Its entries begin with the folder's own name.
            let node = match &node.children[..] {
                [only] if only.file.is_none() => Arc::clone(only),
                _ => node,
            };
            Some(entries(level, node))
        }
        Inside::Failed(ContentError::Listing(jobsphere_results::listing::ListingError::TooMany)) => {
            let count = text.get(words::ArchiveTooMany { count: MAX_ENTRIES });
            Some(view! { <p class="quiet">{count}</p> }.into_any())
        }
        Inside::Failed(error) => Some(view! { <ContentNotice error /> }.into_any()),
    };
    let label = view! {
        <span class="file-name"><Name of=name /> "/"</span>
        " "
        <span class="quiet">{move || text.get(words::FolderAsZip { size: text.size(size) })}</span>
    };
    if is_cleared {
        return view! { <li class="output">{label}</li> }.into_any();
    }
    view! {
        <li class="output output-folder">
            <details on:toggle=open>
                <summary>{label}</summary>
                {inner}
            </details>
            {actions}
        </li>
    }
    .into_any()
}

fn read_inside(file: File, entries: Vec<Entry>) -> Inside {
    let node = Node::tree(entries.iter().map(|entry| (entry.path.as_str(), entry.size_bytes)));
    Inside::Read(Files::Entries(Arc::new((file, entries))), Arc::new(node))
}

fn file(level: &Level, name: String, item: Item) -> AnyView {
    let text = level.text;
    let results = level.results;
    let size = item.size_bytes() as f64;
    let path = item.path();
    let label = move || text.get(words::PreviewFile { file: path.as_str() });
    let is_shown = {
        let item = item.clone();
        Memo::new(move |_| results.shown.read().as_ref() == Some(&item))
    };
    let open = {
        let item = item.clone();
        move |_| results.open(item.clone())
    };
    let title = if level.is_cleared {
        view! { <span class="file-name"><Name of=name /></span> }.into_any()
    } else {
        view! {
            <button
                type="button"
                class="file-name link"
                id=opener_id(&item)
                title=label
                aria-expanded=move || is_shown.get().to_string()
                on:click=open
            >
                <Name of=name />
            </button>
        }
        .into_any()
    };
    view! {
        <li class="output">
            {title}
            <span class="number quiet">{move || text.size(size)}</span>
            {digest(&item)}
            {(!level.is_cleared).then(|| actions(level, item))}
        </li>
    }
    .into_any()
}

/// The id of what opens the preview of an item: the focus goes back there.
pub(super) fn opener_id(item: &Item) -> String {
    format!("preview-{}", encode(&format!("{}/{}", path(&item.file), item.path())))
}

fn digest(item: &Item) -> Option<impl IntoView + use<>> {
    let sha256 = item.entry.is_none().then(|| item.file.sha256.clone())?;
    let start = sha256.get(..DIGEST_CHARS)?.to_owned();
    Some(view! { <code class="quiet output-digest" title=format!("SHA-256 {sha256}")>{start}</code> })
}

fn actions(level: &Level, item: Item) -> AnyView {
    let text = level.text;
    let as_input = item.entry.is_none().then(|| {
        let place = format!("{}/{}", level.results.job_id.get_value(), path(&item.file));
        let href = format!(
            "{}?{INPUT_QUERY}={}",
            new_job_address(&level.results.project.get_value()),
            encode(&place)
        );
        let path = path(&item.file);
        let label = move || text.get(words::UseAsInputOf { file: path.as_str() });
        view! { <a class="button" href=href aria-label=label>{text.say(words::USE_AS_INPUT)}</a> }
    });
    view! {
        <span class="output-actions">
            {as_input}
            <Download item />
        </span>
    }
    .into_any()
}
