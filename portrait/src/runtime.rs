//! ONNX Runtime: finding its library, choosing the device, opening sessions.

use crate::network_clock::NetworkClock;
use anyhow::{Context, bail};
use ort::environment::Environment;
use ort::ep;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

/// Where networks run, written `auto`, `cpu` or `cuda:N`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    #[default]
    Cpu,
    /// The NVIDIA GPU of this number.
    Cuda(u32),
    /// The first NVIDIA GPU if it is there and works, else the processor.
    Auto,
}

impl FromStr for Device {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => return Ok(Self::Auto),
            "cpu" => return Ok(Self::Cpu),
            _ => {}
        }
        let number = if text == "cuda" {
            Some("0")
        } else {
            text.strip_prefix("cuda:")
        };
        number
            .and_then(|number| number.parse().ok())
            .map(Self::Cuda)
            .ok_or_else(|| {
                format!("{text:?} is not a device: write \"auto\", \"cpu\" or \"cuda:0\"")
            })
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
        }
    }
}

/// The most memory that one network may keep on a graphics card: three times what the hungriest of them, the style
/// network, peaks at on a processor, so that all seven fit beside a display on a card of 8 GiB.
const GPU_ARENA_BYTES: usize = 1 << 30;

/// ONNX Runtime allows one environment in a process, and it must outlive every session.
static ENVIRONMENT: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

/// A loaded ONNX Runtime and how sessions are to run in it.
#[derive(Clone, Debug)]
pub(crate) struct Runtime {
    environment: Environment,
    device: Device,
    threads: usize,
    clock: NetworkClock,
}

impl Runtime {
    /// Loads the library, or takes the one that this process has loaded already.
    ///
    /// `threads` is how many cores one network may use at a time.
    ///
    /// # Errors
    /// When no library is given, it cannot be loaded, or another one is loaded already.
    pub(crate) fn load(
        library: Option<&Path>,
        device: Device,
        threads: usize,
    ) -> anyhow::Result<Self> {
        let library = library.context(
            "no ONNX Runtime library given: pass --onnxruntime FILE or set PHOTOBOOTH_ONNXRUNTIME; \
             `cargo xtask models` fetches one",
        )?;
        let library = library.canonicalize().with_context(|| {
            format!(
                "there is no ONNX Runtime library at {}: `cargo xtask models` fetches one",
                library.display()
            )
        })?;
        let mut loaded = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
        let environment = match &*loaded {
            Some((path, environment)) if *path == library => environment.clone(),
            Some((path, _)) => bail!(
                "this process runs on ONNX Runtime from {}; it cannot load {} as well",
                path.display(),
                library.display()
            ),
            None => {
                let environment = ort::init_from(&library)
                    .with_context(|| format!("cannot load ONNX Runtime {}", library.display()))?
                    .with_telemetry(false)
                    .build()
                    .context("cannot start ONNX Runtime")?;
                *loaded = Some((library, environment.clone()));
                environment
            }
        };
        Ok(Self {
            environment,
            device,
            threads,
            clock: NetworkClock::default(),
        })
    }

    /// How long the networks of this runtime have been running.
    pub(crate) fn clock(&self) -> &NetworkClock {
        &self.clock
    }

    /// Opens a network on the device.
    ///
    /// # Errors
    /// When the file is not a network ONNX Runtime can run, or the device is CUDA and not there.
    pub(crate) fn session(&self, model: &Path) -> anyhow::Result<Session> {
        self.open(model).with_context(|| match self.device {
            Device::Auto | Device::Cpu => format!("cannot open the network {}", model.display()),
            Device::Cuda(number) => format!(
                "cannot open the network {} on CUDA device {number}: it needs the library of the \
                 onnxruntime-gpu wheel, an NVIDIA driver, CUDA and cuDNN",
                model.display()
            ),
        })
    }

    /// On its own because errors of ort's builder carry the builder and fit no other error type.
    fn open(&self, model: &Path) -> ort::Result<Session> {
        let mut builder = Session::builder(&self.environment)?
            .with_optimization_level(GraphOptimizationLevel::All)?
            .with_intra_threads(self.threads)?
            .with_inter_threads(1)?
            // Waiting threads sleep: spinning doubles the processor time of small networks and takes
            // cores from the pixels, the API and other portraits, for no measured gain.
            .with_intra_op_spinning(false)?
            // Without a plan of all memory in one block the style network peaks at 280 MB instead of
            // 680 MB, in the same time.
            .with_memory_pattern(false)?;
        if let Device::Cuda(number) = self.device {
            // Without `error_on_failure` the network would quietly run on the CPU.
            let provider = ep::CUDA::default()
                .with_device_id(number as i32)
                .with_conv_algorithm_search(ep::cuda::ConvAlgorithmSearch::Heuristic)
                .with_arena_extend_strategy(ep::ArenaExtendStrategy::SameAsRequested)
                .with_memory_limit(GPU_ARENA_BYTES)
                .build()
                .error_on_failure();
            builder = builder.with_execution_providers([provider])?;
        }
        builder.commit_from_file(model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::{library, models_dir};

    #[test]
    fn devices_are_written_and_read() {
        for device in [Device::Auto, Device::Cpu, Device::Cuda(0), Device::Cuda(3)] {
            assert_eq!(device.to_string().parse(), Ok(device));
        }
        assert_eq!("cuda".parse(), Ok(Device::Cuda(0)));
        for wrong in ["", "gpu", "cuda:", "cuda:x", "cuda:-1"] {
            assert!(wrong.parse::<Device>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_missing_library_is_explained() {
        let unnamed = Runtime::load(None, Device::Cpu, 1).unwrap_err().to_string();
        assert!(unnamed.contains("--onnxruntime"), "{unnamed}");
        let absent = Path::new("no/such/libonnxruntime.so");
        let missing = Runtime::load(Some(absent), Device::Cpu, 1)
            .unwrap_err()
            .to_string();
        assert!(missing.contains("no/such/libonnxruntime.so"), "{missing}");
    }

    /// The library of the tests is the CPU's, so CUDA is not there on any machine.
    #[test]
    fn cuda_that_is_not_there_fails_loudly() {
        let runtime = Runtime::load(Some(&library()), Device::Cuda(0), 1).unwrap();
        let failure = runtime
            .session(&models_dir().join("selfie_seg.onnx"))
            .unwrap_err();
        let text = format!("{failure:#}");
        assert!(
            text.contains("CUDA device 0") && text.contains("onnxruntime-gpu"),
            "{text}"
        );
        assert!(
            text.contains("CUDAExecutionProvider") || text.contains("CUDA execution"),
            "{text}"
        );
    }
}
