//! Which C library a program needs: Lambda's is 2.34, and what is linked on a newer system may ask for more.

use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::Command;

/// Amazon Linux 2023 has it, which is `provided.al2023`.
const LAMBDA: (u32, u32) = (2, 34);

/// The flags of a version that is used where it is there, and not missed.
const WEAK: &str = "0x02";

/// That Lambda can start a program.
///
/// # Errors
/// It needs more than Lambda has, or does not say what it needs.
pub fn check(program: &Path) -> Result<()> {
    // Of the tools that a linker brings along.
    let mut objdump = Command::new("objdump");
    let headers = objdump.arg("--private-headers").arg(program).output();
    let headers = headers.context("cannot start objdump")?;
    check_headers(&String::from_utf8_lossy(&headers.stdout))
        .with_context(|| program.display().to_string())
}

/// Among a program's headers is a line for each version that it needs: a hash, flags, a number, and its name.
pub fn check_headers(headers: &str) -> Result<()> {
    let needed = headers.lines().filter_map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        match words[..] {
            [_, flags, _, version] if version.starts_with("GLIBC_") => Some((flags, version)),
            _ => None,
        }
    });
    let needed: Vec<_> = needed.collect();
    ensure!(!needed.is_empty(), "it names no C library");
    let needed = needed.into_iter().filter(|(flags, _)| *flags != WEAK);
    let needed = needed.map(|(_, version)| version);
    let newer = needed.filter(|version| !lambda_has(version));
    let newer = newer.collect::<Vec<_>>().join(", ");
    ensure!(
        newer.is_empty(),
        "it needs {newer}, and Lambda has GLIBC_{}.{}: build it on Amazon Linux 2023, which CodeBuild has as \
         aws/codebuild/amazonlinux-x86_64-standard:5.0, or on another system that is no newer",
        LAMBDA.0,
        LAMBDA.1
    );
    Ok(())
}

/// What is no version, such as `GLIBC_ABI_DT_RELR`, is newer than 2.34.
fn lambda_has(version: &str) -> bool {
    let mut numbers = version.trim_start_matches("GLIBC_").split('.');
    let mut next = || numbers.next()?.parse::<u32>().ok();
    next().zip(next()).is_some_and(|version| version <= LAMBDA)
}
