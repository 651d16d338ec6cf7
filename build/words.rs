//! The app's messages as items of Rust: so the compiler finds a message that is missing or said nowhere, and one that is
//! given other values than it takes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Resource},
    parser,
    serializer::serialize,
};

/// A file of messages: its name and what it holds.
pub(crate) type File<'a> = (&'a str, &'a str);

/// The messages of one language, by id.
type Messages<'a> = BTreeMap<&'a str, Entered<'a>>;

struct Entered<'a> {
    /// As it stands in the file.
    source: String,
    /// The names of the values that it takes.
    arguments: BTreeSet<&'a str>,
}

/// The items for the messages of all `files`, which must be the same in each: the code, or what is wrong in the files.
pub(crate) fn items(files: &[File<'_>]) -> Result<String, Vec<String>> {
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
    match languages.first() {
        Some((_, messages)) if wrong.is_empty() => Ok(messages.iter().map(|(id, message)| item(id, message)).collect()),
        _ => Err(wrong),
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
    let body = vec![Entry::Message(message)];
    Entered {
        source: serialize(&Resource { body }),
        arguments,
    }
}

/// Whether the pattern holds nothing but text and arguments, which are added to `found`.
fn find_arguments<'a>(pattern: &Pattern<&'a str>, found: &mut BTreeSet<&'a str>) -> bool {
    pattern.elements.iter().all(|element| match element {
        PatternElement::TextElement { .. } => true,
        PatternElement::Placeable { expression } => find_in_expression(expression, found),
    })
}

fn find_in_expression<'a>(expression: &Expression<&'a str>, found: &mut BTreeSet<&'a str>) -> bool {
    let (inline, variants) = match expression {
        Expression::Inline(inline) => (inline, &[][..]),
        Expression::Select { selector, variants } => (selector, &variants[..]),
    };
    let is_plain = match inline {
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => true,
        InlineExpression::VariableReference { id } => {
            found.insert(id.name);
            true
        }
        InlineExpression::Placeable { expression } => find_in_expression(expression, found),
        InlineExpression::FunctionReference { .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { .. } => false,
    };
    is_plain && variants.iter().all(|variant| find_arguments(&variant.value, found))
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
fn item(id: &str, message: &Entered<'_>) -> String {
    let words = || id.split('-');
    let mut code = format!("\n#[doc = {:?}]\n", format!("```ftl\n{}```", message.source));
    if message.arguments.is_empty() {
        let name = words().collect::<Vec<_>>().join("_").to_uppercase();
        // Writing to a string does not fail, here and below.
        let _ = writeln!(code, "pub(crate) const {name}: Message = Message({id:?});");
        return code;
    }
    let name: String = words().map(capitalized).collect();
    let (mut types, mut bounds, mut fields, mut values) = (String::new(), String::new(), String::new(), String::new());
    for (own, argument) in ('A'..='Z').zip(&message.arguments) {
        let _ = write!(types, "{own}, ");
        let _ = write!(bounds, "{own}: Argument, ");
        let _ = write!(fields, "pub(crate) {argument}: {own}, ");
        let _ = write!(values, "({argument:?}, self.{argument}.value()), ");
    }
    let _ = write!(
        code,
        "pub(crate) struct {name}<{types}> {{ {fields}}}\n\
         impl<{bounds}> Sentence for {name}<{types}> {{\n    \
             fn said(&self, text: Text) -> String {{ text.fill({id:?}, &[{values}]) }}\n\
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
