//! Other bases for a service's image than its Dockerfile names, such as those of a registry of one's own.

use super::service::Service;
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use std::fs;

/// Those of `bases`, each `ARG=IMAGE`, that the service's image is built on.
///
/// # Errors
/// No service has such an argument: whoever builds the image would pass over it with a warning.
pub fn of(workspace: &Workspace, service: Service, bases: &[String]) -> Result<Vec<String>> {
    let read = |it: &Service| {
        let file = it.dockerfile(workspace);
        fs::read_to_string(&file).with_context(|| format!("no {}", file.display()))
    };
    let all = Service::value_variants().iter().map(read);
    choose(&read(&service)?, &all.collect::<Result<Vec<_>>>()?, bases)
}

fn choose(own: &str, all: &[String], bases: &[String]) -> Result<Vec<String>> {
    let mut chosen = Vec::new();
    // A variable that is set to nothing is one empty base.
    for base in bases.iter().filter(|it| !it.is_empty()) {
        let (name, image) = base.split_once('=').unwrap_or((base, ""));
        let line = format!("ARG {name}=");
        let has = |dockerfile: &str| dockerfile.lines().any(|it| it.starts_with(&line));
        ensure!(
            !image.is_empty() && all.iter().any(|it| has(it)),
            "{base:?} is no ARG=IMAGE of a Dockerfile in docker/"
        );
        if has(own) {
            chosen.push(base.clone());
        }
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_gets_its_own_bases_and_nobodys_typing_errors() {
        let backend =
            "# ARG OLD_IMAGE=a\nARG RUST_IMAGE=rust:1\nARG CUDA_IMAGE=cuda:1\n".to_owned();
        let frontend = "ARG RUST_IMAGE=rust:1\n".to_owned();
        let all = [backend, frontend.clone()];
        let choose = |base: &str| choose(&frontend, &all, &[base.to_owned()]);
        let chosen = choose("RUST_IMAGE=mirror/rust:1@sha256:0=").unwrap();
        assert_eq!(chosen, ["RUST_IMAGE=mirror/rust:1@sha256:0="]);
        for passed_over in ["CUDA_IMAGE=mirror/cuda:1", ""] {
            assert_eq!(choose(passed_over).unwrap(), [""; 0]);
        }
        for wrong in [
            "RUST_IMGAE=mirror/rust:1",
            "OLD_IMAGE=b",
            "RUST_IMAGE",
            "RUST_IMAGE=",
            "=b",
        ] {
            let reason = choose(wrong).unwrap_err().to_string();
            assert!(reason.contains("is no ARG=IMAGE"), "{reason}");
        }
    }
}
