//! An answer on its way to the client: it holds its target's place, and notes how it ended.

use super::tally::{Ending, Sample, Tally};
use super::targets::Lease;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio_util::sync::WaitForCancellationFutureOwned;

/// What made an answer end too early; the client's connection ends with it.
pub type Cause = Box<dyn Error + Send + Sync>;

/// A target's body, frame by frame.
pub struct Tracked {
    body: Incoming,
    /// `None` once it is noted.
    note: Option<Note>,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
}

/// What will be noted.
struct Note {
    tally: Arc<Tally>,
    sample: Sample,
    _lease: Lease,
}

impl Tracked {
    /// `sample` says all but how the body ends.
    pub fn new(body: Incoming, sample: Sample, lease: Lease, tally: Arc<Tally>) -> Self {
        Self {
            body,
            cut: Box::pin(lease.cut().cancelled_owned()),
            note: Some(Note {
                tally,
                sample,
                _lease: lease,
            }),
        }
    }

    fn end(&mut self, ending: Ending) {
        if let Some(mut note) = self.note.take() {
            note.sample.ending = ending;
            note.tally.add(note.sample);
        }
    }
}

impl Body for Tracked {
    type Data = Bytes;
    type Error = Cause;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cause>>> {
        if self.note.is_some() && self.cut.as_mut().poll(context).is_ready() {
            self.end(Ending::Broken);
            return Poll::Ready(Some(Err("the target was taken away".into())));
        }
        let frame = Pin::new(&mut self.body).poll_frame(context);
        match &frame {
            Poll::Ready(None) => self.end(Ending::Complete),
            Poll::Ready(Some(Err(_))) => self.end(Ending::Broken),
            _ => {}
        }
        frame.map_err(Cause::from)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        // One of a known length is not asked for its end.
        let ending = if self.body.is_end_stream() {
            Ending::Complete
        } else {
            Ending::Abandoned
        };
        self.end(ending);
    }
}
