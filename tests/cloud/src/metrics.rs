//! Values as CloudWatch keeps them: by namespace, name and exactly these dimensions.

use std::collections::BTreeMap;

/// Everything that was put.
#[derive(Clone, Debug, Default)]
pub struct Metrics(Vec<Point>);

#[derive(Clone, Debug)]
struct Point {
    namespace: String,
    name: String,
    dimensions: BTreeMap<String, String>,
    at: f64,
    statistics: Statistics,
    values: Vec<f64>,
}

/// What CloudWatch knows of some values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistics {
    pub count: f64,
    pub sum: f64,
    pub min: f64,
    pub max: f64,
}

impl Statistics {
    /// Of one value.
    #[must_use]
    pub fn of(value: f64) -> Self {
        Self {
            count: 1.0,
            sum: value,
            min: value,
            max: value,
        }
    }

    fn join(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            sum: self.sum + other.sum,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }
}

impl Metrics {
    /// Notes one value at a time in seconds since 1970.
    pub fn put(
        &mut self,
        namespace: &str,
        name: &str,
        dimensions: &[(&str, &str)],
        at: f64,
        value: f64,
    ) {
        let dimensions = dimensions
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.put_statistics(
            namespace,
            name,
            dimensions.collect(),
            at,
            Statistics::of(value),
        );
    }

    pub(crate) fn put_statistics(
        &mut self,
        namespace: &str,
        name: &str,
        dimensions: BTreeMap<String, String>,
        at: f64,
        statistics: Statistics,
    ) {
        let average = statistics.sum / statistics.count.max(1.0);
        self.0.push(Point {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dimensions,
            at,
            statistics,
            values: vec![average; statistics.count as usize],
        });
    }

    /// Forgets a namespace, as if nothing had ever been put.
    pub fn forget(&mut self, namespace: &str) {
        self.0.retain(|point| point.namespace != namespace);
    }

    /// The values of a metric, by whatever dimensions, the oldest first.
    #[must_use]
    pub fn values(&self, namespace: &str, name: &str) -> Vec<(BTreeMap<String, String>, f64)> {
        let points = self
            .0
            .iter()
            .filter(|point| point.namespace == namespace && point.name == name);
        points
            .map(|point| (point.dimensions.clone(), point.statistics.sum))
            .collect()
    }

    /// A statistic of each period that has values, by the period's beginning; `None` for one that is not known.
    pub(crate) fn ask(&self, question: &Question) -> Option<Vec<(f64, f64)>> {
        let mut periods: BTreeMap<i64, (Statistics, Vec<f64>)> = BTreeMap::new();
        for point in self.0.iter().filter(|point| question.fits(point)) {
            let period = (point.at / question.period).floor() as i64;
            let known = periods.entry(period);
            known
                .and_modify(|(statistics, values)| {
                    *statistics = statistics.join(point.statistics);
                    values.extend(&point.values);
                })
                .or_insert_with(|| (point.statistics, point.values.clone()));
        }
        let answers = periods.into_iter().map(|(period, (statistics, values))| {
            let value = read(&question.statistic, statistics, values)?;
            Some((period as f64 * question.period, value))
        });
        answers.collect()
    }
}

/// One query of `GetMetricData`.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) dimensions: BTreeMap<String, String>,
    pub(crate) statistic: String,
    pub(crate) period: f64,
    pub(crate) from: f64,
    pub(crate) to: f64,
}

impl Question {
    fn fits(&self, point: &Point) -> bool {
        point.namespace == self.namespace
            && point.name == self.name
            && point.dimensions == self.dimensions
            && (self.from..self.to).contains(&point.at)
    }
}

fn read(statistic: &str, of: Statistics, mut values: Vec<f64>) -> Option<f64> {
    match statistic {
        "Sum" => Some(of.sum),
        "Average" => Some(of.sum / of.count.max(1.0)),
        "Minimum" => Some(of.min),
        "Maximum" => Some(of.max),
        "SampleCount" => Some(of.count),
        percentile => {
            let share: f64 = percentile.strip_prefix('p')?.parse().ok()?;
            values.sort_by(f64::total_cmp);
            let rank = (share / 100.0 * values.len() as f64).ceil() as usize;
            values.get(rank.max(1) - 1).copied()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_and_dimensions_are_kept_apart() {
        let mut metrics = Metrics::default();
        for (at, value) in [(60.0, 1.0), (119.0, 3.0), (120.0, 10.0)] {
            metrics.put("n", "m", &[("a", "b")], at, value);
        }
        metrics.put("n", "m", &[], 60.0, 100.0);
        let ask = |statistic: &str| {
            let question = Question {
                namespace: "n".to_owned(),
                name: "m".to_owned(),
                dimensions: BTreeMap::from([("a".to_owned(), "b".to_owned())]),
                statistic: statistic.to_owned(),
                period: 60.0,
                from: 0.0,
                to: 200.0,
            };
            metrics.ask(&question)
        };
        assert_eq!(ask("Sum"), Some(vec![(60.0, 4.0), (120.0, 10.0)]));
        assert_eq!(ask("p95"), Some(vec![(60.0, 3.0), (120.0, 10.0)]));
        assert_eq!(ask("Median"), None);
    }
}
