//! What stands before a line about its time.

use std::time::Duration;

/// A longer silence before a line is marked.
pub const LONG_GAP: Duration = Duration::from_secs(5);

/// What is said of a line's time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Times {
    /// Nothing.
    #[default]
    Off,
    /// The time of day.
    Clock,
    /// How long after the log's begin.
    SinceStart,
    /// How long after the row before.
    Gap,
}

impl Times {
    /// All, as they are offered.
    pub const ALL: [Self; 4] = [Self::Off, Self::Clock, Self::SinceStart, Self::Gap];

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Clock => "clock",
            Self::SinceStart => "start",
            Self::Gap => "gap",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|times| times.name() == name)
    }

    /// The one after it, round the end.
    pub fn next(self) -> Self {
        match self {
            Self::Off => Self::Clock,
            Self::Clock => Self::SinceStart,
            Self::SinceStart => Self::Gap,
            Self::Gap => Self::Off,
        }
    }
}

/// What is known of times where a row stands; all in milliseconds since 1970.
#[derive(Debug, Clone, Copy, Default)]
pub struct Around {
    /// When the log began.
    pub began_ms: Option<i64>,
    /// When the row before was written.
    pub before_ms: Option<i64>,
    /// What is added to world time for the time of the reader's place, in minutes.
    pub zone_min: i64,
}

/// The words for a line written at `time_ms`, and whether the silence before it was long.
pub fn words(times: Times, time_ms: i64, around: Around) -> (String, bool) {
    let gap = around.before_ms.map(|before| time_ms - before);
    match times {
        Times::Off => (String::new(), false),
        Times::Clock => (clock(time_ms + around.zone_min * 60_000), false),
        Times::SinceStart => (length(time_ms - around.began_ms.unwrap_or(time_ms)), false),
        Times::Gap => match gap {
            Some(gap) => (
                format!("+{}", length(gap)),
                gap > i64::try_from(LONG_GAP.as_millis()).unwrap_or(i64::MAX),
            ),
            None => (String::new(), false),
        },
    }
}

/// `14:03:07.250`.
fn clock(local_ms: i64) -> String {
    let ms = local_ms.rem_euclid(86_400_000);
    format!(
        "{:02}:{:02}:{:02}.{:03}",
        ms / 3_600_000,
        ms / 60_000 % 60,
        ms / 1000 % 60,
        ms % 1000
    )
}

/// `0.250`, `7.000`, `3:07.250`, `1:03:07.250`.
fn length(ms: i64) -> String {
    let sign = if ms < 0 { "−" } else { "" };
    let ms = ms.unsigned_abs();
    let (hours, minutes, seconds, rest) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{seconds}.{rest:03}"),
        (0, _) => format!("{sign}{minutes}:{seconds:02}.{rest:03}"),
        _ => format!("{sign}{hours}:{minutes:02}:{seconds:02}.{rest:03}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_four_ways() {
        let around = Around {
            began_ms: Some(1_000),
            before_ms: Some(60_000),
            zone_min: 180,
        };
        let said = |times, time_ms| words(times, time_ms, around);
        assert_eq!(said(Times::Off, 61_250), (String::new(), false));
        assert_eq!(said(Times::Clock, 61_250), ("03:01:01.250".into(), false));
        assert_eq!(said(Times::SinceStart, 61_250), ("1:00.250".into(), false));
        assert_eq!(said(Times::Gap, 61_250), ("+1.250".into(), false));
        assert_eq!(said(Times::Gap, 65_000), ("+5.000".into(), false));
        assert_eq!(said(Times::Gap, 65_001), ("+5.001".into(), true));
        assert_eq!(
            said(Times::SinceStart, 3_600_000 * 26 + 1_007),
            ("26:00:00.007".into(), false)
        );
        assert_eq!(said(Times::SinceStart, 750), ("−0.250".into(), false));
        assert_eq!(words(Times::Gap, 5, Around::default()), (String::new(), false));
    }

    #[test]
    fn every_way_has_a_name() {
        for times in Times::ALL {
            assert_eq!(Times::named(times.name()), Some(times));
        }
        assert_eq!(
            Times::ALL.map(Times::next),
            [Times::Clock, Times::SinceStart, Times::Gap, Times::Off]
        );
    }
}
