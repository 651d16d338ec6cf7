//! What a frozen copy holds of outputs and curves.

use leptos::prelude::*;

use crate::{
    api::share::SharedOutput,
    app::{
        job::{
            log::state::log::Log,
            results::state::preview::{Shown, show},
            shared::state::looks::{Look, MAX_BYTES, fetch, file_name, is_folder, looks},
        },
        series::{
            axes::{edges, is_told, kept_way, place_words},
            title, value,
        },
        text::{Text, words},
    },
    browser::shared_file,
};
use jobsphere_client::shares::ShareCredentials;
use jobsphere_log::{
    model::Series,
    plot::{HEIGHT, WIDTH},
    series::{
        axis::{Axis, Drawn, Offer, Way},
        measure::Measure,
    },
};
use jobsphere_results::{
    frozen::{FrozenCurve, FrozenLook, FrozenOutput, MAX_ROWS, is_picture},
    kind::Kind,
};

/// Larger outputs are named alone.
const MAX_OUTPUT_BYTES: i64 = 25_000_000;
/// All outputs together.
const MAX_OUTPUTS_BYTES: i64 = 100_000_000;
/// Pictures out of folders stand in the copy a second time, up to this size together.
const MAX_PICTURES_BYTES: usize = 30_000_000;

/// The outputs, with what can be seen of them.
pub(super) async fn outputs(text: Text, credentials: &ShareCredentials, outputs: &[SharedOutput]) -> Vec<FrozenOutput> {
    let mut frozen = Vec::new();
    let mut left_bytes = MAX_OUTPUTS_BYTES;
    let mut left_for_pictures = MAX_PICTURES_BYTES;
    for output in outputs {
        let fits = output.size_bytes <= MAX_OUTPUT_BYTES.min(left_bytes);
        let (content, looks) = match (output.is_there, fits) {
            (false, _) => (Err(text.get(words::SHARED_OUTPUT_MISSING)), Vec::new()),
            (true, false) => (Err(text.get(words::COPY_OUTPUT_TOO_LARGE)), Vec::new()),
            (true, true) => {
                left_bytes -= output.size_bytes;
                one(text, credentials, output, &mut left_for_pictures).await
            }
        };
        frozen.push(FrozenOutput {
            path: output.path.clone(),
            name: file_name(output),
            size: text.size(output.size_bytes as f64),
            sha256: output.sha256.clone(),
            content,
            looks,
        });
    }
    frozen
}

async fn one(
    text: Text,
    credentials: &ShareCredentials,
    output: &SharedOutput,
    left_for_pictures: &mut usize,
) -> (Result<String, String>, Vec<FrozenLook>) {
    let file = match fetch(credentials, output).await {
        Ok(file) => file,
        Err(reason) => {
            return (
                Err(reason.unwrap_or_else(|| text.get(words::COPY_OTHER_BYTES))),
                Vec::new(),
            );
        }
    };
    let mut frozen = Vec::new();
    if output.size_bytes <= MAX_BYTES {
        for look in looks(&file, output).await {
            frozen.extend(frozen_look(text, look, left_for_pictures).await);
        }
    }
    let kind = if is_folder(output) {
        "application/zip"
    } else {
        "application/octet-stream"
    };
    (shared_file::data_url(&file, kind).await, frozen)
}

async fn frozen_look(text: Text, look: Look, left_for_pictures: &mut usize) -> Option<FrozenLook> {
    let Look { path, bytes, is_whole } = look;
    if let Kind::Image(kind) = Kind::of(&path, &bytes) {
        if !is_picture(kind) {
            return None;
        }
        *left_for_pictures = left_for_pictures.checked_sub(bytes.len())?;
        let blob = shared_file::blob(&bytes).ok()?;
        let address = shared_file::data_url(&blob, kind).await.ok()?;
        return Some(FrozenLook::picture(path, address));
    }
    let Shown::Table(table) = show(&path, &bytes, is_whole).await else {
        return None;
    };
    let total = table.rows.len();
    let shown = total.min(MAX_ROWS);
    let note = untrack(|| {
        if is_whole {
            text.get(words::TableRows { shown, total })
        } else {
            text.get(words::TableRowsRead { shown, total })
        }
    });
    Some(FrozenLook::table(path, &table, note))
}

/// The curves as they are drawn on the page.
pub(super) fn curves(text: Text, log: Log) -> Vec<FrozenCurve> {
    let series = log.series.get();
    let drawn: Vec<&Series> = series.iter().filter(|series| series.points.len() > 1).collect();
    let told = || drawn.iter().filter(|series| is_told(series.origin));
    let way = kept_way(&Offer::of(told().map(|series| series.points.as_slice())));
    let times = Axis::Time.reach(drawn.iter().flat_map(|series| &series.points));
    let places = way.axis.reach(told().flat_map(|series| &series.points));
    let curve = |series: &&Series| {
        let way = if is_told(series.origin) { way } else { Way::default() };
        let curve = way.draw(&series.points);
        let ends = if curve.way.axis == Axis::Time { times } else { places };
        frozen(text, series, &curve, ends)
    };
    drawn.iter().map(curve).collect()
}

fn frozen(text: Text, series: &Series, curve: &Drawn, ends: (i64, i64)) -> FrozenCurve {
    let span = curve.span(ends);
    let (low, high) = edges(curve.way, &span);
    let measured = |number: f64| value(text, Measure::of(series.origin, &series.name), number);
    let said = |place| place_words(text, curve.way.axis, place, |millis| text.clock(millis));
    let name = title(text, series.origin, &series.name);
    FrozenCurve {
        name: match curve.way.is_log {
            true => format!("{name} · {}", text.get(words::AXIS_LOG)),
            false => name,
        },
        last: series
            .points
            .last()
            .map(|point| measured(point.value))
            .unwrap_or_default(),
        high: measured(high),
        low: measured(low),
        from: said(ends.0),
        to: said(ends.1),
        path: span.path(&curve.shape),
        size: (WIDTH, HEIGHT),
    }
}
