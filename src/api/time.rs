//! Time as the API writes it.

use prost_types::Timestamp;

/// Milliseconds since the Unix epoch, the unit of browsers; may be negative.
pub type Millis = i64;

/// The instant `millis` after the epoch.
pub fn from_millis(millis: Millis) -> Timestamp {
    Timestamp {
        seconds: millis.div_euclid(1000),
        nanos: millis.rem_euclid(1000) as i32 * 1_000_000,
    }
}

/// The instant `micros` microseconds after the epoch.
pub fn from_micros(micros: i64) -> Timestamp {
    Timestamp {
        seconds: micros.div_euclid(1_000_000),
        nanos: micros.rem_euclid(1_000_000) as i32 * 1000,
    }
}

/// Milliseconds since the epoch, rounded down; saturates at the ends of `i64`.
pub fn to_millis(time: &Timestamp) -> Millis {
    time.seconds
        .saturating_mul(1000)
        .saturating_add(i64::from(time.nanos) / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn millis_survive_the_round_trip() {
        for millis in [0, 1, 999, 1000, -1, -1001, 1_764_000_000_123] {
            assert_eq!(to_millis(&from_millis(millis)), millis);
        }
        assert_eq!(from_micros(-1).nanos, 999_999_000);
    }
}
