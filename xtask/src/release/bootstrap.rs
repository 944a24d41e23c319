//! The Lambdas' program: a release build of `delivery` under the name that Lambda starts.

use super::glibc;
use crate::steps::Steps;
use crate::workspace::{Workspace, cargo_home};
use anyhow::{Result, ensure};
use std::env;
use std::fs;
use std::path::{self, Path, PathBuf};
use xshell::cmd;

/// Between flags of `CARGO_ENCODED_RUSTFLAGS`.
const SEPARATOR: &str = "\x1f";

/// Builds it into `folder`, where nothing lies afterwards that Lambda could not start.
pub fn build(workspace: &Workspace, folder: &Path) -> Result<()> {
    let folder = path::absolute(folder)?;
    let mut steps = Steps::new(1);
    steps.take("the Lambdas' program", || {
        let places = [
            (cargo_home()?, "cargo"),
            (workspace.target.clone(), "target"),
        ];
        let shell = workspace.shell(&[])?;
        shell.set_var("CARGO_ENCODED_RUSTFLAGS", flags(&places));
        cmd!(
            shell,
            "cargo build --release --locked --package photobooth-delivery --bin delivery"
        )
        .run()?;
        let (program, bootstrap) = (
            workspace.target.join("release/delivery"),
            folder.join("bootstrap"),
        );
        glibc::check(&program)?;
        fs::create_dir_all(&folder)?;
        // Symbols, too, tell where it was built.
        cmd!(shell, "strip --strip-all -o {bootstrap} {program}").run()?;
        let bytes = fs::read(&bootstrap)?;
        for (place, _) in &places {
            check_absence(&bytes, place)?;
        }
        println!(
            "{}: {:.1} MB",
            bootstrap.display(),
            bytes.len() as f64 / 1e6
        );
        Ok(())
    })
}

/// As Cargo takes several at once: panics name the sources of libraries and what build scripts wrote, wherever those lie.
/// An unchanged program must be an unchanged asset, also of another folder, or each deployment replaces every function.
/// What Cargo's own settings have of flags is not taken.
fn flags(places: &[(PathBuf, &str)]) -> String {
    let places = places.iter();
    let own = places.map(|(place, name)| format!("--remap-path-prefix={}={name}", place.display()));
    let given = match env::var("CARGO_ENCODED_RUSTFLAGS") {
        Ok(flags) => flags,
        Err(_) => {
            let flags = env::var("RUSTFLAGS").unwrap_or_default();
            flags.split_whitespace().collect::<Vec<_>>().join(SEPARATOR)
        }
    };
    let given = Some(given).filter(|it| !it.is_empty());
    given
        .into_iter()
        .chain(own)
        .collect::<Vec<_>>()
        .join(SEPARATOR)
}

fn check_absence(program: &[u8], place: &Path) -> Result<()> {
    let place = place.as_os_str().as_encoded_bytes();
    let is_there = program.windows(place.len()).any(|bytes| bytes == place);
    ensure!(
        !is_there,
        "it names {}, and would be another program elsewhere",
        String::from_utf8_lossy(place)
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(needed: &[(&str, &str)]) -> Option<String> {
        let lines = needed.iter();
        let lines = lines.map(|(flags, name)| format!("    0x06969194 {flags} 05 {name}\n"));
        let headers = format!("  required from libc.so.6:\n{}", lines.collect::<String>());
        let checked = glibc::check_headers(&headers);
        checked.err().map(|error| error.to_string())
    }

    #[test]
    fn what_lambda_cannot_start_is_refused() {
        let old = [
            ("0x00", "GLIBC_2.2.5"),
            ("0x00", "GLIBC_2.9"),
            ("0x00", "GLIBC_2.34"),
        ];
        assert_eq!(refusal(&old), None);
        for newer in [
            "GLIBC_2.35",
            "GLIBC_2.100",
            "GLIBC_3.0",
            "GLIBC_ABI_DT_RELR",
        ] {
            let reason = refusal(&[old[0], ("0x00", newer)]).unwrap();
            assert!(
                reason.starts_with(&format!("it needs {newer}, and")),
                "{reason}"
            );
            assert_eq!(refusal(&[old[0], ("0x02", newer)]), None);
        }
        assert_eq!(refusal(&[]).unwrap(), "it names no C library");
    }

    #[test]
    fn a_program_that_names_a_folder_is_refused() {
        let program = b"\x7fELF called at cargo/registry/src/lib.rs";
        let told = |place: &str| check_absence(program, Path::new(place)).is_err();
        assert!(!told("/home/somebody/.cargo"));
        assert!(told("cargo/registry"));
    }
}
