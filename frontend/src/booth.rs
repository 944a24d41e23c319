//! The guest's journey as plain data: which screen, which photo, which theme, and what moves it on.
//!
//! Nothing here touches the browser or the network, so that every path can be tested.

use crate::problem::Problem;
use api::{Job, JobStatus, ResultLink, Stage};

/// What the guest sees, in the order in which it happens.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Screen {
    #[default]
    Welcome,
    Camera,
    Review,
    Gallery,
    Working(Phase),
    Portrait(ResultLink),
    Trouble(Problem),
}

/// A screen without what is on it: changes only when one page gives way to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Welcome,
    Camera,
    Review,
    Gallery,
    Working,
    Portrait,
    Trouble,
}

/// How far the portrait is.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// The photo is on its way; 0 to 1.
    Sending { fraction: f64 },
    /// The photo has arrived, the booth has not yet answered.
    Asking,
    /// In the queue; position 1 is next.
    Waiting {
        position: Option<u32>,
        eta_seconds: Option<u32>,
    },
    /// A worker has it; progress is 0 to 1.
    Making {
        stage: Option<Stage>,
        progress: f64,
        eta_seconds: Option<u32>,
    },
}

/// What the page knows of the photo; its bytes stay with the session.
#[derive(Clone, Debug, PartialEq)]
pub struct Photo {
    /// An address inside the browser at which the photo can be shown.
    pub preview_url: String,
    /// One of [`api::PHOTO_TYPES`].
    pub media_type: String,
    pub size_bytes: u64,
}

/// The world that the guest steps into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub theme_id: String,
    pub theme_name: String,
    /// An example portrait, for the mood of the screens that follow.
    pub thumbnail_url: String,
    pub variant_id: Option<String>,
}

/// What the backend already holds for this portrait, so that a retry goes on where it stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Handed {
    #[default]
    Nothing,
    Photo(String),
    Job(String),
}

/// What happened: a guest's wish or the backend's news.
#[derive(Clone, Debug)]
pub enum Event {
    Started,
    PhotoTaken(Photo),
    Retake,
    PhotoAccepted,
    BackToReview,
    ThemeChosen(Choice),
    PortraitAsked,
    Sending(f64),
    PhotoArrived(String),
    JobAccepted(String),
    JobSeen(Box<Job>),
    Failed(Problem),
    Cancelled,
    AnotherTheme,
}

/// One guest's visit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Booth {
    pub screen: Screen,
    pub photo: Option<Photo>,
    pub choice: Option<Choice>,
    pub handed: Handed,
}

impl Booth {
    pub fn place(&self) -> Place {
        match self.screen {
            Screen::Welcome => Place::Welcome,
            Screen::Camera => Place::Camera,
            Screen::Review => Place::Review,
            Screen::Gallery => Place::Gallery,
            Screen::Working(_) => Place::Working,
            Screen::Portrait(_) => Place::Portrait,
            Screen::Trouble(_) => Place::Trouble,
        }
    }

    /// Whether a photo may be dropped here: not before the guest has read what happens to it, not while it is used.
    pub fn takes_photos(&self) -> bool {
        matches!(
            self.place(),
            Place::Camera | Place::Review | Place::Gallery | Place::Trouble
        )
    }

    /// Moves the journey on. An event that does not belong to the screen changes nothing.
    pub fn advance(&mut self, event: Event) {
        match event {
            Event::Started if self.screen == Screen::Welcome => self.screen = Screen::Camera,
            Event::PhotoTaken(photo) if self.takes_photos() => {
                self.photo = Some(photo);
                self.handed = Handed::Nothing;
                self.screen = Screen::Review;
            }
            Event::Retake if self.place() != Place::Welcome => self.start_over(),
            Event::PhotoAccepted if self.screen == Screen::Review => self.screen = Screen::Gallery,
            Event::BackToReview if self.screen == Screen::Gallery => self.screen = Screen::Review,
            Event::ThemeChosen(choice) if self.screen == Screen::Gallery => {
                self.choose(choice);
            }
            Event::PortraitAsked => self.ask_for_portrait(),
            Event::Cancelled | Event::AnotherTheme if self.photo.is_some() => {
                self.handed = Handed::Nothing;
                self.screen = Screen::Gallery;
            }
            news => self.hear(news),
        }
    }

    /// News from the backend counts only while the guest waits for it.
    fn hear(&mut self, news: Event) {
        if self.place() != Place::Working {
            return;
        }
        match news {
            Event::Sending(fraction) => self.screen = Screen::Working(Phase::Sending { fraction }),
            Event::PhotoArrived(photo_id) => {
                self.handed = Handed::Photo(photo_id);
                self.screen = Screen::Working(Phase::Asking);
            }
            Event::JobAccepted(job_id) => {
                self.handed = Handed::Job(job_id);
                self.screen = Screen::Working(Phase::Waiting {
                    position: None,
                    eta_seconds: None,
                });
            }
            Event::JobSeen(job) => self.see(*job),
            Event::Failed(problem) => {
                if !problem.keeps_what_was_handed() {
                    self.handed = Handed::Nothing;
                }
                self.screen = Screen::Trouble(problem);
            }
            _ => {}
        }
    }

    fn see(&mut self, job: Job) {
        self.screen = match (job.status, job.result) {
            (JobStatus::Queued, _) => Screen::Working(Phase::Waiting {
                position: job.queue_position,
                eta_seconds: job.eta_seconds,
            }),
            (JobStatus::Processing, _) => Screen::Working(Phase::Making {
                stage: job.stage,
                progress: f64::from(job.progress).clamp(0.0, 1.0),
                eta_seconds: job.eta_seconds,
            }),
            (JobStatus::Completed, Some(result)) => Screen::Portrait(result),
            (JobStatus::Completed | JobStatus::Failed, _) => {
                Screen::Trouble(Problem::from_failed_job(job.error))
            }
        };
        if job.status.is_final() {
            self.handed = Handed::Nothing;
        }
    }

    fn choose(&mut self, choice: Choice) {
        if self.choice.as_ref() != Some(&choice) {
            self.handed = Handed::Nothing;
        }
        self.choice = Some(choice);
    }

    fn ask_for_portrait(&mut self) {
        let from_here = matches!(self.place(), Place::Gallery | Place::Trouble);
        if !from_here || self.photo.is_none() || self.choice.is_none() {
            return;
        }
        self.screen = Screen::Working(match self.handed {
            Handed::Nothing => Phase::Sending { fraction: 0.0 },
            Handed::Photo(_) => Phase::Asking,
            Handed::Job(_) => Phase::Waiting {
                position: None,
                eta_seconds: None,
            },
        });
    }

    /// Back to the camera; only the taste in themes stays.
    fn start_over(&mut self) {
        self.photo = None;
        self.handed = Handed::Nothing;
        self.screen = Screen::Camera;
    }
}

#[cfg(test)]
mod tests;
