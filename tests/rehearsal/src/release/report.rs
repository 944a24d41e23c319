//! The HTML report: one file that needs nothing else.

use super::guests::Guests;
use super::part::Part;
use super::pipeline::Verdict;
use super::stage::Stage;
use super::timeline::Tone;
use anyhow::Result;
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

const STYLE: &str = "body{font:15px/1.5 system-ui;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#222}\
h1,h2{line-height:1.2}table{border-collapse:collapse;width:100%}td,th{padding:.2rem .6rem;border-bottom:1px solid #ddd;\
text-align:left;vertical-align:top}.good{color:#17692c}.bad{color:#b00020}svg{width:100%;height:auto;background:#f7f7f9}\
.number{text-align:right;font-variant-numeric:tabular-nums}";
/// Of a chart, in its own units.
const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 120.0;

/// Writes `index.html` into the rehearsal's folder.
///
/// # Errors
/// It cannot be written.
pub fn write(stage: &Stage, guests: &Guests, verdict: &Verdict) -> Result<PathBuf> {
    let mut page = format!(
        "<!doctype html><meta charset=utf-8><title>Rehearsal</title><style>{STYLE}</style><h1>Rehearsal of a release</h1>"
    );
    write_summary(&mut page, stage, guests, verdict)?;
    write_charts(&mut page, stage)?;
    write_hooks(&mut page, verdict)?;
    write_timeline(&mut page, stage)?;
    write_metrics(&mut page, stage)?;
    write_trace(&mut page, stage)?;
    let path = stage.settings.out.join("index.html");
    fs::write(&path, page)?;
    Ok(path)
}

fn write_summary(
    page: &mut String,
    stage: &Stage,
    guests: &Guests,
    verdict: &Verdict,
) -> Result<()> {
    let fault = stage.settings.fault.map_or("none", |it| it.name());
    let blue = match stage.settings.blue == stage.settings.green {
        true => "the same build as green, under another name",
        false => "an older build",
    };
    let (requests, visits) = guests.count();
    let failed = guests.failures();
    write!(page, "<p>Fault: <b>{fault}</b>. Blue: {blue}. ")?;
    write!(
        page,
        "Guests: {requests} requests and {visits} visits, {} failed.</p><ul>",
        failed.len()
    )?;
    for (part, outcome, _) in &verdict.deployments {
        write!(page, "<li>{part}: {}", escape(&outcome.to_string()))?;
    }
    page.push_str("</ul>");
    match verdict.objections.is_empty() {
        true => page.push_str("<p class=good>Everything came as it must.</p>"),
        false => page.push_str("<p class=bad>Not as it must be:</p>"),
    }
    for objection in &verdict.objections {
        write!(page, "<p class=bad>{}</p>", escape(objection))?;
    }
    for failure in failed.iter().take(20) {
        let at = failure.at.as_secs_f64();
        write!(
            page,
            "<p>Failed at {at:.1} s: {}</p>",
            escape(&failure.what)
        )?;
    }
    Ok(())
}

fn write_charts(page: &mut String, stage: &Stage) -> Result<()> {
    let end = stage.timeline.now().as_secs_f64().max(1.0);
    let shares = stage
        .shares
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .clone();
    for part in Part::ALL {
        let mut points = vec![(0.0, 0.0)];
        for share in shares.iter().filter(|it| it.part == part) {
            let last = points.last().map_or(0.0, |it| it.1);
            let at = share.at.as_secs_f64();
            points.extend([(at, last), (at, f64::from(share.green_percent))]);
        }
        points.push((end, points.last().map_or(0.0, |it| it.1)));
        write_chart(
            page,
            &format!("Guests of {part} who come to green, of 100"),
            &points,
            end,
            100.0,
        )?;
    }
    let since = stage.counting_since.as_secs_f64();
    let cells = stage.balancer.tally().by_second();
    for part in Part::ALL {
        let of_part = cells
            .iter()
            .filter(|((group, _), _)| group.contains(part.name()));
        let (mut slow, mut failed) = (Vec::new(), Vec::new());
        for ((_, second), cell) in of_part {
            let at = since + *second as f64;
            slow.push((at, cell.percentile_ms(0.95).unwrap_or_default()));
            failed.push((at, cell.failures as f64));
        }
        for (title, mut points) in [
            ("within which 95 of 100 answers of", slow),
            ("failed answers a second of", failed),
        ] {
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            let most = points.iter().map(|it| it.1).fold(1.0, f64::max);
            let title = format!("{title} {part} (at most {most:.0}; the first in ms)");
            write_chart(page, &title, &points, end, most)?;
        }
    }
    Ok(())
}

