//! One studio on one thread of its own, which the scheduler lets run only when nothing else wants to: a
//! portrait takes all the time that is left, and never the API's.

use crate::panic_text;
use bytes::Bytes;
use portrait::{Order, Portrait, RenderError, Step, Studio, StudioConfig};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use thiserror::Error;
use thread_priority::{ThreadPriority, set_current_thread_priority};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

/// Why a portrait was not made.
#[derive(Debug, Error)]
pub enum Failure {
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error("the renderer panicked: {0}")]
    Panicked(String),
}

/// A thread that owns every model, and the way to it.
#[derive(Debug)]
pub struct StudioThread {
    tasks: mpsc::Sender<Task>,
    thread: JoinHandle<anyhow::Result<()>>,
}

/// One portrait in the making.
#[derive(Debug)]
pub struct Rendering {
    /// Each step as it begins.
    pub steps: UnboundedReceiver<Step>,
    /// The end of it. Closed without a word when the studio could not be opened again after a panic.
    pub outcome: oneshot::Receiver<Result<Portrait, Failure>>,
}

struct Task {
    photo: Bytes,
    order: Order,
    steps: UnboundedSender<Step>,
    outcome: oneshot::Sender<Result<Portrait, Failure>>,
}

impl StudioThread {
    /// Starts the thread, loads every model and runs each once. Takes seconds.
    ///
    /// # Errors
    /// A model or the runtime is missing, or does not run.
    pub async fn start(config: StudioConfig, number: usize) -> anyhow::Result<Self> {
        let (tasks, inbox) = mpsc::channel();
        let (opened, is_open) = oneshot::channel();
        let thread = thread::Builder::new()
            .name(format!("studio-{number}"))
            .spawn(move || work(&config, &inbox, opened))?;
        let started = Self { tasks, thread };
        match is_open.await {
            Ok(()) => Ok(started),
            Err(_) => Err(started.close().await.err().unwrap_or_else(|| {
                anyhow::anyhow!("the studio's thread ended before it was open")
            })),
        }
    }

    /// Begins a portrait. The thread makes one at a time.
    pub fn begin(&self, photo: Bytes, order: Order) -> Rendering {
        let (steps, steps_seen) = unbounded_channel();
        let (outcome, outcome_seen) = oneshot::channel();
        // When the thread is gone the task is dropped, and with it the outcome's sender: that is the answer.
        let _ = self.tasks.send(Task {
            photo,
            order,
            steps,
            outcome,
        });
        Rendering {
            steps: steps_seen,
            outcome: outcome_seen,
        }
    }

    /// Whether the thread has ended: nothing will be rendered any more.
    pub fn is_gone(&self) -> bool {
        self.thread.is_finished()
    }

    /// Lets the thread finish what it is at and waits for its end.
    ///
    /// # Errors
    /// What ended the thread before its time.
    pub async fn close(self) -> anyhow::Result<()> {
        drop(self.tasks);
        let thread = self.thread;
        tokio::task::spawn_blocking(move || thread.join())
            .await?
            .map_err(|panic| {
                anyhow::anyhow!("the studio's thread panicked: {}", panic_text::of(&*panic))
            })?
    }
}

fn work(
    config: &StudioConfig,
    inbox: &mpsc::Receiver<Task>,
    opened: oneshot::Sender<()>,
) -> anyhow::Result<()> {
    // Before the models are loaded: the threads that they start inherit it.
    if let Err(error) = set_current_thread_priority(ThreadPriority::Min) {
        tracing::warn!(?error, "rendering cannot be given a lower priority");
    }
    let mut studio = open(config)?;
    if opened.send(()).is_err() {
        return Ok(());
    }
    for task in inbox {
        let outcome = render(&mut studio, &task);
        if matches!(outcome, Err(Failure::Panicked(_))) {
            // A panic may have left a model half way; what comes next gets fresh ones.
            drop(studio);
            let _ = task.outcome.send(outcome);
            studio = open(config)?;
        } else {
            let _ = task.outcome.send(outcome);
        }
    }
    Ok(())
}

fn open(config: &StudioConfig) -> anyhow::Result<Studio> {
    let mut studio = Studio::open(config)?;
    studio.warm_up()?;
    Ok(studio)
}

fn render(studio: &mut Studio, task: &Task) -> Result<Portrait, Failure> {
    let mut on_step = |step| {
        // Nobody listens any more when the portrait took too long.
        let _ = task.steps.send(step);
    };
    catch(|| studio.render(&task.photo, &task.order, &mut on_step))
}

fn catch<T>(work: impl FnOnce() -> Result<T, RenderError>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|panic| Failure::Panicked(panic_text::of(&*panic).to_owned()))?
        .map_err(Failure::Render)
}

#[cfg(test)]
mod tests {
    use super::*;
    use portrait::Refusal;

    #[test]
    fn a_panic_is_a_failure_with_its_text() {
        let panicked: Result<(), _> = catch(|| panic!("out of {}", "paint"));
        assert!(matches!(panicked, Err(Failure::Panicked(text)) if text == "out of paint"));
        let refused: Result<(), _> = catch(|| Err(Refusal::NoFace.into()));
        assert!(matches!(
            refused,
            Err(Failure::Render(RenderError::Refused(Refusal::NoFace)))
        ));
    }
}
