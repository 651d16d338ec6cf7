//! A set of rows that grows at its end: which are in it, how many before one, which is the nth.

/// Words between two counts.
const GROUP: usize = 8;

/// The set; numbers must be added in rising order.
#[derive(Debug, Default, Clone)]
pub(super) struct Bits {
    words: Vec<u64>,
    /// Members before each group of words.
    before: Vec<u64>,
    count: u64,
}

impl Bits {
    /// Adds a number that is greater than all that were added, or among the last.
    pub(super) fn add(&mut self, number: u64) {
        let word = (number / 64) as usize;
        while self.words.len() <= word {
            if self.words.len().is_multiple_of(GROUP) {
                self.before.push(self.count);
            }
            self.words.push(0);
        }
        let bit = 1 << (number % 64);
        if self.words[word] & bit == 0 {
            self.words[word] |= bit;
            self.count += 1;
        }
    }

    /// Takes out all numbers from this one on.
    pub(super) fn cut(&mut self, number: u64) {
        let word = (number / 64) as usize;
        if word >= self.words.len() {
            return;
        }
        self.count = self.before(number);
        self.words.truncate(word + 1);
        self.words[word] &= (1 << (number % 64)) - 1;
        self.before.truncate(word / GROUP + 1);
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn has(&self, number: u64) -> bool {
        let word = self.words.get((number / 64) as usize);
        word.is_some_and(|word| word >> (number % 64) & 1 != 0)
    }

    /// How many are smaller than `number`.
    pub(super) fn before(&self, number: u64) -> u64 {
        let word = (number / 64) as usize;
        if word >= self.words.len() {
            return self.count;
        }
        let group = word / GROUP;
        let whole = self.words[group * GROUP..word].iter().map(|word| word.count_ones());
        let part = self.words[word] & ((1 << (number % 64)) - 1);
        self.before[group] + u64::from(whole.sum::<u32>() + part.count_ones())
    }

    /// The one with so many before it.
    pub(super) fn nth(&self, nth: u64) -> Option<u64> {
        if nth >= self.count {
            return None;
        }
        let group = self.before.partition_point(|before| *before <= nth) - 1;
        let mut left = nth - self.before[group];
        for (at, word) in self.words.iter().enumerate().skip(group * GROUP) {
            let ones = u64::from(word.count_ones());
            if left < ones {
                return Some(at as u64 * 64 + nth_bit(*word, left));
            }
            left -= ones;
        }
        None
    }

    /// How many numbers that are not in the set are smaller than `number`.
    pub(super) fn others_before(&self, number: u64) -> u64 {
        number - self.before(number)
    }

    /// The number that is not in the set and has so many such before it.
    pub(super) fn nth_other(&self, nth: u64) -> u64 {
        let zeros_before = |group: usize| (group * GROUP * 64) as u64 - self.before[group];
        let (mut low, mut high) = (0, self.before.len());
        while low < high {
            let middle = (low + high) / 2;
            if zeros_before(middle) <= nth {
                low = middle + 1
            } else {
                high = middle
            }
        }
        let Some(group) = low.checked_sub(1) else {
            return nth;
        };
        let mut left = nth - zeros_before(group);
        for (at, word) in self.words.iter().enumerate().skip(group * GROUP) {
            let zeros = u64::from(word.count_zeros());
            if left < zeros {
                return at as u64 * 64 + nth_bit(!*word, left);
            }
            left -= zeros;
        }
        self.words.len() as u64 * 64 + left
    }
}

fn nth_bit(mut word: u64, nth: u64) -> u64 {
    for _ in 0..nth {
        word &= word - 1;
    }
    u64::from(word.trailing_zeros())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_as_a_plain_set(numbers in prop::collection::btree_set(0_u64..3000, 0..200)) {
            let mut bits = Bits::default();
            numbers.iter().for_each(|number| bits.add(*number));
            let others: Vec<u64> = (0..4000).filter(|number| !numbers.contains(number)).collect();
            let sorted: Vec<u64> = numbers.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
            for (nth, number) in sorted.iter().enumerate() {
                prop_assert_eq!(bits.nth(nth as u64), Some(*number));
                prop_assert_eq!(bits.before(*number), nth as u64);
                prop_assert!(bits.has(*number));
            }
            prop_assert_eq!(bits.nth(sorted.len() as u64), None);
            let (mut cut, mut few) = (bits.clone(), Bits::default());
            cut.cut(1000);
            sorted.iter().filter(|number| **number < 1000).for_each(|number| few.add(*number));
            cut.add(2000);
            few.add(2000);
            prop_assert_eq!((cut.count(), cut.nth(5), cut.before(1500)), (few.count(), few.nth(5), few.before(1500)));
            for (nth, number) in others.iter().enumerate() {
                prop_assert_eq!(bits.nth_other(nth as u64), *number);
                prop_assert_eq!(bits.others_before(*number), nth as u64);
                prop_assert!(!bits.has(*number));
            }
        }
    }
}
