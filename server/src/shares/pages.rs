//! `/s/{share id}` and `/embed/{share id}`: the app's page, with a head that tells no more than the link's maker has
//! allowed. What the link shows is fetched by the app, with the secret, which is never in a request for a page.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use http::{HeaderName, HeaderValue};
use jobsphere_service::{Face, JobService};

use super::{
    escape::{escaped, shortened},
    words,
};
use crate::{
    app_files::{self, Pages},
    headers::Framed,
};

/// Letters of the name in a preview.
const NAME_LETTERS: usize = 100;
const NOBODY: &str = "'none'";
const ANYBODY: &str = "*";

type Id = Result<Path<String>, PathRejection>;

/// Who knows the links, and what the operator says of pages.
type Known = State<(JobService, Pages)>;

pub(super) async fn link(State((service, pages)): Known, id: Id) -> Response {
    let face = face(&service, id).await;
    app_files::page_with(&pages, |page| with_head(page, face.as_ref()), NOBODY)
}

pub(super) async fn embed(State((service, pages)): Known, id: Id) -> Response {
    let face = face(&service, id).await;
    if !face.as_ref().is_some_and(|face| face.allow_embed) {
        return app_files::page_with(&pages, |page| with_head(page, face.as_ref()), NOBODY);
    }
    let mut response = app_files::page_with(&pages, |page| with_head(page, face.as_ref()), ANYBODY);
    response.extensions_mut().insert(Framed);
    response.headers_mut().insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    response
}

/// A link that is not good has the page of one that tells nothing: nobody learns which there are.
async fn face(service: &JobService, id: Id) -> Option<Face> {
    let Path(id) = id.ok()?;
    match service.share_face(&id).await {
        Ok(face) => face,
        Err(error) => {
            tracing::warn!("a share link is shown without its preview: {}", error.for_operator());
            None
        }
    }
}

/// The page with the head of this link, in the place of its title.
fn with_head(page: &str, face: Option<&Face>) -> String {
    let head = head(face.filter(|face| face.allow_preview));
    let title = page.find("<title>").zip(page.find("</title>"));
    let (before, behind) = match title {
        Some((start, end)) if start < end => (page.get(..start), page.get(end + "</title>".len()..)),
        _ => match page.find("</head>") {
            Some(end) => (page.get(..end), page.get(end..)),
            None => (Some(""), Some(page)),
        },
    };
    format!("{}{head}{}", before.unwrap_or_default(), behind.unwrap_or_default())
}

fn head(face: Option<&Face>) -> String {
    let (title, description) = match face {
        Some(face) => (
            shortened(words::title(&face.name), NAME_LETTERS),
            format!("State of the job: {}", words::state(face.status)),
        ),
        None => ("A shared job".to_owned(), "A job that was shared by a link".to_owned()),
    };
    let (title, description) = (escaped(&title), escaped(&description));
    format!(
        r#"<title>{title} – Jobsphere</title>
    <meta name="robots" content="noindex" />
    <meta name="description" content="{description}" />
    <meta property="og:type" content="website" />
    <meta property="og:site_name" content="Jobsphere" />
    <meta property="og:title" content="{title}" />
    <meta property="og:description" content="{description}" />
    <meta name="twitter:card" content="summary" />"#
    )
}

#[cfg(test)]
mod tests {
    use jobsphere_api::jobs::JobStatus;

    use super::*;

    const PAGE: &str = "<html><head><title>Jobsphere</title><base href=\"/\"></head><body></body></html>";

    #[test]
    fn the_head_tells_what_is_allowed_and_is_text() {
        let mut face = Face {
            name: "\"><script>alert(1)</script>".into(),
            status: JobStatus::Error,
            allow_preview: true,
            allow_badge: false,
            allow_embed: false,
        };
        let told = with_head(PAGE, Some(&face));
        assert!(told.contains("<title>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; – Jobsphere</title>"));
        assert!(
            told.contains("State of the job: failed") && !told.contains("<script"),
            "{told}"
        );
        assert!(told.contains("<base href=\"/\">"));
        face.allow_preview = false;
        let neutral = with_head(PAGE, Some(&face));
        assert_eq!(neutral, with_head(PAGE, None));
        assert!(neutral.contains("noindex") && !neutral.contains("failed") && !neutral.contains("<script"));
    }
}
