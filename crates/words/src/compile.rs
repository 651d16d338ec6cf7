//! The app's messages, read and checked: as items of Rust, so that the compiler finds a message that is missing or said
//! nowhere, and one that is given other values than it takes; and as the lines that a page loads.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Resource, Variant, VariantKey},
    parser,
    serializer::serialize,
    unicode::unescape_unicode_to_string,
};

use crate::marks;

/// The folder of the files of messages, in the checkout.
pub const FOLDER: &str = "messages";

/// The tags of the languages, which are the names of their files without `.ftl`.
pub const LANGUAGES: [&str; 2] = ["en", "ru"];

/// A file of messages: its name and what it holds.
pub type File<'a> = (&'a str, &'a str);

/// The messages of one language, by id.
type Messages<'a> = BTreeMap<&'a str, Entered<'a>>;

struct Entered<'a> {
    /// As it stands in the file.
    source: String,
    pattern: Pattern<&'a str>,
    /// The names of the values that it takes.
    arguments: BTreeSet<&'a str>,
}

/// The items for the messages of all `files`, which must be the same in each: the code.
///
/// # Errors
/// Sentences that say what is wrong in the files.
pub fn items(files: &[File<'_>]) -> Result<String, Vec<String>> {
    let languages = checked(files)?;
    let first = languages.into_iter().next().unwrap_or_default();
    Ok(first
        .iter()
        .enumerate()
        .map(|(place, (id, message))| item(place, id, message))
        .collect())
}

/// What a page loads of each of the `files`, in their order, for [`Words::read`](crate::Words::read).
///
/// # Errors
/// As of [`items`].
pub fn lines(files: &[File<'_>]) -> Result<Vec<String>, Vec<String>> {
    let languages = checked(files)?;
    let language = |messages: &Messages<'_>| {
        let lines: Vec<String> = messages.values().map(Entered::line).collect();
        lines.join("\n")
    };
    Ok(languages.iter().map(language).collect())
}

fn checked<'a>(files: &[File<'a>]) -> Result<Vec<Messages<'a>>, Vec<String>> {
    let mut wrong = Vec::new();
    let languages: Vec<_> = files
        .iter()
        .map(|(name, source)| (*name, read(name, source, &mut wrong)))
        .collect();
    if let Some((first, others)) = languages.split_first() {
        for other in others {
            compare(first, other, &mut wrong);
        }
    }
    if wrong.is_empty() {
        Ok(languages.into_iter().map(|(_, messages)| messages).collect())
    } else {
        Err(wrong)
    }
}

fn read<'a>(name: &str, source: &'a str, wrong: &mut Vec<String>) -> Messages<'a> {
    let resource = parser::parse(source).unwrap_or_else(|(resource, errors)| {
        let lines = errors.iter().map(|error| {
            let line = source[..error.pos.start].lines().count().max(1);
            format!("{name}, line {line}: {error}")
        });
        wrong.extend(lines);
        resource
    });
    let mut messages = Messages::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let id = message.id.name;
                if messages.insert(id, enter(name, message, wrong)).is_some() {
                    wrong.push(format!("{name}: `{id}` stands twice"));
                }
            }
            Entry::Term(term) => wrong.push(format!("{name}: `-{}` is a term; only messages are read", term.id.name)),
            // Told above.
            Entry::Junk { .. } => {}
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
        }
    }
    messages
}

fn enter<'a>(name: &str, message: Message<&'a str>, wrong: &mut Vec<String>) -> Entered<'a> {
    let id = message.id.name;
    let mut arguments = BTreeSet::new();
    let is_plain = message.attributes.is_empty()
        && message
            .value
            .as_ref()
            .is_some_and(|value| find_arguments(value, &mut arguments));
    if !is_plain {
        wrong.push(format!(
            "{name}: `{id}` must be one text, with values put in, and neither attributes, functions nor other messages"
        ));
    }
    let pattern = message.value.clone().unwrap_or(Pattern { elements: Vec::new() });
    let body = vec![Entry::Message(message)];
    Entered {
        source: serialize(&Resource { body }),
        pattern,
        arguments,
    }
}

