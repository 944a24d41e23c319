//! The camera as one screen uses it: opening, live, counting down, or not to be had.

use crate::browser::camera::{Camera, Lens};
use crate::browser::capture::take_photo;
use crate::browser::clock::sleep;
use crate::problem::Problem;
use crate::session::Session;
use futures::future::{AbortHandle, abortable};
use leptos::{html, prelude::*, task::spawn_local};
use std::time::Duration;

/// Time enough to smile, not to tire of smiling.
const COUNTDOWN_SECONDS: u32 = 3;

/// What the camera is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finder {
    Opening,
    Live,
    Blocked(Problem),
}

/// The live picture and its shutter. Everything ends with the component that made it.
#[derive(Clone, Copy)]
pub struct Viewfinder {
    pub video: NodeRef<html::Video>,
    pub state: RwSignal<Finder>,
    /// Whether guests see themselves, as in a mirror.
    pub is_mirror: RwSignal<bool>,
    /// Seconds until the shutter, while it counts.
    pub count: RwSignal<Option<u32>>,
    /// The camera that "switch" opens.
    pub next_lens: RwSignal<Option<Lens>>,
    camera: StoredValue<Option<Camera>, LocalStorage>,
    countdown: StoredValue<Option<AbortHandle>>,
    session: Session,
}

impl Viewfinder {
    pub fn new(session: Session) -> Self {
        let finder = Self {
            video: NodeRef::new(),
            state: RwSignal::new(Finder::Opening),
            is_mirror: RwSignal::new(true),
            count: RwSignal::new(None),
            next_lens: RwSignal::new(None),
            camera: StoredValue::new_local(None),
            countdown: StoredValue::new(None),
            session,
        };
        on_cleanup(move || finder.stop_countdown());
        finder
    }

    /// Opens a camera in place of the one that is open.
    pub fn open(self, lens: Lens) {
        self.stop_countdown();
        self.state.set(Finder::Opening);
        // Many phones refuse a second camera while the first is open.
        self.camera.set_value(None);
        spawn_local(async move {
            let unplugged = move || {
                self.stop_countdown();
                self.state.try_set(Finder::Blocked(Problem::CameraBusy));
            };
            match Camera::open(&lens, unplugged).await {
                Ok(camera) => self.go_live(camera).await,
                Err(problem) => {
                    self.state.try_set(Finder::Blocked(problem));
                }
            }
        });
    }

    /// Opens the other camera, once the one before it is live.
    pub fn switch(self) {
        let is_live = self.state.with_untracked(|state| *state == Finder::Live);
        if let Some(lens) = self.next_lens.get_untracked().filter(|_| is_live) {
            self.open(lens);
        }
    }

    async fn go_live(self, camera: Camera) {
        let next_lens = camera.next_lens().await;
        // Nothing to show it in: the guest has left while the browser asked for leave.
        let Some(video) = self.video.try_get_untracked().flatten() else {
            return;
        };
        camera.show_in(&video);
        self.is_mirror.set(camera.looks_at_guest());
        self.next_lens.set(next_lens);
        self.camera.set_value(Some(camera));
        self.state.set(Finder::Live);
    }

    /// The shutter: starts the countdown, or stops it when it runs.
    pub fn press_shutter(self) {
        if self.count.get_untracked().is_some() {
            self.stop_countdown();
        } else if self.state.with_untracked(|state| *state == Finder::Live) {
            let (counting, handle) = abortable(self.count_and_shoot());
            self.countdown.set_value(Some(handle));
            spawn_local(async move {
                // A stopped countdown takes no photo.
                let _ = counting.await;
            });
        }
    }

    async fn count_and_shoot(self) {
        for seconds in (1..=COUNTDOWN_SECONDS).rev() {
            self.count.set(Some(seconds));
            sleep(Duration::from_secs(1)).await;
        }
        let Some(video) = self.video.get_untracked() else {
            return;
        };
        let taken = take_photo(&video).await;
        self.count.set(None);
        match taken {
            Ok(file) => self.session.take_photo(file),
            Err(problem) => self.state.set(Finder::Blocked(problem)),
        }
    }

    fn stop_countdown(self) {
        if let Some(handle) = self.countdown.try_update_value(Option::take).flatten() {
            handle.abort();
        }
        self.count.try_set(None);
    }
}
