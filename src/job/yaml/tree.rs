//! From events to a tree of nodes with places.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use super::Value;

/// Deeper than any configuration; keeps hostile files from using up the stack.
const MAX_DEPTH: usize = 40;
/// More than any configuration, aliases counted as often as they are used.
const MAX_NODES: usize = 50_000;

/// Why a text is not YAML that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct YamlError {
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong, in the parser's words.
    pub reason: String,
}

/// A value with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Line of its beginning, counted from 1.
    pub line: usize,
    /// Bytes of the text from its first to behind its last character.
    pub range: std::ops::Range<usize>,
    /// What it says.
    pub content: Content,
    /// Whether its children stand in lines of their own, not in `[…]` or `{…}`.
    pub(super) is_block: bool,
    /// Whether it is a mention of another node, `*name`, or may be mentioned itself.
    pub(super) is_shared: bool,
}

/// What a node says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A scalar, as written.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// Keys and values in the order of the file.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The scalar's text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value under `key` of a mapping; of several the last, as in the published client.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The key and value of a mapping under `key`.
    pub fn entry(&self, key: &str) -> Option<(&Self, &Self)> {
        let Content::Map(entries) = &self.content else {
            return None;
        };
        let (name, value) = entries.iter().rfind(|(name, _)| name.as_text() == Some(key))?;
        Some((name, value))
    }

    /// What it says.
    pub fn value(&self) -> Value {
        match &self.content {
            Content::Text(text) => Value::Text(text.clone()),
            Content::List(items) => Value::List(items.iter().map(Self::value).collect()),
            Content::Map(entries) => {
                let mut map = Value::Map(Vec::new());
                for (key, value) in entries {
                    map.set(key.as_text().unwrap_or_default(), Some(value.value()));
                }
                map
            }
        }
    }
}

/// Reads one document; `None` when the text holds none.
///
/// # Errors
/// [`YamlError`] for what is not YAML, for several documents, for keys that are not scalars, and for files that are
/// absurdly deep or large.
pub fn parse(text: &str) -> Result<Option<Node>, YamlError> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut builder = Builder {
        text,
        offsets: offsets(body, text.len() - body.len()),
        open: Vec::new(),
        anchors: BTreeMap::new(),
        root: None,
        documents: 0,
        nodes: 0,
        opaque: Vec::new(),
    };
    let mut parser = Parser::new_from_str(body);
    let mut outcome = Ok(());
    while let (Ok(()), Some(event)) = (&outcome, parser.next_event()) {
        outcome = match event {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => Err(scan_error(&error)),
        };
    }
    // The better explanation, where the parser stumbled over it too.
    if let Some(line) = tab(text, &builder.opaque) {
        return Err(YamlError {
            line,
            reason: "a tab stands where only spaces may".to_owned(),
        });
    }
    outcome.map(|()| builder.root)
}

/// The line of the first tab outside of comments and of the `opaque` scalars. The parser takes some of these for
/// spaces; the published client's takes none.
fn tab(text: &str, opaque: &[std::ops::Range<usize>]) -> Option<usize> {
    let hides = |at: usize| opaque.iter().find(|range| range.contains(&at));
    let mut line = 1;
    let mut in_comment = false;
    let mut before = '\n';
    for (at, letter) in text.char_indices() {
        if letter == '\n' {
            line += 1;
            in_comment = false;
        } else if !in_comment && matches!(letter, '\t' | '#') && hides(at).is_none() {
            if letter == '\t' {
                return Some(line);
            }
            in_comment = before.is_whitespace();
        }
        before = letter;
    }
    None
}

fn scan_error(error: &ScanError) -> YamlError {
    YamlError {
        line: error.marker().line().max(1),
        reason: error.info().to_owned(),
    }
}

/// Byte of each character: the parser counts characters.
fn offsets(body: &str, before: usize) -> Vec<usize> {
    let ends = std::iter::once(body.len());
    body.char_indices()
        .map(|(at, _)| at)
        .chain(ends)
        .map(|at| at + before)
        .collect()
}

struct Open {
    node: Node,
    key: Option<Node>,
    anchor: usize,
}

struct Builder<'a> {
    text: &'a str,
    offsets: Vec<usize>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    root: Option<Node>,
    documents: usize,
    nodes: usize,
    /// Scalars in quotes and under `|` or `>`, in which tabs and `#` are letters as others.
    opaque: Vec<std::ops::Range<usize>>,
}

