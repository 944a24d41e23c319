//! What `cargo test` prints, as what was tested: a suite a program.

use crate::junit::{Case, Outcome, Suite};

/// What was read so far.
#[derive(Default)]
pub struct Transcript {
    suites: Vec<Suite>,
    /// The failed test whose output follows.
    failed: Option<usize>,
}

impl Transcript {
    /// Takes the next line; most say nothing of tests.
    pub fn read(&mut self, line: &str) {
        if let Some(program) = line.trim_start().strip_prefix("Running ") {
            self.failed = None;
            self.suites.push(Suite {
                name: name_of(program).to_owned(),
                ..Suite::default()
            });
            return;
        }
        let Some(suite) = self.suites.last_mut() else {
            return;
        };
        let heading = line.strip_prefix("---- ");
        if let Some(name) = heading.and_then(|it| it.strip_suffix(" stdout ----")) {
            self.failed = suite.cases.iter().position(|case| case.name == name);
        } else if line == "failures:" {
            self.failed = None;
        } else if let Some(result) = line.strip_prefix("test result: ") {
            self.failed = None;
            let seconds = result.rsplit_once("finished in ").map(|(_, time)| time);
            let seconds = seconds.and_then(|it| it.trim_end_matches('s').parse().ok());
            suite.seconds = seconds.unwrap_or_default();
        } else if let Some(Outcome::Failed(text)) =
            self.failed.map(|it| &mut suite.cases[it].outcome)
        {
            text.push_str(line);
            text.push('\n');
        } else if let Some(case) = line.strip_prefix("test ").and_then(parse) {
            suite.cases.push(case);
        }
    }

    /// Everything that was read, but programs without tests.
    pub fn into_suites(self) -> Vec<Suite> {
        let suites = self.suites.into_iter();
        suites.filter(|suite| !suite.cases.is_empty()).collect()
    }
}

/// Of `path::name ... ok`.
fn parse(line: &str) -> Option<Case> {
    let (name, word) = line.rsplit_once(" ... ")?;
    let outcome = match word.split([',', ' ']).next()? {
        "ok" => Outcome::Passed,
        "FAILED" => Outcome::Failed(String::new()),
        "ignored" => Outcome::Ignored,
        _ => return None,
    };
    // A test that must panic says so behind its name.
    let name = name.split(" - ").next()?.to_owned();
    Some(Case { name, outcome })
}

/// The crate in `unittests src/lib.rs (target/debug/deps/portrait-0123456789abcdef)`.
fn name_of(program: &str) -> &str {
    let path = program.rsplit_once('(').map_or(program, |(_, path)| path);
    let file = path.rsplit('/').next().unwrap_or(path);
    file.rsplit_once('-').map_or(file, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = r#"   Compiling portrait v0.1.0
     Running unittests src/lib.rs (target/debug/deps/photobooth_api-0a1b2c3d4e5f6071)

running 4 tests
test theme::tests::has_a_name ... ok
test theme::tests::stops - should panic ... ok
test slow ... ignored, takes an hour
test upload::tests::is_small ... FAILED

failures:

---- upload::tests::is_small stdout ----
assertion `left < right` failed
  left: "a & b"

failures:
    upload::tests::is_small

test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.12s

error: test failed, to rerun pass `-p photobooth-api --lib`
     Running unittests src/main.rs (target/debug/deps/empty-0a1b2c3d4e5f6071)

running 0 tests

test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
"#;

    #[test]
    fn what_was_printed_is_reported() {
        let mut transcript = Transcript::default();
        PRINTED.lines().for_each(|line| transcript.read(line));
        let case = |name: &str, outcome| Case {
            name: name.to_owned(),
            outcome,
        };
        let said = "assertion `left < right` failed\n  left: \"a & b\"\n\n".to_owned();
        let expected = Suite {
            name: "photobooth_api".to_owned(),
            seconds: 0.12,
            cases: vec![
                case("theme::tests::has_a_name", Outcome::Passed),
                case("theme::tests::stops", Outcome::Passed),
                case("slow", Outcome::Ignored),
                case("upload::tests::is_small", Outcome::Failed(said)),
            ],
        };
        assert_eq!(transcript.into_suites(), [expected]);
    }
}
