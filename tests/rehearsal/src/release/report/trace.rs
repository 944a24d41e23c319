//! The trace of the deployment, as X-Ray would draw it: a bar a stage and hook.

use super::super::stage::Stage;
use anyhow::Result;
use serde_json::Value;
use std::fmt::Write;

/// Of the picture, in its own units.
const WIDTH: f64 = 1_000.0;

pub fn write(page: &mut String, stage: &Stage) -> Result<()> {
    let segments = stage.cloud.read(|world| world.reported.segments.clone());
    let Some(root) = segments.first() else {
        return Ok(());
    };
    let time = |span: &Value, field: &str| span[field].as_f64().unwrap_or_default();
    let (begun, ended) = (time(root, "start_time"), time(root, "end_time"));
    let mut spans = Vec::new();
    collect(root, 0, &mut spans);
    let height = 22 * spans.len();
    let id = super::escape(root["trace_id"].as_str().unwrap_or_default());
    write!(
        page,
        "<h2>Trace</h2><p>{id}</p><figure><svg viewBox='0 0 {WIDTH} {height}'>"
    )?;
    for (row, (depth, span)) in spans.iter().enumerate() {
        let scale = WIDTH / (ended - begun).max(0.001);
        let x = (time(span, "start_time") - begun) * scale;
        let width = ((time(span, "end_time") - time(span, "start_time")) * scale).max(1.0);
        let class = if span["fault"] == true {
            "fault"
        } else {
            "span"
        };
        let (y, name) = (
            22 * row,
            super::escape(span["name"].as_str().unwrap_or_default()),
        );
        let text = y + 15;
        write!(
            page,
            "<rect x={x:.1} y={y} width={width:.1} height=20 class={class} /><text x={} y={text}>{name}</text>",
            10 * depth + 4
        )?;
    }
    page.push_str("</svg></figure>");
    Ok(())
}

fn collect<'a>(span: &'a Value, depth: usize, spans: &mut Vec<(usize, &'a Value)>) {
    spans.push((depth, span));
    for child in span["subsegments"].as_array().into_iter().flatten() {
        collect(child, depth + 1, spans);
    }
}
