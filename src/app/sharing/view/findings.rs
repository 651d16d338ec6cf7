//! What looks like a secret in what a link would show.

use leptos::prelude::*;

use crate::{
    api::{
        jobs::StandardStream,
        share::{Finding, SweepResponse, finding, log_place},
    },
    app::{
        name::Name,
        text::{Message, Text, use_text, words},
    },
};
use jobsphere_names::{list, said};

fn kind_message(kind: finding::Kind) -> Message {
    match kind {
        finding::Kind::ProjectSecret => words::FINDING_PROJECT_SECRET,
        finding::Kind::EnvValue => words::FINDING_ENV_VALUE,
        finding::Kind::HiddenText => words::FINDING_HIDDEN_TEXT,
        finding::Kind::Jwt => words::FINDING_JWT,
        finding::Kind::PrivateKey => words::FINDING_PRIVATE_KEY,
        finding::Kind::ServiceToken => words::FINDING_SERVICE_TOKEN,
        finding::Kind::UrlQuery => words::FINDING_URL_QUERY,
        finding::Kind::UrlPassword => words::FINDING_URL_PASSWORD,
        finding::Kind::Authorization => words::FINDING_AUTHORIZATION,
        finding::Kind::Assignment => words::FINDING_ASSIGNMENT,
        finding::Kind::Unspecified => words::FINDING_OTHER,
    }
}

/// Where it is, in words.
fn place(text: Text, finding: &Finding) -> String {
    match &finding.place {
        Some(finding::Place::Log(log)) => {
            let source = match &log.source {
                Some(log_place::Source::FilePath(path)) => path.clone(),
                Some(log_place::Source::StandardStream(stream)) => match StandardStream::try_from(*stream) {
                    Ok(StandardStream::Err) => "stderr".to_owned(),
                    _ => "stdout".to_owned(),
                },
                None => String::new(),
            };
            text.get(words::FindingInLog { source, line: log.line })
        }
        Some(finding::Place::Field(field)) => field.clone(),
        Some(finding::Place::Output(output)) => text.get(words::FindingInOutput {
            file: output.path.as_str(),
            line: output.line,
        }),
        None => String::new(),
    }
}

/// The findings, for the maker to look at before the link is made.
#[component]
pub(crate) fn Findings(swept: SweepResponse) -> impl IntoView {
    let text = use_text();
    let count = swept.count;
    let listed = swept.findings.len();
    let has_more = move || count > listed as i64;
    let are_outputs_open = swept.findings.iter().any(|finding| !finding.is_hidden);
    let row = move |finding: Finding| {
        let kind = kind_message(finding.kind());
        let variable = finding.variable.clone();
        let is_hidden = finding.is_hidden;
        let excerpt = finding.excerpt.clone();
        view! {
            <tr>
                <td>{text.say(kind)} " " <code><Name of=variable /></code></td>
                <td class="as-written">{move || place(text, &finding)}</td>
                <td><code class="as-written finding-excerpt">{said(&excerpt).into_owned()}</code></td>
                <td>{text.say(if is_hidden { words::FINDING_HIDDEN } else { words::FINDING_SHOWN })}</td>
            </tr>
        }
    };
    let summary = move || {
        if count == 0 {
            text.get(words::FINDINGS_NONE)
        } else {
            text.get(words::FindingsCount { count })
        }
    };
    view! {
        <section class="findings" aria-labelledby="findings-heading">
            <h2 id="findings-heading">{text.say(words::FINDINGS_HEADING)}</h2>
            <p role="status">{summary}</p>
            <Show when=move || are_outputs_open>
                <p class="notice notice-warn">{text.say(words::FINDINGS_IN_OUTPUTS)}</p>
            </Show>
            <Show when=move || swept.is_log_cut>
                <p class="hint">{text.say(words::FINDINGS_LOG_CUT)}</p>
            </Show>
            {(!swept.unread_outputs.is_empty())
                .then(|| {
                    let files = list(&swept.unread_outputs);
                    view! {
                        <p class="hint as-written">
                            {move || text.get(words::FindingsUnread { files: files.as_str() })}
                        </p>
                    }
                })}
            {(!swept.too_short_values.is_empty())
                .then(|| {
                    let names = list(&swept.too_short_values);
                    view! {
                        <p class="hint as-written">
                            {move || text.get(words::FindingsShort { names: names.as_str() })}
                        </p>
                    }
                })}
            {(listed > 0)
                .then(|| {
                    view! {
                        <div class="wide" tabindex="0" role="region" aria-labelledby="findings-heading">
                            <table>
                                <thead>
                                    <tr>
                                        <th scope="col">{text.say(words::FINDING_KIND)}</th>
                                        <th scope="col">{text.say(words::FINDING_PLACE)}</th>
                                        <th scope="col">{text.say(words::FINDING_EXCERPT)}</th>
                                        <th scope="col">{text.say(words::FINDING_RESULT)}</th>
                                    </tr>
                                </thead>
                                <tbody>{swept.findings.into_iter().map(row).collect_view()}</tbody>
                            </table>
                        </div>
                        <Show when=has_more>
                            <p class="hint">{move || text.get(words::FindingsMore {
                                count: count - listed as i64,
                            })}</p>
                        </Show>
                    }
                })}
        </section>
    }
}