fn write_chart(
    page: &mut String,
    title: &str,
    points: &[(f64, f64)],
    end: f64,
    most: f64,
) -> Result<()> {
    let place = |(x, y): &(f64, f64)| {
        format!(
            "{:.1},{:.1}",
            x / end * WIDTH,
            HEIGHT - 5.0 - y / most * (HEIGHT - 10.0)
        )
    };
    let line: Vec<_> = points.iter().map(place).collect();
    write!(
        page,
        "<h2>{title}</h2><svg viewBox='0 0 {WIDTH} {HEIGHT}'><polyline points='{}' fill=none stroke='#3355cc' stroke-width=2 /></svg><p class=number>0 to {end:.0} s</p>",
        line.join(" ")
    )?;
    Ok(())
}

fn write_hooks(page: &mut String, verdict: &Verdict) -> Result<()> {
    page.push_str("<h2>Hooks</h2>");
    for (part, _, hooks) in &verdict.deployments {
        for hook in hooks {
            let status = hook.status.as_deref().unwrap_or("nothing");
            let tone = if status == "Succeeded" { "good" } else { "bad" };
            write!(
                page,
                "<h3>{part}: {} asks {}</h3><p class={tone}>reported {status} after {:.1} s of {} s</p><table>",
                hook.event, hook.function, hook.seconds, hook.limit_seconds
            )?;
            for check in hook.report["checks"].as_array().into_iter().flatten() {
                let cell = |field: &str| escape(check[field].as_str().unwrap_or_default());
                let (name, outcome, detail) = (cell("name"), cell("outcome"), cell("detail"));
                write!(page, "<tr><td>{name}<td>{outcome}<td>{detail}")?;
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
    for name in [
        "ApplicationStartHookExecuted",
        "PreTrafficHookExecuted",
        "ApplicationStopHookExecuted",
        "ValidateServiceHookExecuted",
        "DeploymentValidationResult",
        "DeploymentResult",
        "PipelineResult",
    ] {
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

fn write_trace(page: &mut String, stage: &Stage) -> Result<()> {
    let segments = stage.cloud.read(|world| world.reported.segments.clone());
    let Some(root) = segments.first() else {
        return Ok(());
    };
    let time = |span: &Value, field: &str| span[field].as_f64().unwrap_or_default();
    let (begun, ended) = (time(root, "start_time"), time(root, "end_time"));
    let mut spans = Vec::new();
    collect(root, 0, &mut spans);
    let height = 22 * spans.len();
    let id = escape(root["trace_id"].as_str().unwrap_or_default());
    write!(
        page,
        "<h2>Trace {id}</h2><svg viewBox='0 0 {WIDTH} {height}'>"
    )?;
    for (row, (depth, span)) in spans.iter().enumerate() {
        let scale = WIDTH / (ended - begun).max(0.001);
        let x = (time(span, "start_time") - begun) * scale;
        let width = ((time(span, "end_time") - time(span, "start_time")) * scale).max(1.0);
        let colour = if span["fault"] == true {
            "#e0a0a8"
        } else {
            "#a9c4f5"
        };
        let (y, name) = (22 * row, escape(span["name"].as_str().unwrap_or_default()));
        let text = y + 15;
        write!(
            page,
            "<rect x={x:.1} y={y} width={width:.1} height=20 fill='{colour}' /><text x={} y={text} font-size=13>{name}</text>",
            10 * depth + 4
        )?;
    }
    page.push_str("</svg>");
    Ok(())
}

fn collect<'a>(span: &'a Value, depth: usize, spans: &mut Vec<(usize, &'a Value)>) {
    spans.push((depth, span));
    for child in span["subsegments"].as_array().into_iter().flatten() {
        collect(child, depth + 1, spans);
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
