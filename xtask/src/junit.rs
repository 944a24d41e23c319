//! Test reports as `JUnit` XML, in the folder in which buildspecs let CodeBuild look for them.

use crate::workspace::Workspace;
use anyhow::Result;
use std::fmt::Write;
use std::fs;

/// Below the checkout.
pub const FOLDER: &str = "target/ci-output/reports";

/// What was tested together: the tests of a program, the requests of a crowd.
#[derive(Debug, Default, PartialEq)]
pub struct Suite {
    pub name: String,
    pub seconds: f64,
    pub cases: Vec<Case>,
}

#[derive(Debug, PartialEq)]
pub struct Case {
    pub name: String,
    pub outcome: Outcome,
}

#[derive(Debug, PartialEq)]
pub enum Outcome {
    Passed,
    Ignored,
    /// With what was seen or printed.
    Failed(String),
    /// It could not be told, with the reason.
    Unknown(String),
}

/// Writes the report `{name}.xml`.
pub fn write(workspace: &Workspace, name: &str, suites: &[Suite]) -> Result<()> {
    let folder = workspace.root.join(FOLDER);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(format!("{name}.xml")), xml_of(suites))?;
    Ok(())
}

fn xml_of(suites: &[Suite]) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    suites.iter().for_each(|suite| suite.write(&mut xml));
    xml.push_str("</testsuites>\n");
    xml
}

impl Suite {
    fn write(&self, xml: &mut String) {
        let count =
            |is: fn(&Outcome) -> bool| self.cases.iter().filter(|it| is(&it.outcome)).count();
        // Writing to a string cannot fail.
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\">",
            escape(&self.name),
            self.cases.len(),
            count(|it| matches!(it, Outcome::Failed(_))),
            count(|it| matches!(it, Outcome::Unknown(_))),
            count(|it| matches!(it, Outcome::Ignored)),
            self.seconds
        );
        for Case { name, outcome } in &self.cases {
            let (suite, name) = (escape(&self.name), escape(name));
            let inner = match outcome {
                Outcome::Passed => String::new(),
                Outcome::Ignored => "<skipped/>".to_owned(),
                Outcome::Failed(text) => {
                    format!("<failure message=\"it failed\">{}</failure>", escape(text))
                }
                Outcome::Unknown(text) => {
                    format!(
                        "<error message=\"nobody can tell\">{}</error>",
                        escape(text)
                    )
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

    #[test]
    fn every_outcome_has_its_element() {
        let case = |name: &str, outcome| Case {
            name: name.to_owned(),
            outcome,
        };
        let suite = Suite {
            name: "a & b".to_owned(),
            seconds: 0.12,
            cases: vec![
                case("good", Outcome::Passed),
                case("slow", Outcome::Ignored),
                case("p95 < 2", Outcome::Failed("\u{1b}left: \"3\"\n".to_owned())),
                case("hidden", Outcome::Unknown("no answer".to_owned())),
            ],
        };
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="a &amp; b" tests="4" failures="1" errors="1" skipped="1" time="0.12">
    <testcase classname="a &amp; b" name="good"></testcase>
    <testcase classname="a &amp; b" name="slow"><skipped/></testcase>
    <testcase classname="a &amp; b" name="p95 &lt; 2"><failure message="it failed">"#
            .to_owned()
            + "\u{fffd}left: &quot;3&quot;\n"
            + r#"</failure></testcase>
    <testcase classname="a &amp; b" name="hidden"><error message="nobody can tell">no answer</error></testcase>
  </testsuite>
</testsuites>
"#;
        assert_eq!(xml_of(&[suite]), expected);
    }
}
