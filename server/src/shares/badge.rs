//! `GET /badge/{share id}.svg`: name and state of a job in a small picture, where the link's maker has allowed it.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use jobsphere_api::jobs::JobStatus;
use jobsphere_names::isolated;
use jobsphere_service::{Face, JobService};

use super::{
    escape::{escaped, shortened},
    words,
};

/// Letters of the name that are shown.
const NAME_LETTERS: usize = 40;
/// Of a letter, about; the text is stretched to fit.
const LETTER_WIDTH: usize = 7;
const GAP: usize = 8;
/// Of the shape, with its gap.
const SHAPE_WIDTH: usize = 20;

pub(super) async fn give(State(service): State<JobService>, path: Result<Path<String>, PathRejection>) -> Response {
    let file = path.map(|Path(file)| file).unwrap_or_default();
    let id = file.strip_suffix(".svg").unwrap_or_default();
    match service.share_face(id).await {
        Ok(Some(face)) if face.allow_badge => picture(&face),
        Ok(_) => (StatusCode::NOT_FOUND, "There is no such badge.\n").into_response(),
        Err(error) => {
            tracing::warn!("a badge is not given: {}", error.for_operator());
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn picture(face: &Face) -> Response {
    let mut response = draw(face).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=30"),
        // It is made for pages elsewhere.
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A shape of its own for each kind of state, so that colour is not all that tells.
fn shape(status: JobStatus) -> (&'static str, &'static str) {
    match status {
        JobStatus::Success => ("#18794e", "M1 6.5 4.5 10 11 2.5"),
        JobStatus::Error => ("#b42318", "M2 2 10 10M10 2 2 10"),
        JobStatus::Cancelled | JobStatus::Cancelling => ("#475467", "M2 2H10V10H2Z"),
        JobStatus::Executing | JobStatus::UploadingOutput => ("#175cd3", "M3 1.5V10.5L10 6Z"),
        JobStatus::Creating | JobStatus::Preparing | JobStatus::Unspecified => ("#475467", "M6 1V6L9 8"),
    }
}

fn draw(face: &Face) -> String {
    let name = shortened(&words::title(&face.name), NAME_LETTERS);
    let state = words::state(face.status);
    let (colour, path) = shape(face.status);
    let name_width = name.chars().count() * LETTER_WIDTH;
    let state_width = state.len() * LETTER_WIDTH;
    let left = name_width + 2 * GAP;
    let width = left + SHAPE_WIDTH + state_width + GAP;
    let shape_left = left + GAP - 2;
    let state_left = left + SHAPE_WIDTH;
    let name = escaped(&isolated(&name));
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{name}: {state}">
<title>{name}: {state}</title>
<rect width="{width}" height="20" rx="4" fill="#344054"/>
<path d="M{left} 0H{right}a4 4 0 0 1 4 4V16a4 4 0 0 1-4 4H{left}Z" fill="{colour}"/>
<path d="{path}" transform="translate({shape_left} 4)" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">
<text x="{GAP}" y="14" textLength="{name_width}" lengthAdjust="spacingAndGlyphs">{name}</text>
<text x="{state_left}" y="14" textLength="{state_width}" lengthAdjust="spacingAndGlyphs">{state}</text>
</g>
</svg>
"##,
        right = width - 4,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_text_whatever_it_says() {
        let face = Face {
            name: "\"><script>alert(1)</script> a very long name that does not fit into a badge".into(),
            status: JobStatus::Success,
            allow_preview: false,
            allow_badge: true,
            allow_embed: false,
        };
        let svg = draw(&face);
        assert!(
            !svg.contains("<script") && svg.contains("&lt;script&gt;") && svg.contains(": succeeded"),
            "{svg}"
        );
        assert!(svg.contains('…') && !svg.contains("into a badge"));
        let turned = Face {
            name: "report \u{202e}txt.exe".into(),
            ..face.clone()
        };
        assert!(draw(&turned).contains("<title>report ⟨U+202E⟩txt.exe: succeeded"));
        let nameless = Face {
            name: " ".into(),
            status: JobStatus::Executing,
            ..face
        };
        assert!(draw(&nameless).contains("Job: running"));
    }
}
