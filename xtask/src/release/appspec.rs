//! appspec.yaml: the root's template, with a service's names put in.

use anyhow::{Result, bail, ensure};

/// What CodePipeline replaces by the revision that it registered.
const TASK_DEFINITION: &str = "<TASK_DEFINITION>";

/// Puts a value in for every `${NAME}`. Lines of comment are the template's own, and go.
///
/// # Errors
/// A placeholder that nobody knows or that does not end, a value that the template does not ask for or that YAML would
/// read as something else, or no place for the task definition.
pub fn render(template: &str, values: &[(&str, String)]) -> Result<String> {
    for (name, value) in values {
        ensure!(
            is_plain(value),
            "{value:?} cannot be put in for ${{{name}}}: it is empty, or has letters that mean something in YAML"
        );
    }
    let mut rendered = String::new();
    let mut used = Vec::new();
    for line in template.lines() {
        if line.trim_start().starts_with('#') {
            continue;
        }
        rendered.push_str(&render_line(line, values, &mut used)?);
        rendered.push('\n');
    }
    for (name, _) in values {
        ensure!(
            used.contains(name),
            "the template has no ${{{name}}}, and CodeDeploy would not learn of it"
        );
    }
    ensure!(
        rendered.matches(TASK_DEFINITION).count() == 1,
        "the template must name {TASK_DEFINITION} once, where CodePipeline puts the new revision"
    );
    Ok(rendered)
}

fn render_line<'a>(
    line: &str,
    values: &'a [(&str, String)],
    used: &mut Vec<&'a str>,
) -> Result<String> {
    let mut rendered = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('$') {
        rendered.push_str(before);
        let name = after.strip_prefix('{').and_then(|it| it.split_once('}'));
        let Some((name, behind)) = name else {
            bail!("a placeholder is written ${{NAME}}; this line has another dollar: {line:?}");
        };
        let Some((known, value)) = values.iter().find(|(known, _)| *known == name) else {
            let known: Vec<_> = values.iter().map(|(known, _)| *known).collect();
            bail!(
                "the template has ${{{name}}}, which nobody knows; there are {}",
                known.join(", ")
            );
        };
        rendered.push_str(value);
        used.push(known);
        rest = behind;
    }
    rendered.push_str(rest);
    Ok(rendered)
}

/// Names and numbers as AWS has them: nothing that needs quotes in YAML.
fn is_plain(value: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    !value.is_empty() && value.chars().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "# ${THIS} is explained.\ntask: <TASK_DEFINITION>\nname: \"${NAME}\"\n";

    fn values(name: &str) -> Vec<(&'static str, String)> {
        vec![("NAME", name.to_owned())]
    }

    fn error(template: &str, name: &str) -> String {
        render(template, &values(name)).unwrap_err().to_string()
    }

    #[test]
    fn values_are_put_in_and_comments_go() {
        let rendered = render(TEMPLATE, &values("backend")).unwrap();
        assert_eq!(rendered, "task: <TASK_DEFINITION>\nname: \"backend\"\n");
    }

    #[test]
    fn an_unknown_placeholder_is_an_error() {
        let error = error(&format!("{TEMPLATE}port: ${{PORT}}\n"), "backend");
        assert!(error.contains("${PORT}, which nobody knows"), "{error}");
    }

    #[test]
    fn a_placeholder_that_stays_is_an_error() {
        for line in ["port: ${NAME\n", "port: $NAME\n", "port: ${NAME }\n"] {
            error(&format!("{TEMPLATE}{line}"), "backend");
        }
    }

    #[test]
    fn a_value_that_nobody_asks_for_is_an_error() {
        let error = error("task: <TASK_DEFINITION>\n", "backend");
        assert!(error.contains("no ${NAME}"), "{error}");
    }

    #[test]
    fn a_value_cannot_change_what_the_file_means() {
        for name in ["", "a: b", "a\nHooks: []", "${NAME}", "a\"b"] {
            let error = error(TEMPLATE, name);
            assert!(error.contains("cannot be put in"), "{error}");
        }
    }

    #[test]
    fn the_new_revision_has_its_place() {
        let error = error("name: ${NAME}\n", "backend");
        assert!(error.contains("<TASK_DEFINITION>"), "{error}");
    }
}
