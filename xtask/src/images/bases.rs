//! Stand-ins of the images that ours are built on: Debian from its own archive, and what is added to it by
//! tests/images. They prove how our images are built and run; a graphics card's libraries are not in them.

use super::cargo;
use super::engine::{Build, Engine};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use xshell::cmd;

/// Whose keys this machine has.
const ARCHIVE: &str = "http://deb.debian.org/debian";
/// What Dockerfiles name, and the Debian that stands in for it. Ubuntu 24.04, on which CUDA's image is built, has a newer
/// C library than bookworm: what runs here runs there.
const BASES: [(&str, &str); 3] = [
    ("RUST_IMAGE", "rust"),
    ("DEBIAN_IMAGE", "trixie"),
    ("CUDA_IMAGE", CUDA),
];
pub const CUDA: &str = "bookworm";
/// Debian 13 and 12.
const ROOTS: [&str; 2] = ["trixie", "bookworm"];
/// The file of tests/images, and the root that it adds to; the one with the toolchain is made by itself.
const ADDITIONS: [(&str, &str); 3] = [
    ("postgres", "trixie"),
    ("aws-cli", "trixie"),
    ("collector", "trixie"),
];
/// What official images have in common: no archives kept, no manuals.
const SLIM: [(&str, &str); 2] = [
    (
        "etc/apt/apt.conf.d/docker-clean",
        "DPkg::Post-Invoke { \"rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true\"; };\n\
         APT::Update::Post-Invoke { \"rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true\"; };\n\
         Dir::Cache::pkgcache \"\";\nDir::Cache::srcpkgcache \"\";\n",
    ),
    (
        "etc/dpkg/dpkg.cfg.d/docker",
        "path-exclude /usr/share/doc/*\npath-exclude /usr/share/man/*\npath-exclude /usr/share/locale/*\n",
    ),
];
/// Authorities that this machine trusts besides its system's own.
const OWN_AUTHORITIES: &str = "/usr/local/share/ca-certificates";

/// The stand-in of this name.
pub fn tag(name: &str) -> String {
    format!("localhost/photobooth-stand-in/{name}:latest")
}

/// As a Dockerfile of ours takes them.
pub fn build_arguments() -> Vec<String> {
    BASES
        .map(|(argument, name)| format!("{argument}={}", tag(name)))
        .to_vec()
}

/// Makes those that are not there.
pub fn make_all(engine: &Engine) -> Result<()> {
    make_own(engine)?;
    for (name, root) in ADDITIONS {
        add(engine, name, root, &engine.workspace.root)?;
    }
    Ok(())
}

/// Makes those of [`build_arguments`].
pub fn make_own(engine: &Engine) -> Result<()> {
    for suite in ROOTS {
        if !engine.has(&tag(suite)) {
            make_root(engine, suite)?;
        }
    }
    engine.build(&Build {
        dockerfile: engine.workspace.root.join("tests/images/rust.Dockerfile"),
        tag: &tag("rust"),
        target: None,
        arguments: vec![
            format!("ROOT={}", tag("bookworm")),
            format!("TOOLCHAIN={}", cargo::identity(engine)?),
        ],
        volumes: cargo::toolchain(engine)?,
        context: &engine.workspace.root,
    })
}

/// Builds `tests/images/{name}.Dockerfile` on a root; unchanged, it comes from the cache.
pub fn add(engine: &Engine, name: &str, root: &str, context: &Path) -> Result<()> {
    ensure!(
        engine.has(&tag(root)),
        "the stand-ins are not there: run `cargo xtask test images --only bases` first"
    );
    let dockerfile = format!("tests/images/{name}.Dockerfile");
    engine.build(&Build {
        dockerfile: engine.workspace.root.join(dockerfile),
        tag: &tag(name),
        target: None,
        arguments: vec![format!("ROOT={}", tag(root))],
        volumes: vec![],
        context,
    })
}

fn make_root(engine: &Engine, suite: &str) -> Result<()> {
    let shell = &engine.shell;
    let folder = engine.folder.join("root");
    remove(&folder)?;
    cmd!(
        shell,
        "debootstrap --variant=minbase {suite} {folder} {ARCHIVE}"
    )
    .ignore_stdout()
    .run()
    .with_context(|| format!("{suite} cannot be had from {ARCHIVE}"))?;
    for (path, text) in SLIM {
        fs::write(folder.join(path), text)?;
    }
    if Path::new(OWN_AUTHORITIES).is_dir() {
        let place = folder.join(OWN_AUTHORITIES.trim_start_matches('/'));
        fs::create_dir_all(&place)?;
        cmd!(shell, "cp --recursive {OWN_AUTHORITIES}/. {place}").run()?;
    }
    for kept in ["var/cache/apt/archives", "var/lib/apt/lists"] {
        remove(&folder.join(kept))?;
    }
    let archive = engine.folder.join("root.tar");
    cmd!(
        shell,
        "tar --create --numeric-owner --directory {folder} --file {archive} ."
    )
    .run()?;
    let tag = tag(suite);
    cmd!(shell, "podman import --quiet {archive} {tag}").run()?;
    fs::remove_file(&archive)?;
    remove(&folder)
}

fn remove(folder: &PathBuf) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}
