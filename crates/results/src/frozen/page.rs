//! The page itself.

use jobsphere_names::{isolated, readable, saved, shown};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    curve::FrozenCurve,
    line::FrozenLine,
    look::FrozenLook,
    style::{STYLE, rule},
};
use crate::api::{jobs::JobParameters, share::SharedJob};
use jobsphere_rules::return_code;

/// Nothing is loaded and nothing runs, whatever stands in the copy.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// The words of a copy, in the language of whoever makes it.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    /// `en` or `ru`.
    pub language: &'static str,
    /// The state of the job.
    pub status: String,
    /// What the service says beside the state, as `status_details` do in its own words.
    pub details: String,
    /// That this is a copy, and when it was made.
    pub made: String,
    /// Names and values about the job: times, return code.
    pub facts: Vec<(String, String)>,
    /// Heading of the parameters.
    pub parameters: String,
    /// Heading of the command.
    pub command: String,
    /// Heading of the arguments.
    pub arguments: String,
    /// Heading of the variables.
    pub env: String,
    /// Heading of the inputs.
    pub inputs: String,
    /// Which values are not shown; empty when all are.
    pub hidden_env: String,
    /// Heading of the outputs.
    pub outputs: String,
    /// Heading of the curves.
    pub curves: String,
    /// Heading of the log.
    pub log: String,
    /// How many lines of the log are not in the copy; empty when all are.
    pub left_out: String,
}

/// An output in a copy.
#[derive(Debug, Clone)]
pub struct FrozenOutput {
    /// Its path.
    pub path: String,
    /// What it is saved as.
    pub name: String,
    /// Its size, in words.
    pub size: String,
    /// Its digest.
    pub sha256: String,
    /// Its bytes as a `data:` address, or why they are not in the copy.
    pub content: Result<String, String>,
    /// What can be seen of it.
    pub looks: Vec<FrozenLook>,
}

/// What a copy is made of.
#[derive(Debug, Clone)]
pub struct Frozen<'a> {
    /// The words.
    pub labels: &'a Labels,
    /// The job as the link shows it.
    pub job: &'a SharedJob,
    /// Its log.
    pub lines: &'a [FrozenLine],
    /// Its outputs.
    pub outputs: &'a [FrozenOutput],
    /// Its curves.
    pub curves: &'a [FrozenCurve],
}

/// The whole file.
pub fn page(frozen: &Frozen<'_>) -> String {
    let Frozen {
        labels,
        job,
        lines,
        outputs,
        curves,
    } = frozen;
    let sources = sources(lines);
    let rules: String = (0..sources.len()).map(rule).collect();
    let markup = html! {
        (DOCTYPE)
        html lang=(labels.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="robots" content="noindex";
                title { (isolated(&job.name)) ": " (labels.status) }
                style { (PreEscaped(STYLE)) (PreEscaped(rules)) }
            }
            body {
                h1 { (name(&job.name)) }
                p {
                    span.state { (labels.status) }
                    @if says_more(job) { " " span.quiet { (passage(&labels.details)) } }
                }
                @if !job.desc.is_empty() { p.text { (passage(&job.desc)) } }
                dl { @for (name, value) in &labels.facts { div { dt { (name) } dd { (value) } } } }
                p.quiet { (labels.made) }
                @if !outputs.is_empty() { (all_outputs(labels, outputs)) }
                @for look in outputs.iter().flat_map(|output| &output.looks) { (look.figure()) }
                @if !curves.is_empty() {
                    h2 { (labels.curves) }
                    @for curve in *curves { (curve.figure()) }
                }
                @if let Some(parameters) = &job.job_parameters { (all_parameters(labels, parameters)) }
                @if !lines.is_empty() { (log(labels, lines, &sources)) }
            }
        }
    };
    markup.into_string()
}

/// Whether the service says more than the state and the return code, which stands among the facts.
fn says_more(job: &SharedJob) -> bool {
    let code = job.result.as_ref().map(|result| result.return_code);
    let said = job.status_details.trim();
    !said.is_empty() && !return_code::says_all(code, said)
}

/// A name, with what cannot be seen in it made visible; its direction is its own.
fn name(name: &str) -> Markup {
    html! { bdi { (shown(name)) } }
}

/// The same for a text of perhaps several lines.
fn passage(text: &str) -> Markup {
    html! { bdi { (readable(text)) } }
}

