//! A network on a thread of its own, which owns its session: whoever wants it run hands tensors over and waits.
//!
//! So that any number of studios share one copy of the weights, each run has the network's whole share of the device,
//! and one photo is decoded or encoded while another one is at the network. CUDA keeps working memory for every thread
//! that runs a session; here that is one.

use super::tensor::Tensor;
use crate::network_clock::NetworkClock;
use crate::runtime::Runtime;
use anyhow::Context;
use ort::session::Session;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

/// The way to a network's thread.
pub(crate) struct Network {
    name: String,
    /// `None` only while it is being dropped.
    calls: Option<Sender<Call>>,
    thread: Option<JoinHandle<()>>,
}

/// What a network is asked for. The queue is as long as there are studios: each waits for its answer.
struct Call {
    inputs: Vec<(&'static str, Tensor)>,
    answer: Sender<ort::Result<Outputs>>,
}

/// What a network said, by the names of its outputs.
#[derive(Debug)]
pub(crate) struct Outputs(Vec<(String, Tensor)>);

impl Network {
    /// Opens a file of the models' folder, on the runtime's device.
    ///
    /// # Errors
    /// When it is not there, cannot be run, or the device is not there.
    pub(crate) fn open(runtime: &Runtime, models: &Path, file: &str) -> anyhow::Result<Self> {
        let name = file.trim_end_matches(".onnx").to_owned();
        let (calls, inbox) = channel();
        let (opened, is_open) = channel();
        let (runtime, path) = (runtime.clone(), models.join(file));
        let thread = thread::Builder::new().name(name.clone()).spawn(move || {
            match runtime.session(&path) {
                Ok(session) => {
                    // Nobody waits any more when the opening thread is gone; then no call comes either.
                    let _ = opened.send(Ok(()));
                    answer_calls(session, &inbox, runtime.clock());
                }
                Err(error) => drop(opened.send(Err(error))),
            }
        })?;
        is_open
            .recv()
            .with_context(|| format!("the thread of {name} ended while it was opened"))??;
        Ok(Self {
            name,
            calls: Some(calls),
            thread: Some(thread),
        })
    }

    /// Runs the network once and waits for it.
    ///
    /// # Errors
    /// What ONNX Runtime says; or that the thread is gone, after a panic in it.
    pub(crate) fn run(&self, inputs: Vec<(&'static str, Tensor)>) -> ort::Result<Outputs> {
        let (answer, answered) = channel();
        if let Some(calls) = &self.calls {
            // When the thread is gone the call is dropped with its answer, which says so below.
            let _ = calls.send(Call { inputs, answer });
        }
        answered.recv().unwrap_or_else(|_| {
            Err(ort::Error::new(format!(
                "the thread of {} is gone",
                self.name
            )))
        })
    }
}

impl Drop for Network {
    /// Waits for the session to be closed, so that nothing runs while the process ends.
    fn drop(&mut self) {
        self.calls = None;
        if let Some(thread) = self.thread.take() {
            // A panic in it has been reported to whoever called.
            let _ = thread.join();
        }
    }
}

impl Outputs {
    /// An output by its name.
    ///
    /// # Errors
    /// When the network has none of that name.
    pub(crate) fn get(&self, name: &str) -> ort::Result<&Tensor> {
        let found = self.0.iter().find(|(own, _)| own == name);
        found
            .map(|(_, tensor)| tensor)
            .ok_or_else(|| ort::Error::new(format!("the network has no output {name:?}")))
    }
}

fn answer_calls(mut session: Session, inbox: &Receiver<Call>, clock: &NetworkClock) {
    for call in inbox {
        let outputs = run(&mut session, call.inputs, clock);
        // Nobody waits any more when the studio's thread has ended.
        let _ = call.answer.send(outputs);
    }
}

fn run(
    session: &mut Session,
    inputs: Vec<(&'static str, Tensor)>,
    clock: &NetworkClock,
) -> ort::Result<Outputs> {
    let inputs = inputs
        .into_iter()
        .map(|(name, tensor)| {
            let tensor = ort::value::Tensor::from_array((tensor.shape, tensor.values))?;
            Ok((name, tensor))
        })
        .collect::<ort::Result<Vec<_>>>()?;
    let outputs = clock.time(|| session.run(inputs))?;
    let outputs = outputs.iter().map(|(name, value)| {
        let (shape, values) = value.try_extract_tensor::<f32>()?;
        let shape = shape.iter().map(|&side| side as usize).collect();
        let values = values.to_vec();
        Ok((name.to_owned(), Tensor { shape, values }))
    });
    outputs.collect::<ort::Result<Vec<_>>>().map(Outputs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::{models_dir, runtime};
    use std::time::{Duration, Instant};

    const FILE: &str = "nsfw_mobilenet.onnx";

    /// A square of one shade.
    fn shade(value: f32) -> Vec<(&'static str, Tensor)> {
        let values = vec![value; 3 * 224 * 224];
        vec![("input", Tensor::new(&[1, 3, 224, 224], values))]
    }

    #[test]
    fn threads_that_share_a_network_each_get_their_own_answer() {
        let network = Network::open(&runtime(), &models_dir(), FILE).unwrap();
        let ask = |value| {
            network
                .run(shade(value))
                .unwrap()
                .get("output")
                .unwrap()
                .clone()
        };
        let shades = [0.0, 0.5, 1.0];
        let alone = shades.map(ask);
        assert!(alone[0] != alone[1] && alone[1] != alone[2]);
        thread::scope(|scope| {
            for (value, alone) in shades.into_iter().zip(&alone) {
                scope.spawn(move || (0..4).for_each(|_| assert_eq!(ask(value), *alone)));
            }
        });
    }

    #[test]
    fn what_a_network_cannot_take_is_an_error_and_the_next_run_is_timed() {
        let runtime = runtime();
        let network = Network::open(&runtime, &models_dir(), FILE).unwrap();
        let wrong = vec![("input", Tensor::new(&[1, 3, 10, 10], vec![0.5; 300]))];
        network.run(wrong).unwrap_err();
        let outputs = network.run(shade(0.5)).unwrap();
        assert!(outputs.get("nothing").is_err());
        assert_eq!(outputs.get("output").unwrap().values.len(), 5);

        let before = runtime.clock().total();
        let began = Instant::now();
        network.run(shade(0.5)).unwrap();
        let ran = runtime.clock().total() - before;
        assert!(Duration::ZERO < ran && ran <= began.elapsed(), "{ran:?}");
    }
}
