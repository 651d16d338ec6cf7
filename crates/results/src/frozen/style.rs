//! How a frozen copy looks: it carries its own rules.

/// The rules. Which sources are hidden is decided by the check boxes with the same numbers.
pub(super) const STYLE: &str = "
:root{color-scheme:light dark;--ink:light-dark(#1a2130,#e7ebf2);--quiet:light-dark(#566073,#a5afbf);\
--ground:light-dark(#f7f8fa,#12161d);--surface:light-dark(#fff,#1a202a);--line:light-dark(#d5dae2,#333c4b);\
--bad:light-dark(#b3202c,#ff9a9f);--accent:light-dark(#2352bd,#8fb2ff)}
body{max-width:68rem;margin:0 auto;padding:1.5rem;background:var(--ground);color:var(--ink);\
font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.4rem;margin:0}h2{font-size:1.05rem;margin:2rem 0 .5rem}
a{color:var(--accent)}.quiet{color:var(--quiet)}.state{font-weight:600}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(12rem,1fr));gap:.5rem 1rem}
dt{color:var(--quiet);font-size:13px}dd{margin:0;overflow-wrap:anywhere}
pre,.log,code{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}
pre{padding:.75rem;background:var(--surface);border:1px solid var(--line);overflow-x:auto;white-space:pre-wrap}
table{border-collapse:collapse;width:100%}td,th{padding:.3rem .75rem .3rem 0;text-align:left;vertical-align:top;\
overflow-wrap:anywhere}
img{max-width:100%;max-height:30rem}figure{margin:1rem 0}figcaption{font-weight:600}
.scroll{overflow-x:auto}.scroll table{width:auto}.scroll td,.scroll th{border-bottom:1px solid var(--line)}
.number{text-align:right;font-variant-numeric:tabular-nums}
.curve svg{display:block;width:100%;height:8rem;background:var(--surface);border:1px solid var(--line)}
.curve path{fill:none;stroke:var(--accent);stroke-width:1.5;vector-effect:non-scaling-stroke}
.curve p{display:flex;justify-content:space-between;margin:.2rem 0;font-size:13px}
.log{background:var(--surface);border:1px solid var(--line);overflow-x:auto}
.log div{display:grid;grid-template-columns:4.5rem 5.5rem 1fr;gap:.75rem;padding:0 .75rem;content-visibility:auto;\
contain-intrinsic-size:auto 1.5em}
.log div:target{background:light-dark(#fdf6e6,#2d2516)}
.log a{color:var(--quiet);text-decoration:none;text-align:right}
.text{white-space:pre-wrap}.log span:last-child{white-space:pre-wrap;overflow-wrap:anywhere}
.stderr{box-shadow:inset 3px 0 var(--bad)}
.choice{margin-inline-end:1rem}
";

/// Hides the lines of the source with this number while its box is not ticked.
pub(super) fn rule(number: usize) -> String {
    format!("body:has(#source-{number}:not(:checked)) .s{number}{{display:none}}\n")
}
