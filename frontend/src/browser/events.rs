//! Server-sent events as a stream of texts.

use futures::Stream;
use futures::channel::mpsc;
use std::pin::Pin;
use std::task::{Context, Poll};
use wasm_bindgen::prelude::*;
use web_sys::{EventSource, MessageEvent};

/// The data of each event, in order. Ends at the first fault of the connection: whoever reads it
/// asks the server itself then, which is simpler to be right about than the browser's own retries.
pub struct EventStream {
    source: EventSource,
    texts: mpsc::UnboundedReceiver<String>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut()>,
}

impl EventStream {
    /// Starts listening. Nothing in browsers that have no event source.
    pub fn open(url: &str) -> Option<Self> {
        let source = EventSource::new(url).ok()?;
        let (sender, texts) = mpsc::unbounded();
        let closer = sender.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                // The reader may have left in this very tick.
                let _ = sender.unbounded_send(text);
            }
        });
        let on_error = Closure::<dyn FnMut()>::new(move || closer.close_channel());
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self {
            source,
            texts,
            _on_message: on_message,
            _on_error: on_error,
        })
    }
}

impl Stream for EventStream {
    type Item = String;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<String>> {
        Pin::new(&mut self.texts).poll_next(context)
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}
