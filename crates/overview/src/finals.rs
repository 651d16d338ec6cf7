//! Several runs as rows of one table: the parameters that differ among them beside the numbers that each came to.

use crate::{
    comparison::{Fact, Group, Name, Row, Value},
    overlay::{Key, Run},
    said::Said as Words,
};
use jobsphere_authoring::difference::Said;
use jobsphere_log::model::SeriesOrigin;

/// More columns of a kind than these no table holds; the others are counted.
const MAX_COLUMNS: usize = 24;
/// Of a longer value the beginning stands in the table.
const MAX_CHARS: usize = 60;

/// What a column is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// A parameter by its name.
    Parameter(Group, String),
    /// How long the job ran, in milliseconds.
    Ran,
    /// The last number of a series.
    Number(Key),
}

/// What a run says in a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    None,
    /// A text, which may be a number as it was written.
    Text(String),
    /// A number.
    Number(f64),
}

impl Cell {
    fn said(&self) -> Words<'_> {
        match self {
            Self::None => Words::Nothing,
            Self::Text(text) => Words::Text(text),
            Self::Number(number) => Words::Number(*number),
        }
    }
}

/// The table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Finals {
    /// Parameters first, then how long they ran, then numbers in the order of their names.
    pub columns: Vec<Column>,
    /// Of each run, in the order of the runs, what it says in each column.
    pub cells: Vec<Vec<Cell>>,
    /// So many series have no column.
    pub left_out: usize,
}

/// The table of runs out of the rows of their comparison and what is known of their numbers.
pub fn finals(rows: &[Row], runs: &[Option<&Run>]) -> Finals {
    let mut finals = Finals {
        cells: vec![Vec::new(); runs.len()],
        ..Finals::default()
    };
    let parameters = rows.iter().filter(|row| is_parameter(row) && row.differs());
    for row in parameters.take(MAX_COLUMNS) {
        let Name::Given(name) = &row.name else { continue };
        finals.add(Column::Parameter(row.group, name.clone()), |run| text(row, run));
    }
    let ran = |row: &&Row| row.name == Name::Fact(Fact::Ran);
    if let Some(row) = rows.iter().find(ran) {
        finals.add(Column::Ran, |run| match row.values.get(run) {
            Some(Some(Value::Duration(millis))) => Cell::Number(*millis as f64),
            _ => Cell::None,
        });
    }
    let keys = keys(runs);
    finals.left_out = keys.len().saturating_sub(MAX_COLUMNS);
    for key in keys.into_iter().take(MAX_COLUMNS) {
        finals.add(Column::Number(key.clone()), |run| {
            let last = runs[run].and_then(|run| run.last(&key));
            last.map_or(Cell::None, Cell::Number)
        });
    }
    finals
}

impl Finals {
    fn add(&mut self, column: Column, cell: impl Fn(usize) -> Cell) {
        self.columns.push(column);
        for (run, cells) in self.cells.iter_mut().enumerate() {
            cells.push(cell(run));
        }
    }

    /// The runs in the order of a column; what says nothing there comes last, equals stay as they are.
    pub fn order(&self, column: &Column, descending: bool) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.cells.len()).collect();
        let Some(place) = self.columns.iter().position(|other| other == column) else {
            return order;
        };
        order.sort_by(|one, other| {
            let (one, other) = (&self.cells[*one][place], &self.cells[*other][place]);
            one.said().compare(&other.said(), descending)
        });
        order
    }
}

/// Parameters that are words or numbers: of files a table of numbers says nothing.
fn is_parameter(row: &Row) -> bool {
    let is_text = |value: &Value| matches!(value, Value::Said(Said::Text(_)));
    Group::CAUSES.contains(&row.group) && matches!(row.name, Name::Given(_)) && row.values.iter().flatten().all(is_text)
}

fn text(row: &Row, run: usize) -> Cell {
    let Some(Some(Value::Said(Said::Text(text)))) = row.values.get(run) else {
        return Cell::None;
    };
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_CHARS {
        return Cell::Text(line);
    }
    Cell::Text(line.chars().take(MAX_CHARS - 1).chain(['…']).collect())
}

