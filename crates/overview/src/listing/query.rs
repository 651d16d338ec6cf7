//! What is asked of the list, and how an address says it.

use super::value_column::{MAX_VALUES, ValueColumn};
use crate::api::{jobs::JobStatus, time::Millis};

/// The states a job can be in, in the order of its life.
pub const STATES: [JobStatus; 8] = [
    JobStatus::Creating,
    JobStatus::Preparing,
    JobStatus::Executing,
    JobStatus::UploadingOutput,
    JobStatus::Cancelling,
    JobStatus::Success,
    JobStatus::Error,
    JobStatus::Cancelled,
];

/// A column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Column {
    State,
    Name,
    Created,
    Duration,
    Instance,
    Author,
    Code,
    Expires,
    Size,
    Parent,
    /// The value at this place of [`Query::values`].
    Value(u8),
}

const VALUE_WORDS: [&str; MAX_VALUES] = [
    "value-1", "value-2", "value-3", "value-4", "value-5", "value-6", "value-7", "value-8",
];

impl Column {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 10] = [
        Self::State,
        Self::Name,
        Self::Created,
        Self::Duration,
        Self::Instance,
        Self::Author,
        Self::Code,
        Self::Expires,
        Self::Size,
        Self::Parent,
    ];

    /// Those that are shown unless others are chosen.
    pub const USUAL: [Self; 5] = [Self::State, Self::Name, Self::Created, Self::Duration, Self::Expires];

    /// Its name in an address.
    pub fn word(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Name => "name",
            Self::Created => "created",
            Self::Duration => "duration",
            Self::Instance => "instance",
            Self::Author => "author",
            Self::Code => "code",
            Self::Expires => "expires",
            Self::Size => "size",
            Self::Parent => "parent",
            Self::Value(place) => VALUE_WORDS.get(usize::from(place)).copied().unwrap_or_default(),
        }
    }

    /// The columns of so many values.
    pub fn values(count: usize) -> impl Iterator<Item = Self> {
        (0..).take(count.min(MAX_VALUES)).map(Self::Value)
    }

    fn from_word(word: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter().chain(Self::values(MAX_VALUES));
        all.find(|column| column.word() == word)
    }

    /// Reads several, joined by commas; the name is always among them.
    pub fn read(words: &str) -> Vec<Self> {
        let named: Vec<_> = words.split(',').filter_map(Self::from_word).collect();
        let is_shown = |column: &Self| *column == Self::Name || named.contains(column);
        Self::ALL.into_iter().filter(is_shown).collect()
    }

    /// The names of several, joined by commas.
    pub fn write(columns: &[Self]) -> String {
        columns.iter().map(|column| column.word()).collect::<Vec<_>>().join(",")
    }
}

/// By what the rows are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: Column,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self {
            column: Column::Created,
            descending: true,
        }
    }
}

impl Sort {
    /// The order after a press on the head of `column`: the other way round, or that column as it is usually wanted.
    pub fn pressed(self, column: Column) -> Self {
        let is_same = self.column == column;
        let usual = matches!(column, Column::Created | Column::Duration | Column::Size | Column::Code);
        Self {
            column,
            descending: if is_same { !self.descending } else { usual },
        }
    }
}

/// A day of the calendar, as the person lives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub struct Day {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

impl Day {
    /// Reads `2026-11-25`.
    pub fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split('-');
        let mut next = |len: usize| numbers.next().filter(|digits| digits.len() == len);
        let (year, month, day) = (next(4)?, next(2)?, next(2)?);
        let read = Self {
            year: year.parse().ok()?,
            month: month.parse().ok().filter(|month| (1..=12).contains(month))?,
            day: day.parse().ok().filter(|day| (1..=31).contains(day))?,
        };
        numbers.next().is_none().then_some(read)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// When a job was created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Period {
    /// At any time.
    #[default]
    Any,
    /// In the last so many milliseconds, a whole number of hours or days.
    Last(Millis),
    /// On these days, both included; either may be open.
    Days {
        /// The first.
        from: Option<Day>,
        /// The last.
        to: Option<Day>,
    },
}

const HOUR_MS: Millis = 3_600_000;
const DAY_MS: Millis = 24 * HOUR_MS;

impl Period {
    /// The periods that are offered by name: hour, day, week.
    pub const OFFERED: [Self; 3] = [Self::Last(HOUR_MS), Self::Last(DAY_MS), Self::Last(7 * DAY_MS)];

    /// What `since` says: `1h`, `7d`; nothing for other periods.
    pub fn since(self) -> Option<String> {
        match self {
            Self::Last(ms) if ms % DAY_MS == 0 => Some(format!("{}d", ms / DAY_MS)),
            Self::Last(ms) => Some(format!("{}h", ms / HOUR_MS)),
            _ => None,
        }
    }

