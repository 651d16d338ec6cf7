//! From words to a tree, by the grammar of YAML 1.1 as PyYAML has it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    flaw::{Flaw, YamlError},
    scan::scan,
    source::Source,
    token::{Directive, Kind, Scalar, Token},
    tree::{Content, Node, last_end},
};

/// About as deep as Python reads lists before its stack ends.
const MAX_DEPTH: usize = 320;
/// More than any configuration, aliases counted as often as they are used.
const MAX_NODES: usize = 1_000_000;

/// Reads one document; `None` when the text holds none.
///
/// # Errors
/// [`YamlError`] for what is not YAML, for several documents, for keys that are not scalars, and for files that are
/// absurdly deep or large.
pub fn parse(text: &str) -> Result<Option<Node>, YamlError> {
    let (tokens, source) = scan(text)?;
    let mut parser = Parser {
        source,
        tokens,
        at: 0,
        depth: 0,
        nodes: 0,
        anchors: BTreeMap::new(),
        handles: ["!", "!!"].map(str::to_owned).into(),
    };
    parser.document()
}

/// What `&name` stands before.
enum Anchor {
    /// A collection that has not ended yet.
    Open,
    /// A node, and how many it holds.
    Known(Node, usize),
}

/// Where a node stands, which decides what it may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a list in lines.
    Block,
    /// In a mapping in lines, where the dashes of a list may stand right below the key.
    BlockMap,
    /// In brackets.
    Flow,
}

/// What may stand before a node.
struct Properties {
    start: Option<usize>,
    end: usize,
    anchor: Option<String>,
}

struct Parser {
    source: Source,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    nodes: usize,
    anchors: BTreeMap<String, Anchor>,
    handles: BTreeSet<String>,
}

impl Parser {
    /// The next word; the last one, the end, is never passed.
    fn next(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn is_next(&self, kinds: &[Kind]) -> bool {
        kinds.contains(&self.next().kind)
    }

    fn take(&mut self) -> Token {
        let token = self.next().clone();
        self.at += 1;
        token
    }

    fn take_if(&mut self, kind: &Kind) -> Option<Token> {
        (self.next().kind == *kind).then(|| self.take())
    }

    fn flaw<T>(&self, flaw: Flaw) -> Result<T, YamlError> {
        Err(self.source.error(self.next().start, flaw))
    }

    fn document(&mut self) -> Result<Option<Node>, YamlError> {
        if self.is_next(&[Kind::StreamEnd]) {
            return Ok(None);
        }
        let has_directives = self.directives()?;
        let is_marked = self.take_if(&Kind::DocumentStart).is_some();
        if has_directives && !is_marked {
            return self.flaw(Flaw::Directive);
        }
        let is_hollow = matches!(
            self.next().kind,
            Kind::Directive(_) | Kind::DocumentStart | Kind::DocumentEnd | Kind::StreamEnd
        );
        let root = if is_marked && is_hollow {
            self.hollow(self.next().start)?
        } else {
            self.node(Place::Block)?
        };
        while self.take_if(&Kind::DocumentEnd).is_some() {}
        match self.next().kind {
            Kind::StreamEnd => Ok(Some(root)),
            Kind::DocumentStart | Kind::Directive(_) => self.flaw(Flaw::Documents),
            _ => self.flaw(Flaw::Indentation),
        }
    }

    fn directives(&mut self) -> Result<bool, YamlError> {
        let mut has_version = false;
        let mut handles = BTreeSet::new();
        let before = self.at;
        while let Kind::Directive(directive) = &self.next().kind {
            let is_good = match directive {
                Directive::Version { is_known } => *is_known && !std::mem::replace(&mut has_version, true),
                Directive::Handle(handle) => handles.insert(handle.clone()),
                Directive::Other => true,
            };
            if !is_good {
                return self.flaw(Flaw::Directive);
            }
            self.at += 1;
        }
        self.handles.append(&mut handles);
        Ok(self.at > before)
    }

    fn node(&mut self, place: Place) -> Result<Node, YamlError> {
        if let Kind::Alias(name) = self.next().kind.clone() {
            return self.alias(&name);
        }
        let properties = self.properties()?;
        if let Some(name) = &properties.anchor
            && self.anchors.insert(name.clone(), Anchor::Open).is_some()
        {
            let at = properties.start.unwrap_or(self.next().start);
            let name = name.clone();
            return Err(self.source.error(at, Flaw::AnchorRepeated { name }));
        }
        let before = self.nodes;
        let mut node = self.content(place, &properties)?;
        if let Some(name) = properties.anchor {
            node.is_shared = true;
            let known = Anchor::Known(node.clone(), self.nodes - before);
            self.anchors.insert(name, known);
        }
        Ok(node)
    }

    fn alias(&mut self, name: &str) -> Result<Node, YamlError> {
        let (mut node, size) = match self.anchors.get(name) {
            Some(Anchor::Known(node, size)) => (node.clone(), *size),
            Some(Anchor::Open) => return self.flaw(Flaw::AliasWithin { name: name.to_owned() }),
            None => return self.flaw(Flaw::AliasUnknown { name: name.to_owned() }),
        };
        self.count(size)?;
        let token = self.take();
        node.line = self.source.line(token.start);
        node.range = self.source.byte(token.start)..self.source.byte(token.end);
        node.is_block = false;
        node.is_shared = true;
        Ok(node)
    }

    fn count(&mut self, nodes: usize) -> Result<(), YamlError> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MAX_NODES {
            return self.flaw(Flaw::TooMany);
        }
        Ok(())
    }

