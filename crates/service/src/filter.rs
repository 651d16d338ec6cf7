//! The filter of `List`: `status IN (A, B)` and nothing else.

use super::{ServiceError, bounds};
use crate::{api::jobs::JobStatus, job::limits};

/// The states that `filter` names; none for an empty filter.
pub(super) fn statuses(filter: &str) -> Result<Vec<JobStatus>, ServiceError> {
    bounds::text("filter", filter, limits::MAX_FILTER_CHARS)?;
    if filter.trim().is_empty() {
        return Ok(Vec::new());
    }
    parse(filter).ok_or_else(|| ServiceError::Field {
        field: "filter",
        problem: "supports only `status IN (A, B)` with the names of job states".into(),
    })
}

fn parse(filter: &str) -> Option<Vec<JobStatus>> {
    let (head, rest) = filter.split_once('(')?;
    let (list, tail) = rest.split_once(')')?;
    let mut words = head.split_whitespace();
    let known = words.next()?.eq_ignore_ascii_case("status")
        && words.next()?.eq_ignore_ascii_case("in")
        && words.next().is_none()
        && tail.trim().is_empty();
    if !known {
        return None;
    }
    list.split(',')
        .map(|name| JobStatus::from_str_name(name.trim().trim_matches(['"', '\''])))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_status_in_is_understood() {
        assert_eq!(statuses(" ").unwrap(), []);
        assert_eq!(
            statuses("status IN (SUCCESS, \"ERROR\")").unwrap(),
            [JobStatus::Success, JobStatus::Error]
        );
        for bad in [
            "status = SUCCESS",
            "name IN (a)",
            "status IN (NO)",
            "status IN (SUCCESS) x",
            "status IN ()",
        ] {
            assert!(statuses(bad).is_err(), "{bad}");
        }
    }
}
