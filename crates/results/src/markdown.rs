//! A Markdown document as plain elements, which a page can build without believing the text: no HTML of its own, no
//! picture that would be fetched, no link but to a web address.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};

/// What is nested deeper is put in flat.
const MAX_DEPTH: usize = 50;

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Node {
    /// Words.
    Text(String),
    /// Words of a program.
    Code(String),
    /// A line's end.
    Break,
    /// A line across.
    Rule,
    /// A box, ticked or not.
    Task(bool),
    /// An element with what is in it.
    Element(Element, Vec<Node>),
}

/// What an element is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Element {
    /// A paragraph.
    Paragraph,
    /// A heading of a level from 1.
    Heading(u8),
    /// A quotation.
    Quote,
    /// A program's text.
    CodeBlock,
    /// A list, numbered from there or not.
    List(Option<u64>),
    /// An entry of a list.
    Item,
    /// A table.
    Table,
    /// Its row of names.
    TableHead,
    /// A row.
    TableRow,
    /// A cell.
    TableCell,
    /// Said with weight.
    Emphasis,
    /// Said with more weight.
    Strong,
    /// Taken back.
    Deleted,
    /// To a web address.
    Link(String),
    /// A picture by its words, and where the document says that it lies; see [`super::pictures`].
    Picture(String),
}

/// The blocks of a document.
pub fn read(text: &str) -> Vec<Node> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut open: Vec<(Option<Element>, Vec<Node>)> = vec![(None, Vec::new())];
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(tag) => open.push((element(&tag).filter(|_| open.len() < MAX_DEPTH), Vec::new())),
            Event::End(end) => {
                if let Some((element, inner)) = (open.len() > 1).then(|| open.pop()).flatten() {
                    match element {
                        Some(element) => add(&mut open, Node::Element(element, inner)),
                        None => inner.into_iter().for_each(|node| add(&mut open, node)),
                    }
                }
                if end == TagEnd::HtmlBlock {
                    add(&mut open, Node::Break);
                }
            }
            Event::Text(words) | Event::Html(words) | Event::InlineHtml(words) => {
                add(&mut open, Node::Text(words.into_string()));
            }
            Event::Code(words) | Event::InlineMath(words) | Event::DisplayMath(words) => {
                add(&mut open, Node::Code(words.into_string()));
            }
            Event::FootnoteReference(name) => add(&mut open, Node::Text(format!("[{name}]"))),
            Event::SoftBreak => add(&mut open, Node::Text("\n".into())),
            Event::HardBreak => add(&mut open, Node::Break),
            Event::Rule => add(&mut open, Node::Rule),
            Event::TaskListMarker(is_done) => add(&mut open, Node::Task(is_done)),
        }
    }
    open.into_iter().flat_map(|(_, nodes)| nodes).collect()
}

fn add(open: &mut [(Option<Element>, Vec<Node>)], node: Node) {
    let Some((_, nodes)) = open.last_mut() else { return };
    match (nodes.last_mut(), node) {
        (Some(Node::Text(words)), Node::Text(more)) => words.push_str(&more),
        (_, node) => nodes.push(node),
    }
}

fn element(tag: &Tag<'_>) -> Option<Element> {
    Some(match tag {
        Tag::Paragraph => Element::Paragraph,
        Tag::Heading { level, .. } => Element::Heading(*level as u8),
        Tag::BlockQuote(_) => Element::Quote,
        Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => Element::CodeBlock,
        Tag::List(first) => Element::List(*first),
        Tag::Item => Element::Item,
        Tag::Table(_) => Element::Table,
        Tag::TableHead => Element::TableHead,
        Tag::TableRow => Element::TableRow,
        Tag::TableCell => Element::TableCell,
        Tag::Emphasis => Element::Emphasis,
        Tag::Strong => Element::Strong,
        Tag::Strikethrough => Element::Deleted,
        Tag::Link { dest_url, .. } => Element::Link(web_address(dest_url)?),
        Tag::Image { dest_url, .. } => Element::Picture(dest_url.to_string()),
        _ => return None,
    })
}

/// The address, if it leads into the web; `javascript:`, `data:` and all else lead nowhere.
fn web_address(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    (is_web && !rest.is_empty()).then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(words: &str) -> Node {
        Node::Text(words.into())
    }

    #[test]
    fn a_document_becomes_elements() {
        assert_eq!(
            read("# One\n\n- [x] *two*\n"),
            [
                Node::Element(Element::Heading(1), vec![text("One")]),
                Node::Element(
                    Element::List(None),
                    vec![Node::Element(
                        Element::Item,
                        vec![Node::Task(true), Node::Element(Element::Emphasis, vec![text("two")])]
                    )]
                ),
            ]
        );
    }

    #[test]
    fn html_is_words() {
        let words = "<script>alert(1)</script>\n";
        assert_eq!(read(words), [text(words), Node::Break]);
        assert_eq!(
            read("a <b onclick=x>c</b>"),
            [Node::Element(Element::Paragraph, vec![text("a <b onclick=x>c</b>")])]
        );
    }

    #[test]
    fn links_lead_into_the_web_or_nowhere() {
        let paragraph = |inner| [Node::Element(Element::Paragraph, vec![inner])];
        for nowhere in [
            "javascript:alert(1)",
            "data:text/html,x",
            "/projects",
            "JaVaScRiPt://x%0aalert(1)",
            "vbscript:x",
        ] {
            assert_eq!(read(&format!("[w]({nowhere})")), paragraph(text("w")), "{nowhere}");
        }
        let link = Element::Link("https://example.org/a".into());
        assert_eq!(
            read("[w](https://example.org/a)"),
            paragraph(Node::Element(link, vec![text("w")]))
        );
    }

    #[test]
    fn pictures_are_named_and_not_fetched() {
        let picture = Element::Picture("https://example.org/spy.png".into());
        assert_eq!(
            read("![alt](https://example.org/spy.png)"),
            [Node::Element(
                Element::Paragraph,
                vec![Node::Element(picture, vec![text("alt")])]
            )]
        );
    }

    fn depth(nodes: &[Node]) -> usize {
        let inner = nodes.iter().map(|node| match node {
            Node::Element(_, inner) => 1 + depth(inner),
            _ => 0,
        });
        inner.max().unwrap_or_default()
    }

    #[test]
    fn what_is_nested_a_thousandfold_is_flat() {
        assert!(depth(&read(&"> ".repeat(1000))) <= MAX_DEPTH);
        assert!(depth(&read(&"*a **b ".repeat(2000))) <= MAX_DEPTH);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[a*_`<>#\\[\\]()!|\\-\n ~1.]{0,80}") {
            prop_assert!(depth(&read(&text)) <= MAX_DEPTH);
        }
    }
}
