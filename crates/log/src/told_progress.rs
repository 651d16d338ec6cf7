//! How far a program is, out of what it prints for people: `Epoch 3/20`, `40%|████`, `[3/20]`, `Step 3/12 :`.
//!
//! Of several at once, the slowest counts: epochs before steps, steps before bars. It never goes back, unless another thing
//! is begun after the one before was done.

/// A longer text says nothing of progress.
const MAX_BYTES: usize = 1000;

/// What of it is counted; the first counts most.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Scheme {
    Epochs,
    Steps,
    Parts,
    /// A bar, by the words before it.
    Bar(String),
}

/// The progress so far.
#[derive(Debug, Default)]
pub(crate) struct ToldProgress {
    told: Option<(Scheme, f64)>,
}

impl ToldProgress {
    /// In per cent.
    pub(crate) fn percent(&self) -> Option<u8> {
        self.told.as_ref().map(|(_, share)| (share * 100.0).floor() as u8)
    }

    /// Reads a text that a program printed.
    pub(crate) fn read(&mut self, text: &str) {
        if text.len() > MAX_BYTES || !text.contains(['/', '%']) {
            return;
        }
        let Some((scheme, share)) = told(text) else { return };
        let is_taken = match &self.told {
            None => true,
            Some((its, before)) if *its == scheme => share > *before || *before >= 1.0,
            Some((Scheme::Bar(_), before)) if matches!(scheme, Scheme::Bar(_)) => *before >= 1.0,
            Some((its, _)) => scheme < *its,
        };
        if is_taken {
            self.told = Some((scheme, share));
        }
    }
}

fn told(text: &str) -> Option<(Scheme, f64)> {
    let bar = bar(text);
    let small = text.to_lowercase();
    for (words, scheme) in [
        (&["epoch", "эпоха"][..], Scheme::Epochs),
        (&["step", "iter", "iteration", "batch", "fold"], Scheme::Steps),
    ] {
        if let Some((done, all)) = words.iter().find_map(|word| counted(&small, word)) {
            // The bar is that of the epoch that is under way.
            let share = match &bar {
                Some((_, share)) => (done - 1.0).max(0.0) + share,
                None => done,
            };
            return Some((scheme, share / all));
        }
    }
    if let Some((done, all)) = text
        .trim_start()
        .strip_prefix('[')
        .and_then(fraction)
        .filter(|(.., rest)| rest.starts_with(']'))
        .map(|(done, all, _)| (done, all))
    {
        return Some((Scheme::Parts, done / all));
    }
    let (name, share) = bar?;
    Some((Scheme::Bar(name), share))
}

/// `epoch 3/20`, `epoch [3/20]`, `step: 40 / 100`, `step 3 of 12`, in small letters.
fn counted(small: &str, word: &str) -> Option<(f64, f64)> {
    let at = small.find(word)?;
    if small[..at].ends_with(char::is_alphanumeric) {
        return None;
    }
    let rest = small[at + word.len()..]
        .trim_start_matches('s')
        .trim_start_matches([' ', ':', '[', '#', '=']);
    fraction(rest).map(|(done, all, _)| (done, all))
}

/// `3/20` or `3 of 20` at the beginning, and what follows.
fn fraction(text: &str) -> Option<(f64, f64, &str)> {
    let number = |text: &str| text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let text = text.trim_start();
    let (done, rest) = text.split_at(number(text));
    let rest = rest.trim_start();
    let rest = rest
        .strip_prefix('/')
        .or_else(|| rest.strip_prefix("of "))?
        .trim_start();
    let (all, rest) = rest.split_at(number(rest));
    let (done, all): (u32, u32) = (done.parse().ok()?, all.parse().ok()?);
    let is_date = rest.starts_with(['/', '.', '-']);
    (all > 0 && done <= all && !is_date).then(|| (done.into(), all.into(), rest))
}

/// `name: 40%|███`, `━━━━ 40%`, `[=====>   ] 40%`, `[ 40%] Building`: the words before it, and how much.
fn bar(text: &str) -> Option<(String, f64)> {
    let at = text.find('%')?;
    let before = &text[..at];
    let start = before
        .trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.')
        .len();
    let share: f64 = before[start..]
        .parse()
        .ok()
        .filter(|share| (0.0..=100.0).contains(share))?;
    let is_drawn = |text: &str| {
        text.contains(['█', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '━', '╸', '▓', '░', '■', '#'])
            || text.contains("==")
            || text.contains("--")
            || text.contains(">")
    };
    let after = text[at + 1..].trim_start();
    let is_bar = after.starts_with('|')
        || is_drawn(&before[..start])
            && before[..start]
                .trim_end()
                .ends_with(|letter: char| !letter.is_alphanumeric())
        || after.starts_with(['[', '█', '━', '▓', '■', '#']) && is_drawn(after)
        || before[..start].trim() == "[" && after.starts_with(']');
    let name = |letter: &char| letter.is_alphabetic();
    is_bar.then(|| (before[..start].chars().filter(name).take(60).collect(), share / 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(lines: &[&str]) -> Option<u8> {
        let mut progress = ToldProgress::default();
        lines.iter().for_each(|line| progress.read(line));
        progress.percent()
    }

    #[test]
    fn what_programs_print_moves_it() {
        for (lines, percent) in [
            (&["Epoch 3/20"][..], Some(15)),
            (&["Epoch [3/20], loss 0.5"], Some(15)),
            (&["Epoch 2/4:  50%|#####     | 5/10"], Some(37)),
            (&["epoch 1/2", " 90%|#### | 9/10", "Step 9/10"], Some(50)),
            (&[" 40%|████      | 4/10", "  5%|█ | inner"], Some(40)),
            (&["a: 100%|██|", "b: 10%|█ |"], Some(10)),
            (&["Step 3/12 : RUN make"], Some(25)),
            (&["step 40/100 loss=1"], Some(40)),
            (&["[3/20] Building CXX object a.o", "[2/20] late"], Some(15)),
            (&["[ 40%] Building C object"], Some(40)),
            (&["━━━━━━━━╸━━━━━ 40% 0:00:10"], Some(40)),
            (&["[=====>     ] 55%"], Some(55)),
            (
                &[
                    "accuracy 40%",
                    "2026/01/02 disk 80% full",
                    "see a/b",
                    "[2026/12/01] x",
                    "epoch 5/3",
                ],
                None,
            ),
        ] {
            assert_eq!(after(lines), percent, "{lines:?}");
        }
    }
}
