//! Programs that come from the operating system: looked for, installed when run as root, named otherwise.

use crate::steps::Steps;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::env;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// Something a step needs from the operating system, and the package that brings it: Debian's name, then
/// Ubuntu's where that is another.
pub struct Requirement {
    what: &'static str,
    packages: &'static [&'static str],
    is_there: fn(&Shell) -> bool,
}

/// Under which names Chromium and its relatives are started.
const CHROMIUM_NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// What building and running needs. Cargo itself and the C compiler that links this program are here.
pub const BUILD: &[Requirement] = &[
    Requirement {
        what: "Python 3.11 or newer",
        packages: &["python3"],
        is_there: |shell| python_runs(shell, "import sys; sys.exit(sys.version_info < (3, 11))"),
    },
    Requirement {
        what: "Python's venv module",
        packages: &["python3-venv"],
        is_there: |shell| python_runs(shell, "import venv, ensurepip"),
    },
    Requirement {
        what: "npm",
        packages: &["npm"],
        is_there: |_| find_program(&["npm"]).is_some(),
    },
    Requirement {
        what: "a C++ compiler",
        packages: &["g++"],
        is_there: |_| find_program(&["c++", "g++", "clang++"]).is_some(),
    },
    Requirement {
        what: "make",
        packages: &["make"],
        is_there: |_| find_program(&["make"]).is_some(),
    },
];

/// What the browser tests need besides.
pub const BROWSER: &[Requirement] = &[
    Requirement {
        what: "Chromium",
        packages: &["chromium", "chromium-browser"],
        is_there: |_| find_program(CHROMIUM_NAMES).is_some(),
    },
    Requirement {
        what: "ChromeDriver",
        packages: &["chromium-driver", "chromium-chromedriver"],
        is_there: |_| find_program(&["chromedriver"]).is_some(),
    },
    Requirement {
        what: "a font",
        packages: &["fonts-dejavu-core"],
        is_there: |_| Path::new("/usr/share/fonts/truetype").is_dir(),
    },
];

impl Requirement {
    /// The package under the name that this distribution knows; Debian's where it knows none.
    fn known_package(&self, shell: &Shell) -> &'static str {
        let is_known = |package: &&&str| {
            cmd!(shell, "apt-cache show {package}")
                .quiet()
                .ignore_stdout()
                .ignore_stderr()
                .run()
                .is_ok()
        };
        self.packages
            .iter()
            .find(is_known)
            .unwrap_or(&self.packages[0])
    }
}

/// What the backend's tests need besides.
pub const DATABASE: &[Requirement] = &[Requirement {
    what: "PostgreSQL",
    packages: &["postgresql"],
    is_there: |_| Path::new("/usr/lib/postgresql").is_dir() || find_program(&["initdb"]).is_some(),
}];

/// What building and running container images needs.
pub const CONTAINERS: &[Requirement] = &[
    Requirement {
        what: "podman",
        packages: &["podman"],
        is_there: |_| find_program(&["podman"]).is_some(),
    },
    Requirement {
        what: "buildah",
        packages: &["buildah"],
        is_there: |_| find_program(&["buildah"]).is_some(),
    },
    Requirement {
        what: "runc",
        packages: &["runc"],
        is_there: |_| find_program(&["runc"]).is_some(),
    },
    Requirement {
        what: "containers' networks",
        packages: &["netavark"],
        is_there: |_| Path::new("/usr/lib/podman/netavark").exists(),
    },
    Requirement {
        what: "names in containers' networks",
        packages: &["aardvark-dns"],
        is_there: |_| Path::new("/usr/lib/podman/aardvark-dns").exists(),
    },
    Requirement {
        what: "iptables",
        packages: &["iptables"],
        is_there: |_| Path::new("/usr/sbin/iptables").exists(),
    },
    Requirement {
        what: "skopeo",
        packages: &["skopeo"],
        is_there: |_| find_program(&["skopeo"]).is_some(),
    },
    Requirement {
        what: "a container registry",
        packages: &["docker-registry"],
        is_there: |_| find_program(&["docker-registry"]).is_some(),
    },
    Requirement {
        what: "debootstrap",
        packages: &["debootstrap"],
        is_there: |_| Path::new("/usr/sbin/debootstrap").exists(),
    },
];

/// Brings what is missing.
pub fn take_step(
    steps: &mut Steps,
    workspace: &Workspace,
    name: &str,
    requirements: &[Requirement],
) -> Result<()> {
    let shell = workspace.shell(&[])?;
    steps.take_once(
        name,
        || Ok(missing(&shell, requirements).is_empty()),
        || install(&shell, requirements),
    )
}

/// As root on a machine with apt it installs what is missing; otherwise it fails and says what to install.
fn install(shell: &Shell, requirements: &[Requirement]) -> Result<()> {
    if may_install(shell) {
        shell.set_var("DEBIAN_FRONTEND", "noninteractive");
        cmd!(shell, "apt-get update -q").run()?;
        let packages = missing(shell, requirements)
            .into_iter()
            .map(|it| it.known_package(shell));
        cmd!(
            shell,
            "apt-get install -q -y --no-install-recommends {packages...}"
        )
        .run()?;
    }
    let missing = missing(shell, requirements);
    if !missing.is_empty() {
        let what: Vec<_> = missing.iter().map(|it| it.what).collect();
        let packages: Vec<_> = missing.iter().map(|it| it.known_package(shell)).collect();
        bail!(
            "this machine has no {}. Install it and run the command again:\n    sudo apt-get install {}",
            what.join(", no "),
            packages.join(" ")
        );
    }
    Ok(())
}

/// The first of `names` on the PATH.
fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names
        .iter()
        .flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
}

fn python_runs(shell: &Shell, program: &str) -> bool {
    cmd!(shell, "python3 -c {program}")
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .run()
        .is_ok()
}

fn missing<'a>(shell: &Shell, requirements: &'a [Requirement]) -> Vec<&'a Requirement> {
    requirements
        .iter()
        .filter(|it| !(it.is_there)(shell))
        .collect()
}

fn may_install(shell: &Shell) -> bool {
    let is_root = cmd!(shell, "id -u")
        .quiet()
        .read()
        .is_ok_and(|user| user == "0");
    is_root && find_program(&["apt-get"]).is_some()
}
