//! A curve of a copy: the line itself, with its ends in words.

use jobsphere_names::{isolated, shown};
use maud::{Markup, html};

/// A curve.
#[derive(Debug, Clone, Default)]
pub struct FrozenCurve {
    /// What it shows.
    pub name: String,
    /// Its newest value.
    pub last: String,
    /// The value at the upper edge.
    pub high: String,
    /// The value at the lower edge.
    pub low: String,
    /// The left edge.
    pub from: String,
    /// The right edge.
    pub to: String,
    /// For the attribute `d`.
    pub path: String,
    /// Width and height of the box that `path` is drawn in.
    pub size: (f64, f64),
}

impl FrozenCurve {
    pub(super) fn figure(&self) -> Markup {
        let (width, height) = self.size;
        html! {
            figure.curve {
                figcaption { bdi { (shown(&self.name)) } " " (self.last) }
                p.quiet { span { (self.high) } }
                svg viewBox=(format!("0 0 {width} {height}")) preserveAspectRatio="none" role="img"
                    aria-label=(format!("{}: {}", isolated(&self.name), self.last)) {
                    path d=(self.path) {}
                }
                p.quiet { span { (self.low) } }
                p.quiet { span { (self.from) } span { (self.to) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_a_line_in_its_box() {
        let curve = FrozenCurve {
            name: "loss".into(),
            last: "0.5".into(),
            path: "M0.0 0.0L9.0 1.0".into(),
            size: (1000.0, 100.0),
            ..FrozenCurve::default()
        };
        let html = curve.figure().into_string();
        assert!(html.contains("viewBox=\"0 0 1000 100\""), "{html}");
        assert!(html.contains("<path d=\"M0.0 0.0L9.0 1.0\">"), "{html}");
    }

    #[test]
    fn its_name_turns_nothing() {
        let curve = FrozenCurve {
            name: "loss\u{202e}7.0".into(),
            last: "0.5".into(),
            ..FrozenCurve::default()
        };
        let html = curve.figure().into_string();
        assert!(
            html.contains("<figcaption><bdi>loss⟨U+202E⟩7.0</bdi> 0.5</figcaption>"),
            "{html}"
        );
        assert!(html.contains("aria-label=\"loss⟨U+202E⟩7.0: 0.5\""), "{html}");
    }
}
