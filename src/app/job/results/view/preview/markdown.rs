//! A Markdown document as elements of the page.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::text::{Text, use_text, words};
use jobsphere_results::markdown::{Element, Node};

/// The document.
#[component]
pub(crate) fn Document(
    /// Its blocks.
    nodes: Arc<Vec<Node>>,
) -> impl IntoView {
    let text = use_text();
    view! {
        <div class="document" tabindex="0" role="group" aria-label=text.say(words::PREVIEW_DOCUMENT)>
            {all(text, &nodes)}
        </div>
    }
}

fn all(text: Text, nodes: &[Node]) -> Vec<AnyView> {
    nodes.iter().map(|node| one(text, node)).collect()
}

fn one(text: Text, node: &Node) -> AnyView {
    match node {
        Node::Text(words) => words.clone().into_any(),
        Node::Code(words) => view! { <code>{words.clone()}</code> }.into_any(),
        Node::Break => view! { <br /> }.into_any(),
        Node::Rule => view! { <hr /> }.into_any(),
        Node::Task(true) => "☑ ".into_any(),
        Node::Task(false) => "☐ ".into_any(),
        Node::Element(element, inner) => inside(text, element, inner),
    }
}

fn inside(text: Text, element: &Element, nodes: &[Node]) -> AnyView {
    let inner = all(text, nodes);
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
                    view! { <th scope="col">{all(text, words)}</th> }.into_any()
                }
                node => one(text, node),
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
        Element::Picture(address) => {
            let address = address.clone();
            let words = move || {
                text.get(words::DocumentPicture {
                    address: address.as_str(),
                })
            };
            view! { <span class="quiet">"[" {inner} " " {words} "]"</span> }.into_any()
        }
    }
}