    /// An anchor and a tag, in any order. A tag changes nothing, since all that is read is text; but it must be one.
    fn properties(&mut self) -> Result<Properties, YamlError> {
        let mut properties = Properties {
            start: None,
            end: self.next().start,
            anchor: None,
        };
        let mut is_tagged = false;
        loop {
            match self.next().kind.clone() {
                Kind::Anchor(name) if properties.anchor.is_none() => properties.anchor = Some(name),
                Kind::Tag(handle) if !is_tagged => {
                    is_tagged = true;
                    if let Some(handle) = handle.filter(|handle| !self.handles.contains(handle)) {
                        return self.flaw(Flaw::TagHandle { handle });
                    }
                }
                _ => return Ok(properties),
            }
            let token = self.take();
            properties.start.get_or_insert(token.start);
            properties.end = token.end;
        }
    }

    fn content(&mut self, place: Place, properties: &Properties) -> Result<Node, YamlError> {
        let is_block = place != Place::Flow;
        match self.next().kind.clone() {
            Kind::BlockEntry if place == Place::BlockMap => self.list_below_key(),
            Kind::Scalar(scalar) => self.scalar(scalar, properties),
            Kind::FlowListStart => self.flow_list(properties),
            Kind::FlowMapStart => self.flow_map(properties),
            Kind::BlockListStart if is_block => self.block_list(),
            Kind::BlockMapStart if is_block => self.block_map(),
            _ => match properties.start {
                Some(start) => {
                    let mut node = self.hollow(start)?;
                    node.range.end = self.source.byte(properties.end);
                    Ok(node)
                }
                None => self.flaw(Flaw::ContentMissing),
            },
        }
    }

    fn build(&mut self, start: usize, end: usize, content: Content) -> Result<Node, YamlError> {
        self.count(1)?;
        Ok(Node {
            line: self.source.line(start),
            range: self.source.byte(start)..self.source.byte(end),
            content,
            is_block: false,
            is_shared: false,
            is_broken: false,
        })
    }

    /// A text that is not written.
    fn hollow(&mut self, at: usize) -> Result<Node, YamlError> {
        self.build(at, at, Content::Text(String::new()))
    }

    fn scalar(&mut self, scalar: Scalar, properties: &Properties) -> Result<Node, YamlError> {
        let token = self.take();
        let start = properties.start.unwrap_or(token.start);
        let mut node = self.build(start, token.end, Content::Text(scalar.text))?;
        node.is_block = scalar.is_block;
        node.is_broken = scalar.is_broken;
        Ok(node)
    }

