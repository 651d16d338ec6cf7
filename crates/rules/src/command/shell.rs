//! The grammar of the shell, as far as it says what stands where: which quotes a place of a command lies in, and so how
//! a text is written there that the shell shall read as it is.
//!
//! It is that of POSIX with what bash adds to it. Nothing is run and nothing judged: a command that no shell would take
//! is read as far as it goes.

use super::{
    line::{Here, Line},
    place::{Place, Quotes},
};

/// A command in which more is open at once is read no further: no person writes so, and what is read is anybody's.
const MAX_DEPTH: usize = 100;
/// So often, as a rule, a letter may be looked at before its turn, or read once more as a script within a script; a command
/// that asks for more is read no further.
const LOOKS_AHEAD: usize = 16;

/// A letter of the command, or a place where a value will stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Letter(char),
    /// The value with this number.
    Value(usize),
}

impl Sign {
    fn value(&self) -> Option<usize> {
        match self {
            Self::Letter(_) => None,
            Self::Value(value) => Some(*value),
        }
    }
}

/// The place of each of `count` values in `command`.
pub(super) fn places(command: &[Sign], count: usize) -> Vec<Place> {
    let mut places = vec![Place::FOREIGN; count];
    let mut reader = Reader {
        signs: command,
        at: 0,
        depth: 0,
        backquotes: 0,
        looks_ahead: command.len().saturating_mul(LOOKS_AHEAD),
        script: None,
        places: &mut places,
    };
    reader.commands(Until::End);
    places
}

/// Where commands end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    End,
    Parenthesis,
}

struct Reader<'a> {
    signs: &'a [Sign],
    at: usize,
    /// How much is open around.
    depth: usize,
    backquotes: usize,
    /// So many signs are looked at yet before their turn, in all.
    looks_ahead: usize,
    /// What another shell will read, if that is what is being read: as that one finds it, without the quotes around it.
    script: Option<Vec<Sign>>,
    places: &'a mut Vec<Place>,
}

