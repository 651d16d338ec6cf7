//! What differs from the job that this one is run again from.

use leptos::prelude::*;

use crate::{
    app::{
        differences::said,
        name::Name,
        new_job::state::form::Form,
        task::run_while_mounted,
        text::{use_text, words},
    },
    browser::hashing::Pool,
};
use jobsphere_authoring::difference::{self, Change};

/// What differs from the job that this one is run again from.
#[component]
pub(crate) fn Differences(
    /// The form.
    form: Form,
    /// The project in which the job would run.
    project: Memo<String>,
) -> impl IntoView {
    let text = use_text();
    let read = RwSignal::new(0_u32);
    // A content is known to differ, or not to, once it is read.
    Effect::new(move || {
        let unread = if form.source_job().is_some() {
            form.unread()
        } else {
            Vec::new()
        };
        run_while_mounted(async move {
            let pool = Pool::default();
            for (path, source) in unread {
                // What cannot be read is said at Run.
                if source.hash(&pool, &path, |_| ()).await.is_ok() {
                    read.update(|read| *read += 1);
                }
            }
        });
    });
    let changes = Memo::new(move |_| {
        let source = form.source_job()?;
        form.draft();
        read.track();
        let wanted = form.hashed().to_request(&project.get());
        Some(difference::between(&source.request, &wanted))
    });
    let row = move |change: Change| {
        view! {
            <tr>
                <th scope="row" class="code"><Name of=change.name /></th>
                <td class="as-written"><bdi>{said(text, change.before.as_ref())}</bdi></td>
                <td class="as-written"><bdi>{said(text, change.after.as_ref())}</bdi></td>
            </tr>
        }
    };
    let table = move |changes: Vec<Change>| {
        view! {
            <table class="differences">
                <thead>
                    <tr>
                        <th scope="col">{text.say(words::DIFFERENCE_WHAT)}</th>
                        <th scope="col">{text.say(words::DIFFERENCE_BEFORE)}</th>
                        <th scope="col">{text.say(words::DIFFERENCE_AFTER)}</th>
                    </tr>
                </thead>
                <tbody>{changes.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
    };
    move || {
        let changes = changes.get()?;
        let heading = text.get(words::DifferencesHeading { count: changes.len() });
        let is_same = changes.is_empty();
        Some(view! {
            <section aria-labelledby="differences-heading">
                <h2 id="differences-heading">{heading}</h2>
                {(!is_same).then(|| table(changes))}
            </section>
        })
    }
}
