//! How much of a file goes into one request. What lies between here and the service may take less than a whole file; it
//! says so with 413, or breaks the connection without a word.

use std::collections::BTreeMap;

const MIB: u64 = 1 << 20;
/// What is tried one after the other: below the limits that are common (100 MB, 10 MB, 1 MiB), and one below all.
const STEPS: [u64; 4] = [64 * MIB, 8 * MIB, MIB, MIB / 4];
/// What goes through in most places; a break of less is one of the connection.
const SUSPECT_FROM: u64 = MIB;

/// How much goes into one request, as it was learned.
#[derive(Debug, Clone, Default)]
pub struct PartSize {
    most: Option<u64>,
    /// Behind how many bytes of a content the last request for it broke.
    broken: BTreeMap<String, u64>,
}

impl PartSize {
    /// Nothing is known.
    pub const fn unknown() -> Self {
        Self {
            most: None,
            broken: BTreeMap::new(),
        }
    }

    /// How many of so many bytes go into the next request.
    pub fn of(&self, bytes: u64) -> u64 {
        self.most.map_or(bytes, |most| bytes.min(most))
    }

    /// A request of so many bytes was too large. Whether a smaller one is worth a try.
    pub fn refused(&mut self, bytes: u64) -> bool {
        match STEPS.into_iter().find(|step| *step < bytes) {
            Some(step) => {
                self.most = Some(self.most.map_or(step, |most| most.min(step)));
                true
            }
            None => false,
        }
    }

    /// A request of so many bytes broke, for a content of which the service holds what is before `offset`. Once that is
    /// the connection; when nothing has come through a second time, the size is the likelier cause.
    pub fn broke(&mut self, content: &str, offset: u64, bytes: u64) {
        let before = self.broken.insert(content.to_owned(), offset);
        if before == Some(offset) && bytes > SUSPECT_FROM {
            self.refused(bytes.min(SUSPECT_FROM + 1));
        }
    }

    /// Something came through for this content.
    pub fn arrived(&mut self, content: &str) {
        self.broken.remove(content);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_is_tried_smaller_and_smaller() {
        let mut size = PartSize::unknown();
        assert_eq!(size.of(200 * MIB), 200 * MIB);
        let mut tried = Vec::new();
        let mut bytes = 200 * MIB;
        while size.refused(bytes) {
            bytes = size.of(200 * MIB);
            tried.push(bytes);
        }
        assert_eq!(tried, STEPS);
        // Another upload that began with more is no reason to go up again.
        assert!(size.refused(3 * MIB));
        assert_eq!(size.of(3 * MIB), MIB / 4);
        assert_eq!(size.of(100), 100);
    }

    #[test]
    fn what_breaks_twice_at_one_place_is_sent_in_small_parts() {
        let mut size = PartSize::unknown();
        size.broke("a", 0, 9 * MIB);
        size.broke("b", 0, 9 * MIB);
        size.broke("a", 4 * MIB, 5 * MIB);
        assert_eq!(size.of(9 * MIB), 9 * MIB);
        size.arrived("b");
        size.broke("b", 0, 9 * MIB);
        assert_eq!(size.of(9 * MIB), 9 * MIB);
        size.broke("b", 0, 9 * MIB);
        assert_eq!(size.of(9 * MIB), MIB);
        // A small one breaks with its connection.
        for _ in 0..9 {
            size.broke("c", 0, MIB);
        }
        assert_eq!(size.of(9 * MIB), MIB);
    }
}
