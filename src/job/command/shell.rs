//! The grammar of the shell, as far as it says what stands where: which quotes a place of a command lies in, and so how
//! a text is written there that the shell shall read as it is.
//!
//! It is that of POSIX with what bash adds to it. Nothing is run and nothing judged: a command that no shell would take
//! is read as far as it goes.

/// A command in which more is open at once is read no further: no person writes so, and what is read is anybody's.
const MAX_DEPTH: usize = 100;

/// A letter of the command, or a place where a value will stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Letter(char),
    /// The value with this number.
    Value(usize),
}

/// What the shell does with the letters of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// They are words of a command.
    None,
    Single,
    Double,
    /// Of `$'…'`.
    Ansi,
    /// A here-document whose variables are put in.
    Here,
    /// One that is taken as it stands.
    HereVerbatim,
    /// A word within `${…}` that lies in double quotes.
    Braces,
    /// One that lies in a here-document.
    HereBraces,
    Comment,
    /// Numbers, patterns and other things that a path is no part of.
    Foreign,
}

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    quotes: Quotes,
    /// How many backquotes it lies in, each of which takes backslashes away.
    backquotes: usize,
    /// Whether a backslash stands before it, which would keep the shell from reading a variable.
    pub(super) is_escaped: bool,
}

impl Place {
    const FOREIGN: Self = Self {
        quotes: Quotes::Foreign,
        backquotes: 0,
        is_escaped: false,
    };

    /// Whether nobody reads what stands here.
    pub(super) fn is_comment(self) -> bool {
        self.quotes == Quotes::Comment
    }

