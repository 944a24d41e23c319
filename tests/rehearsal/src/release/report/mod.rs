//! The HTML report: one file that needs nothing else.

mod charts;
mod style;
mod trace;

use super::stage::Stage;
use super::timeline::Tone;
use super::verdict::Record;
use anyhow::Result;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

/// How many failures are told one by one.
const TOLD: usize = 20;
const METRICS: [&str; 7] = [
    "ApplicationStartHookExecuted",
    "PreTrafficHookExecuted",
    "ApplicationStopHookExecuted",
    "ValidateServiceHookExecuted",
    "DeploymentValidationResult",
    "DeploymentResult",
    "PipelineResult",
];

/// Writes `index.html` into the rehearsal's folder.
///
/// # Errors
/// It cannot be written.
pub fn write(stage: &Stage, record: &Record) -> Result<PathBuf> {
    let mut page = style::HEAD.to_owned();
    write_summary(&mut page, stage, record)?;
    charts::write(&mut page, stage)?;
    write_hooks(&mut page, record)?;
    write_timeline(&mut page, stage)?;
    write_metrics(&mut page, stage)?;
    trace::write(&mut page, stage)?;
    let path = stage.settings.out.join("index.html");
    fs::write(&path, page)?;
    Ok(path)
}

fn write_summary(page: &mut String, stage: &Stage, record: &Record) -> Result<()> {
    let fault = record.fault.map_or("none", |it| it.name());
    let blue = stage.settings.origin_of_blue();
    let Record {
        requests, visits, ..
    } = record;
    let visitors: u64 = record.rounds.iter().map(|it| it.visitors).sum();
    let failed: u64 = record.rounds.iter().map(|it| it.failed).sum();
    write!(page, "<p>Fault: <b>{fault}</b>. Blue: {blue}.<br>")?;
    write!(
        page,
        "Guests: {requests} requests and {visits} visits, {} failed. ",
        record.failures.len()
    )?;
    write!(
        page,
        "Artillery: {visitors} visitors, {failed} failed.</p><ul>"
    )?;
    for it in &record.deployments {
        write!(page, "<li>{}: {}", it.part, escape(&it.outcome.to_string()))?;
    }
    page.push_str("</ul>");
    let objections = record.objections();
    match objections.is_empty() {
        true => page.push_str("<p class=good>Everything came as it must.</p>"),
        false => page.push_str("<p class=bad>Not as it must be:</p>"),
    }
    for objection in objections {
        write!(page, "<p class=bad>{}</p>", escape(&objection))?;
    }
    for failure in record.failures.iter().take(TOLD) {
        let (at, what) = (failure.at.as_secs_f64(), escape(&failure.what));
        write!(page, "<p>Failed at {at:.1} s: {what}</p>")?;
    }
    Ok(())
}

fn write_hooks(page: &mut String, record: &Record) -> Result<()> {
    page.push_str("<h2>Hooks</h2>");
    for deployed in &record.deployments {
        for hook in &deployed.hooks {
            let status = hook.status.as_deref().unwrap_or("nothing");
            let tone = if status == "Succeeded" { "good" } else { "bad" };
            write!(
                page,
                "<h3>{}: {} calls {}</h3><p class={tone}>reported {status} after {:.1} s of {} s</p><table>",
                deployed.part, hook.event, hook.function, hook.seconds, hook.limit_seconds
            )?;
            for check in hook.report["checks"].as_array().into_iter().flatten() {
                let cell = |field: &str| escape(check[field].as_str().unwrap_or_default());
                let (name, outcome, detail) = (cell("name"), cell("outcome"), cell("detail"));
                let tone = if outcome == "passed" { "good" } else { "bad" };
                write!(page, "<tr><td>{name}<td class={tone}>{outcome}<td>{detail}")?;
            }
            page.push_str("</table>");
        }
    }
    Ok(())
}

fn write_timeline(page: &mut String, stage: &Stage) -> Result<()> {
    page.push_str("<h2>What happened</h2><table>");
    for entry in stage.timeline.entries() {
        let tone = match entry.tone {
            Tone::Plain => "plain",
            Tone::Good => "good",
            Tone::Bad => "bad",
        };
        let (at, about) = (entry.at.as_secs_f64(), escape(&entry.about));
        let text = escape(&entry.text);
        write!(
            page,
            "<tr class={tone}><td class=number>{at:.1} s<td>{about}<td>{text}"
        )?;
    }
    page.push_str("</table>");
    Ok(())
}

fn write_metrics(page: &mut String, stage: &Stage) -> Result<()> {
    page.push_str("<h2>Metrics of AI-Photobooth/Deployment</h2><table>");
    for name in METRICS {
        let values = stage
            .cloud
            .read(|world| world.metrics.values("AI-Photobooth/Deployment", name));
        for (dimensions, value) in values {
            let service = dimensions.get("Service").map_or("", String::as_str);
            write!(page, "<tr><td>{name}<td>{service}<td class=number>{value}")?;
        }
    }
    page.push_str("</table>");
    Ok(())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