    fn descend(&mut self) -> Result<(), YamlError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.flaw(Flaw::TooDeep);
        }
        Ok(())
    }

    /// A collection in lines, from its first entry to its last.
    fn block(&mut self, start: usize, content: Content) -> Result<Node, YamlError> {
        self.depth -= 1;
        let mut node = self.build(start, start, content)?;
        node.range.end = last_end(&node);
        node.is_block = true;
        Ok(node)
    }

    fn block_list(&mut self) -> Result<Node, YamlError> {
        let start = self.take().start;
        self.descend()?;
        let items = self.entries(&[Kind::BlockEntry, Kind::BlockEnd])?;
        self.block_end()?;
        self.block(start, Content::List(items.into()))
    }

    /// A list whose dashes stand right below the key that it belongs to.
    fn list_below_key(&mut self) -> Result<Node, YamlError> {
        let start = self.next().start;
        self.descend()?;
        let items = self.entries(&[Kind::BlockEntry, Kind::Key, Kind::Value, Kind::BlockEnd])?;
        self.block(start, Content::List(items.into()))
    }

    /// Entries with dashes; one is empty when one of `after` follows.
    fn entries(&mut self, after: &[Kind]) -> Result<Vec<Node>, YamlError> {
        let mut items = Vec::new();
        while let Some(dash) = self.take_if(&Kind::BlockEntry) {
            items.push(self.node_unless(after, dash.end, Place::Block)?);
        }
        Ok(items)
    }

    /// A node, or an empty text at `at` when one of `after` follows.
    fn node_unless(&mut self, after: &[Kind], at: usize, place: Place) -> Result<Node, YamlError> {
        if self.is_next(after) {
            self.hollow(at)
        } else {
            self.node(place)
        }
    }

    fn block_end(&mut self) -> Result<(), YamlError> {
        match self.take_if(&Kind::BlockEnd) {
            Some(_) => Ok(()),
            None => self.flaw(Flaw::Indentation),
        }
    }

    fn block_map(&mut self) -> Result<Node, YamlError> {
        const AFTER: [Kind; 3] = [Kind::Key, Kind::Value, Kind::BlockEnd];
        let start = self.take().start;
        self.descend()?;
        let mut entries = Vec::new();
        while let Some(sign) = self.take_if(&Kind::Key) {
            let key = self.node_unless(&AFTER, sign.end, Place::BlockMap)?;
            let value = match self.take_if(&Kind::Value) {
                Some(sign) => self.node_unless(&AFTER, sign.end, Place::BlockMap)?,
                None => self.hollow(self.next().start)?,
            };
            entries.push((self.key(key)?, value));
        }
        self.block_end()?;
        self.block(start, Content::Map(entries.into()))
    }

    fn key(&self, key: Node) -> Result<Node, YamlError> {
        match key.content {
            Content::Text(_) => Ok(key),
            _ => Err(YamlError {
                line: key.line,
                flaw: Flaw::KeyNotText,
            }),
        }
    }

    /// Ends a collection in brackets, or passes the comma before its next entry.
    fn is_closed(&mut self, open: &Token, close: &Kind, is_first: bool) -> Result<bool, YamlError> {
        if self.take_if(close).is_some() {
            return Ok(true);
        }
        if !is_first && self.take_if(&Kind::FlowEntry).is_none() {
            let bracket = if *close == Kind::FlowListEnd { ']' } else { '}' };
            let is_end = self.next().kind == Kind::StreamEnd;
            let at = if is_end { open.start } else { self.next().start };
            return Err(self.source.error(at, Flaw::NotClosed { bracket }));
        }
        Ok(!is_first && self.take_if(close).is_some())
    }

    fn flow(&mut self, properties: &Properties, open: &Token, content: Content) -> Result<Node, YamlError> {
        self.depth -= 1;
        let end = self.tokens[self.at - 1].end;
        self.build(properties.start.unwrap_or(open.start), end, content)
    }

    fn flow_list(&mut self, properties: &Properties) -> Result<Node, YamlError> {
        let open = self.take();
        self.descend()?;
        let mut items = Vec::new();
        while !self.is_closed(&open, &Kind::FlowListEnd, items.is_empty())? {
            let item = match self.take_if(&Kind::Key) {
                Some(sign) => self.lone_entry(&sign)?,
                None => self.node(Place::Flow)?,
            };
            items.push(item);
        }
        self.flow(properties, &open, Content::List(items.into()))
    }

    /// `[key: value]`: a mapping of one entry without braces.
    fn lone_entry(&mut self, sign: &Token) -> Result<Node, YamlError> {
        const AFTER: [Kind; 3] = [Kind::Value, Kind::FlowEntry, Kind::FlowListEnd];
        let key = self.node_unless(&AFTER, sign.end, Place::Flow)?;
        let value = self.flow_value(&AFTER[1..])?;
        let key = self.key(key)?;
        let end = self.next().start;
        self.build(sign.start, end, Content::Map([(key, value)].into()))
    }

    fn flow_value(&mut self, after: &[Kind]) -> Result<Node, YamlError> {
        match self.take_if(&Kind::Value) {
            Some(sign) => self.node_unless(after, sign.end, Place::Flow),
            None => self.hollow(self.next().start),
        }
    }

    fn flow_map(&mut self, properties: &Properties) -> Result<Node, YamlError> {
        const AFTER: [Kind; 3] = [Kind::Value, Kind::FlowEntry, Kind::FlowMapEnd];
        let open = self.take();
        self.descend()?;
        let mut entries = Vec::new();
        while !self.is_closed(&open, &Kind::FlowMapEnd, entries.is_empty())? {
            let entry = match self.take_if(&Kind::Key) {
                Some(sign) => {
                    let key = self.node_unless(&AFTER, sign.end, Place::Flow)?;
                    (key, self.flow_value(&AFTER[1..])?)
                }
                None => {
                    let key = self.node(Place::Flow)?;
                    (key, self.hollow(self.next().start)?)
                }
            };
            entries.push((self.key(entry.0)?, entry.1));
        }
        self.flow(properties, &open, Content::Map(entries.into()))
    }
}
