//! Switches in the address.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_query_map};

use crate::app::{address::use_go, compare::state::comparison::Comparison};

/// Switches a flag of the address over, in place.
pub(crate) fn switch_over(comparison: Comparison, flag: &'static str) -> impl Fn(leptos::ev::Event) {
    let query = use_query_map();
    let navigate = use_go();
    move |_| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&comparison.switched(&query.read_untracked(), flag), options);
    }
}
