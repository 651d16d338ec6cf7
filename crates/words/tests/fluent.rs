//! Every message of both languages, filled with values of many kinds, says what Fluent's own library makes of its file.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

use std::collections::BTreeMap;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use jobsphere_words::{Grammar, Value, Words, compile};

const NUMBERS: [f64; 14] = [
    0.0,
    1.0,
    2.0,
    3.0,
    4.0,
    5.0,
    11.0,
    12.0,
    21.0,
    22.0,
    25.0,
    101.0,
    111.0,
    1_000_000.0,
];

type Bundle = FluentBundle<FluentResource>;

fn bundle(tag: &str, source: &str) -> Bundle {
    let mut bundle = FluentBundle::new(vec![tag.parse().unwrap()]);
    bundle.set_use_isolating(false);
    bundle
        .add_resource(FluentResource::try_new(source.to_owned()).unwrap())
        .unwrap();
    bundle
}

/// The categories as Fluent's library finds them.
struct Reference(Bundle);

impl Reference {
    fn new(tag: &str) -> Self {
        let source = "category = { $n ->\n    [zero] zero\n    [one] one\n    [two] two\n    [few] few\n    [many] many\n   *[other] other\n}\n";
        Self(bundle(tag, source))
    }
}

impl Grammar for Reference {
    fn number(&self, value: f64) -> String {
        value.to_string()
    }

    fn category(&self, value: f64) -> String {
        said(&self.0, "category", &BTreeMap::from([("n", Value::Number(value))]))
    }
}

fn said(bundle: &Bundle, id: &str, values: &BTreeMap<&str, Value<'_>>) -> String {
    let values = values.iter().map(|(name, value)| match value {
        Value::Number(number) => (*name, FluentValue::from(*number)),
        Value::Words(words) => (*name, FluentValue::from(*words)),
    });
    let values: FluentArgs<'_> = values.collect();
    let pattern = bundle.get_message(id).unwrap().value().unwrap();
    bundle
        .format_pattern(pattern, Some(&values), &mut Vec::new())
        .into_owned()
}

/// The names of the values that a message takes, in their order, as its item has them.
fn arguments(item: &str) -> Vec<&str> {
    item.split("self.")
        .skip(1)
        .filter_map(|rest| rest.split_once(".value()").map(|(name, _)| name))
        .collect()
}

#[test]
fn what_a_page_says_is_what_fluent_says() {
    let files = ["en", "ru"].map(|tag| {
        let path = format!("{}/../../messages/{tag}.ftl", env!("CARGO_MANIFEST_DIR"));
        (tag, std::fs::read_to_string(path).unwrap())
    });
    let named: Vec<_> = files.iter().map(|(tag, source)| (*tag, source.as_str())).collect();
    let code = compile::items(&named).unwrap();
    let items: Vec<(&str, Vec<&str>)> = code
        .split("#[doc = \"```ftl\\n")
        .skip(1)
        .map(|item| (item.split(' ').next().unwrap(), arguments(item)))
        .collect();
    assert!(items.len() > 500, "{}", items.len());
    for ((tag, source), lines) in files.iter().zip(compile::lines(&named).unwrap()) {
        let (words, bundle, grammar) = (Words::read(&lines), bundle(tag, source), Reference::new(tag));
        for (place, (id, arguments)) in items.iter().enumerate() {
            for shift in 0..NUMBERS.len() {
                let values: Vec<Value<'_>> = (0..arguments.len())
                    .map(|at| match (at + shift) % 7 {
                        6 => Value::Words("{ $words }"),
                        _ => Value::Number(NUMBERS[(at * 3 + shift) % NUMBERS.len()]),
                    })
                    .collect();
                let named = arguments.iter().copied().zip(values.iter().copied()).collect();
                let ours = words.fill(u16::try_from(place).unwrap(), &values, &grammar);
                assert_eq!(ours, said(&bundle, id, &named), "{tag} {id} {values:?}");
                if arguments.is_empty() {
                    break;
                }
            }
        }
    }
}

#[test]
fn choices_lie_within_choices_and_lines_within_messages() {
    let source = "a =\n    one\n    two { $x ->\n        [0] nothing\n        [one] { $y ->\n            [a] A\n           *[other] B { $x }\n        }\n       *[other] { $y }s\n    } end { \"{\" }\n";
    let words = Words::read(&compile::lines(&[("a", source)]).unwrap()[0]);
    let grammar = Reference::new("en");
    let fill = |x, y| words.fill(0, &[Value::Number(x), Value::Words(y)], &grammar);
    assert_eq!(fill(0.0, "a"), "one\ntwo nothing end {");
    assert_eq!(fill(1.0, "a"), "one\ntwo A end {");
    assert_eq!(fill(1.0, "b"), "one\ntwo B 1 end {");
    assert_eq!(fill(7.0, "b"), "one\ntwo bs end {");
    assert_eq!(words.fill(1, &[], &grammar), "");
}
