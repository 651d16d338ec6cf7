//! Several jobs out of one draft: an argument with several values makes one job for each, several such arguments one for
//! each combination.

use super::{Draft, PairRow};
use jobsphere_rules::limits;

/// More jobs than these are not made in one step.
pub const MAX_JOBS: usize = 50;
/// A longer value is cut where it stands in a job's name.
const MAX_SHOWN_CHARS: usize = 40;

/// One of the jobs that a draft makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Tells it from the draft's others, today and after a reload: its arguments that have several values, with its own.
    /// Empty where a draft makes one job.
    pub key: String,
    /// The same for people: `lr=0.1 seed=2`.
    pub label: String,
    /// What makes this job alone; its name ends with the label.
    pub draft: Draft,
}

impl PairRow {
    /// Its values, each once and in their order. The first is the one that a configuration file says.
    pub fn values(&self) -> Vec<&str> {
        let further = self.more.lines().map(str::trim).filter(|line| !line.is_empty());
        let own = Some(self.value.as_str());
        // Who has filled in the list alone means that.
        let own = own.filter(|value| !value.is_empty() || self.more.trim().is_empty());
        let mut values: Vec<&str> = Vec::new();
        for value in own.into_iter().chain(further) {
            // One too many is enough to know that they are too many.
            if values.len() <= MAX_JOBS && !values.contains(&value) {
                values.push(value);
            }
        }
        values
    }
}

impl Draft {
    /// How many jobs it makes.
    pub fn jobs_count(&self) -> usize {
        let counts = self.arguments.iter().map(|row| row.values().len());
        counts.fold(1, usize::saturating_mul)
    }

    /// The jobs it makes, the first values first; at most [`MAX_JOBS`].
    pub fn variants(&self) -> Vec<Variant> {
        let mut plain = self.clone();
        plain.arguments.iter_mut().for_each(|row| row.more.clear());
        let mut variants = vec![Variant {
            key: String::new(),
            label: String::new(),
            draft: plain,
        }];
        for (place, row) in self.arguments.iter().enumerate() {
            let values = row.values();
            let several = values.len() > 1;
            let with = |before: &Variant, value: &str| {
                let mut variant = before.clone();
                value.clone_into(&mut variant.draft.arguments[place].value);
                if several {
                    variant.add(row.name.trim(), value);
                }
                variant
            };
            let product = variants
                .iter()
                .flat_map(|before| values.iter().map(move |value| with(before, value)));
            variants = product.take(MAX_JOBS).collect();
        }
        for variant in &mut variants {
            variant.draft.name = named(&self.name, &variant.label);
        }
        variants
    }

    /// Takes over from `old` the further values of the arguments: of the one with the same name, else of the one at the
    /// same place, where there are as many.
    pub(super) fn adopt_further_values(&mut self, old: &Self) {
        let is_as_many = self.arguments.len() == old.arguments.len();
        let names: Vec<String> = self.arguments.iter().map(|row| row.name.clone()).collect();
        for (place, row) in self.arguments.iter_mut().enumerate() {
            let same = old.arguments.iter().find(|other| other.name == row.name);
            let renamed = || {
                let other = old.arguments.get(place).filter(|_| is_as_many)?;
                (!names.contains(&other.name)).then_some(other)
            };
            if let Some(known) = same.or_else(renamed) {
                row.more.clone_from(&known.more);
            }
        }
    }
}

impl Variant {
    fn add(&mut self, name: &str, value: &str) {
        // Quoted, so that no value can look like the beginning of another argument.
        self.key += &format!("{name:?}={value:?};");
        if !self.label.is_empty() {
            self.label.push(' ');
        }
        self.label += &format!("{name}={}", shown(value));
    }
}

/// A value as a part of a name.
fn shown(value: &str) -> String {
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_SHOWN_CHARS {
        return line;
    }
    line.chars().take(MAX_SHOWN_CHARS - 1).chain(['…']).collect()
}

