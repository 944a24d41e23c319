//! Both images of the backend: built as anywhere, on stand-ins, then measured, started and stopped.

use super::bases;
use super::cargo;
use super::container::Container;
use super::engine::{Build, Engine, megabytes};
use anyhow::{Context, Result, ensure};
use xshell::cmd;

pub const CPU: &str = "localhost/photobooth-backend:cpu";
const GPU: &str = "localhost/photobooth-backend:gpu";
/// Program, models, themes and a processor's ONNX Runtime; the graphics card's is counted by itself.
const MAX_OWN_BYTES: u64 = 150_000_000;

pub fn test(engine: &Engine) -> Result<()> {
    for (target, tag) in [("cpu", CPU), ("gpu", GPU)] {
        engine.build(&Build {
            dockerfile: engine.workspace.root.join("docker/backend.Dockerfile"),
            tag,
            target: Some(target),
            arguments: bases::build_arguments(),
            volumes: vec![cargo::registry()?],
            context: &engine.workspace.root,
        })?;
    }
    let own = engine.size(CPU)? - engine.size(&bases::tag("trixie"))?;
    println!("{CPU}: {} over its base", megabytes(own));
    ensure!(own < MAX_OWN_BYTES, "that is more than {MAX_OWN_BYTES}");
    let own = engine.size(GPU)? - engine.size(&bases::tag(bases::CUDA))?;
    let cuda = size_of_runtime(engine)?;
    println!(
        "{GPU}: {} over its base, {} of it ONNX Runtime for CUDA",
        megabytes(own),
        megabytes(cuda)
    );
    ensure!(
        own - cuda < MAX_OWN_BYTES,
        "that is more than {MAX_OWN_BYTES}"
    );
    check_start(engine, CPU, &[])?;
    // No card here: the image must at least load its libraries and go on without one.
    check_start(engine, GPU, &["--env=PHOTOBOOTH_DEVICE=auto"])
}

/// The whole booth, with nothing but a volume for its data.
fn check_start(engine: &Engine, image: &str, options: &[&str]) -> Result<()> {
    let mut all = vec!["--volume=/data"];
    all.extend(options);
    let booth = Container::start(engine, image, &all)?;
    booth.wait_for_health()?;
    booth.check_confinement()?;
    booth.stop()
}

fn size_of_runtime(engine: &Engine) -> Result<u64> {
    let shell = &engine.shell;
    let answer = cmd!(
        shell,
        "podman run --rm --entrypoint /usr/bin/du {GPU} --summarize --bytes /opt/onnxruntime"
    )
    .read()?;
    let bytes = answer.split_whitespace().next().unwrap_or_default();
    bytes.parse().with_context(|| format!("du said {answer:?}"))
}
