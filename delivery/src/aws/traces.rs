//! X-Ray: takes a trace.

use super::about;
use anyhow::{Result, ensure};
use aws_config::SdkConfig;
use aws_sdk_xray::Client;
use serde::Serialize;

#[derive(Clone, Debug)]
pub struct Traces(Client);

impl Traces {
    pub(super) fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }

    /// Puts a segment with all that lies within it.
    ///
    /// # Errors
    /// X-Ray does not answer, or does not understand it.
    pub async fn put(&self, segment: &impl Serialize) -> Result<()> {
        let document = serde_json::to_string(segment)?;
        let call = self
            .0
            .put_trace_segments()
            .trace_segment_documents(document);
        let answer = call.send().await.map_err(about("PutTraceSegments"))?;
        let refused = answer.unprocessed_trace_segments();
        ensure!(refused.is_empty(), "X-Ray refuses the trace: {refused:?}");
        Ok(())
    }
}
