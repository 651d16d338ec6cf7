//! The pictures of a Markdown document: which it has, and which files they are.

use std::collections::BTreeSet;

use super::markdown::{Element, Node};

/// Where a picture of the document at `document` lies among the files beside it; `None` for one that lies elsewhere, such
/// as in the web.
pub fn path(document: &str, address: &str) -> Option<String> {
    let bare = address.split(['?', '#']).next().unwrap_or_default();
    let path = decoded(bare)?.replace('\\', "/");
    // `https:`, `data:`, `C:`; and `//host`.
    let has_scheme = path.split('/').next().is_some_and(|first| first.contains(':'));
    if path.is_empty() || path.starts_with('/') || has_scheme {
        return None;
    }
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// An address without its `%XX`.
fn decoded(address: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// Where a document says that its pictures lie, in their order, each once.
pub fn addresses(nodes: &[Node]) -> Vec<&str> {
    fn look<'a>(nodes: &'a [Node], seen: &mut BTreeSet<&'a str>, found: &mut Vec<&'a str>) {
        for node in nodes {
            if let Node::Element(element, inner) = node {
                if let Element::Picture(address) = element
                    && seen.insert(address)
                {
                    found.push(address);
                }
                look(inner, seen, found);
            }
        }
    }
    let mut found = Vec::new();
    look(nodes, &mut BTreeSet::new(), &mut found);
    found
}

/// The words alone.
pub fn words(nodes: &[Node]) -> String {
    let word = |node: &Node| match node {
        Node::Text(words) | Node::Code(words) => words.clone(),
        Node::Element(_, inner) => words(inner),
        _ => " ".into(),
    };
    nodes.iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::markdown::read, *};

    #[test]
    fn pictures_lie_beside_their_document() {
        let path = |address| super::path("out/report.md", address);
        for (address, wanted) in [
            ("loss.png", "out/loss.png"),
            ("./img/a%20b.png", "out/img/a b.png"),
            ("../plots/%D0%B0.png?raw=true#x", "plots/а.png"),
            ("img\\a.png", "out/img/a.png"),
            ("100%.png", "out/100%.png"),
        ] {
            assert_eq!(path(address).as_deref(), Some(wanted), "{address}");
        }
        for elsewhere in [
            "https://example.org/spy.png",
            "//example.org/spy.png",
            "data:image/png;base64,AA",
            "javascript:alert(1)",
            "C:\\a.png",
            "/etc/a.png",
            "../../a.png",
            "",
            "#x",
            "%ff.png",
        ] {
            assert_eq!(path(elsewhere), None, "{elsewhere}");
        }
        let nodes = read("![*a* b](x.png)\n\n- ![c](y.png) ![d](x.png)\n");
        assert_eq!(addresses(&nodes), ["x.png", "y.png"]);
        assert_eq!(words(&read("![*a* b](x.png)")), "a b");
    }
}
