//! `ReadStdLogs`, the older form of `ReadLogs`: standard output and error only, at the same offsets.

use futures::{StreamExt, stream::BoxStream};

use super::{Caller, JobService, ServiceError};
use crate::api::jobs::{
    LogMessage, ReadProjectJobLogsRequest, ReadProjectJobStdLogsRequest, ReadProjectJobStdLogsResponse, StandardStream,
    StdLog, log_message::Source, std_log::Type,
};

impl JobService {
    pub(super) async fn read_std_logs(
        &self,
        caller: &Caller,
        request: ReadProjectJobStdLogsRequest,
    ) -> Result<BoxStream<'static, Result<ReadProjectJobStdLogsResponse, ServiceError>>, ServiceError> {
        let request = ReadProjectJobLogsRequest {
            job_id: request.job_id,
            offset: request.offset,
        };
        let answers = self.read_logs(caller, request).await?;
        let std_only = answers.map(|answer| {
            answer.map(|answer| ReadProjectJobStdLogsResponse {
                logs: answer.logs.into_iter().filter_map(std_log).collect(),
                offset: answer.offset,
            })
        });
        Ok(std_only.boxed())
    }
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
