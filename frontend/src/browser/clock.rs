//! Time: waiting for a while, and what the clock on the wall says.

use futures::channel::oneshot;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::set_timeout_with_handle;
use std::time::Duration;

/// Stops the timer when whoever waited is gone.
struct Timer(Option<TimeoutHandle>);

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(handle) = self.0 {
            handle.clear();
        }
    }
}

/// Milliseconds since 1970, also while the device slept.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// A moment in RFC 3339 as guests read it, in their own time zone: "Tue, 24 Nov, 16:40".
pub fn describe_moment(text: &str) -> String {
    let options = js_sys::Object::new();
    for (part, form) in [
        ("weekday", "short"),
        ("day", "numeric"),
        ("month", "short"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
    ] {
        // Fails for no plain object.
        let _ = js_sys::Reflect::set(&options, &part.into(), &form.into());
    }
    let moment = js_sys::Date::new(&text.into());
    moment.to_locale_string("en-GB", &options).into()
}

/// Comes back after `duration`.
pub async fn sleep(duration: Duration) {
    let (ring, rung) = oneshot::channel();
    let handle = set_timeout_with_handle(
        move || {
            // The sleeper may have been dropped in this very tick; then nobody listens.
            let _ = ring.send(());
        },
        duration,
    );
    let _timer = Timer(handle.ok());
    let _ = rung.await;
}
