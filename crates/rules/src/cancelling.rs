//! What a cancel does, and the reason that was given for it.

use super::signal::signal_name;
use crate::api::jobs::{GracefulShutdownParameters, Job};

const SIGTERM: i32 = 15;
const CANCELLED: &str = "Cancelled";

/// How a job wants to be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shutdown {
    /// Number of the signal.
    pub signal: i32,
    /// Milliseconds until it is killed; `None` waits for ever.
    pub timeout_ms: Option<i64>,
}

impl Shutdown {
    /// As the job's parameters say; `None` for a job that is killed at once.
    pub fn of(job: &Job) -> Option<Self> {
        let parameters = job.job_parameters.as_ref()?;
        let GracefulShutdownParameters { timeout, signal } = parameters.graceful_shutdown_parameters.as_ref()?;
        let timeout_ms = timeout
            .as_ref()
            .filter(|timeout| timeout.seconds >= 0 && timeout.nanos >= 0)
            .map(|timeout| {
                timeout
                    .seconds
                    .saturating_mul(1000)
                    .saturating_add(i64::from(timeout.nanos) / 1_000_000)
            });
        Some(Self {
            signal: match i32::try_from(*signal) {
                Ok(signal) if signal > 0 => signal,
                _ => SIGTERM,
            },
            timeout_ms,
        })
    }
}

/// The name of a signal, such as `SIGTERM`; one without a name by its number.
pub fn name_of_signal(signal: i32) -> String {
    match signal {
        9 => "SIGKILL".to_owned(),
        _ => signal_name(signal.into()).map_or_else(|| format!("signal {signal}"), str::to_owned),
    }
}

/// The words of `status_details` for a cancelled job.
pub fn details(reason: &str) -> String {
    match reason.trim() {
        "" => CANCELLED.into(),
        reason => format!("{CANCELLED}: {reason}"),
    }
}

/// The reason that such words give, which may be empty; `None` for other words.
pub fn given(details: &str) -> Option<&str> {
    let rest = details.strip_prefix(CANCELLED)?;
    if rest.is_empty() {
        Some("")
    } else {
        rest.strip_prefix(": ")
    }
}

/// The reason that such words give, or the words themselves when they are another service's.
pub fn reason(details: &str) -> &str {
    given(details).unwrap_or(details)
}

#[cfg(test)]
mod tests {
    use prost_types::Duration;

    use super::*;
    use crate::api::jobs::JobParameters;

    fn job(signal: i64, timeout: Option<Duration>) -> Job {
        Job {
            job_parameters: Some(JobParameters {
                graceful_shutdown_parameters: Some(GracefulShutdownParameters { timeout, signal }),
                ..JobParameters::default()
            }),
            ..Job::default()
        }
    }

    #[test]
    fn the_parameters_name_signal_and_time() {
        let timeout = Duration {
            seconds: 1,
            nanos: 500_000_000,
        };
        let found = Shutdown::of(&job(2, Some(timeout))).unwrap();
        assert_eq!((found.signal, found.timeout_ms), (2, Some(1500)));
        let found = Shutdown::of(&job(0, None)).unwrap();
        assert_eq!((found.signal, found.timeout_ms), (15, None));
        assert_eq!(Shutdown::of(&Job::default()), None);
    }

    #[test]
    fn a_reason_is_read_back() {
        for given in ["", "lunch", "a: b", "Cancelled"] {
            assert_eq!(reason(&details(given)), given);
        }
        assert_eq!(reason("stopped by the operator"), "stopped by the operator");
        assert_eq!(name_of_signal(15), "SIGTERM");
        assert_eq!(name_of_signal(44), "signal 44");
    }
}