fn sources<'a>(lines: &'a [FrozenLine]) -> Vec<&'a str> {
    let mut sources: Vec<&'a str> = Vec::new();
    for line in lines {
        if !sources.contains(&line.source.as_str()) {
            sources.push(&line.source);
        }
    }
    sources
}

fn all_outputs(labels: &Labels, outputs: &[FrozenOutput]) -> Markup {
    html! {
        h2 { (labels.outputs) }
        table {
            @for output in outputs {
                tr {
                    td {
                        @match &output.content {
                            Ok(address) => { a href=(address) download=(saved(&output.name)) { (name(&output.path)) } }
                            Err(reason) => { (name(&output.path)) " " span.quiet { (reason) } }
                        }
                    }
                    td { (output.size) }
                    td { code { (output.sha256) } }
                }
            }
        }
    }
}

fn all_parameters(labels: &Labels, parameters: &JobParameters) -> Markup {
    let mut vars: Vec<_> = parameters.env.iter().flat_map(|env| &env.vars).collect();
    vars.sort();
    html! {
        h2 { (labels.parameters) }
        p.quiet { (labels.command) }
        pre { (readable(&parameters.cmd)) }
        @if !parameters.arguments.is_empty() {
            p.quiet { (labels.arguments) }
            dl { @for argument in &parameters.arguments { div { dt { (name(&argument.name)) } dd.text { (passage(&argument.value)) } } } }
        }
        @if !vars.is_empty() {
            p.quiet { (labels.env) }
            dl { @for (variable, value) in vars { div { dt { (name(variable)) } dd.text { (passage(value)) } } } }
        }
        @if !labels.hidden_env.is_empty() { p.quiet { (labels.hidden_env) } }
        @if !parameters.input_files.is_empty() {
            p.quiet { (labels.inputs) }
            table {
                @for file in &parameters.input_files {
                    tr {
                        td { (name(file.desc.as_ref().map(|desc| desc.path.as_str()).unwrap_or_default())) }
                        td { code { (file.sha256) } }
                    }
                }
            }
        }
    }
}

