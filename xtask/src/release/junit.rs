//! What `cargo test` prints, as the `JUnit` XML that CodeBuild draws its test reports from.

use std::fmt::Write;

/// What was read so far.
#[derive(Default)]
pub struct Transcript {
    suites: Vec<Suite>,
    /// The failed test whose output follows.
    failed: Option<usize>,
}

/// The tests of one program.
#[derive(Default)]
struct Suite {
    name: String,
    seconds: String,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    Ignored,
    /// With what the test printed.
    Failed(String),
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
            suite.seconds = seconds.unwrap_or("0").trim_end_matches('s').to_owned();
        } else if let Some(Outcome::Failed(text)) =
            self.failed.map(|it| &mut suite.cases[it].outcome)
        {
            text.push_str(line);
            text.push('\n');
        } else if let Some(case) = line.strip_prefix("test ").and_then(Case::parse) {
            suite.cases.push(case);
        }
    }

    /// The report of everything that was read.
    pub fn into_junit(self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        for suite in self.suites.iter().filter(|suite| !suite.cases.is_empty()) {
            suite.write(&mut xml);
        }
        xml.push_str("</testsuites>\n");
        xml
    }
}

impl Case {
    /// Of `path::name ... ok`.
    fn parse(line: &str) -> Option<Self> {
        let (name, word) = line.rsplit_once(" ... ")?;
        let outcome = match word.split([',', ' ']).next()? {
            "ok" => Outcome::Passed,
            "FAILED" => Outcome::Failed(String::new()),
            "ignored" => Outcome::Ignored,
            _ => return None,
        };
        // A test that must panic says so behind its name.
        let name = name.split(" - ").next()?.to_owned();
        Some(Self { name, outcome })
    }
}

impl Suite {
    fn write(&self, xml: &mut String) {
        let count =
            |is: fn(&Outcome) -> bool| self.cases.iter().filter(|it| is(&it.outcome)).count();
        // Writing to a string cannot fail.
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\" time=\"{}\">",
            escape(&self.name),
            self.cases.len(),
            count(|it| matches!(it, Outcome::Failed(_))),
            count(|it| matches!(it, Outcome::Ignored)),
            escape(&self.seconds)
        );
        for Case { name, outcome } in &self.cases {
            let (suite, name) = (escape(&self.name), escape(name));
            let inner = match outcome {
                Outcome::Passed => String::new(),
                Outcome::Ignored => "<skipped/>".to_owned(),
                Outcome::Failed(text) => {
                    format!("<failure message=\"it failed\">{}</failure>", escape(text))
                }
            };
            let _ = writeln!(
                xml,
                "    <testcase classname=\"{suite}\" name=\"{name}\">{inner}</testcase>"
            );
        }
        xml.push_str("  </testsuite>\n");
    }
}

/// The crate in `unittests src/lib.rs (target/debug/deps/portrait-0123456789abcdef)`.
fn name_of(program: &str) -> &str {
    let path = program.rsplit_once('(').map_or(program, |(_, path)| path);
    let file = path.rsplit('/').next().unwrap_or(path);
    file.rsplit_once('-').map_or(file, |(name, _)| name)
}

/// As XML has it, which has no control characters but white space.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() && !c.is_whitespace() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
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
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="photobooth_api" tests="4" failures="1" skipped="1" time="0.12">
    <testcase classname="photobooth_api" name="theme::tests::has_a_name"></testcase>
    <testcase classname="photobooth_api" name="theme::tests::stops"></testcase>
    <testcase classname="photobooth_api" name="slow"><skipped/></testcase>
    <testcase classname="photobooth_api" name="upload::tests::is_small"><failure message="it failed">assertion `left &lt; right` failed
  left: &quot;a &amp; b&quot;

</failure></testcase>
  </testsuite>
</testsuites>
"#;
        assert_eq!(transcript.into_junit(), expected);
    }
}
