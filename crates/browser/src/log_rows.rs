//! The rows of a log as nodes of the page: only those in sight, each used again for the next row.
//!
//! Everything a log says becomes a text node; nothing is read as markup.

use std::{collections::VecDeque, ops::Range};

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement, Text};

use jobsphere_log::{
    model::{Colour, Row, Styled},
    view::pieces::{Piece, pieces},
};

/// A button within a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The row's number.
    Number,
    /// Folds or unfolds the group that the row begins.
    Fold,
    /// Shows the states that were drawn over.
    States,
    /// Shows the whole of a line that was cut.
    Whole,
}

impl Action {
    const ALL: [Self; 4] = [Self::Number, Self::Fold, Self::States, Self::Whole];

    fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Fold => "fold",
            Self::States => "states",
            Self::Whole => "whole",
        }
    }
}

/// What stands where in a row; an empty text is not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The line; `None` while it has not been told.
    pub row: Option<Row>,
    /// What marks its source: `out`, `err` or `file`.
    pub mark: &'static str,
    /// Its source's name.
    pub source: String,
    /// Its number as it is written.
    pub number: String,
    /// Address of the line.
    pub link: String,
    /// Its time.
    pub time: String,
    /// The silence before it was long.
    pub is_long_gap: bool,
    /// The reader marked it.
    pub is_marked: bool,
    /// It was found last.
    pub is_current: bool,
    /// It was written at the time under the pointer.
    pub is_pointed: bool,
    /// How many lines before it are not shown.
    pub skipped: String,
    /// That it is no text.
    pub binary: String,
    /// Words of [`Action::Fold`].
    pub fold: String,
    /// Words of [`Action::States`].
    pub states: String,
    /// Words of [`Action::Whole`].
    pub cut: String,
}

struct Node {
    root: HtmlElement,
    number: HtmlElement,
    time: Element,
    source: Element,
    before: Element,
    words: Element,
    /// Those of `words`, one for each piece of the text.
    pieces: Vec<PieceNode>,
    after: Element,
    /// The row it stands for.
    at: Option<u64>,
    class: String,
    shown: Shown,
}

/// A piece of a row's text: what carries its look, and its letters.
struct PieceNode {
    /// `None` where the letters stand by themselves.
    element: Option<HtmlElement>,
    text: Text,
    letters: String,
    look: Look,
}

/// How a piece looks: as its escape sequences want it, wherever it begins and ends; whether it was found; whether its
/// letters run from right to left.
type Look = (Option<Styled>, bool, bool);

fn look(piece: &Piece) -> Look {
    let style = piece.style.map(|style| Styled {
        start: 0,
        end: 0,
        ..*style
    });
    (style, piece.is_match, piece.is_turned)
}

/// The nodes of the rows drawn.
pub struct RowNodes {
    document: Document,
    host: HtmlElement,
    first: u64,
    drawn: VecDeque<Node>,
}

impl RowNodes {
    /// Rows within `host`.
    pub fn new(host: HtmlElement) -> Option<Self> {
        Some(Self {
            document: host.owner_document()?,
            host,
            first: 0,
            drawn: VecDeque::new(),
        })
    }

    /// The rows drawn.
    pub fn range(&self) -> Range<u64> {
        self.first..self.first + self.drawn.len() as u64
    }

    /// Draws the rows of `range`, each as `shown` says.
    ///
    /// # Errors
    /// What the browser throws when a node cannot be made.
    pub fn draw(&mut self, range: Range<u64>, shown: impl Fn(u64) -> Shown) -> Result<(), JsValue> {
        let stay = self
            .range()
            .end
            .min(range.end)
            .saturating_sub(self.first.max(range.start));
        if stay * 2 < range.end - range.start {
            // Few stay: no node moves, which is dear; they only change what they say.
            self.first = range.start;
        }
        let mut spare = Vec::new();
        while self.first < range.start
            && let Some(node) = self.drawn.pop_front()
        {
            spare.push(node);
            self.first += 1;
        }
        let mut above = Vec::new();
        while self.range().end > range.end
            && let Some(node) = self.drawn.pop_back()
        {
            above.push(node);
        }
        spare.extend(above.into_iter().rev());
        while self.first > range.start {
            let node = spare.pop().map_or_else(|| self.node(), Ok)?;
            let next = self.drawn.front().map(|next| next.root.as_ref());
            self.host.insert_before(&node.root, next)?;
            self.drawn.push_front(node);
            self.first -= 1;
        }
        while self.range().end < range.end {
            let node = spare.pop().map_or_else(|| self.node(), Ok)?;
            self.host.append_child(&node.root)?;
            self.drawn.push_back(node);
        }
        for node in spare {
            node.root.remove();
        }
        for (number, node) in (self.first..).zip(&mut self.drawn) {
            let shown = shown(number);
            if node.shown != shown || node.at != Some(number) {
                node.at = Some(number);
                node.write(&self.document, number, shown)?;
            }
        }
        Ok(())
    }

