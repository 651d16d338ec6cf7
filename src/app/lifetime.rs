//! How long a job's data lives, where a job is shown.

use leptos::prelude::*;

use super::{
    text::{use_text, words},
    time::use_now,
};
use crate::api::{jobs::JobStatus, time::Millis};
use jobsphere_rules::lifetime::{Left, Life, Unit};

/// "expires in 2 days".
#[component]
pub(crate) fn LifetimeBadge(
    /// The job's state, whether its data was dropped, and when it expires.
    #[prop(into)]
    life: Signal<(JobStatus, bool, Option<Millis>)>,
) -> impl IntoView {
    let text = use_text();
    let now = use_now();
    let life = Memo::new(move |_| {
        let (status, cleared, expires_ms) = life.get();
        Life::of(status, cleared, expires_ms, now.get())
    });
    let class = move || match life.get() {
        Life::Left(Left { is_short: true, .. }) | Life::Over => "lifetime lifetime-short",
        Life::Cleared => "lifetime lifetime-cleared",
        _ => "lifetime",
    };
    let said = move || match life.get() {
        Life::FromEnd => text.get(words::LIFETIME_FROM_END),
        Life::Forever => text.get(words::LIFETIME_FOREVER),
        Life::Over => text.get(words::LIFETIME_OVER),
        Life::Cleared => text.get(words::LIFETIME_CLEARED),
        Life::Left(Left { count, unit, .. }) => {
            let unit = match unit {
                Unit::Second => "second",
                Unit::Minute => "minute",
                Unit::Hour => "hour",
                Unit::Day => "day",
            };
            text.get(words::LifetimeLeft {
                when: text.relative(count, unit),
            })
        }
    };
    view! { <span class=class>{said}</span> }
}
