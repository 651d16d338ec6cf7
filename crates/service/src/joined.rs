//! What a command prints at once, as one message.
//!
//! A traceback is written line by line. The published client strips each message of the blanks around it, so that lines
//! which are messages of their own lose their indentation.

use futures::{
    StreamExt,
    future::{BoxFuture, Either, select},
};

use super::read_logs::LogAnswers;
use crate::api::jobs::{LogMessage, ReadProjectJobLogsResponse, log_message::Source};

/// An answer grows no further than this, and a message no further than about a quarter of it.
const MOST_BYTES: usize = 256 * 1024;
/// No message is cut where an answer has so many.
const MOST_PIECES: usize = 5_000;
/// What a message takes beside its content, and no less.
const AROUND_BYTES: usize = 40;

/// The same answers, in which neighbours of one standard stream are one message. An answer waits for others as long as
/// `moment` takes.
pub(super) fn joined(answers: LogAnswers, moment: impl Fn() -> BoxFuture<'static, ()> + Send + 'static) -> LogAnswers {
    let state = Some(Joining {
        answers: answers.fuse().boxed(),
        next: None,
        moment,
    });
    futures::stream::unfold(state, |state| async {
        let mut joining = state?;
        let mut whole = match joining.next.take() {
            Some(answer) => answer,
            None => match joining.answers.next().await? {
                Ok(answer) => answer,
                Err(error) => return Some((Err(error), None)),
            },
        };
        join(&mut whole.logs, 0);
        if let Some(error) = joining.gather(&mut whole).await {
            // What was read before is told before.
            joining.answers = futures::stream::iter([Err(error)]).fuse().boxed();
        }
        Some((Ok(whole), Some(joining)))
    })
    .boxed()
}

struct Joining<F> {
    answers: LogAnswers,
    /// What came and belongs to the answer after this.
    next: Option<ReadProjectJobLogsResponse>,
    moment: F,
}

impl<F: Fn() -> BoxFuture<'static, ()>> Joining<F> {
    /// Adds to an answer what comes within the moment; what went wrong meanwhile.
    async fn gather(&mut self, whole: &mut ReadProjectJobLogsResponse) -> Option<super::ServiceError> {
        // An empty one says that nothing is there, and nobody waits for more.
        if whole.logs.is_empty() {
            return None;
        }
        let mut over = (self.moment)();
        loop {
            let answer = match select(self.answers.next(), over).await {
                Either::Left((Some(Ok(answer)), rest)) => {
                    over = rest;
                    answer
                }
                Either::Left((Some(Err(error)), _)) => return Some(error),
                Either::Left((None, _)) | Either::Right(_) => return None,
            };
            if bytes(&whole.logs) + bytes(&answer.logs) > MOST_BYTES {
                self.next = Some(answer);
                return None;
            }
            let known = whole.logs.len();
            whole.logs.extend(answer.logs);
            whole.offset = answer.offset;
            join(&mut whole.logs, known.saturating_sub(1));
        }
    }
}

fn bytes(messages: &[LogMessage]) -> usize {
    messages
        .iter()
        .map(|message| message.content.len() + AROUND_BYTES)
        .sum()
}

/// Makes neighbours one, from the message with the number `from`. Lines that are no text stay messages of their own: a
/// client that cannot read one shows it as bytes.
fn join(messages: &mut Vec<LogMessage>, from: usize) {
    let rest = messages.split_off(from);
    let mut last_is_text = messages.last().is_some_and(|last| is_text(&last.content));
    for message in rest {
        let left = MOST_PIECES.saturating_sub(messages.len());
        for (piece, piece_is_text) in pieces(message, left) {
            let alike = last_is_text == piece_is_text;
            match messages
                .last_mut()
                .filter(|last| alike && belong_together(last, &piece))
            {
                Some(last) => last.content.extend(piece.content),
                None => messages.push(piece),
            }
            last_is_text = piece_is_text;
        }
    }
}

