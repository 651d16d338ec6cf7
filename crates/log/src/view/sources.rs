//! Which sources of a log are shown.

use crate::model::{Source, SourceCount};

/// Whether a source is shown under this choice; none chosen means all but tables.
pub fn is_shown(chosen: &[Source], source: &Source) -> bool {
    if chosen.is_empty() {
        !source.is_table()
    } else {
        chosen.contains(source)
    }
}

/// The choice after a source was switched; empty for the usual one.
pub fn switched(chosen: &[Source], all: &[SourceCount], source: &Source) -> Vec<Source> {
    let all = || all.iter().map(|count| &count.source);
    let shown: Vec<Source> = all()
        .filter(|one| is_shown(chosen, one) != (*one == source))
        .cloned()
        .collect();
    let usual = all().filter(|one| !one.is_table());
    if usual.eq(shown.iter()) { Vec::new() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switching_twice_is_nothing_and_none_is_all() {
        let table = Source::File(".docker_stats.tsv".into());
        let all = [Source::Out, Source::Err, table.clone()].map(|source| SourceCount {
            source,
            lines: 1,
            bytes: 1,
            errors: 0,
        });
        assert!(is_shown(&[], &Source::Err) && !is_shown(&[], &table));
        let one = switched(&[], &all, &Source::Err);
        assert_eq!(one, [Source::Out]);
        assert_eq!(switched(&one, &all, &Source::Err), []);
        assert_eq!(switched(&one, &all, &Source::Out), []);
        assert_eq!(switched(&[], &all, &table), [Source::Out, Source::Err, table.clone()]);
    }
}
