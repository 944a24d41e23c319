//! Which limits of autoscaling would do for a crowd that the given ones do not hold.

use super::Options;
use super::booth::Booth;
use super::crowds::Crowd;
use super::policy::Policy;

/// More machines than this are a matter for whoever negotiates quotas.
const MOST_TASKS: u32 = 256;

/// The parameters autoscaling/min-capacity and autoscaling/max-capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    pub min_tasks: u32,
    pub max_tasks: u32,
}

/// The lowest maximum that does with the given minimum; where none does, the lowest minimum. `None` when even
/// [`MOST_TASKS`] from the start are too few.
pub fn find(options: &Options, policy: &Policy, crowd: Crowd) -> Option<Capacity> {
    let holds = |min_tasks: u32, max_tasks: u32| {
        let options = Options {
            min_tasks,
            max_tasks,
            ..options.clone()
        };
        Booth::open(&options, policy).serve(crowd).held()
    };
    let least = options.min_tasks;
    if holds(least, MOST_TASKS) {
        let max_tasks = lowest(least, MOST_TASKS, |max_tasks| holds(least, max_tasks));
        return Some(Capacity {
            min_tasks: least,
            max_tasks,
        });
    }
    holds(MOST_TASKS, MOST_TASKS).then(|| {
        let min_tasks = lowest(least, MOST_TASKS, |min_tasks| holds(min_tasks, MOST_TASKS));
        let max_tasks = lowest(min_tasks, MOST_TASKS, |max_tasks| {
            holds(min_tasks, max_tasks)
        });
        Capacity {
            min_tasks,
            max_tasks,
        }
    })
}

/// The lowest number of the range that does, where `high` does and a higher one does no worse.
fn lowest(mut low: u32, mut high: u32, does: impl Fn(u32) -> bool) -> u32 {
    while low < high {
        let middle = low.midpoint(high);
        if does(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_that_does_is_found() {
        for limit in 3..=20 {
            assert_eq!(lowest(3, 20, |number| number >= limit), limit);
        }
    }
}
