//! Three charts a service over the same seconds: who came to green, how long answers took, how many failed.

use super::super::part::Part;
use super::super::stage::Stage;
use anyhow::Result;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::PoisonError;

/// Of a chart, in its own units, with room for figures at its sides and below.
const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 110.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 980.0;
const BOTTOM: f64 = 18.0;
const TOP: f64 = 6.0;
/// Seconds between two marks: the first that gives a dozen at most.
const MARKS: [f64; 6] = [5.0, 10.0, 20.0, 60.0, 120.0, 300.0];

/// Seconds on the timeline, and a figure.
type Point = (f64, f64);

pub fn write(page: &mut String, stage: &Stage) -> Result<()> {
    let end = stage.timeline.now().as_secs_f64().max(1.0);
    for part in Part::ALL {
        let (latencies, failures) = measured(stage, part);
        write!(page, "<h2>Guests of the {part}</h2>")?;
        let frame = Frame { end, most: 100.0 };
        let share = frame.area(&shares(stage, part, end));
        frame.write(page, "of 100 who come to green", &share)?;
        let most = round_up(latencies.iter().map(|it| it.1).fold(1.0, f64::max));
        let frame = Frame { end, most };
        let title = "milliseconds within which 95 of 100 answers begin, by the second";
        frame.write(page, title, &frame.line(&latencies))?;
        let most = round_up(failures.iter().map(|it| it.1).fold(1.0, f64::max));
        let frame = Frame { end, most };
        frame.write(
            page,
            "answers that failed, by the second",
            &frame.bars(&failures),
        )?;
    }
    Ok(())
}

fn shares(stage: &Stage, part: Part, end: f64) -> Vec<Point> {
    let shares = stage.shares.lock();
    let shares = shares.unwrap_or_else(PoisonError::into_inner);
    let mut points = vec![(0.0, 0.0)];
    let mut last = 0.0;
    for share in shares.iter().filter(|it| it.part == part) {
        let at = share.at.as_secs_f64();
        points.push((at, last));
        last = f64::from(share.green_percent);
        points.push((at, last));
    }
    points.extend([(end, last), (end, 0.0)]);
    points
}

/// Of both colours together, second by second: the longer of their latencies, and the sum of their failures where there
/// are any.
fn measured(stage: &Stage, part: Part) -> (Vec<Point>, Vec<Point>) {
    let since = stage.counting_since.as_secs_f64();
    let cells = stage.balancer.tally().by_second();
    let of_part = cells
        .iter()
        .filter(|((group, _), _)| group.contains(part.name()));
    let (mut latencies, mut failures) = (BTreeMap::new(), BTreeMap::new());
    for ((_, second), cell) in of_part {
        if let Some(latency) = cell.percentile_ms(0.95) {
            let longest: &mut f64 = latencies.entry(*second).or_default();
            *longest = longest.max(latency);
        }
        if cell.failures > 0 {
            *failures.entry(*second).or_default() += cell.failures as f64;
        }
    }
    let points = |figures: BTreeMap<u64, f64>| {
        // In the middle of their second.
        let at = |second| since + second as f64 + 0.5;
        let points = figures.into_iter();
        points
            .map(|(second, figure)| (at(second), figure))
            .collect()
    };
    (points(latencies), points(failures))
}

/// What a chart shows: seconds up to `end`, figures up to `most`.
#[derive(Clone, Copy)]
struct Frame {
    end: f64,
    most: f64,
}

impl Frame {
    fn x(self, seconds: f64) -> f64 {
        LEFT + seconds / self.end * (RIGHT - LEFT)
    }

    fn y(self, figure: f64) -> f64 {
        HEIGHT - BOTTOM - figure / self.most * (HEIGHT - BOTTOM - TOP)
    }

    fn points(self, points: &[Point]) -> String {
        let place = |it: &Point| format!("{:.1},{:.1}", self.x(it.0), self.y(it.1));
        points.iter().map(place).collect::<Vec<_>>().join(" ")
    }

    fn area(self, points: &[Point]) -> String {
        format!("<polygon class=share points='{}' />", self.points(points))
    }

    fn line(self, points: &[Point]) -> String {
        format!(
            "<polyline class=latency points='{}' />",
            self.points(points)
        )
    }

    fn bars(self, points: &[Point]) -> String {
        let bar = |it: &Point| {
            let (x, from, to) = (self.x(it.0), self.y(0.0), self.y(it.1));
            format!("<line class=failed x1={x:.1} x2={x:.1} y1={from:.1} y2={to:.1} />")
        };
        points.iter().map(bar).collect()
    }

    fn write(self, page: &mut String, title: &str, drawn: &str) -> Result<()> {
        write!(
            page,
            "<figure><figcaption>{title}</figcaption><svg viewBox='0 0 {WIDTH} {HEIGHT}'>"
        )?;
        for figure in [0.0, self.most] {
            let (y, text) = (self.y(figure), LEFT - 6.0);
            write!(
                page,
                "<line class=grid x1={LEFT} x2={RIGHT} y1={y:.1} y2={y:.1} /><text x={text} y={:.1} text-anchor=end>{figure}</text>",
                y + 4.0
            )?;
        }
        let fits = |mark: &&f64| self.end / **mark <= 12.0;
        let mark = MARKS.iter().find(fits).unwrap_or(&600.0);
        for number in 0..=(self.end / mark) as u32 {
            let seconds = f64::from(number) * mark;
            let (x, y) = (self.x(seconds), HEIGHT - 3.0);
            write!(
                page,
                "<text x={x:.1} y={y} text-anchor=middle>{seconds} s</text>"
            )?;
        }
        write!(page, "{drawn}</svg></figure>")?;
        Ok(())
    }
}

/// To one, two or five and noughts.
fn round_up(figure: f64) -> f64 {
    let power = 10_f64.powf(figure.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    let step = steps.into_iter().find(|step| step * power >= figure);
    step.unwrap_or(10.0) * power
}
