//! The words of the app in one language, as they are sent: a message a line, in the order of their ids, with marks where
//! values stand and where a form is chosen by a value. `compile` makes them of a file of Fluent messages.

#[cfg(feature = "compile")]
pub mod compile;
mod marks;

/// What a message puts in: numbers, by which it also chooses its form, and words.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// Written as the language does; its plural category chooses a form.
    Number(f64),
    /// Put in so that they turn nothing around them, and what cannot be seen in them is: see `jobsphere_names`.
    Words(&'a str),
}

/// What a language does with numbers.
pub trait Grammar {
    /// The number as it is written.
    fn number(&self, value: f64) -> String;

    /// Its plural category: `one`, `few`, `many`, `other`, …
    fn category(&self, value: f64) -> String;
}

/// All messages of a language.
#[derive(Debug)]
pub struct Words(Vec<Box<str>>);

impl Words {
    /// Reads what `compile` has written.
    pub fn read(lines: &str) -> Self {
        Self(lines.split('\n').map(Into::into).collect())
    }

    /// The message at this place with values put in, which stand in the order of their names; nothing where there is no
    /// such message.
    pub fn fill(&self, message: u16, values: &[Value<'_>], grammar: &impl Grammar) -> String {
        let mut said = String::new();
        if let Some(pattern) = self.0.get(usize::from(message)) {
            let filling = Filling { values, grammar };
            filling.write(pattern, &mut said);
        }
        said
    }
}

/// One message on its way to a sentence.
struct Filling<'a, G> {
    values: &'a [Value<'a>],
    grammar: &'a G,
}

impl<G: Grammar> Filling<'_, G> {
    fn write(&self, pattern: &str, said: &mut String) {
        let mut rest = pattern;
        while let Some(at) = rest.find(marks::is_mark) {
            said.push_str(&rest[..at]);
            let (mark, after) = rest[at..].split_at(1);
            rest = match mark.as_bytes()[0] {
                marks::VALUE => {
                    let (value, after) = self.value(after);
                    match value {
                        Some(Value::Number(number)) => said.push_str(&self.grammar.number(number)),
                        Some(Value::Words(words)) => said.push_str(&jobsphere_names::said(words)),
                        None => {}
                    }
                    after
                }
                marks::CHOICE => {
                    let (value, after) = self.value(after);
                    let (variants, after) = marks::variants(after);
                    if let Some(chosen) = self.choose(value, &variants) {
                        self.write(chosen, said);
                    }
                    after
                }
                marks::NEW_LINE => {
                    said.push('\n');
                    after
                }
                // The rest are marks within a choice.
                _ => after,
            };
        }
        said.push_str(rest);
    }

    /// The value whose number stands first, and what stands behind it.
    fn value<'t>(&self, text: &'t str) -> (Option<Value<'_>>, &'t str) {
        let Some(digit) = text.bytes().next().filter(u8::is_ascii_digit) else {
            return (None, text);
        };
        (self.values.get(usize::from(digit - b'0')).copied(), &text[1..])
    }

    fn choose<'t>(&self, value: Option<Value<'_>>, variants: &[marks::Variant<'t>]) -> Option<&'t str> {
        let (exact, category) = match value {
            Some(Value::Number(number)) => (whole(number), self.grammar.category(number)),
            Some(Value::Words(words)) => (words.to_owned(), String::new()),
            None => Default::default(),
        };
        let named = variants
            .iter()
            .find(|variant| variant.key == exact || variant.key == category);
        let chosen = named.or_else(|| variants.iter().find(|variant| variant.is_default))?;
        Some(chosen.pattern)
    }
}

/// The number as a key of a variant names it; empty for one that is not whole, which no key names.
fn whole(number: f64) -> String {
    if number.fract() == 0.0 {
        (number as i64).to_string()
    } else {
        String::new()
    }
}
