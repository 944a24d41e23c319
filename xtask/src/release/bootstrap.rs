//! The Lambdas' program: a release build of `delivery` under the name that Lambda starts.

use super::glibc;
use crate::steps::Steps;
use crate::workspace::{Workspace, cargo_home};
use anyhow::Result;
use std::env;
use std::fs;
use std::path::{self, Path};
use xshell::cmd;

/// Builds it into `folder`, where nothing lies afterwards that Lambda could not start.
pub fn build(workspace: &Workspace, folder: &Path) -> Result<()> {
    let folder = path::absolute(folder)?;
    let mut steps = Steps::new(1);
    steps.take("the Lambdas' program", || {
        let shell = workspace.shell(&[])?;
        shell.set_var("CARGO_ENCODED_RUSTFLAGS", flags(workspace)?);
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
        println!(
            "{}: {:.1} MB",
            bootstrap.display(),
            fs::metadata(&bootstrap)?.len() as f64 / 1e6
        );
        Ok(())
    })
}

/// As Cargo takes several at once: panics name the sources of libraries and what build scripts wrote, wherever those lie.
/// An unchanged program must be an unchanged asset, also of another folder, or each deployment replaces every function.
fn flags(workspace: &Workspace) -> Result<String> {
    let places = [
        (cargo_home()?, "cargo"),
        (workspace.target.clone(), "target"),
    ];
    let flags =
        places.map(|(place, name)| format!("--remap-path-prefix={}={name}", place.display()));
    let others = env::var("RUSTFLAGS").unwrap_or_default();
    let others = others.split_whitespace().map(str::to_owned);
    Ok(others.chain(flags).collect::<Vec<_>>().join("\x1f"))
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
}
