//! The query behind `List`, as fast on the last page as on the first.

use jobsphere_api::jobs::JobStatus;
use jobsphere_service::JobQuery;
use sqlx::{QueryBuilder, Sqlite};

use super::rows::limit;

/// Jobs as `query` asks, newest first.
///
/// With several states every state is looked up by itself, and the newest of all are taken: one lookup with
/// `IN` would sort all that match, or walk over all that do not.
pub(super) fn select(query: &JobQuery) -> QueryBuilder<'_, Sqlite> {
    let mut select = QueryBuilder::new("SELECT * FROM jobs WHERE ");
    match query.statuses.as_slice() {
        [] => push_condition(&mut select, query, None),
        [status] => push_condition(&mut select, query, Some(*status)),
        statuses => {
            select.push("sequence IN (SELECT sequence FROM (");
            for (place, status) in statuses.iter().enumerate() {
                let union = if place == 0 { "" } else { " UNION " };
                select
                    .push(union)
                    .push("SELECT sequence FROM (SELECT sequence FROM jobs WHERE ");
                push_condition(&mut select, query, Some(*status));
                push_newest(&mut select, query);
                select.push(format!(") AS state{place}"));
            }
            select.push(") AS states");
            push_newest(&mut select, query);
            select.push(")");
        }
    }
    push_newest(&mut select, query);
    select
}

fn push_condition<'q>(select: &mut QueryBuilder<'q, Sqlite>, query: &'q JobQuery, status: Option<JobStatus>) {
    select.push("sequence < ").push_bind(query.before.unwrap_or(i64::MAX));
    if let Some(project) = &query.project_id {
        select.push(" AND project_id = ").push_bind(project.as_str());
    }
    if let Some(status) = status {
        select.push(" AND status = ").push_bind(i64::from(i32::from(status)));
    }
}

fn push_newest<'q>(select: &mut QueryBuilder<'q, Sqlite>, query: &'q JobQuery) {
    select
        .push(" ORDER BY sequence DESC LIMIT ")
        .push_bind(limit(query.limit));
}
