//! 3. The portrait is made: a worker claims a photo, fetches it, and has its studio render it.

pub mod attendance;
mod blame;
mod lease;
mod making;
mod shares;
mod studio;
mod worker;

pub use shares::StepShares;
pub use studio::StudioThread;
pub use worker::Worker;

use api::{Component, ComponentState};
use tokio::sync::watch;

/// How the models of this process are: what `ready` looks at.
#[derive(Debug)]
pub struct Models {
    states: watch::Sender<Vec<StudioState>>,
}

/// How one worker's studio is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StudioState {
    /// Models are being loaded and run for the first time.
    Starting,
    Up,
    /// A portrait takes longer than it may; the thread cannot be stopped, only waited for.
    Stuck,
}

impl Models {
    pub fn starting(workers: usize) -> Self {
        Self {
            states: watch::Sender::new(vec![StudioState::Starting; workers]),
        }
    }

    pub fn set(&self, worker: usize, state: StudioState) {
        self.states.send_modify(|states| {
            if let Some(slot) = states.get_mut(worker) {
                *slot = state;
            }
        });
    }

    pub fn is_stuck(&self, worker: usize) -> bool {
        self.states.borrow().get(worker) == Some(&StudioState::Stuck)
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
        Component {
            state,
            detail: detail.map(str::to_owned),
        }
    }
}

fn is_ready(states: &[StudioState]) -> bool {
    describe(states).0 == ComponentState::Up
}

fn describe(states: &[StudioState]) -> (ComponentState, Option<&'static str>) {
    if states.is_empty() {
        (ComponentState::Up, Some("no workers in this process"))
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
}