impl Entered<'_> {
    /// The message with marks, see [`marks`].
    fn line(&self) -> String {
        let mut line = String::new();
        self.write(&self.pattern, &mut line);
        line
    }

    fn write(&self, pattern: &Pattern<&str>, line: &mut String) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => line.push_str(&plain(value)),
                PatternElement::Placeable { expression } => self.write_expression(expression, line),
            }
        }
    }

    fn write_expression(&self, expression: &Expression<&str>, line: &mut String) {
        match expression {
            Expression::Inline(InlineExpression::StringLiteral { value }) => {
                line.push_str(&plain(&unescape_unicode_to_string(value)));
            }
            Expression::Inline(InlineExpression::Placeable { expression }) => self.write_expression(expression, line),
            Expression::Inline(inline) => self.write_value(marks::VALUE, inline, line),
            Expression::Select { selector, variants } => {
                self.write_value(marks::CHOICE, selector, line);
                for variant in variants {
                    line.push(marks::VARIANT.into());
                    line.push_str(&key(variant));
                    line.push(marks::KEY_END.into());
                    self.write(&variant.value, line);
                }
                line.push(marks::END.into());
            }
        }
    }

    fn write_value(&self, mark: u8, value: &InlineExpression<&str>, line: &mut String) {
        let InlineExpression::VariableReference { id } = value else {
            return;
        };
        if let Some((number, _)) = ('0'..='9').zip(&self.arguments).find(|(_, name)| **name == id.name) {
            line.push(mark.into());
            line.push(number);
        }
    }
}

/// The text without what could be taken for a mark.
fn plain(text: &str) -> String {
    text.replace('\n', &char::from(marks::NEW_LINE).to_string())
}

fn key(variant: &Variant<&str>) -> String {
    let (VariantKey::Identifier { name } | VariantKey::NumberLiteral { value: name }) = &variant.key;
    format!("{}{name}", if variant.default { "*" } else { "" })
}

/// Whether the pattern holds nothing but text and arguments, which are added to `found`.
fn find_arguments<'a>(pattern: &Pattern<&'a str>, found: &mut BTreeSet<&'a str>) -> bool {
    pattern.elements.iter().all(|element| match element {
        PatternElement::TextElement { value } => !value.contains(marks::is_mark),
        PatternElement::Placeable { expression } => find_in_expression(expression, found),
    })
}

fn find_in_expression<'a>(expression: &Expression<&'a str>, found: &mut BTreeSet<&'a str>) -> bool {
    match expression {
        Expression::Inline(InlineExpression::StringLiteral { value }) => {
            !unescape_unicode_to_string(value).contains(marks::is_mark)
        }
        Expression::Inline(InlineExpression::Placeable { expression }) => find_in_expression(expression, found),
        Expression::Inline(inline) => find_value(inline, found),
        Expression::Select { selector, variants } => {
            find_value(selector, found) && variants.iter().all(|variant| find_arguments(&variant.value, found))
        }
    }
}

/// Whether it is a value that is put in, which is added to `found`.
fn find_value<'a>(inline: &InlineExpression<&'a str>, found: &mut BTreeSet<&'a str>) -> bool {
    let InlineExpression::VariableReference { id } = inline else {
        return false;
    };
    found.insert(id.name);
    true
}

fn compare((first, ours): &(&str, Messages<'_>), (other, theirs): &(&str, Messages<'_>), wrong: &mut Vec<String>) {
    let lacks = |lacking: &str, id: &str, having: &str| format!("{lacking} has no `{id}`, which {having} has");
    wrong.extend(
        theirs
            .keys()
            .filter(|id| !ours.contains_key(*id))
            .map(|id| lacks(first, id, other)),
    );
    for (id, message) in ours {
        match theirs.get(id) {
            None => wrong.push(lacks(other, id, first)),
            Some(same) if same.arguments != message.arguments => wrong.push(format!(
                "`{id}` takes {} in {first}, {} in {other}",
                list(&message.arguments),
                list(&same.arguments)
            )),
            Some(_) => {}
        }
    }
}

fn list(arguments: &BTreeSet<&str>) -> String {
    let names: Vec<_> = arguments.iter().map(|name| format!("${name}")).collect();
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}

/// A constant, or for a message with arguments a struct that has them as fields.
fn item(place: usize, id: &str, message: &Entered<'_>) -> String {
    let words = || id.split('-');
    let mut code = format!("\n#[doc = {:?}]\n", format!("```ftl\n{}```", message.source));
    if message.arguments.is_empty() {
        let name = words().collect::<Vec<_>>().join("_").to_uppercase();
        // Writing to a string does not fail, here and below.
        let _ = writeln!(code, "pub(crate) const {name}: Message = Message({place});");
        return code;
    }
    let name: String = words().map(capitalized).collect();
    let (mut types, mut bounds, mut fields, mut values) = (String::new(), String::new(), String::new(), String::new());
    for (own, argument) in ('A'..='Z').zip(&message.arguments) {
        let _ = write!(types, "{own}, ");
        let _ = write!(bounds, "{own}: Argument, ");
        let _ = write!(fields, "pub(crate) {argument}: {own}, ");
        let _ = write!(values, "self.{argument}.value(), ");
    }
    let _ = write!(
        code,
        "pub(crate) struct {name}<{types}> {{ {fields}}}\n\
         impl<{bounds}> Sentence for {name}<{types}> {{\n    \
             fn said(&self, text: Text) -> String {{ text.fill({place}, &[{values}]) }}\n\
         }}\n"
    );
    code
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