    /// What is drawn of a row.
    pub fn shown(&self, number: u64) -> Option<&Shown> {
        let place = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.drawn.get(place).map(|node| &node.shown)
    }

    /// The height of each row drawn, in pixels.
    pub fn heights(&self) -> impl Iterator<Item = (u64, f64)> {
        let height = |node: &Node| node.root.get_bounding_client_rect().height();
        (self.first..).zip(self.drawn.iter().map(height))
    }

    fn node(&self) -> Result<Node, JsValue> {
        let make = |name: &str, class: &str| -> Result<Element, JsValue> {
            let element = self.document.create_element(name)?;
            element.set_class_name(class);
            Ok(element)
        };
        let root = make("div", "log-row")?;
        let number = make("a", "row-number")?;
        number.set_attribute("data-action", Action::Number.name())?;
        // The log itself takes the focus and marks lines by keys; a stop at every line would be in the way.
        number.set_attribute("tabindex", "-1")?;
        let node = Node {
            root: root.unchecked_into(),
            number: number.unchecked_into(),
            time: make("span", "row-time")?,
            source: make("span", "row-source")?,
            before: make("span", "row-before")?,
            words: make("samp", "row-text")?,
            pieces: Vec::new(),
            after: make("span", "row-after")?,
            at: None,
            class: String::new(),
            shown: Shown::default(),
        };
        let body = make("span", "row-body")?;
        for part in [&node.before, &node.words, &node.after] {
            body.append_child(part)?;
        }
        for part in [&node.number, &node.time, &node.source, &body] {
            node.root.append_child(part)?;
        }
        Ok(node)
    }
}

impl Node {
    fn write(&mut self, document: &Document, number: u64, shown: Shown) -> Result<(), JsValue> {
        // While the log is scrolled, most of a row stays as it is: what has not changed is not touched.
        let was = &self.shown;
        let class = class(&shown);
        if self.class != class {
            self.root.set_class_name(&class);
            self.class = class;
        }
        self.root.set_attribute("data-row", &number.to_string())?;
        if was.is_marked != shown.is_marked {
            if shown.is_marked {
                self.root.set_attribute("aria-current", "true")?;
            } else {
                self.root.remove_attribute("aria-current")?;
            }
        }
        if was.time != shown.time {
            self.time.set_text_content(Some(&shown.time));
        }
        if was.source != shown.source {
            self.root.set_attribute("data-source", &shown.source)?;
            self.source.set_text_content(Some(&shown.source));
            self.source.set_attribute("title", &shown.source)?;
        }
        let row = shown.row.as_ref();
        if was.number != shown.number {
            self.number.set_text_content(Some(&shown.number));
        }
        if was.link != shown.link {
            match row {
                Some(_) => self.number.set_attribute("href", &shown.link)?,
                None => self.number.remove_attribute("href")?,
            }
        }
        if (&was.skipped, &was.fold, &was.binary) != (&shown.skipped, &shown.fold, &shown.binary) {
            self.before.set_text_content(None);
            chip(document, &self.before, &shown.skipped, "row-skipped")?;
            button(document, &self.before, &shown.fold, Action::Fold)?;
            chip(document, &self.before, &shown.binary, "row-binary")?;
        }
        if let Some(group) = row.and_then(|row| row.group.as_ref())
            && let Some(fold) = self.before.query_selector("button")?
        {
            fold.set_attribute("aria-expanded", if group.is_closed { "false" } else { "true" })?;
        }
        if (&was.states, &was.cut) != (&shown.states, &shown.cut) {
            self.after.set_text_content(None);
            button(document, &self.after, &shown.cut, Action::Whole)?;
            button(document, &self.after, &shown.states, Action::States)?;
        }
        let depth = row.map_or(0, |row| row.depth);
        if was.row.as_ref().map_or(0, |row| row.depth) != depth {
            self.root.style().set_property("--depth", &depth.to_string())?;
        }
        self.write_text(document, row)?;
        self.shown = shown;
        Ok(())
    }

