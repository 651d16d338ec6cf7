//! The numbers of an escape sequence: `1;31`, `38:2::255:0:0`.

use std::iter::from_fn;

/// More are not kept; a sequence that has more changes nothing.
const MOST: usize = 32;

/// Numbers, in groups: a semicolon ends a group, a colon goes on with it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbers {
    numbers: [u16; MOST],
    count: usize,
    /// By number, from the lowest bit on: the next one belongs to its group.
    goes_on: u32,
    /// The one that is being read.
    last: u16,
    /// There are more than are kept.
    are_more: bool,
}

impl Numbers {
    /// Reads a digit, a semicolon or a colon.
    pub(crate) fn read(&mut self, byte: u8) {
        match byte {
            b'0'..=b'9' => self.last = self.last.saturating_mul(10).saturating_add(u16::from(byte - b'0')),
            _ => self.end_one(byte == b':'),
        }
    }

    /// The sequence ends; its groups, `None` when there were too many numbers.
    pub(crate) fn end(&mut self) -> Option<impl Iterator<Item = &[u16]>> {
        self.end_one(false);
        let this = &*self;
        let mut from = 0;
        let groups = from_fn(move || {
            let last = (from..this.count).find(|at| this.goes_on >> at & 1 == 0)?;
            let group = &this.numbers[from..=last];
            from = last + 1;
            Some(group)
        });
        (!this.are_more).then_some(groups)
    }

    fn end_one(&mut self, goes_on: bool) {
        match self.numbers.get_mut(self.count) {
            Some(number) => {
                *number = self.last;
                self.goes_on |= u32::from(goes_on) << self.count;
                self.count += 1;
            }
            None => self.are_more = true,
        }
        self.last = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(text: &str) -> Option<Vec<Vec<u16>>> {
        let mut numbers = Numbers::default();
        text.bytes().for_each(|byte| numbers.read(byte));
        numbers.end().map(|groups| groups.map(<[u16]>::to_vec).collect())
    }

    #[test]
    fn semicolons_end_groups_and_colons_go_on_with_them() {
        assert_eq!(groups(""), Some(vec![vec![0]]));
        assert_eq!(groups("1;31"), Some(vec![vec![1], vec![31]]));
        assert_eq!(
            groups("4:3;38:2::1:2:3;"),
            Some(vec![vec![4, 3], vec![38, 2, 0, 1, 2, 3], vec![0]])
        );
        assert_eq!(groups("99999999"), Some(vec![vec![u16::MAX]]));
        assert_eq!(groups(&"1;".repeat(31)).map(|groups| groups.len()), Some(32));
        assert_eq!(groups(&"1;".repeat(32)), None);
    }
}
