//! The guest's journey as plain data: which screen, which photo, which theme, and what moves it on.
//!
//! Nothing here touches the browser or the network, so that every path can be tested.

mod order;
mod screen;

pub use order::{Arrived, Choice, Handed, Order, Photo, Receipt};
pub use screen::{Phase, Place, Print, Screen};

use crate::problem::Problem;
use api::{Job, JobStatus, ResultLink};

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
    PhotoArrived(Arrived),
    JobAccepted(Receipt),
    JobSeen(Box<Job>),
    Failed(Problem),
    Cancelled,
    AnotherTheme,
    /// Fresh addresses of the portrait that is shown.
    LinkRenewed(Print),
    /// The backend no longer has the portrait of this job.
    PortraitGone(String),
    /// Everything of this visit is deleted; of which job the portrait was shown.
    Deleted(String),
    /// The guest is done, or nobody is there any more.
    Left,
}

/// One guest's visit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Booth {
    pub screen: Screen,
    pub photo: Option<Photo>,
    pub choice: Option<Choice>,
    pub handed: Handed,
    /// Every finished portrait of this visit that the backend still has: what "delete now" deletes.
    pub finished: Vec<Receipt>,
    /// How many attempts in a row ended in a problem that the page itself retries.
    pub misses: u32,
    /// The visit before this one ended with everything deleted; the first screen says so.
    pub says_deleted: bool,
}

impl Booth {
    pub fn place(&self) -> Place {
        self.screen.place()
    }

    /// Whether a photo may be dropped here: not before the guest has read what happens to it, not while it is used.
    pub fn takes_photos(&self) -> bool {
        matches!(
            self.place(),
            Place::Camera | Place::Review | Place::Gallery | Place::Trouble
        )
    }

    /// Whether the visit ends when nobody gives a sign of life: not before it has begun, not while the guest
    /// is waiting for the booth.
    pub fn ends_unattended(&self) -> bool {
        !matches!(self.place(), Place::Welcome | Place::Working)
    }

    /// The portrait that is asked for, as far as it has come.
    pub fn order(&self) -> Option<Order> {
        Some(Order {
            choice: self.choice.clone()?,
            handed: self.handed.clone(),
        })
    }

    /// Moves the journey on. An event that does not belong to the screen changes nothing.
    ///
    /// Returns what the backend has been given and nobody waits for any more.
    pub fn advance(&mut self, event: Event) -> Option<Order> {
        match event {
            Event::Started if self.screen == Screen::Welcome => {
                self.says_deleted = false;
                self.screen = Screen::Camera;
            }
            Event::PhotoTaken(photo) if self.takes_photos() => {
                self.photo = Some(photo);
                return self.turn_to(Screen::Review);
            }
            Event::Retake if self.place() != Place::Welcome => {
                self.photo = None;
                return self.turn_to(Screen::Camera);
            }
            Event::PhotoAccepted if self.screen == Screen::Review => self.screen = Screen::Gallery,
            Event::BackToReview if self.screen == Screen::Gallery => self.screen = Screen::Review,
            Event::ThemeChosen(choice) if self.screen == Screen::Gallery => {
                self.choice = Some(choice);
            }
            Event::PortraitAsked => self.ask_for_portrait(),
            Event::Cancelled | Event::AnotherTheme if self.photo.is_some() => {
                return self.turn_to(Screen::Gallery);
            }
            Event::Left if self.place() != Place::Welcome => {
                let abandoned = self.turn_to(Screen::Welcome);
                *self = Self::default();
                return abandoned;
            }
            Event::LinkRenewed(_) | Event::PortraitGone(_) | Event::Deleted(_) => {
                self.look_after_print(event);
            }
            news => self.hear(news),
        }
        None
    }

    /// Leaves the portrait under way, if there is one, for another screen.
    fn turn_to(&mut self, screen: Screen) -> Option<Order> {
        let order = self.order();
        self.handed = Handed::Nothing;
        self.misses = 0;
        self.screen = screen;
        order.filter(|order| order.handed != Handed::Nothing)
    }

    fn ask_for_portrait(&mut self) {
        let from_here = matches!(self.place(), Place::Gallery | Place::Trouble);
        if !from_here || self.photo.is_none() || self.choice.is_none() {
            return;
        }
        self.screen = Screen::Working(match self.handed {
            Handed::Nothing => Phase::Sending { fraction: 0.0 },
            Handed::Photo(_) => Phase::Asking,
            Handed::Job(_) => Phase::QUEUED,
        });
    }

    /// News from the backend counts only while the guest waits for it.
    fn hear(&mut self, news: Event) {
        if self.place() != Place::Working {
            return;
        }
        match news {
            Event::Sending(fraction) => self.screen = Screen::Working(Phase::Sending { fraction }),
            Event::PhotoArrived(arrived) => {
                self.misses = 0;
                self.handed = Handed::Photo(arrived);
                self.screen = Screen::Working(Phase::Asking);
            }
            Event::JobAccepted(receipt) => {
                self.misses = 0;
                self.handed = Handed::Job(receipt);
                self.screen = Screen::Working(Phase::QUEUED);
            }
            Event::JobSeen(job) => self.see(*job),
            Event::Failed(problem) => {
                if !problem.keeps_what_was_handed() {
                    self.handed = Handed::Nothing;
                }
                self.misses += u32::from(problem.remedy().is_automatic());
                self.screen = Screen::Trouble(problem);
            }
            _ => {}
        }
    }

    /// Only the job that the guest waits for counts; an older one's news may come late.
    fn see(&mut self, job: Job) {
        let receipt = match &self.handed {
            Handed::Job(receipt) if receipt.job_id == job.id => receipt.clone(),
            _ => return,
        };
        self.misses = 0;
        if job.status.is_final() {
            self.handed = Handed::Nothing;
        }
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
            (JobStatus::Completed, Some(link)) => self.finish(receipt, link),
            (JobStatus::Completed | JobStatus::Failed, _) => {
                Screen::Trouble(Problem::from_failed_job(job.error))
            }
        };
    }

    fn finish(&mut self, receipt: Receipt, link: ResultLink) -> Screen {
        let job_id = receipt.job_id.clone();
        self.finished.push(receipt);
        Screen::Portrait(Print { job_id, link })
    }

    /// What becomes of the portrait that is shown; news of any other changes nothing.
    fn look_after_print(&mut self, event: Event) {
        let Screen::Portrait(shown) = &mut self.screen else {
            return;
        };
        match event {
            Event::LinkRenewed(print) if print.job_id == shown.job_id => *shown = print,
            Event::PortraitGone(job_id) if job_id == shown.job_id => {
                self.finished.retain(|receipt| receipt.job_id != job_id);
                self.screen = Screen::Trouble(Problem::PortraitGone);
            }
            Event::Deleted(job_id) if job_id == shown.job_id => {
                *self = Self {
                    says_deleted: true,
                    ..Self::default()
                };
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