/// The name of a job; where both do not fit, it is the end of the draft's own name that is cut.
fn named(name: &str, label: &str) -> String {
    if label.is_empty() {
        return name.to_owned();
    }
    let label: String = label.chars().take(limits::MAX_NAME_CHARS).collect();
    let room = limits::MAX_NAME_CHARS.saturating_sub(label.chars().count() + 1);
    let name: String = name.trim().chars().take(room).collect();
    format!("{name} {label}").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{Field, InputContent, InputRow, Item, List};
    use jobsphere_rules::rules::Rule;

    fn row(name: &str, value: &str, more: &str) -> PairRow {
        PairRow {
            name: name.into(),
            value: value.into(),
            more: more.into(),
            ..PairRow::default()
        }
    }

    fn draft(arguments: Vec<PairRow>) -> Draft {
        Draft {
            name: "train".into(),
            cmd: "echo".into(),
            arguments,
            ..Draft::default()
        }
    }

    #[test]
    fn values_make_jobs_and_several_arguments_their_combinations() {
        let draft = draft(vec![
            row("lr", "0.1", "0.01\n\n 0.001 \n0.1"),
            row("mode", "fast", ""),
            row("seed", "", "1\n2"),
        ]);
        assert_eq!(draft.jobs_count(), 6);
        let variants = draft.variants();
        let names: Vec<_> = variants.iter().map(|variant| variant.draft.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "train lr=0.1 seed=1",
                "train lr=0.1 seed=2",
                "train lr=0.01 seed=1",
                "train lr=0.01 seed=2",
                "train lr=0.001 seed=1",
                "train lr=0.001 seed=2",
            ]
        );
        let last = &variants[5].draft.arguments;
        let values: Vec<_> = last.iter().map(|row| (row.value.as_str(), row.more.as_str())).collect();
        assert_eq!(values, [("0.001", ""), ("fast", ""), ("2", "")]);
    }

    #[test]
    fn a_draft_without_them_makes_itself() {
        let draft = draft(vec![row("a", "", ""), row("b", "1\n2", "")]);
        let variants = draft.variants();
        assert_eq!((draft.jobs_count(), variants.len()), (1, 1));
        assert_eq!((&variants[0].draft, variants[0].key.as_str()), (&draft, ""));
    }

    #[test]
    fn keys_differ_whatever_the_values_hold() {
        let hostile = "1\";\"b\"=\"2\n1";
        let draft = draft(vec![row("a", hostile, "1\n2"), row("b", "1", "2\n1\";\"b\"=\"2")]);
        let mut keys: Vec<_> = draft.variants().into_iter().map(|variant| variant.key).collect();
        let count = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!((count, keys.len()), (9, 9));
    }

    #[test]
    fn names_stay_within_their_bound() {
        let mut draft = draft(vec![row("a", &"x".repeat(5000), "ы\n2")]);
        draft.name = "й".repeat(300);
        for variant in draft.variants() {
            assert!(variant.draft.name.chars().count() <= limits::MAX_NAME_CHARS);
            assert!(variant.draft.name.ends_with(&variant.label));
        }
    }

    #[test]
    fn too_many_are_a_problem_and_are_never_made() {
        let many: String = (0..100_000).map(|number| format!("{number}\n")).collect();
        let draft = draft(vec![row("a", "", &many), row("b", "", &many), row("c", "", &many)]);
        assert_eq!(draft.variants().len(), MAX_JOBS);
        let problems = draft.problems("p");
        let expected = Rule::TooManyJobs { max: MAX_JOBS };
        let found = problems.iter().find(|problem| problem.rule == expected);
        assert_eq!(found.map(|problem| problem.field), Some(Field::List(List::Arguments)));
    }

    #[test]
    fn what_a_further_value_breaks_stands_at_the_list() {
        let long = "x".repeat(limits::MAX_VALUE_BYTES + 1);
        let problems = draft(vec![row("a", "1", &format!("2\n{long}"))]).problems("p");
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.id()).collect();
        assert_eq!(fields, ["field-arguments-0-more"]);
        // The list alone, of which the first value counts as well; blank rows stand before it.
        let rows = vec![row("", "", ""), row("a", "", &format!("{long}\n2"))];
        let problems = draft(rows).problems("p");
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.id()).collect();
        assert_eq!(fields, ["field-arguments-1-more"]);
    }

    #[test]
    fn a_further_value_that_makes_the_command_too_long_is_said_there() {
        let mut draft = draft(vec![row("a", "1", &"x".repeat(limits::MAX_VALUE_BYTES))]);
        draft.cmd = "echo ${a} ".repeat(limits::MAX_CMD_BYTES / limits::MAX_VALUE_BYTES + 1);
        let problems = draft.problems("p");
        let max = limits::MAX_CMD_BYTES;
        assert_eq!(problems[0].rule, Rule::FilledTooLong { max });
        assert_eq!((problems.len(), problems[0].field), (1, Field::Item(Item::Cmd)));
    }

    #[test]
    fn many_values_beside_many_inputs_are_checked() {
        let values: String = (0..MAX_JOBS).map(|number| format!("{number}\n")).collect();
        let mut draft = draft(vec![row("a", "", &values)]);
        draft.inputs = (0..100)
            .map(|number| InputRow {
                path: format!("folder/{number}"),
                content: InputContent::Chosen {
                    number,
                    size_bytes: 1,
                    sha256: None,
                },
                ..InputRow::default()
            })
            .collect();
        assert_eq!(draft.problems("p"), []);
    }

    #[test]
    fn further_values_stay_while_the_text_is_edited() {
        let old = draft(vec![row("a", "1", "2\n3"), row("b", "1", "")]);
        let more = |arguments: Vec<PairRow>| {
            let mut read = draft(arguments);
            read.adopt(&old);
            read.arguments.into_iter().map(|row| row.more).collect::<Vec<_>>()
        };
        assert_eq!(more(vec![row("b", "1", ""), row("a", "5", "")]), ["", "2\n3"]);
        assert_eq!(more(vec![row("rate", "1", ""), row("b", "1", "")]), ["2\n3", ""]);
        assert_eq!(more(vec![row("c", "1", "")]), [""]);
    }
}
