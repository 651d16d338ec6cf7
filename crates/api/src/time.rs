//! Time as the API writes it.

use prost_types::{Duration, Timestamp};

/// Milliseconds since the Unix epoch, the unit of browsers; may be negative.
pub type Millis = i64;

/// The first second of the year 1, before which protobuf has no time.
const FIRST_S: i64 = -62_135_596_800;
/// The last second of the year 9999, behind which it has none either.
const LAST_S: i64 = 253_402_300_799;
const NANOS: i32 = 1_000_000_000;

/// The instant `millis` after the epoch; the nearest that protobuf has.
pub fn from_millis(millis: Millis) -> Timestamp {
    at(millis.div_euclid(1000), millis.rem_euclid(1000) as i32 * 1_000_000)
}

/// The instant `micros` microseconds after the epoch; the nearest that protobuf has.
pub fn from_micros(micros: i64) -> Timestamp {
    at(micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000) as i32 * 1000)
}

/// The instant `seconds` after the epoch; the nearest that protobuf has.
pub fn from_seconds(seconds: i64) -> Timestamp {
    at(seconds, 0)
}

/// The instant `seconds` after another; the nearest that protobuf has.
pub fn later(time: &Timestamp, seconds: i64) -> Timestamp {
    at(time.seconds.saturating_add(seconds), time.nanos)
}

/// The same instant, or the nearest that protobuf has: for what may have come from elsewhere.
pub fn within_range(time: &Timestamp) -> Timestamp {
    at(time.seconds, time.nanos)
}

/// Whether protobuf has this time.
pub fn is_valid(time: &Timestamp) -> bool {
    within_range(time) == *time
}

/// Whether the nanoseconds of a length of time are a part of a second, with the sign of its seconds.
pub fn is_duration(time: &Duration) -> bool {
    let has_sign = time.seconds == 0 || time.nanos == 0 || (time.seconds < 0) == (time.nanos < 0);
    has_sign && (-NANOS < time.nanos && time.nanos < NANOS)
}

/// Milliseconds since the epoch, rounded down; saturates at the ends of `i64`.
pub fn to_millis(time: &Timestamp) -> Millis {
    time.seconds
        .saturating_mul(1000)
        .saturating_add(i64::from(time.nanos) / 1_000_000)
}

/// Every time that is made here is made by this.
fn at(seconds: i64, nanos: i32) -> Timestamp {
    let (seconds, nanos) = match seconds {
        ..FIRST_S => (FIRST_S, 0),
        FIRST_S..=LAST_S => (seconds, nanos.clamp(0, NANOS - 1)),
        _ => (LAST_S, NANOS - 1),
    };
    Timestamp { seconds, nanos }
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

    #[test]
    fn no_time_is_made_outside_the_years_1_to_9999() {
        let first = Timestamp {
            seconds: FIRST_S,
            nanos: 0,
        };
        let last = Timestamp {
            seconds: LAST_S,
            nanos: NANOS - 1,
        };
        let now = from_seconds(1_764_000_000);
        for (made, expected) in [
            (from_millis(i64::MIN), first),
            (from_millis(i64::MAX), last),
            (from_seconds(i64::MIN), first),
            (from_seconds(LAST_S + 1), last),
            (later(&now, 1 << 62), last),
            (later(&now, i64::MIN), first),
            (later(&from_seconds(i64::MAX), i64::MAX), last),
        ] {
            assert_eq!(made, expected);
        }
        // Microseconds reach from the year -290308 to 294247.
        assert_eq!((from_micros(i64::MIN), from_micros(i64::MAX)), (first, last));
        assert_eq!(later(&now, 60).seconds, 1_764_000_060);
        for nanos in [-1, NANOS, i32::MIN, i32::MAX] {
            let strange = Timestamp { seconds: 1, nanos };
            assert!(!is_valid(&strange) && is_valid(&within_range(&strange)), "{nanos}");
        }
        assert!(is_valid(&first) && is_valid(&last) && is_valid(&now));
    }

    #[test]
    fn a_length_of_time_has_one_sign_and_less_than_a_second_of_nanos() {
        let is = |seconds, nanos| is_duration(&Duration { seconds, nanos });
        assert!(is(0, 0) && is(1, NANOS - 1) && is(-1, 1 - NANOS) && is(0, -5));
        assert!(!is(1, -1) && !is(-1, 1) && !is(0, NANOS) && !is(0, i32::MIN));
    }
}