/// The message, or its lines where it is no text and they are fewer than `most`; whether each is text.
fn pieces(message: LogMessage, most: usize) -> Vec<(LogMessage, bool)> {
    let is_all_text = is_text(&message.content);
    if is_all_text || !matches!(message.source, Some(Source::StandardStream(_))) {
        return vec![(message, is_all_text)];
    }
    let LogMessage {
        content,
        created_at,
        source,
    } = message;
    let piece = |content: &[u8]| {
        let message = LogMessage {
            content: content.to_vec(),
            created_at,
            source: source.clone(),
        };
        (message, is_text(content))
    };
    // What is no text at all stays whole.
    match content.iter().filter(|byte| **byte == b'\n').count() {
        lines if lines < most => content.split_inclusive(|byte| *byte == b'\n').map(piece).collect(),
        _ => vec![piece(&content)],
    }
}

fn is_text(content: &[u8]) -> bool {
    std::str::from_utf8(content).is_ok()
}

/// A long message ends where a line does that is not followed by an indented one.
fn belong_together(last: &LogMessage, next: &LogMessage) -> bool {
    let goes_on = !last.content.ends_with(b"\n") || next.content.first().is_some_and(u8::is_ascii_whitespace);
    let most = if goes_on { MOST_BYTES } else { MOST_BYTES / 4 };
    matches!(last.source, Some(Source::StandardStream(_)))
        && last.source == next.source
        && last.content.len() + next.content.len() <= most
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;
    use crate::ServiceError;

    fn said<T: AsRef<[u8]>>(stream: i32, texts: &[T], offset: i64) -> Result<ReadProjectJobLogsResponse, ServiceError> {
        let message = |text: &T| LogMessage {
            content: text.as_ref().to_vec(),
            created_at: None,
            source: Some(Source::StandardStream(stream)),
        };
        Ok(ReadProjectJobLogsResponse {
            logs: texts.iter().map(message).collect(),
            offset,
        })
    }

    fn read(answers: Vec<Result<ReadProjectJobLogsResponse, ServiceError>>, is_late: bool) -> Vec<(String, i64)> {
        let moment = move || match is_late {
            true => futures::future::ready(()).boxed(),
            false => futures::future::pending().boxed(),
        };
        let answers = futures::stream::unfold(answers.into_iter(), |mut answers| async {
            let answer = answers.next()?;
            Some((answer, answers))
        })
        .boxed();
        let told: Vec<_> = joined(answers, moment).collect().now_or_never().unwrap();
        told.into_iter()
            .map(|answer| {
                let answer = answer.unwrap_or_else(|error| said(0, &[&format!("{error}|")], -1).unwrap());
                let texts = answer.logs.iter().map(|log| String::from_utf8_lossy(&log.content));
                (texts.collect::<Vec<_>>().join("|"), answer.offset)
            })
            .collect()
    }

    #[test]
    fn what_is_printed_at_once_is_one_message() {
        let lines = [said(1, &["Traceback\n", "  File\n"], 17), said(1, &["    x\n"], 23)];
        let answers = lines.into_iter().chain([said(2, &["Error\n"], 29)]).collect();
        let whole = "Traceback\n  File\n    x\n|Error\n".to_owned();
        assert_eq!(read(answers, false), [(whole, 29)]);
    }

    #[test]
    fn a_line_that_is_no_text_is_a_message_of_its_own() {
        let lines: [&[u8]; 3] = [b"before\nand ", b"\xe9t\xe9\nbehind\n", b"and more\n"];
        let answers = vec![said(1, &lines, 30), said(1, &["the end\n"], 38)];
        let told = "before\nand |\u{fffd}t\u{fffd}\n|behind\nand more\nthe end\n".to_owned();
        assert_eq!(read(answers, false), [(told, 38)]);
    }

    #[test]
    fn an_error_comes_behind_what_was_read() {
        let error = Err(ServiceError::Precondition("no more".into()));
        let told = read(vec![said(1, &["a\n"], 2), error, said(1, &["b\n"], 4)], false);
        assert_eq!(told.len(), 2);
        assert_eq!(told[0], ("a\n".to_owned(), 2));
        assert!(told[1].0.contains("no more"), "{told:?}");
    }

    #[test]
    fn nobody_waits_longer_than_the_moment_nor_behind_what_is_empty() {
        let empty = said::<&str>(1, &[], 0);
        assert_eq!(read(vec![empty], false), [(String::new(), 0)]);
        let long = "x".repeat(200_000) + "\n";
        let answers = vec![said(1, &[&long], 200_001), said(1, &[&long], 400_002)];
        let told = read(answers, true);
        assert_eq!(
            told.iter().map(|(_, offset)| *offset).collect::<Vec<_>>(),
            [200_001, 400_002]
        );
    }
}
