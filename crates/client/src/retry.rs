//! How long to wait before trying again.

/// Waits that grow with each failure in a row.
#[derive(Debug, Default, Clone)]
pub struct Backoff {
    failures: u32,
}

const FIRST_MS: u32 = 1000;
const LONGEST_MS: u32 = 30_000;

impl Backoff {
    /// The wait after one more failure, in milliseconds: 1 s, 2 s, 4 s, at most 30 s.
    pub fn next_ms(&mut self) -> u32 {
        let wait = FIRST_MS.saturating_mul(1 << self.failures.min(15));
        self.failures += 1;
        wait.min(LONGEST_MS)
    }

    /// Something came through: the next failure is a first one.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_half_a_minute() {
        let mut backoff = Backoff::default();
        let waits: Vec<u32> = (0..7).map(|_| backoff.next_ms()).collect();
        assert_eq!(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
        backoff.reset();
        assert_eq!(backoff.next_ms(), 1000);
    }
}