fn log(labels: &Labels, lines: &[FrozenLine], sources: &[&str]) -> Markup {
    let class = |line: &FrozenLine| {
        let number = sources
            .iter()
            .position(|source| *source == line.source)
            .unwrap_or_default();
        let mark = if line.source == "err" { " stderr" } else { "" };
        format!("s{number}{mark}")
    };
    html! {
        h2 { (labels.log) }
        @if !labels.left_out.is_empty() { p.quiet { (labels.left_out) } }
        p {
            @for (number, source) in sources.iter().enumerate() {
                label.choice { input type="checkbox" checked id=(format!("source-{number}")); " " (name(source)) }
            }
        }
        div.log {
            @for (number, line) in (1_usize..).zip(lines) {
                div id=(format!("L{number}")) class=(class(line)) title=(line.time) {
                    a href=(format!("#L{number}")) { (number) }
                    span.quiet { (name(&line.source)) }
                    span { (passage(&line.text)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::jobs::{Argument, Environment, JobResult},
        table::{Manner, Separator, Table},
    };

    fn manner(separator: char) -> Manner {
        Manner {
            separator: Some(Separator::Char(separator)),
            is_whole: true,
            is_office: false,
        }
    }

    const EVIL: &str = "</style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

    fn line(source: &str, text: &str) -> FrozenLine {
        FrozenLine {
            time: "2026-01-01T00:00:00Z".to_owned(),
            source: source.to_owned(),
            offset: 0,
            text: text.to_owned(),
        }
    }

    #[test]
    fn whatever_stands_in_a_job_is_text_in_its_copy() {
        let job = SharedJob {
            name: EVIL.to_owned(),
            desc: EVIL.to_owned(),
            status_details: EVIL.to_owned(),
            job_parameters: Some(JobParameters {
                cmd: EVIL.to_owned(),
                arguments: vec![Argument {
                    name: EVIL.to_owned(),
                    value: EVIL.to_owned(),
                }],
                env: Some(Environment {
                    vars: [(EVIL.to_owned(), EVIL.to_owned())].into(),
                    ..Environment::default()
                }),
                ..JobParameters::default()
            }),
            ..SharedJob::default()
        };
        let output = FrozenOutput {
            path: EVIL.to_owned(),
            name: EVIL.to_owned(),
            size: "1".to_owned(),
            sha256: "00".to_owned(),
            content: Err(EVIL.to_owned()),
            looks: vec![
                FrozenLook::picture(EVIL.to_owned(), "data:image/png;base64,AA==\"><script>".to_owned()),
                FrozenLook::picture(EVIL.to_owned(), "javascript:alert(1)".to_owned()),
                FrozenLook::table(
                    EVIL.to_owned(),
                    &Table::read(
                        &format!("{}\n1\n{}\n", EVIL.replace(',', ""), EVIL.replace(',', "")),
                        manner(';'),
                    ),
                    EVIL.to_owned(),
                ),
            ],
        };
        let html = page(&Frozen {
            labels: &Labels::default(),
            job: &job,
            lines: &[line(EVIL, EVIL), line("err", "x")],
            outputs: &[output],
            curves: &[FrozenCurve {
                name: EVIL.to_owned(),
                last: EVIL.to_owned(),
                path: EVIL.to_owned(),
                ..FrozenCurve::default()
            }],
        });
        assert!(!html.contains("<script") && !html.contains("<img src=x"), "{html}");
        assert!(!html.contains("javascript:"), "{html}");
        assert_eq!(html.matches("<img ").count(), 1, "{html}");
        assert_eq!(html.matches("</style>").count(), 1);
        assert!(html.contains("&lt;script&gt;"));
    }

    #[test]
    fn the_state_is_said_once() {
        let copy = |said: &str| {
            let labels = Labels {
                status: "Done".to_owned(),
                details: said.to_owned(),
                ..Labels::default()
            };
            let job = SharedJob {
                status_details: said.to_owned(),
                result: Some(JobResult::default()),
                ..SharedJob::default()
            };
            let html = page(&Frozen {
                labels: &labels,
                job: &job,
                lines: &[],
                outputs: &[],
                curves: &[],
            });
            html.split_once("<body>")
                .map(|(_, body)| body.to_owned())
                .expect("a body")
        };
        assert_eq!(copy("Done").matches("Done").count(), 1);
        assert!(copy("The disk is full").contains("The disk is full"));
    }

    #[test]
    fn names_turn_nothing_and_hide_nothing() {
        let job = SharedJob {
            name: "report \u{202e}txt.exe".to_owned(),
            desc: "one\ntwo\u{2066}".to_owned(),
            ..SharedJob::default()
        };
        let output = FrozenOutput {
            path: "out/plot\u{202e}gnp.sh".to_owned(),
            name: "plot\u{202e}gnp.sh".to_owned(),
            looks: Vec::new(),
            size: "1".to_owned(),
            sha256: "00".to_owned(),
            content: Ok("data:,x".to_owned()),
        };
        let html = page(&Frozen {
            labels: &Labels::default(),
            job: &job,
            lines: &[line("דוח.log", "דוח \u{202e}12345")],
            outputs: &[output],
            curves: &[],
        });
        for there in [
            "<title>report ⟨U+202E⟩txt.exe: ",
            "<h1><bdi>report ⟨U+202E⟩txt.exe</bdi></h1>",
            "<bdi>one\ntwo⟨U+2066⟩</bdi>",
            "download=\"plot_gnp.sh\"><bdi>out/plot⟨U+202E⟩gnp.sh</bdi></a>",
            "<bdi>דוח.log</bdi>",
            "<bdi>דוח ⟨U+202E⟩12345</bdi>",
        ] {
            assert!(html.contains(there), "{there}: {html}");
        }
        assert!(!html.contains(['\u{202e}', '\u{2066}']));
    }

    #[test]
    fn every_line_has_an_address_and_every_source_a_box() {
        let job = SharedJob::default();
        let html = page(&Frozen {
            labels: &Labels::default(),
            job: &job,
            lines: &[line("out", "one"), line("err", "two"), line("out", "three")],
            outputs: &[],
            curves: &[],
        });
        assert_eq!(html.matches("type=\"checkbox\"").count(), 2);
        for number in 1..=3 {
            assert!(html.contains(&format!("id=\"L{number}\"")));
        }
        assert!(html.contains("body:has(#source-1:not(:checked)) .s1{display:none}"));
    }
}