    fn write_text(&mut self, document: &Document, row: Option<&Row>) -> Result<(), JsValue> {
        let empty = Row::default();
        let pieces = pieces(row.unwrap_or(&empty));
        let both = self.pieces.iter().zip(&pieces);
        let stay = both.take_while(|(node, piece)| node.look == look(piece)).count();
        for node in self.pieces.drain(stay..) {
            self.words.remove_child(node.outer())?;
        }
        for (node, piece) in self.pieces.iter_mut().zip(&pieces) {
            node.say(piece.text);
        }
        for piece in &pieces[stay..] {
            let node = PieceNode::new(document, piece)?;
            self.words.append_child(node.outer())?;
            self.pieces.push(node);
        }
        Ok(())
    }
}

impl PieceNode {
    fn new(document: &Document, piece: &Piece) -> Result<Self, JsValue> {
        let text = document.create_text_node(piece.text);
        let is_plain = piece.style.is_none() && !piece.is_match && !piece.is_turned;
        let element = if is_plain {
            None
        } else {
            let name = if piece.is_match { "mark" } else { "span" };
            let element: HtmlElement = document.create_element(name)?.unchecked_into();
            if let Some(style) = piece.style {
                dress(&element, style)?;
            }
            if piece.is_turned {
                element.class_list().add_1("is-turned")?;
            }
            element.append_child(&text)?;
            Some(element)
        };
        Ok(Self {
            element,
            text,
            letters: piece.text.to_owned(),
            look: look(piece),
        })
    }

    fn say(&mut self, letters: &str) {
        if self.letters != letters {
            self.text.set_data(letters);
            letters.clone_into(&mut self.letters);
        }
    }

    fn outer(&self) -> &web_sys::Node {
        match &self.element {
            Some(element) => element,
            None => &self.text,
        }
    }
}

fn class(shown: &Shown) -> String {
    let mut class = format!("log-row row-{}", shown.mark);
    let row = shown.row.as_ref();
    let of_row = |is: fn(&Row) -> bool| row.is_some_and(is);
    let marks = [
        (row.is_none(), " is-waiting"),
        (of_row(|row| row.is_error), " is-error"),
        (of_row(|row| row.is_context), " is-context"),
        (of_row(|row| row.is_binary), " is-binary"),
        (of_row(|row| row.group.is_some()), " is-group"),
        (shown.is_long_gap, " is-after-gap"),
        (shown.is_marked, " is-marked"),
        (shown.is_current, " is-current"),
        (shown.is_pointed, " is-pointed"),
    ];
    for (is, name) in marks {
        if is {
            class.push_str(name);
        }
    }
    class
}

fn chip(document: &Document, host: &Element, words: &str, class: &str) -> Result<(), JsValue> {
    if words.is_empty() {
        return Ok(());
    }
    let chip = document.create_element("span")?;
    chip.set_class_name(class);
    chip.set_text_content(Some(words));
    host.append_child(&chip).map(drop)
}

fn button(document: &Document, host: &Element, words: &str, action: Action) -> Result<(), JsValue> {
    if words.is_empty() {
        return Ok(());
    }
    let button = document.create_element("button")?;
    button.set_attribute("type", "button")?;
    button.set_attribute("data-action", action.name())?;
    button.set_class_name("row-button");
    button.set_text_content(Some(words));
    host.append_child(&button).map(drop)
}

/// Gives a piece the look that its escape sequences want.
fn dress(element: &HtmlElement, style: &Styled) -> Result<(), JsValue> {
    let mut class = String::new();
    let mut colour = |colour: Option<Colour>, name: &str, property: &str| -> Result<(), JsValue> {
        match colour {
            Some(Colour::Named(number)) => class.push_str(&format!(" {name}-{number}")),
            Some(Colour::Exact(red, green, blue)) => {
                element
                    .style()
                    .set_property(property, &format!("rgb({red} {green} {blue})"))?;
            }
            None => {}
        }
        Ok(())
    };
    colour(style.ink, "ink", "color")?;
    colour(style.ground, "ground", "background-color")?;
    let marks = [
        (style.is_bold, " is-bold"),
        (style.is_faint, " is-faint"),
        (style.is_italic, " is-italic"),
        (style.is_underlined, " is-underlined"),
        (style.is_struck, " is-struck"),
    ];
    for (_, name) in marks.into_iter().filter(|(is, _)| *is) {
        class.push_str(name);
    }
    element.set_class_name(class.trim_start());
    Ok(())
}

/// The row that an event came from, and the button within it.
pub fn hit(event: &web_sys::Event) -> Option<(u64, Option<Action>)> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let row = target.closest("[data-row]").ok()??;
    let action = target.closest("[data-action]").ok()?.and_then(|button| {
        let name = button.get_attribute("data-action")?;
        Action::ALL.into_iter().find(|action| action.name() == name)
    });
    Some((row.get_attribute("data-row")?.parse().ok()?, action))
}
