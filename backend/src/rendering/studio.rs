//! Studios on threads of their own, which the scheduler lets run only when nothing else wants to: a portrait
//! takes all the time that is left, and never the API's.

use crate::panic_text;
use anyhow::Context;
use bytes::Bytes;
use portrait::{Order, Portrait, PortraitSize, RenderError, Step, Studio, StudioConfig};
use std::io;
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

/// A thread that renders in one studio, and the way to it.
#[derive(Debug)]
pub struct StudioThread {
    tasks: mpsc::Sender<Task>,
    thread: JoinHandle<()>,
}

/// One portrait in the making.
#[derive(Debug)]
pub struct Rendering {
    /// Each step as it begins.
    pub steps: UnboundedReceiver<Step>,
    /// The end of it.
    pub outcome: oneshot::Receiver<Result<Portrait, Failure>>,
}

struct Task {
    photo: Bytes,
    order: Order,
    steps: UnboundedSender<Step>,
    outcome: oneshot::Sender<Result<Portrait, Failure>>,
}

/// Opens so many studios on one set of networks, and runs every network for portraits of this size. Takes seconds.
///
/// # Errors
/// A model, the runtime or the device is missing, or does not run.
pub async fn open_all(
    config: StudioConfig,
    size: PortraitSize,
    count: usize,
) -> anyhow::Result<Vec<Studio>> {
    let (opened, are_open) = oneshot::channel();
    thread::Builder::new()
        .name("opening".to_owned())
        .spawn(move || {
            // The threads that networks and pixels start inherit it.
            lower_priority();
            // Nobody waits any more when the process ends meanwhile.
            drop(opened.send(open(&config, size, count)));
        })?;
    are_open
        .await
        .context("the thread that opens the studios ended")?
}

fn open(config: &StudioConfig, size: PortraitSize, count: usize) -> anyhow::Result<Vec<Studio>> {
    let mut first = Studio::open(config)?;
    first.warm_up(size)?;
    let mut studios = vec![first];
    while studios.len() < count {
        studios.push(studios[0].open_beside()?);
    }
    Ok(studios)
}

fn lower_priority() {
    if let Err(error) = set_current_thread_priority(ThreadPriority::Min) {
        tracing::warn!(?error, "rendering cannot be given a lower priority");
    }
}

impl StudioThread {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system has no more threads to give.
    pub fn start(studio: Studio, number: usize) -> io::Result<Self> {
        let (tasks, inbox) = mpsc::channel();
        let thread = thread::Builder::new()
            .name(format!("studio-{number}"))
            .spawn(move || work(studio, &inbox))?;
        Ok(Self { tasks, thread })
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

    /// Lets the thread finish what it is at and waits for its end.
    ///
    /// # Errors
    /// A panic that nothing caught.
    pub async fn close(self) -> anyhow::Result<()> {
        drop(self.tasks);
        let thread = self.thread;
        tokio::task::spawn_blocking(move || thread.join())
            .await?
            .map_err(|panic| {
                anyhow::anyhow!("the studio's thread panicked: {}", panic_text::of(&*panic))
            })
    }
}

fn work(mut studio: Studio, inbox: &mpsc::Receiver<Task>) {
    lower_priority();
    for task in inbox {
        // A panic leaves nothing half done behind: networks live on threads of their own.
        let outcome = render(&mut studio, &task);
        let _ = task.outcome.send(outcome);
    }
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
