//! What looks like a secret in what a link would show.

use leptos::prelude::*;

use crate::{
    api::{
        jobs::StandardStream,
        share::{Finding, SweepResponse, finding, log_place},
    },
    app::text::{Text, use_text},
};

fn kind_id(kind: finding::Kind) -> &'static str {
    match kind {
        finding::Kind::ProjectSecret => "finding-project-secret",
        finding::Kind::EnvValue => "finding-env-value",
        finding::Kind::HiddenText => "finding-hidden-text",
        finding::Kind::Jwt => "finding-jwt",
        finding::Kind::PrivateKey => "finding-private-key",
        finding::Kind::ServiceToken => "finding-service-token",
        finding::Kind::UrlQuery => "finding-url-query",
        finding::Kind::UrlPassword => "finding-url-password",
        finding::Kind::Authorization => "finding-authorization",
        finding::Kind::Assignment => "finding-assignment",
        finding::Kind::Unspecified => "finding-other",
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
            text.with("finding-in-log", [("source", source.into()), ("line", log.line.into())])
        }
        Some(finding::Place::Field(field)) => field.clone(),
        Some(finding::Place::Output(output)) => text.with(
            "finding-in-output",
            [("file", output.path.as_str().into()), ("line", output.line.into())],
        ),
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
        let kind = kind_id(finding.kind());
        let variable = finding.variable.clone();
        let is_hidden = finding.is_hidden;
        let excerpt = finding.excerpt.clone();
        view! {
            <tr>
                <td>{text.say(kind)} " " <code>{variable}</code></td>
                <td class="as-written">{move || place(text, &finding)}</td>
                <td><code class="as-written finding-excerpt">{excerpt}</code></td>
                <td>{text.say(if is_hidden { "finding-hidden" } else { "finding-shown" })}</td>
            </tr>
        }
    };
    let summary = move || {
        if count == 0 {
            text.get("findings-none")
        } else {
            text.with("findings-count", [("count", count.into())])
        }
    };
    view! {
        <section class="findings" aria-labelledby="findings-heading">
            <h2 id="findings-heading">{text.say("findings-heading")}</h2>
            <p role="status">{summary}</p>
            <Show when=move || are_outputs_open>
                <p class="notice notice-warn">{text.say("findings-in-outputs")}</p>
            </Show>
            <Show when=move || swept.is_log_cut>
                <p class="hint">{text.say("findings-log-cut")}</p>
            </Show>
            {(!swept.unread_outputs.is_empty())
                .then(|| {
                    let files = swept.unread_outputs.join(", ");
                    view! {
                        <p class="hint as-written">
                            {move || text.with("findings-unread", [("files", files.as_str().into())])}
                        </p>
                    }
                })}
            {(!swept.too_short_values.is_empty())
                .then(|| {
                    let names = swept.too_short_values.join(", ");
                    view! {
                        <p class="hint as-written">
                            {move || text.with("findings-short", [("names", names.as_str().into())])}
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
                                        <th scope="col">{text.say("finding-kind")}</th>
                                        <th scope="col">{text.say("finding-place")}</th>
                                        <th scope="col">{text.say("finding-excerpt")}</th>
                                        <th scope="col">{text.say("finding-result")}</th>
                                    </tr>
                                </thead>
                                <tbody>{swept.findings.into_iter().map(row).collect_view()}</tbody>
                            </table>
                        </div>
                        <Show when=has_more>
                            <p class="hint">{move || text.with("findings-more", [("count", (count - listed as i64).into())])}</p>
                        </Show>
                    }
                })}
        </section>
    }
}