    /// `text` as it is written here; `None` where it cannot be.
    pub(super) fn write(self, text: &str) -> Option<String> {
        if text.chars().all(is_plain) {
            return Some(text.to_owned());
        }
        let written = match self.quotes {
            Quotes::None => format!("'{}'", text.replace('\'', r"'\''")),
            Quotes::Single => text.replace('\'', r"'\''"),
            Quotes::Double => escaped(text, r#"\"$`"#),
            Quotes::Ansi => escaped(text, r"\'"),
            // Quotes of their own: bash looks for the end of an apostrophe there.
            Quotes::Braces => format!("\"{}\"", escaped(text, r#"\"$`"#)),
            // A line of it could end the document.
            Quotes::Here if !text.contains('\n') => escaped(text, r"\$`"),
            Quotes::HereVerbatim if !text.contains('\n') => text.to_owned(),
            Quotes::HereBraces if !text.contains('\n') => format!("\"{}\"", escaped(text, r#"\"$`"#)),
            _ => return None,
        };
        Some((0..self.backquotes).fold(written, |written, _| escaped(&written, r"\`")))
    }
}

/// Letters that mean nothing to the shell.
fn is_plain(letter: char) -> bool {
    letter.is_alphanumeric() || "/._-+,=@%:".contains(letter)
}

fn escaped(text: &str, special: &str) -> String {
    let escape = |letter| special.contains(letter).then_some('\\').into_iter().chain([letter]);
    text.chars().flat_map(escape).collect()
}

/// The place of each of `count` values in `command`.
pub(super) fn places(command: &[Sign], count: usize) -> Vec<Place> {
    let mut places = vec![Place::FOREIGN; count];
    let mut reader = Reader {
        signs: command,
        at: 0,
        depth: 0,
        backquotes: 0,
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

/// What is open among commands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Parenthesis,
    /// `case` before its `in`.
    CaseWord,
    /// `case` behind that, whose patterns end with a parenthesis that nothing has opened.
    Case,
}

/// A here-document that begins behind the line.
struct Here {
    /// The line that ends it.
    delimiter: String,
    is_verbatim: bool,
    /// Tabs before its lines do not count.
    is_indented: bool,
}

struct Reader<'a> {
    signs: &'a [Sign],
    at: usize,
    /// How much is open around.
    depth: usize,
    backquotes: usize,
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
        read(self);
        self.depth -= 1;
    }

    /// What follows is not read; nothing but plain values can be written there.
    fn give_up(&mut self) {
        self.at = self.signs.len();
    }

    fn put(&mut self, value: usize, quotes: Quotes) {
        if let Some(place) = self.places.get_mut(value) {
            place.quotes = quotes;
            place.backquotes = self.backquotes;
        }
    }

    /// What follows a backslash.
    fn escape(&mut self, quotes: Quotes) {
        if let Some(Sign::Value(value)) = self.read() {
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
        while let Some(sign) = self.read() {
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
                    self.escape(Quotes::None);
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
                '#' if line.word.is_none() => self.comment(),
                ' ' | '\t' => line.end_word(),
                '\n' => {
                    line.end_command();
                    for here in std::mem::take(&mut line.documents) {
                        self.document(&here);
                    }
                }
                ';' | '&' | '|' => line.end_command(),
                '(' if line.open.len() == MAX_DEPTH => self.give_up(),
                '(' if line.may_begin() && self.is_ahead('(') && self.is_arithmetic() => self.arithmetic(),
                '(' => line.open(),
                ')' => {
                    if !line.close() && until == Until::Parenthesis {
                        return;
                    }
                }
                '<' if self.is_ahead('<') => {
                    line.end_word();
                    self.at += 1;
                    if !self.pass('<') {
                        let here = self.delimiter();
                        line.documents.push(here);
                    }
                }
                '<' | '>' => line.end_word(),
                letter => line.add(Some(letter)),
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
                Sign::Letter(_) => {}
                Sign::Value(value) => self.put(value, quotes),
            }
        }
    }

    fn ansi(&mut self) {
        while let Some(sign) = self.read() {
            match sign {
                Sign::Letter('\'') => return,
                // Before a value it is a letter.
                Sign::Letter('\\') => self.at += usize::from(matches!(self.ahead(0), Some(Sign::Letter(_)))),
                Sign::Letter(_) => {}
                Sign::Value(value) => self.put(value, Quotes::Ansi),
            }
        }
    }

    fn double(&mut self) {
        while let Some(sign) = self.read() {
            match sign {
                Sign::Letter('"') => return,
                Sign::Letter('\\') => self.escape(Quotes::Double),
                Sign::Letter('`') => self.backquoted(true),
                Sign::Letter('$') => self.dollar(Quotes::Double),
                Sign::Letter(_) => {}
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
                    true => self.arithmetic(),
                    false => self.nested(|reader| reader.commands(Until::Parenthesis)),
                }
            }
            Some(Sign::Letter('{')) => {
                self.at += 1;
                self.nested(|reader| reader.braces(quotes));
            }
            // An old form of arithmetic.
            Some(Sign::Letter('[')) => self.through(']', Quotes::Foreign),
            Some(Sign::Letter('\'')) if quotes == Quotes::None => {
                self.at += 1;
                self.ansi();
            }
            Some(Sign::Letter('#' | '?' | '$' | '!' | '*' | '@' | '-')) => self.at += 1,
            _ => {}
        }
    }

    /// What `${` opens.
    fn braces(&mut self, around: Quotes) {
        let is_word = self.name_in_braces();
        let inside = match around {
            Quotes::None => Quotes::None,
            Quotes::Here | Quotes::HereBraces => Quotes::HereBraces,
            _ => Quotes::Braces,
        };
        while let Some(sign) = self.read() {
            match sign {
                Sign::Letter('}') => return,
                Sign::Letter('\\') => self.escape(if is_word { inside } else { Quotes::Foreign }),
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
    fn is_arithmetic(&self) -> bool {
        let mut depth = 1;
        let mut by = 0;
        while let Some(sign) = self.ahead(by) {
            match sign {
                Sign::Letter('(') => depth += 1,
                Sign::Letter(')') => depth -= 1,
                _ => {}
            }
            by += 1;
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
        if self.depth == MAX_DEPTH {
            return self.give_up();
        }
        let mut reader = Reader {
            signs: &inside,
            at: 0,
            depth: self.depth + 1,
            backquotes: self.backquotes + 1,
            places: &mut *self.places,
        };
        reader.commands(Until::End);
    }

    /// The word behind `<<`.
    fn delimiter(&mut self) -> Here {
        let is_indented = self.pass('-');
        while self.pass(' ') || self.pass('\t') {}
        let mut here = Here {
            delimiter: String::new(),
            is_verbatim: false,
            is_indented,
        };
        let mut quote = None;
        while let Some(sign) = self.ahead(0) {
            match sign {
                Sign::Letter(letter) if quote == Some(letter) => quote = None,
                Sign::Letter(letter) if quote.is_some() => here.delimiter.push(letter),
                Sign::Letter(letter) if " \t\n;&|()<>".contains(letter) => break,
                Sign::Letter(letter @ ('\'' | '"')) => {
                    quote = Some(letter);
                    here.is_verbatim = true;
                }
                Sign::Letter('\\') => here.is_verbatim = true,
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
        while self.at < self.signs.len() {
            end = self.at;
            let line = self.line();
            let tabs = line.iter().take_while(|sign| **sign == Sign::Letter('\t')).count();
            let line = &line[if here.is_indented { tabs } else { 0 }..];
            let delimiter = here.delimiter.chars().map(Sign::Letter);
            if line.iter().copied().eq(delimiter) {
                break;
            }
            end = self.at;
        }
        let mut reader = Reader {
            signs: &self.signs[..end],
            at: begin,
            depth: self.depth,
            backquotes: self.backquotes,
            places: &mut *self.places,
        };
        reader.lines_of_document(here.is_verbatim);
    }

    fn lines_of_document(&mut self, is_verbatim: bool) {
        while let Some(sign) = self.read() {
            match sign {
                Sign::Value(value) if is_verbatim => self.put(value, Quotes::HereVerbatim),
                _ if is_verbatim => {}
                Sign::Letter('\\') => self.escape(Quotes::Here),
                Sign::Letter('`') => self.backquoted(false),
                Sign::Letter('$') => self.dollar(Quotes::Here),
                Sign::Letter(_) => {}
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

/// What is known of the command that is being read.
#[derive(Default)]
struct Line {
    /// The word at hand; `None` between words.
    word: Option<Word>,
    /// Whether a command has begun, so that its next words are no words of the grammar.
    has_begun: bool,
    open: Vec<Open>,
    documents: Vec<Here>,
}

/// A word's letters; quotes or values in it make it one that means nothing to the grammar.
#[derive(Default)]
struct Word {
    letters: String,
    is_quoted: bool,
}

impl Line {
    fn add(&mut self, letter: Option<char>) {
        let word = self.word.get_or_insert_default();
        match letter {
            Some(letter) => word.letters.push(letter),
            None => word.is_quoted = true,
        }
    }

    fn may_begin(&self) -> bool {
        self.word.is_none() && !self.has_begun
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else { return };
        let text = if word.is_quoted { "" } else { word.letters.as_str() };
        match text {
            "case" if !self.has_begun => self.open.push(Open::CaseWord),
            "esac" if !self.has_begun && self.open.last() == Some(&Open::Case) => drop(self.open.pop()),
            "in" if self.open.last() == Some(&Open::CaseWord) => {
                self.open.pop();
                self.open.push(Open::Case);
                // Its first pattern may be the word that ends it.
                self.has_begun = false;
                return;
            }
            "if" | "then" | "else" | "elif" | "do" | "while" | "until" | "!" | "{" | "time" if !self.has_begun => {
                return;
            }
            _ => {}
        }
        self.has_begun = true;
    }

    fn end_command(&mut self) {
        self.end_word();
        self.has_begun = false;
    }

    /// A parenthesis opens a list, a pattern, or commands.
    fn open(&mut self) {
        let is_list = self.word.as_ref().is_some_and(|word| word.letters.ends_with('='));
        self.end_word();
        self.open.push(Open::Parenthesis);
        self.has_begun = is_list;
    }

    /// False when the parenthesis closes what was opened before.
    fn close(&mut self) -> bool {
        self.end_word();
        self.has_begun = false;
        match self.open.last() {
            Some(Open::Parenthesis) => {
                self.open.pop();
                true
            }
            Some(Open::CaseWord | Open::Case) => true,
            None => false,
        }
    }
}