impl Builder<'_> {
    fn at(&self, index: usize) -> usize {
        let last = self.offsets.last().copied().unwrap_or_default();
        self.offsets.get(index).copied().unwrap_or(last)
    }

    fn node(&self, span: Span, content: Content) -> Node {
        Node {
            line: span.start.line().max(1),
            range: self.at(span.start.index())..self.at(span.end.index()),
            content,
            is_block: false,
            is_shared: false,
        }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), YamlError> {
        let fail = |reason: &str| YamlError {
            line: span.start.line().max(1),
            reason: reason.to_owned(),
        };
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(fail("the file holds more than one document"));
                }
            }
            Event::Scalar(text, style, anchor, _) => {
                let mut node = self.node(span, Content::Text(text.into_owned()));
                node.is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                if node.is_block {
                    node.range.start = header(self.text, node.range.start);
                }
                node.is_shared = anchor > 0;
                if style != ScalarStyle::Plain {
                    self.opaque.push(node.range.clone());
                }
                self.close(node, anchor, span)?;
            }
            Event::SequenceStart(anchor, _) => self.begin(Content::List(Vec::new()), anchor, span)?,
            Event::MappingStart(anchor, _) => self.begin(Content::Map(Vec::new()), anchor, span)?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Open { mut node, anchor, .. }) = self.open.pop() {
                    let end = self.at(span.end.index());
                    node.range.end = if node.is_block { last_end(&node) } else { end };
                    self.close(node, anchor, span)?;
                }
            }
            Event::Alias(anchor) => {
                let mut node = self
                    .anchors
                    .get(&anchor)
                    .cloned()
                    .ok_or_else(|| fail("an alias of nothing"))?;
                self.nodes += count(&node);
                node.range = self.at(span.start.index())..self.at(span.end.index());
                node.line = span.start.line().max(1);
                node.is_block = false;
                node.is_shared = true;
                self.close(node, 0, span)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, content: Content, anchor: usize, span: Span) -> Result<(), YamlError> {
        let mut node = self.node(span, content);
        // The text of a collection in brackets begins with the bracket; of one in lines with its first entry.
        node.is_block = span.start.index() == span.end.index();
        node.is_shared = anchor > 0;
        if self.open.len() >= MAX_DEPTH {
            return Err(YamlError {
                line: node.line,
                reason: "the file is nested too deeply".to_owned(),
            });
        }
        self.open.push(Open {
            node,
            key: None,
            anchor,
        });
        Ok(())
    }

    fn close(&mut self, node: Node, anchor: usize, span: Span) -> Result<(), YamlError> {
        let fail = |reason: &str| YamlError {
            line: span.start.line().max(1),
            reason: reason.to_owned(),
        };
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(fail("the file holds too many values"));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut parent.node.content {
            Content::List(items) => items.push(node),
            Content::Map(entries) => match parent.key.take() {
                Some(key) => entries.push((key, node)),
                None if node.as_text().is_some() => parent.key = Some(node),
                None => return Err(fail("a key must be a plain text")),
            },
            Content::Text(_) => {}
        }
        Ok(())
    }
}

/// Where the `|` or `>` stands above the lines that begin at `start`.
fn header(text: &str, start: usize) -> usize {
    let above = text[..start].trim_end();
    let line = above.rfind('\n').map_or(0, |newline| newline + 1);
    let is_header = |at: &usize| {
        let rest = above[at + 1..].trim_start_matches(|sign: char| sign.is_ascii_digit() || matches!(sign, '-' | '+'));
        above[..*at].ends_with([' ', '\t', '\n']) && (rest.is_empty() || rest.trim_start().starts_with('#'))
    };
    let signs = above[line..].match_indices(['|', '>']).map(|(at, _)| line + at);
    signs.into_iter().find(is_header).unwrap_or(start)
}

fn count(node: &Node) -> usize {
    match &node.content {
        Content::Text(_) => 1,
        Content::List(items) => 1 + items.iter().map(count).sum::<usize>(),
        Content::Map(entries) => 1 + entries.iter().map(|(_, value)| 1 + count(value)).sum::<usize>(),
    }
}

/// Where a collection in lines ends: with its last entry. The parser's own mark stands behind comments that follow.
fn last_end(node: &Node) -> usize {
    let end = match &node.content {
        Content::List(items) => items.last().map(|item| item.range.end),
        Content::Map(entries) => entries.last().map(|(key, value)| value.range.end.max(key.range.end)),
        Content::Text(_) => None,
    };
    end.unwrap_or(node.range.end)
}
