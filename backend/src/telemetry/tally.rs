//! What happened since the last batch for CloudWatch: count, sum and extremes by name. It holds one entry a name, and
//! there are as many names as themes, codes and steps.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What a value is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    Count,
    Seconds,
    Bytes,
}

/// A metric, and what it is broken down by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    pub metric: &'static str,
    pub unit: Unit,
    pub dimension: Option<(&'static str, String)>,
}

impl Name {
    pub fn whole(metric: &'static str, unit: Unit) -> Self {
        Self {
            metric,
            unit,
            dimension: None,
        }
    }

    pub fn by(metric: &'static str, unit: Unit, dimension: &'static str, value: &str) -> Self {
        Self {
            metric,
            unit,
            dimension: Some((dimension, value.to_owned())),
        }
    }
}

/// The values of one name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistic {
    pub count: f64,
    pub sum: f64,
    pub min: f64,
    pub max: f64,
}

impl Statistic {
    pub fn of(value: f64) -> Self {
        Self {
            count: 1.0,
            sum: value,
            min: value,
            max: value,
        }
    }

    fn add(&mut self, value: f64) {
        self.count += 1.0;
        self.sum += value;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }
}

/// Values by name. Nothing is kept while nobody takes them.
#[derive(Debug, Default)]
pub struct Tally {
    is_kept: bool,
    values: Mutex<BTreeMap<Name, Statistic>>,
}

impl Tally {
    pub fn new(is_kept: bool) -> Self {
        Self {
            is_kept,
            values: Mutex::default(),
        }
    }

    pub fn add(&self, name: Name, value: f64) {
        if !self.is_kept {
            return;
        }
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values
            .entry(name)
            .and_modify(|statistic| statistic.add(value))
            .or_insert_with(|| Statistic::of(value));
    }

    /// Gives what has come together and begins anew.
    pub fn take(&self) -> BTreeMap<Name, Statistic> {
        std::mem::take(&mut *self.values.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_together_by_name_and_are_taken_once() {
        let tally = Tally::new(true);
        let paint = || Name::by("StepSeconds", Unit::Seconds, "Step", "paint");
        for seconds in [2.0, 1.0, 4.0] {
            tally.add(paint(), seconds);
        }
        tally.add(Name::whole("Failures", Unit::Count), 1.0);
        let taken = tally.take();
        assert_eq!(taken.len(), 2);
        let expected = Statistic {
            count: 3.0,
            sum: 7.0,
            min: 1.0,
            max: 4.0,
        };
        assert_eq!(taken[&paint()], expected);
        assert!(tally.take().is_empty());

        let unread = Tally::new(false);
        unread.add(paint(), 1.0);
        assert!(unread.take().is_empty());
    }
}
