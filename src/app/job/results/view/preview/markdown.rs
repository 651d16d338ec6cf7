//! A Markdown document as elements of the page, with those of its pictures that are outputs of the same job.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::{
    job::results::state::{
        item::Item,
        pictures::{Picture, Pictures, load},
        results,
    },
    task::run_while_mounted,
    text::{Text, use_text, words},
};
use jobsphere_results::{
    markdown::{Element, Node},
    pictures,
};

/// More pictures than this are not loaded.
const MAX_PICTURES: usize = 100;

/// What the parts of a document need.
#[derive(Clone, Copy)]
struct Scene {
    text: Text,
    pictures: Pictures,
    /// Where the document lies.
    path: StoredValue<String>,
}

/// The document.
#[component]
pub(crate) fn Document(
    /// Its blocks.
    nodes: Arc<Vec<Node>>,
    /// The file that it is.
    item: Item,
) -> impl IntoView {
    let text = use_text();
    let scene = Scene {
        text,
        pictures: RwSignal::default(),
        path: StoredValue::new(item.path()),
    };
    let addresses = pictures::addresses(&nodes)
        .into_iter()
        .take(MAX_PICTURES)
        .map(str::to_owned);
    let (results, addresses) = (results(), addresses.collect());
    let (job_id, files) = (results.job_id.get_value(), results.files.get_untracked());
    run_while_mounted(load(job_id, files, item, addresses, scene.pictures));
    view! {
        <div class="document" tabindex="0" role="group" aria-label=text.say(words::PREVIEW_DOCUMENT)>
            {all(scene, &nodes)}
        </div>
    }
}

/// A picture, or its words where there is none.
fn picture(scene: Scene, address: &str, nodes: &[Node]) -> AnyView {
    let text = scene.text;
    let alt = pictures::words(nodes);
    let address = address.to_owned();
    let is_elsewhere = pictures::path(&scene.path.read_value(), &address).is_none();
    let found = {
        let address = address.clone();
        // A picture by its address; the others do not change with it.
        ArcMemo::new_with_compare(
            move |_| scene.pictures.read().get(&address).cloned(),
            |was, is| was.is_some_and(Option::is_some) != is.is_some_and(Option::is_some),
        )
    };
    let shown = move || {
        let address = address.as_str();
        let words = match found.get() {
            Some(Picture::Shown(url)) => {
                let src = url.as_str().to_owned();
                return view! { <img class="document-picture" src=src alt=alt.clone() title=address.to_owned() /> }
                    .into_any();
            }
            _ if is_elsewhere => text.get(words::DocumentPicture { address }),
            None => text.get(words::DocumentPictureWaiting { address }),
            Some(Picture::Missing) => text.get(words::DocumentPictureMissing { address }),
            Some(Picture::Large(bytes)) => text.get(words::DocumentPictureLarge {
                address,
                size: text.size(bytes as f64),
            }),
        };
        view! { <span class="quiet">"[" {alt.clone()} " " {words} "]"</span> }.into_any()
    };
    shown.into_any()
}

fn all(scene: Scene, nodes: &[Node]) -> Vec<AnyView> {
    nodes.iter().map(|node| one(scene, node)).collect()
}

fn one(scene: Scene, node: &Node) -> AnyView {
    match node {
        Node::Text(words) => words.clone().into_any(),
        Node::Code(words) => view! { <code>{words.clone()}</code> }.into_any(),
        Node::Break => view! { <br /> }.into_any(),
        Node::Rule => view! { <hr /> }.into_any(),
        Node::Task(true) => "☑ ".into_any(),
        Node::Task(false) => "☐ ".into_any(),
        Node::Element(element, inner) => inside(scene, element, inner),
    }
}

fn inside(scene: Scene, element: &Element, nodes: &[Node]) -> AnyView {
    let inner = all(scene, nodes);
    match element {
        Element::Paragraph => view! { <p>{inner}</p> }.into_any(),
        // Below the heading of the preview.
        Element::Heading(1) => view! { <h4 class="document-title">{inner}</h4> }.into_any(),
        Element::Heading(2) => view! { <h5>{inner}</h5> }.into_any(),
        Element::Heading(_) => view! { <h6>{inner}</h6> }.into_any(),
        Element::Quote => view! { <blockquote>{inner}</blockquote> }.into_any(),
        Element::CodeBlock => view! { <pre tabindex="0">{inner}</pre> }.into_any(),
        Element::List(None) => view! { <ul>{inner}</ul> }.into_any(),
        Element::List(Some(first)) => view! { <ol start=first.to_string()>{inner}</ol> }.into_any(),
        Element::Item => view! { <li>{inner}</li> }.into_any(),
        Element::Table => view! { <div class="wide" tabindex="0"><table>{inner}</table></div> }.into_any(),
        Element::TableHead => {
            let cell = |node: &Node| match node {
                Node::Element(Element::TableCell, words) => {
                    view! { <th scope="col">{all(scene, words)}</th> }.into_any()
                }
                node => one(scene, node),
            };
            view! { <thead><tr>{nodes.iter().map(cell).collect::<Vec<_>>()}</tr></thead> }.into_any()
        }
        Element::TableRow => view! { <tr>{inner}</tr> }.into_any(),
        Element::TableCell => view! { <td>{inner}</td> }.into_any(),
        Element::Emphasis => view! { <em>{inner}</em> }.into_any(),
        Element::Strong => view! { <strong>{inner}</strong> }.into_any(),
        Element::Deleted => view! { <del>{inner}</del> }.into_any(),
        Element::Link(address) => view! {
            <a href=address.clone() rel="noopener noreferrer nofollow" target="_blank" title=address.clone()>{inner}</a>
        }
        .into_any(),
        Element::Picture(address) => picture(scene, address, nodes),
    }
}
