//! `ReadStdLogs`, the older form of `ReadLogs`: standard output and error only, at the same offsets.

use futures::{StreamExt, stream::BoxStream};

use super::{ServiceError, read_logs::LogAnswers};
use crate::api::jobs::{
    LogMessage, ReadProjectJobStdLogsResponse, StandardStream, StdLog, log_message::Source, std_log::Type,
};

/// What of the answers is standard output and error.
pub(super) fn std_only(answers: LogAnswers) -> BoxStream<'static, Result<ReadProjectJobStdLogsResponse, ServiceError>> {
    let std_only = answers.map(|answer| {
        answer.map(|answer| ReadProjectJobStdLogsResponse {
            logs: answer.logs.into_iter().filter_map(std_log).collect(),
            offset: answer.offset,
        })
    });
    std_only.boxed()
}

fn std_log(message: LogMessage) -> Option<StdLog> {
    let Some(Source::StandardStream(stream)) = message.source else {
        return None;
    };
    let kind = match StandardStream::try_from(stream) {
        Ok(StandardStream::Out) => Type::Out,
        Ok(StandardStream::Err) => Type::Err,
        _ => Type::Unspecified,
    };
    Some(StdLog {
        content: message.content,
        r#type: kind.into(),
    })
}