/// What programs printed in any of the runs.
fn keys(runs: &[Option<&Run>]) -> Vec<Key> {
    let series = runs.iter().flatten().flat_map(|run| &run.series);
    let printed = series.filter(|series| series.origin == SeriesOrigin::Printed && series.count > 0);
    let mut keys: Vec<Key> = printed.map(|series| (series.origin, series.name.clone())).collect();
    keys.sort();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::jobs::{Argument, Job, JobParameters},
        comparison::{Side, rows},
    };
    use jobsphere_log::{model::Source, series::SeriesSet};

    fn job(arguments: &[(&str, &str)]) -> Job {
        let arguments = arguments.iter().map(|(name, value)| Argument {
            name: (*name).into(),
            value: (*value).into(),
        });
        Job {
            job_parameters: Some(JobParameters {
                cmd: "python train.py".into(),
                arguments: arguments.collect(),
                ..JobParameters::default()
            }),
            ..Job::default()
        }
    }

    fn run(lines: &[&str]) -> Run {
        let mut set = SeriesSet::default();
        for (time, line) in (0..).zip(lines) {
            set.push_line(&Source::Out, time, 0, line.as_bytes());
        }
        Run {
            start_ms: 0,
            series: set.take_all(300),
        }
    }

    fn table(jobs: &[Job], runs: &[Option<&Run>]) -> Finals {
        let sides: Vec<Side<'_>> = jobs
            .iter()
            .map(|job| Side {
                job,
                return_code: None,
                progress: None,
            })
            .collect();
        finals(&rows(&sides), runs)
    }

    #[test]
    fn what_differs_stands_beside_what_came_of_it() {
        let jobs = [
            job(&[("lr", "0.1"), ("mode", "x")]),
            job(&[("lr", "0.01"), ("mode", "x")]),
            job(&[("lr", "1e-3"), ("mode", "x"), ("seed", "7")]),
        ];
        let (a, b) = (run(&["epoch=1 loss=9", "epoch=2 loss=0.5"]), run(&["loss=2 acc=0.9"]));
        let finals = table(&jobs, &[Some(&a), Some(&b), None]);
        let number = |name: &str| Column::Number((SeriesOrigin::Printed, name.into()));
        let parameter = |name: &str| Column::Parameter(Group::Arguments, name.into());
        assert_eq!(
            finals.columns,
            [
                parameter("lr"),
                parameter("seed"),
                number("acc"),
                number("epoch"),
                number("loss")
            ]
        );
        let text = |text: &str| Cell::Text(text.into());
        assert_eq!(
            finals.cells,
            [
                vec![
                    text("0.1"),
                    Cell::None,
                    Cell::None,
                    Cell::Number(2.0),
                    Cell::Number(0.5)
                ],
                vec![
                    text("0.01"),
                    Cell::None,
                    Cell::Number(0.9),
                    Cell::None,
                    Cell::Number(2.0)
                ],
                vec![text("1e-3"), text("7"), Cell::None, Cell::None, Cell::None],
            ]
        );
        assert_eq!(finals.order(&parameter("lr"), false), [2, 1, 0]);
        assert_eq!(finals.order(&parameter("lr"), true), [0, 1, 2]);
        assert_eq!(finals.order(&number("loss"), true), [1, 0, 2]);
        assert_eq!(finals.order(&number("loss"), false), [0, 1, 2]);
        assert_eq!(finals.order(&number("gone"), false), [0, 1, 2]);
    }

    #[test]
    fn thousands_of_names_make_no_wide_table() {
        let lines: Vec<String> = (0..90).map(|number| format!("key{number}=1")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let run = run(&lines);
        let finals = table(&[job(&[]), job(&[])], &[Some(&run), Some(&run)]);
        assert_eq!((finals.columns.len(), finals.left_out), (MAX_COLUMNS, 90 - MAX_COLUMNS));
    }
}
