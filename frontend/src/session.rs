//! One guest's visit as it happens: the [`Booth`]'s state as signals, the photo's bytes, the errand under way.

use crate::api as backend;
use crate::booth::{Booth, Event, Place, Receipt};
use crate::browser::clock::now_ms;
use crate::browser::photo_file::{File, PhotoFile, forget_preview};
use crate::errand::{fetch_portrait, withdraw};
use crate::presence::{Outlook, Presence};
use crate::problem::Problem;
use api::{Share, Theme};
use futures::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The themes, as far as they are known.
#[derive(Clone, Debug, PartialEq)]
pub enum Shelf {
    Loading,
    Filled(Vec<Theme>),
    Failed(Problem),
}

/// What every page is given: cheap to copy, alive as long as the page.
#[derive(Clone, Copy)]
pub struct Session {
    booth: RwSignal<Booth>,
    shelf: RwSignal<Shelf>,
    /// Why the last file was not taken.
    file_problem: RwSignal<Option<Problem>>,
    presence: StoredValue<Presence>,
    film: StoredValue<Option<PhotoFile>, LocalStorage>,
    errand: StoredValue<Option<AbortHandle>>,
}

impl Session {
    /// Opens the booth and asks for the themes, so that they are there when the guest is.
    pub fn begin() -> Self {
        let session = Self {
            booth: RwSignal::new(Booth::default()),
            shelf: RwSignal::new(Shelf::Loading),
            file_problem: RwSignal::new(None),
            presence: StoredValue::new(Presence::seen(now_ms())),
            film: StoredValue::new_local(None),
            errand: StoredValue::new(None),
        };
        session.load_themes();
        session
    }

    /// The session that [`App`](crate::app::App) has begun.
    pub fn current() -> Self {
        expect_context()
    }

    /// Changes only when one screen gives way to another.
    pub fn place(self) -> Memo<Place> {
        Memo::new(move |_| self.booth.with(Booth::place))
    }

    /// Something of the booth, followed while it changes.
    pub fn read<T>(self, look: impl FnOnce(&Booth) -> T) -> T {
        self.booth.with(look)
    }

    /// Something of the booth, as it is now.
    pub fn glance<T>(self, look: impl FnOnce(&Booth) -> T) -> T {
        self.booth.with_untracked(look)
    }

    pub fn shelf(self) -> Shelf {
        self.shelf.get()
    }

    pub fn file_problem(self) -> Option<Problem> {
        self.file_problem.get()
    }

    pub fn dismiss_file_problem(self) {
        self.file_problem.set(None);
    }

    /// Moves the journey on. Whatever was under way ends when the guest leaves the screen that waits for it.
    pub fn advance(self, event: Event) {
        let (old_photo, old_place) = self.glance(|booth| (booth.photo.clone(), booth.place()));
        let abandoned = self
            .booth
            .try_update(|booth| booth.advance(event))
            .flatten();
        let (photo, place) = self.glance(|booth| (booth.photo.clone(), booth.place()));
        if place != Place::Working {
            self.halt_errand();
        }
        if let Some(order) = abandoned {
            spawn_local(withdraw(order));
        }
        if place != old_place {
            self.arrive();
        }
        if let Some(old) = old_photo.filter(|old| Some(old) != photo.as_ref()) {
            forget_preview(&old);
        }
        if photo.is_none() {
            self.film.set_value(None);
        }
    }

    /// On a new screen: a notice about the last one's file is out of place, and guests get time to look.
    fn arrive(self) {
        self.dismiss_file_problem();
        // The page's own retries bring it back to the same screen, whether anybody is there or not.
        if self.glance(|booth| booth.misses <= 1) {
            self.note_presence();
        }
    }

    /// Somebody is there.
    pub fn note_presence(self) {
        self.presence.set_value(Presence::seen(now_ms()));
    }

    /// Somebody is there, and about to be busy with another program.
    pub fn note_errand_elsewhere(self) {
        self.presence.set_value(Presence::elsewhere(now_ms()));
    }

    /// Whether somebody is still there; always, where it does not matter.
    pub fn outlook(self) -> Outlook {
        if self.glance(Booth::ends_unattended) {
            self.presence.get_value().outlook(now_ms())
        } else {
            Outlook::Here
        }
    }

    /// Takes a photo into the journey.
    pub fn take_photo(self, file: PhotoFile) {
        if !self.glance(Booth::takes_photos) {
            forget_preview(&file.photo);
            return;
        }
        self.dismiss_file_problem();
        let photo = file.photo.clone();
        self.film.set_value(Some(file));
        self.advance(Event::PhotoTaken(photo));
    }

    /// Takes a guest's own file into the journey, or says why not.
    pub fn take_file(self, file: File) {
        let place = self.glance(Booth::place);
        spawn_local(async move {
            let taken = PhotoFile::from_file(file).await;
            // Reading it took a moment; whoever has gone on meanwhile did not want it.
            let is_wanted = self.glance(Booth::place) == place;
            match taken {
                Ok(file) if is_wanted => self.take_photo(file),
                Ok(file) => forget_preview(&file.photo),
                Err(problem) if is_wanted => self.file_problem.set(Some(problem)),
                Err(_) => {}
            }
        });
    }

    /// Asks for the portrait, or goes on asking where the last attempt stopped.
    pub fn make_portrait(self) {
        self.halt_errand();
        self.advance(Event::PortraitAsked);
        let is_asked = self.glance(Booth::place) == Place::Working;
        let order = self.glance(Booth::order).filter(|_| is_asked);
        let (Some(order), Some(file)) = (order, self.film.get_value()) else {
            return;
        };
        let (errand, handle) = abortable(async move {
            let tell = move |event| self.advance(event);
            if let Err(problem) = fetch_portrait(order, file, tell).await {
                self.advance(Event::Failed(problem));
            }
        });
        self.errand.set_value(Some(handle));
        spawn_local(async move {
            // An aborted errand has nothing to say.
            let _ = errand.await;
        });
    }

    /// Deletes every portrait of this visit, with its photo, from the booth; then the visit is over.
    ///
    /// # Errors
    /// The first portrait that could not be deleted. Asked again, those already deleted are no hindrance.
    pub async fn delete_everything(self, job_id: String) -> Result<(), Problem> {
        let receipts: Vec<Receipt> = self.glance(|booth| booth.finished.clone());
        for receipt in &receipts {
            backend::delete(receipt).await?;
        }
        self.advance(Event::Deleted(job_id));
        Ok(())
    }

    /// A link to a portrait of this visit.
    ///
    /// # Errors
    /// The backend made none, or the portrait is not there any more.
    pub async fn share(self, job_id: &str) -> Result<Share, Problem> {
        let receipt = self.glance(|booth| {
            let mut receipts = booth.finished.iter();
            receipts.find(|it| it.job_id == job_id).cloned()
        });
        backend::share(&receipt.ok_or(Problem::PortraitGone)?).await
    }

    /// Asks for the themes again.
    pub fn load_themes(self) {
        self.shelf.set(Shelf::Loading);
        spawn_local(async move {
            self.shelf.set(match backend::list_themes().await {
                Ok(themes) => Shelf::Filled(themes),
                Err(problem) => Shelf::Failed(problem),
            });
        });
    }

    fn halt_errand(self) {
        if let Some(handle) = self.errand.try_update_value(Option::take).flatten() {
            handle.abort();
        }
    }
}