impl Reader<'_> {
    fn read(&mut self) -> Option<Sign> {
        let sign = self.ahead(0)?;
        self.at += 1;
        Some(sign)
    }

    fn ahead(&self, by: usize) -> Option<Sign> {
        self.signs.get(self.at + by).copied()
    }

    fn is_ahead(&self, letter: char) -> bool {
        self.ahead(0) == Some(Sign::Letter(letter))
    }

    /// Goes past a letter if it comes next.
    fn pass(&mut self, letter: char) -> bool {
        let is_ahead = self.is_ahead(letter);
        self.at += usize::from(is_ahead);
        is_ahead
    }

    /// Goes into something that may hold all that a command may.
    fn nested(&mut self, read: impl FnOnce(&mut Self)) {
        if self.depth == MAX_DEPTH {
            return self.give_up();
        }
        self.depth += 1;
        let script = self.script.take();
        read(self);
        self.script = script;
        // Whatever comes of it.
        self.say('_');
        self.depth -= 1;
    }

    /// Notes a letter of a script.
    fn say(&mut self, letter: char) {
        if let Some(script) = &mut self.script {
            script.push(Sign::Letter(letter));
        }
    }

    /// Reads the script that has ended, as another shell will, and begins the next one if one follows.
    fn end_script(&mut self, next: bool) {
        let script = self.script.take().unwrap_or_default();
        self.script = next.then(Vec::new);
        let values: Vec<usize> = script.iter().filter_map(|sign| sign.value()).collect();
        let outside: Vec<Place> = values.iter().map(|value| self.places[*value]).collect();
        for value in &values {
            self.places[*value] = Place::FOREIGN;
        }
        if values.is_empty() || self.depth == MAX_DEPTH {
            return;
        }
        if !self.may_read_again(script.len()) {
            return self.give_up();
        }
        let mut reader = Reader {
            signs: &script,
            at: 0,
            depth: self.depth + 1,
            backquotes: 0,
            looks_ahead: self.looks_ahead,
            script: None,
            places: &mut *self.places,
        };
        reader.commands(Until::End);
        self.looks_ahead = reader.looks_ahead;
        for (value, outside) in values.into_iter().zip(outside) {
            self.places[value] = outside.around(self.places[value]);
        }
    }

    /// Whether so many signs may be read that were read before.
    fn may_read_again(&mut self, count: usize) -> bool {
        let left = self.looks_ahead.checked_sub(count);
        self.looks_ahead = left.unwrap_or_default();
        left.is_some()
    }

    /// What follows is not read; nothing but plain values can be written there.
    fn give_up(&mut self) {
        self.at = self.signs.len();
    }

    fn put(&mut self, value: usize, quotes: Quotes) {
        if let Some(script) = &mut self.script {
            script.push(Sign::Value(value));
        }
        if let Some(place) = self.places.get_mut(value) {
            place.quotes = quotes;
            place.backquotes = self.backquotes;
        }
    }

    /// What follows a backslash, which is taken away before `special` letters.
    fn escape(&mut self, quotes: Quotes, special: impl Fn(char) -> bool) {
        let sign = self.read();
        if let Some(Sign::Letter(letter)) = sign {
            if !special(letter) {
                self.say('\\');
            }
            self.say(letter);
        }
        if let Some(Sign::Value(value)) = sign {
            // Within backquotes it is too much to say how many backslashes are before it.
            let quotes = if self.backquotes == 0 { quotes } else { Quotes::Foreign };
            self.put(value, quotes);
            if let Some(place) = self.places.get_mut(value) {
                place.is_escaped = quotes != Quotes::Foreign;
            }
        }
    }

    /// Commands and their words, here-documents and comments.
    fn commands(&mut self, until: Until) {
        let mut line = Line::default();
        loop {
            if line.is_between_words() {
                self.end_script(line.has_script());
            }
            let Some(sign) = self.read() else {
                return self.end_script(false);
            };
            let Sign::Letter(letter) = sign else {
                if let Sign::Value(value) = sign {
                    self.put(value, Quotes::None);
                }
                line.add(None);
                continue;
            };
            match letter {
                // The line goes on as if there were neither.
                '\\' if self.pass('\n') => {}
                '\\' => {
                    self.escape(Quotes::None, |_| true);
                    line.add(None);
                }
                '\'' => {
                    self.through('\'', Quotes::Single);
                    line.add(None);
                }
                '"' => {
                    self.double();
                    line.add(None);
                }
                '`' => {
                    self.backquoted(false);
                    line.add(None);
                }
                '$' => {
                    self.dollar(Quotes::None);
                    line.add(None);
                }
                '#' if line.is_between_words() => self.comment(),
                ' ' | '\t' => line.end_word(),
                '\n' => {
                    self.end_script(false);
                    for here in line.end_line() {
                        self.document(&here);
                    }
                }
                ';' | '&' | '|' => line.end_command(),
                '(' if line.depth() == MAX_DEPTH => self.give_up(),
                '(' if line.may_begin() && self.is_ahead('(') && self.is_arithmetic() => {
                    self.nested(Self::arithmetic);
                }
                '(' => line.open(),
                ')' => {
                    if !line.close() && until == Until::Parenthesis {
                        return self.end_script(false);
                    }
                }
                '<' if self.is_ahead('<') => {
                    line.end_word();
                    self.at += 1;
                    match self.pass('<') {
                        true => line.add_string(),
                        false => {
                            let here = self.delimiter();
                            line.add_document(here);
                        }
                    }
                }
                '<' | '>' => line.end_word(),
                // The place in a list that a value is given to: numbers.
                '[' if line.may_name_list() => {
                    line.add(Some('['));
                    self.through(']', Quotes::Foreign);
                }
                letter => {
                    self.say(letter);
                    line.add(Some(letter));
                }
            }
        }
    }

    fn comment(&mut self) {
        while let Some(sign) = self.ahead(0) {
            match sign {
                Sign::Letter('\n') => return,
                Sign::Letter(_) => {}
                Sign::Value(value) => self.put(value, Quotes::Comment),
            }
            self.at += 1;
        }
    }

    /// What is letters alone, to the one that ends it.
    fn through(&mut self, end: char, quotes: Quotes) {
        while let Some(sign) = self.read() {
            match sign {
                Sign::Letter(letter) if letter == end => return,
                Sign::Letter(letter) => self.say(letter),
                Sign::Value(value) => self.put(value, quotes),
            }
        }
    }

    fn ansi(&mut self) {
        while let Some(sign) = self.read() {
            match sign {
                Sign::Letter('\'') => return,
                Sign::Letter('\\') => self.ansi_escape(),
                Sign::Letter(letter) => self.say(letter),
                Sign::Value(value) => self.put(value, Quotes::Ansi),
            }
        }
    }

    /// What follows a backslash within `$'…'`, which before a value is a letter. Of most others it is enough here that they
    /// are no letters of the grammar.
    fn ansi_escape(&mut self) {
        let Some(Sign::Letter(letter)) = self.ahead(0) else {
            return self.say('\\');
        };
        self.at += 1;
        self.say(match letter {
            'n' => '\n',
            't' => '\t',
            '\'' | '"' | '\\' => letter,
            _ => '_',
        });
    }

    fn double(&mut self) {
        while let Some(sign) = self.read() {
            match sign {
                Sign::Letter('"') => return,
                Sign::Letter('\\') => self.escape(Quotes::Double, |letter| "$`\"\\\n".contains(letter)),
                Sign::Letter('`') => self.backquoted(true),
                Sign::Letter('$') => self.dollar(Quotes::Double),
                Sign::Letter(letter) => self.say(letter),
                Sign::Value(value) => self.put(value, Quotes::Double),
            }
        }
    }

    /// What follows a dollar sign in `quotes`.
    fn dollar(&mut self, quotes: Quotes) {
        match self.ahead(0) {
            Some(Sign::Value(value)) => {
                // Quotes behind a dollar sign would be other quotes.
                self.at += 1;
                self.put(value, Quotes::Foreign);
            }
            Some(Sign::Letter('(')) => {
                self.at += 1;
                match self.is_ahead('(') && self.is_arithmetic() {
                    true => self.nested(Self::arithmetic),
                    false => self.nested(|reader| reader.commands(Until::Parenthesis)),
                }
            }
            Some(Sign::Letter('{')) => {
                self.at += 1;
                // What comes of it another shell reads: too much to say.
                let quotes = if self.script.is_some() { Quotes::Foreign } else { quotes };
                self.nested(|reader| reader.braces(quotes));
            }
            // An old form of arithmetic.
            Some(Sign::Letter('[')) => self.through(']', Quotes::Foreign),
            Some(Sign::Letter('\'')) if quotes == Quotes::None => {
                self.at += 1;
                self.ansi();
            }
            Some(Sign::Letter('#' | '?' | '$' | '!' | '*' | '@' | '-')) => {
                self.at += 1;
                self.say('_');
            }
            _ => self.say('_'),
        }
    }

    /// What `${` opens.
    fn braces(&mut self, around: Quotes) {
        let is_word = self.name_in_braces();
        let inside = match around {
            Quotes::None => Quotes::None,
            Quotes::Here | Quotes::HereBraces => Quotes::HereBraces,
            Quotes::Foreign => Quotes::Foreign,
            _ => Quotes::Braces,
        };
        while let Some(sign) = self.read() {
            match sign {
                Sign::Letter('}') => return,
                Sign::Letter('\\') => self.escape(if is_word { inside } else { Quotes::Foreign }, |_| true),
                Sign::Letter('\'') if inside == Quotes::None || !is_word => self.through('\'', Quotes::Single),
                Sign::Letter('"') => self.double(),
                Sign::Letter('`') => self.backquoted(inside != Quotes::None),
                Sign::Letter('$') => self.dollar(inside),
                Sign::Letter(_) => {}
                Sign::Value(value) => self.put(value, if is_word { inside } else { Quotes::Foreign }),
            }
        }
    }

    /// Goes past the name; whether what follows is put in as a word, as in `${NAME:-word}`, not a pattern.
    fn name_in_braces(&mut self) -> bool {
        let _ = self.pass('#') || self.pass('!');
        while let Some(Sign::Letter(letter)) = self.ahead(0)
            && (letter.is_ascii_alphanumeric() || letter == '_')
        {
            self.at += 1;
        }
        if self.is_ahead('[') {
            self.through(']', Quotes::Foreign);
        }
        let by = usize::from(self.is_ahead(':'));
        matches!(self.ahead(by), Some(Sign::Letter('-' | '=' | '?' | '+')))
    }

    /// Whether the parenthesis that comes next, behind one that was read, begins arithmetic: two must close it together.
    fn is_arithmetic(&mut self) -> bool {
        let mut depth = 1;
        let mut by = 0;
        while let Some(sign) = self.ahead(by) {
            match sign {
                Sign::Letter('(') => depth += 1,
                Sign::Letter(')') => depth -= 1,
                _ => {}
            }
            by += 1;
            let Some(left) = self.looks_ahead.checked_sub(1) else {
                self.give_up();
                return false;
            };
            self.looks_ahead = left;
            if depth == 1 {
                return self.ahead(by) == Some(Sign::Letter(')'));
            }
        }
        false
    }

    fn arithmetic(&mut self) {
        let mut depth = 1;
        while depth > 0
            && let Some(sign) = self.read()
        {
            match sign {
                Sign::Letter('(') => depth += 1,
                Sign::Letter(')') => depth -= 1,
                Sign::Letter('`') => self.backquoted(true),
                Sign::Letter('$') => self.dollar(Quotes::Foreign),
                Sign::Letter(_) => {}
                Sign::Value(value) => self.put(value, Quotes::Foreign),
            }
        }
    }

    /// Commands in backquotes: the shell takes backslashes away before it reads them.
    fn backquoted(&mut self, is_quoted: bool) {
        let mut inside = Vec::new();
        while let Some(sign) = self.read() {
            match sign {
                Sign::Letter('`') => break,
                Sign::Letter('\\') => match self.ahead(0) {
                    Some(Sign::Letter(letter)) if "$`\\".contains(letter) || (is_quoted && letter == '"') => {
                        inside.push(Sign::Letter(letter));
                        self.at += 1;
                    }
                    _ => inside.push(sign),
                },
                sign => inside.push(sign),
            }
        }
        if self.depth == MAX_DEPTH || !self.may_read_again(inside.len()) {
            return self.give_up();
        }
        self.say('_');
        let mut reader = Reader {
            signs: &inside,
            at: 0,
            depth: self.depth + 1,
            backquotes: self.backquotes + 1,
            looks_ahead: self.looks_ahead,
            script: None,
            places: &mut *self.places,
        };
        reader.commands(Until::End);
        self.looks_ahead = reader.looks_ahead;
    }

    /// The word behind `<<`.
    fn delimiter(&mut self) -> Here {
        let is_indented = self.pass('-');
        while self.pass(' ') || self.pass('\t') {}
        let mut here = Here {
            delimiter: String::new(),
            is_verbatim: false,
            is_indented,
            is_script: false,
        };
        let mut quote = None;
        while let Some(sign) = self.ahead(0) {
            let next = self.ahead(1);
            let is_escape = match quote {
                None => true,
                Some('"') => matches!(next, Some(Sign::Letter('$' | '`' | '"' | '\\'))),
                Some(_) => false,
            };
            match sign {
                Sign::Letter('\\') if is_escape => {
                    here.is_verbatim = true;
                    if let Some(Sign::Letter(letter)) = next {
                        here.delimiter.push(letter);
                        self.at += 1;
                    }
                }
                Sign::Letter('$') if quote.is_none() && matches!(next, Some(Sign::Letter('\'' | '"'))) => {}
                Sign::Letter(letter) if quote == Some(letter) => quote = None,
                Sign::Letter(letter) if quote.is_some() => here.delimiter.push(letter),
                Sign::Letter(letter) if " \t\n;&|()<>".contains(letter) => break,
                Sign::Letter(letter @ ('\'' | '"')) => {
                    quote = Some(letter);
                    here.is_verbatim = true;
                }
                Sign::Letter(letter) => here.delimiter.push(letter),
                Sign::Value(value) => self.put(value, Quotes::Foreign),
            }
            self.at += 1;
        }
        here
    }

    /// The lines of a here-document, and the one that ends it.
    fn document(&mut self, here: &Here) {
        let begin = self.at;
        let mut end = begin;
        let mut is_joined = false;
        while self.at < self.signs.len() {
            end = self.at;
            let line = self.line();
            let slashes = line
                .iter()
                .rev()
                .take_while(|sign| **sign == Sign::Letter('\\'))
                .count();
            let goes_on = !here.is_verbatim && slashes % 2 == 1;
            let tabs = line.iter().take_while(|sign| **sign == Sign::Letter('\t')).count();
            let line = &line[if here.is_indented { tabs } else { 0 }..];
            let delimiter = here.delimiter.chars().map(Sign::Letter);
            if !is_joined && line.iter().copied().eq(delimiter) {
                break;
            }
            is_joined = goes_on;
            end = self.at;
        }
        let mut reader = Reader {
            signs: &self.signs[..end],
            at: begin,
            depth: self.depth,
            backquotes: self.backquotes,
            looks_ahead: self.looks_ahead,
            script: here.is_script.then(Vec::new),
            places: &mut *self.places,
        };
        reader.lines_of_document(here.is_verbatim);
        reader.end_script(false);
        self.looks_ahead = reader.looks_ahead;
    }

    fn lines_of_document(&mut self, is_verbatim: bool) {
        while let Some(sign) = self.read() {
            match sign {
                Sign::Value(value) if is_verbatim => self.put(value, Quotes::HereVerbatim),
                Sign::Letter(letter) if is_verbatim => self.say(letter),
                Sign::Letter('\\') => self.escape(Quotes::Here, |letter| "$`\\\n".contains(letter)),
                Sign::Letter('`') => self.backquoted(false),
                Sign::Letter('$') => self.dollar(Quotes::Here),
                Sign::Letter(letter) => self.say(letter),
                Sign::Value(value) => self.put(value, Quotes::Here),
            }
        }
    }

    /// The rest of the line, without its end.
    fn line(&mut self) -> &[Sign] {
        let rest = &self.signs[self.at..];
        let length = rest.iter().position(|sign| *sign == Sign::Letter('\n'));
        self.at += length.map_or(rest.len(), |length| length + 1);
        &rest[..length.unwrap_or(rest.len())]
    }
}
