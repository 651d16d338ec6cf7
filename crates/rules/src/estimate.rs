//! How long a program that tells its progress will still take.
//!
//! The rate is the median of the slopes between the newest samples, so that one that is off does not turn it; the end
//! that follows from it is approached by a share at each sample, so that it does not jump. There is no estimate before
//! two samples, when nothing has come for much longer than usual, and when the estimated end has passed.

use std::collections::VecDeque;

/// So many of the newest samples make the rate.
const NEWEST: usize = 12;
/// So many are kept for the curve; then every other one is dropped.
const MAX_SAMPLES: usize = 240;
/// How far a new sample moves the estimated end.
const STEP: f64 = 0.4;
/// Samples closer together tell nothing of the rate.
const SHORTEST_MS: i64 = 500;
/// Nothing for so many usual pauses means that the program stands.
const PAUSES: i64 = 5;
const PATIENCE_MS: i64 = 10_000;

/// Progress at a time.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Sample {
    /// Milliseconds since 1970.
    pub time_ms: i64,
    /// 0 to 100.
    pub progress: f64,
}

/// The samples, and the end they lead to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Estimate {
    samples: VecDeque<Sample>,
    newest: VecDeque<Sample>,
    end_ms: Option<f64>,
}

impl Estimate {
    /// Takes a sample; one that is not newer, or tells nothing new, is passed over. Progress that falls begins anew.
    pub fn push(&mut self, sample: Sample) {
        if let Some(last) = self.newest.back() {
            if sample.time_ms <= last.time_ms || sample.progress == last.progress {
                return;
            }
            if sample.progress < last.progress {
                *self = Self::default();
            }
        }
        self.samples.push_back(sample);
        if self.samples.len() > MAX_SAMPLES {
            let mut place = 0;
            self.samples.retain(|_| {
                place += 1;
                place % 2 == 1
            });
        }
        self.newest.push_back(sample);
        if self.newest.len() > NEWEST {
            self.newest.pop_front();
        }
        if let Some(rate) = self.rate() {
            let end = sample.time_ms as f64 + (100.0 - sample.progress) / rate;
            self.end_ms = Some(self.end_ms.map_or(end, |before| before + (end - before) * STEP));
        }
    }

    /// Milliseconds until the end, rounded the more the longer it takes; `None` when it is not known.
    pub fn left_ms(&self, now_ms: i64) -> Option<i64> {
        let last = self.newest.back()?;
        if last.progress >= 100.0 || now_ms - last.time_ms > self.usual_pause_ms()? * PAUSES + PATIENCE_MS {
            return None;
        }
        let left = self.end_ms? - now_ms as f64;
        (left > 0.0).then(|| rounded(left as i64))
    }

    /// The samples for a curve, in order.
    pub fn samples(&self) -> impl Iterator<Item = Sample> {
        self.samples.iter().copied()
    }

    /// Progress a millisecond.
    fn rate(&self) -> Option<f64> {
        let newest = self.newest.iter().enumerate();
        let pairs = newest.flat_map(|(place, one)| self.newest.range(place + 1..).map(move |other| (one, other)));
        let apart = pairs.filter(|(one, other)| other.time_ms - one.time_ms >= SHORTEST_MS);
        let mut slopes: Vec<f64> = apart
            .map(|(one, other)| (other.progress - one.progress) / (other.time_ms - one.time_ms) as f64)
            .collect();
        slopes.sort_by(f64::total_cmp);
        slopes.get(slopes.len() / 2).copied().filter(|rate| *rate > 0.0)
    }

    fn usual_pause_ms(&self) -> Option<i64> {
        let times = self.newest.iter().zip(self.newest.iter().skip(1));
        let mut pauses: Vec<i64> = times.map(|(one, other)| other.time_ms - one.time_ms).collect();
        pauses.sort_unstable();
        pauses.get(pauses.len() / 2).copied()
    }
}

/// Rounds up: to 5 s below a minute, to 15 s below ten, to a minute below an hour, to five above.
fn rounded(millis: i64) -> i64 {
    let step = match millis / 1000 {
        0..60 => 5_000,
        60..600 => 15_000,
        600..3600 => 60_000,
        _ => 300_000,
    };
    (millis + step - 1) / step * step
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn estimate(samples: &[(i64, f64)]) -> Estimate {
        let mut estimate = Estimate::default();
        for (time_ms, progress) in samples {
            estimate.push(Sample {
                time_ms: *time_ms,
                progress: *progress,
            });
        }
        estimate
    }

    #[test]
    fn a_steady_rate_gives_the_rest() {
        let steady: Vec<_> = (0..6).map(|step| (step * 10_000, step as f64 * 10.0)).collect();
        let estimate = estimate(&steady);
        assert_eq!(estimate.left_ms(50_000), Some(50_000));
        assert_eq!(estimate.left_ms(55_000), Some(45_000));
    }

    #[test]
    fn nothing_is_said_without_a_rate() {
        assert_eq!(estimate(&[]).left_ms(0), None);
        assert_eq!(estimate(&[(0, 10.0)]).left_ms(1_000), None);
        assert_eq!(
            estimate(&[(0, 10.0), (9_000, 10.0)]).left_ms(10_000),
            None,
            "no progress"
        );
        assert_eq!(
            estimate(&[(0, 0.0), (9_000, 100.0)]).left_ms(9_000),
            None,
            "all is done"
        );
    }

    #[test]
    fn nothing_is_said_of_a_program_that_stands() {
        let estimate = estimate(&[(0, 0.0), (1_000, 1.0), (2_000, 2.0)]);
        assert!(estimate.left_ms(10_000).is_some());
        assert_eq!(estimate.left_ms(60_000), None);
    }

    #[test]
    fn one_odd_sample_does_not_turn_it() {
        let mut samples: Vec<_> = (0..10).map(|step| (step * 10_000, step as f64)).collect();
        let before = estimate(&samples).left_ms(90_000).unwrap();
        samples.push((100_000, 9.1));
        let after = estimate(&samples).left_ms(100_000).unwrap();
        assert!((before - after).abs() < before / 5, "{before} {after}");
    }

    #[test]
    fn progress_that_falls_begins_anew() {
        let estimate = estimate(&[(0, 0.0), (10_000, 90.0), (20_000, 5.0)]);
        assert_eq!(estimate.left_ms(20_000), None);
        assert_eq!(estimate.samples().count(), 1);
    }

    proptest! {
        #[test]
        fn it_is_never_negative_and_the_curve_is_bounded(
            steps in prop::collection::vec((1..100_000_i64, 0.0..100.0_f64), 0..600),
            later in 0..1_000_000_i64,
        ) {
            let mut time_ms = 0;
            let mut estimate = Estimate::default();
            for (pause, progress) in steps {
                time_ms += pause;
                estimate.push(Sample { time_ms, progress });
                prop_assert!(estimate.samples().count() <= MAX_SAMPLES);
            }
            if let Some(left) = estimate.left_ms(time_ms + later) {
                prop_assert!(left > 0);
            }
        }
    }
}
