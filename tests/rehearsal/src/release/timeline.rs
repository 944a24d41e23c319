//! What happened when: told on the terminal while it happens, and kept for the report.

use std::fmt::Display;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Everything so far.
#[derive(Debug)]
pub struct Timeline {
    /// What is played, where it is not alone on the terminal.
    label: Option<&'static str>,
    begun: Instant,
    entries: Mutex<Vec<Entry>>,
}

#[derive(Clone, Debug)]
pub struct Entry {
    /// Since the beginning.
    pub at: Duration,
    /// Who it is about: a stage of the pipeline, or a service.
    pub about: String,
    pub text: String,
    pub tone: Tone,
}

/// How a person takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Bad,
}

impl Timeline {
    /// One that begins now.
    #[must_use]
    pub fn of(label: Option<&'static str>) -> Self {
        Self {
            label,
            begun: Instant::now(),
            entries: Mutex::default(),
        }
    }

    /// Since the beginning.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    pub fn say(&self, about: impl Display, text: impl Display) {
        self.add(about, text, Tone::Plain);
    }

    pub fn good(&self, about: impl Display, text: impl Display) {
        self.add(about, text, Tone::Good);
    }

    pub fn bad(&self, about: impl Display, text: impl Display) {
        self.add(about, text, Tone::Bad);
    }

    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.lock().clone()
    }

    fn add(&self, about: impl Display, text: impl Display, tone: Tone) {
        let entry = Entry {
            at: self.now(),
            about: about.to_string(),
            text: text.to_string(),
            tone,
        };
        let sign = match tone {
            Tone::Plain => ' ',
            Tone::Good => '+',
            Tone::Bad => '!',
        };
        let (seconds, about) = (entry.at.as_secs_f64(), &entry.about);
        let label = self.label.map(|label| format!("{label:<16}"));
        let label = label.unwrap_or_default();
        println!("{label}{seconds:7.1} s {sign} {about:<10} {}", entry.text);
        self.lock().push(entry);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
