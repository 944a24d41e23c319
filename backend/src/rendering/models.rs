//! How the models of this process are, and where they run: what health, metrics and the workers themselves go by.

use api::{Component, ComponentState};
use portrait::Device;
use std::sync::OnceLock;
use tokio::sync::watch;

/// What the health report says of a process that was to take a graphics card if there is one.
const FALLBACK: &str = "on the processor: no graphics card that works was found";

/// How the models of this process are: what `ready` looks at.
#[derive(Debug)]
pub struct Models {
    states: watch::Sender<Vec<StudioState>>,
    /// How many portraits are in the making.
    busy: watch::Sender<usize>,
    placement: OnceLock<Placement>,
}

/// Where the networks of this process run.
#[derive(Clone, Copy, Debug)]
struct Placement {
    device: Device,
    /// A graphics card would have been taken, and there was none that works.
    is_fallback: bool,
}

/// How one worker's studio is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StudioState {
    /// Models are being loaded and run for the first time.
    Starting,
    Up,
    /// A portrait takes longer than it may; the thread cannot be stopped, only waited for.
    Stuck,
    /// A network failed on the graphics card, which then computes nothing more for this process.
    Broken,
}

/// A portrait in the making.
#[derive(Debug)]
pub struct Busy<'a>(&'a Models);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.send_modify(|portraits| *portraits -= 1);
    }
}

impl Models {
    pub fn starting(workers: usize) -> Self {
        Self {
            states: watch::Sender::new(vec![StudioState::Starting; workers]),
            busy: watch::Sender::new(0),
            placement: OnceLock::new(),
        }
    }

    /// Says where the networks run, once they are open.
    pub fn note_opened(&self, device: Device, is_fallback: bool) {
        // They are opened once in the life of a process.
        let _ = self.placement.set(Placement {
            device,
            is_fallback,
        });
    }

    /// Where the networks run; `None` until they are open, and where this process has none.
    pub fn device(&self) -> Option<Device> {
        self.placement.get().map(|placement| placement.device)
    }

    /// Notes how a worker's studio is. What is broken stays so.
    pub fn set(&self, worker: usize, state: StudioState) {
        self.states.send_modify(|states| {
            if let Some(slot) = states.get_mut(worker)
                && *slot != StudioState::Broken
            {
                *slot = state;
            }
        });
    }

    /// All studios share the networks: when one fails for good, nothing more is rendered here.
    pub fn break_down(&self) {
        self.states
            .send_modify(|states| states.fill(StudioState::Broken));
    }

    pub fn are_broken(&self) -> bool {
        self.states.borrow().contains(&StudioState::Broken)
    }

    pub fn is_stuck(&self, worker: usize) -> bool {
        self.states.borrow().get(worker) == Some(&StudioState::Stuck)
    }

    /// How many portraits are in the making, now and as that changes.
    pub fn busy(&self) -> watch::Receiver<usize> {
        self.busy.subscribe()
    }

    /// Counts a portrait as in the making until what is returned is dropped.
    pub fn note_busy(&self) -> Busy<'_> {
        self.busy.send_modify(|portraits| *portraits += 1);
        Busy(self)
    }

    /// How many studios can render at this moment.
    pub fn usable(&self) -> usize {
        let states = self.states.borrow();
        states
            .iter()
            .filter(|state| **state == StudioState::Up)
            .count()
    }

    /// Whether every model of every worker is warmed up and at least one worker is at work. Without workers
    /// there is nothing to wait for: others may be elsewhere.
    pub fn are_ready(&self) -> bool {
        is_ready(&self.states.borrow())
    }

    /// Waits until that is so.
    pub async fn wait_until_ready(&self) {
        let mut states = self.states.subscribe();
        // Ends early only when the sender is gone, and we hold it.
        let _ = states.wait_for(|states| is_ready(states)).await;
    }

    /// Resolves at the next change.
    pub async fn changed(&self) {
        let mut states = self.states.subscribe();
        // Ends early only when the sender is gone, and we hold it.
        let _ = states.changed().await;
    }

    /// For the health report.
    pub fn component(&self) -> Component {
        let (state, detail) = describe(&self.states.borrow());
        let is_fallback = self
            .placement
            .get()
            .is_some_and(|placement| placement.is_fallback);
        let fallback = is_fallback.then_some(FALLBACK);
        Component {
            state,
            detail: detail.or(fallback).map(str::to_owned),
        }
    }
}

fn is_ready(states: &[StudioState]) -> bool {
    describe(states).0 == ComponentState::Up
}

fn describe(states: &[StudioState]) -> (ComponentState, Option<&'static str>) {
    if states.is_empty() {
        (ComponentState::Up, Some("no workers in this process"))
    } else if states.contains(&StudioState::Broken) {
        let detail = "the graphics card failed; this process ends";
        (ComponentState::Down, Some(detail))
    } else if states.contains(&StudioState::Starting) {
        (ComponentState::Starting, Some("models are warming up"))
    } else if !states.contains(&StudioState::Up) {
        (ComponentState::Down, Some("every worker is stuck"))
    } else if states.contains(&StudioState::Stuck) {
        (ComponentState::Up, Some("a worker is stuck"))
    } else {
        (ComponentState::Up, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ready_when_every_studio_is_warm() {
        let models = Models::starting(2);
        assert_eq!(models.component().state, ComponentState::Starting);
        models.set(0, StudioState::Up);
        assert!(!models.are_ready());
        models.set(1, StudioState::Up);
        assert!(models.are_ready());
        models.set(0, StudioState::Stuck);
        assert!(models.are_ready());
        models.set(1, StudioState::Stuck);
        assert_eq!(models.component().state, ComponentState::Down);
        assert!(Models::starting(0).are_ready());
    }

    #[test]
    fn what_is_broken_stays_broken() {
        let models = Models::starting(2);
        models.set(0, StudioState::Up);
        models.set(1, StudioState::Stuck);
        models.break_down();
        models.set(1, StudioState::Up);
        assert!(models.are_broken() && !models.are_ready());
        assert_eq!(models.usable(), 0);
        assert_eq!(models.component().state, ComponentState::Down);
    }

    #[test]
    fn a_fallback_is_told_and_a_choice_is_not() {
        for (is_fallback, detail) in [(true, Some(FALLBACK)), (false, None)] {
            let models = Models::starting(1);
            assert_eq!(models.device(), None);
            models.note_opened(Device::Cpu, is_fallback);
            models.set(0, StudioState::Up);
            assert_eq!(models.component().detail.as_deref(), detail);
            assert_eq!(models.device(), Some(Device::Cpu));
        }
    }
}
