//! Where in its work a program is: `Epoch 3/10`, `iter 40:`, `[100]` of boosters.

use super::Number;

/// Words for a place, and what their series is called.
const WORDS: [(&str, &str); 7] = [
    ("epoch", "epoch"),
    ("epochs", "epoch"),
    ("step", "step"),
    ("steps", "step"),
    ("iter", "step"),
    ("iteration", "step"),
    ("round", "step"),
];

/// Reads the places of a text.
pub(super) fn read(text: &str, found: &mut Vec<Number>) {
    let start = text.trim_start();
    // LightGBM and XGBoost: `[100]`, a tab, and what was measured in this round.
    if let Some((round, _)) = start.strip_prefix('[').and_then(|rest| rest.split_once("]\t"))
        && let Ok(round) = round.parse::<u32>()
    {
        found.push(("step".to_owned(), round.into()));
    }
    let words = start.split(|letter: char| !letter.is_ascii_alphabetic());
    let mut at = 0;
    for word in words {
        let begin = at;
        at += word.len() + 1;
        let Some((_, name)) = WORDS.iter().find(|(its, _)| its.eq_ignore_ascii_case(word)) else {
            continue;
        };
        if start[..begin].ends_with(|letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '/' | '-'))
        {
            continue;
        }
        let rest = start[begin + word.len()..].trim_start_matches([':', ' ', '[', '#', '=']);
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let is_apart =
            !rest[end..].starts_with(|letter: char| letter == '.' || letter.is_alphanumeric() || letter == '=');
        if let Ok(number) = rest[..end].parse::<u32>()
            && is_apart
            && !start[begin + word.len()..].trim_start().starts_with('=')
            && !found.iter().any(|(its, _)| its == name)
        {
            found.push(((*name).to_owned(), number.into()));
        }
    }
}

/// Whether a series tells the step.
pub(in crate::series) fn is_step(name: &str) -> bool {
    ["step", "steps", "iter", "iteration", "global_step"].contains(&last_word(name).as_str())
}

/// Whether a series tells the epoch.
pub(in crate::series) fn is_epoch(name: &str) -> bool {
    last_word(name) == "epoch"
}

fn last_word(name: &str) -> String {
    name.rsplit(['_', '.', '/', '-'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}