    /// Reads what [`Period::since`] wrote.
    pub fn read_since(text: &str) -> Option<Self> {
        let unit_ms = match text.chars().next_back()? {
            'h' => HOUR_MS,
            'd' => DAY_MS,
            _ => return None,
        };
        let count: u16 = text.get(..text.len() - 1)?.parse().ok()?;
        (count > 0).then(|| Self::Last(Millis::from(count) * unit_ms))
    }

    /// The first instant, and the first that is too late; `start_of` says when a day begins, and the one after it.
    pub fn bounds(self, now_ms: Millis, start_of: impl Fn(Day, bool) -> Millis) -> (Option<Millis>, Option<Millis>) {
        match self {
            Self::Any => (None, None),
            Self::Last(ms) => (Some(now_ms - ms), None),
            Self::Days { from, to } => (from.map(|day| start_of(day, false)), to.map(|day| start_of(day, true))),
        }
    }
}

/// What is asked of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Words that must all occur.
    pub text: String,
    /// The states to show; none means all.
    pub states: Vec<JobStatus>,
    /// When the job was created.
    pub period: Period,
    /// The instance type; empty means any.
    pub instance: String,
    /// The order.
    pub sort: Sort,
    /// The columns, when the address names them.
    pub columns: Option<Vec<Column>>,
    /// The values that are columns, too.
    pub values: Vec<ValueColumn>,
}

impl Query {
    /// Reads the part of an address behind `?`; what it does not understand counts as not said.
    pub fn parse(search: &str) -> Self {
        let mut query = Self::default();
        let (mut from, mut to) = (None, None);
        for (name, value) in form_urlencoded::parse(search.trim_start_matches('?').as_bytes()) {
            match &*name {
                "q" => query.text = value.into_owned(),
                "state" => {
                    let named: Vec<_> = value.split(',').filter_map(read_state).collect();
                    query.states = STATES.into_iter().filter(|state| named.contains(state)).collect();
                }
                "since" => query.period = Period::read_since(&value).unwrap_or_default(),
                "from" => from = Day::read(&value),
                "to" => to = Day::read(&value),
                "instance" => query.instance = value.into_owned(),
                "sort" => query.sort = read_sort(&value).unwrap_or_default(),
                "columns" => query.columns = Some(Column::read(&value)),
                "value" => query.add_value(&value),
                _ => {}
            }
        }
        if from.is_some() || to.is_some() {
            query.period = Period::Days { from, to };
        }
        query
    }

    /// The part of an address behind `?`; empty when nothing is asked.
    pub fn to_search(&self) -> String {
        let mut search = form_urlencoded::Serializer::new(String::new());
        if !self.text.is_empty() {
            search.append_pair("q", &self.text);
        }
        if !self.states.is_empty() {
            let words: Vec<_> = self.states.iter().map(|state| state_word(*state)).collect();
            search.append_pair("state", &words.join(","));
        }
        if let Some(since) = self.period.since() {
            search.append_pair("since", &since);
        }
        if let Period::Days { from, to } = self.period {
            for (name, day) in [("from", from), ("to", to)] {
                if let Some(day) = day {
                    search.append_pair(name, &day.to_string());
                }
            }
        }
        if !self.instance.is_empty() {
            search.append_pair("instance", &self.instance);
        }
        if self.sort != Sort::default() {
            let sign = if self.sort.descending { "-" } else { "" };
            search.append_pair("sort", &format!("{sign}{}", self.sort.column.word()));
        }
        if let Some(columns) = &self.columns {
            search.append_pair("columns", &Column::write(columns));
        }
        for value in &self.values {
            search.append_pair("value", &value.word());
        }
        // A comma needs no escape in an address, and reads better without.
        search.finish().replace("%2C", ",")
    }

    /// Whether it leaves out any job.
    pub fn is_filter(&self) -> bool {
        !self.text.trim().is_empty()
            || !self.states.is_empty()
            || self.period != Period::Any
            || !self.instance.is_empty()
    }

    /// The same order and columns, for all jobs.
    pub fn without_filter(&self) -> Self {
        Self {
            sort: self.sort,
            columns: self.columns.clone(),
            values: self.values.clone(),
            ..Self::default()
        }
    }
}

/// A state in an address: its name in small letters.
pub(super) fn state_word(state: JobStatus) -> String {
    state.as_str_name().to_ascii_lowercase()
}

fn read_state(word: &str) -> Option<JobStatus> {
    JobStatus::from_str_name(&word.to_ascii_uppercase())
}

fn read_sort(text: &str) -> Option<Sort> {
    let (descending, word) = match text.strip_prefix('-') {
        Some(word) => (true, word),
        None => (false, text),
    };
    let column = Column::from_word(word)?;
    Some(Sort { column, descending })
}
