//! What the grammar knows of the command that is being read.

use crate::variable;

/// What stands before a program's name and is none.
const PREFIXES: [&str; 3] = ["command", "builtin", "exec"];
/// Shells, whose option `-c` is followed by a script.
const SHELLS: [&str; 6] = ["sh", "bash", "dash", "ash", "zsh", "ksh"];
/// Their options, but for the short ones, behind which a value stands.
const LONG_WITH_VALUES: [&str; 2] = ["--rcfile", "--init-file"];
/// Programs whose words are but words.
const PRINTERS: [&str; 2] = ["echo", "printf"];

/// What is known of the command that is being read.
#[derive(Default)]
pub(super) struct Line {
    /// The word at hand; `None` between words.
    word: Option<Word>,
    /// Whether a command has begun, so that its next words are no words of the grammar.
    has_begun: bool,
    /// Whether that was `for`, which arithmetic may follow.
    is_loop: bool,
    /// Whether its program is known: variables may be set before it.
    has_program: bool,
    scripts: Scripts,
    open: Vec<Open>,
    documents: Vec<Here>,
}

/// A word's letters; quotes or values in it make it one that means nothing to the grammar.
#[derive(Default)]
struct Word {
    letters: String,
    is_quoted: bool,
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
pub(super) struct Here {
    /// The line that ends it.
    pub(super) delimiter: String,
    pub(super) is_verbatim: bool,
    /// Tabs before its lines do not count.
    pub(super) is_indented: bool,
    /// Whether a shell reads it as commands.
    pub(super) is_script: bool,
}

/// Which words of a command are read as commands once more.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Scripts {
    /// None yet.
    #[default]
    Unknown,
    /// None at all, whatever follows.
    None,
    /// A shell's option may say that one follows, or they come on its standard input.
    OfShell,
    /// As that, behind what is the value of an option.
    OfShellBehindNext,
    /// An option may say that one follows, before and behind other words.
    OfRecorder,
    /// The same, behind the next word that is no option.
    OfLock,
    /// The same, in this place alone.
    OfLocked,
    /// The next one.
    Next,
    /// All that follow.
    All,
}

impl Scripts {
    /// After a word of the command, which is its program's name unless it `has_program`.
    fn after(self, text: &str, has_program: bool) -> Self {
        let name = text.rsplit('/').next().unwrap_or_default();
        let is_option = text.starts_with('-');
        let is_short = is_option && !text.starts_with("--");
        let takes_value =
            LONG_WITH_VALUES.contains(&text) || (is_short || text.starts_with('+')) && text.ends_with(['o', 'O']);
        match self {
            Self::Unknown if !has_program && PRINTERS.contains(&name) => Self::None,
            Self::Unknown if !has_program && text == "eval" => Self::All,
            Self::Unknown if !has_program && text == "trap" => Self::Next,
            // A program of one's own may have these names.
            Self::Unknown if !has_program && text == "script" => Self::OfRecorder,
            Self::Unknown if text == "flock" => Self::OfLock,
            Self::Unknown if SHELLS.contains(&name) => Self::OfShell,
            Self::OfShell | Self::OfRecorder | Self::OfLocked if is_short && text.contains('c') => Self::Next,
            Self::OfShell if takes_value => Self::OfShellBehindNext,
            Self::OfShellBehindNext => Self::OfShell,
            Self::OfLock if !is_option => Self::OfLocked,
            // A file of commands, and what it is given.
            Self::OfShell if !is_option && !text.starts_with('+') => Self::None,
            Self::OfLocked => Self::Unknown.after(text, false),
            // Other options may stand between.
            Self::Next if !is_option => Self::None,
            _ => self,
        }
    }
}

impl Line {
    pub(super) fn add(&mut self, letter: Option<char>) {
        let word = self.word.get_or_insert_default();
        match letter {
            Some(letter) => word.letters.push(letter),
            None => word.is_quoted = true,
        }
    }

    pub(super) fn is_between_words(&self) -> bool {
        self.word.is_none()
    }

    pub(super) fn may_begin(&self) -> bool {
        self.word.is_none() && (!self.has_begun || self.is_loop)
    }

    /// Whether the word at hand may be the name of a list.
    pub(super) fn may_name_list(&self) -> bool {
        let is_name = |word: &Word| !word.is_quoted && variable::is_shell_name(&word.letters);
        !self.has_begun && self.word.as_ref().is_some_and(is_name)
    }

    /// Whether the next word is read as commands once more.
    pub(super) fn has_script(&self) -> bool {
        matches!(self.scripts, Scripts::Next | Scripts::All)
    }

    /// How much is open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn add_document(&mut self, mut here: Here) {
        here.is_script = self.scripts == Scripts::OfShell;
        self.documents.push(here);
    }

    /// The next word is what the command reads.
    pub(super) fn add_string(&mut self) {
        if self.scripts == Scripts::OfShell {
            self.scripts = Scripts::Next;
        }
    }

    pub(super) fn end_word(&mut self) {
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
        let is_before = PREFIXES.contains(&text)
            || word
                .letters
                .split_once('=')
                .is_some_and(|(name, _)| variable::is_shell_name(name));
        self.scripts = self.scripts.after(text, self.has_program);
        self.has_program |= !is_before;
        self.is_loop = !self.has_begun && text == "for";
        self.has_begun = true;
    }

    pub(super) fn end_command(&mut self) {
        self.end_word();
        self.begin();
    }

    /// Ends the command; the documents that follow the line.
    pub(super) fn end_line(&mut self) -> Vec<Here> {
        self.end_command();
        std::mem::take(&mut self.documents)
    }

    /// A parenthesis opens a list, a pattern, or commands.
    pub(super) fn open(&mut self) {
        let is_list = self.word.as_ref().is_some_and(|word| word.letters.ends_with('='));
        self.end_word();
        self.begin();
        self.open.push(Open::Parenthesis);
        self.has_begun = is_list;
    }

    /// False when the parenthesis closes what was opened before.
    pub(super) fn close(&mut self) -> bool {
        self.end_word();
        self.begin();
        match self.open.last() {
            Some(Open::Parenthesis) => {
                self.open.pop();
                true
            }
            Some(Open::CaseWord | Open::Case) => true,
            None => false,
        }
    }

    fn begin(&mut self) {
        self.has_begun = false;
        self.is_loop = false;
        self.has_program = false;
        self.scripts = Scripts::default();
    }
}
