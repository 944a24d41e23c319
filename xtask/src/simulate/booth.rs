//! A booth that never was: a queue, workers, tasks that boot and go, played event by event in simulated time.

use super::Options;
use super::crowds::Crowd;
use super::policy::{Alarms, Decision, Policy};
use fastrand::Rng;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Portraits take so much less or more than the mean: few faces or many, a small photo or a large one.
const SPREAD: f64 = 0.3;

/// How long a guest may wait for the portrait to be begun.
pub const PATIENCE_SECONDS: f64 = 15.0;

/// What a day was like.
#[derive(Debug, Default)]
pub struct Day {
    /// Of every photo, in seconds, in the order in which they were begun.
    pub waits: Vec<f64>,
    /// Guests who found the queue full.
    pub turned_away: usize,
    pub deepest_queue: usize,
    pub most_tasks: u32,
    /// All tasks' hours together, from the decision that a machine is wanted.
    pub task_hours: f64,
    /// How things stood when somebody first waited for too long.
    pub first_late: Option<Moment>,
}

impl Day {
    /// The wait in seconds that this share of the photos did not exceed.
    pub fn wait_of(&self, share: f64) -> f64 {
        let mut waits = self.waits.clone();
        let last = waits.len().saturating_sub(1);
        let place = (last as f64 * share).round() as usize;
        if waits.is_empty() {
            return 0.0;
        }
        *waits.select_nth_unstable_by(place, f64::total_cmp).1
    }

    /// Whether 95 of 100 guests waited no longer than they like.
    pub fn held(&self) -> bool {
        self.wait_of(0.95) < PATIENCE_SECONDS
    }
}

/// How things stand.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub second: f64,
    pub waiting: usize,
    pub ready_tasks: u32,
    pub booting_tasks: u32,
}

/// What happens next, when. Seconds are compared as microseconds: floats have no order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    PortraitDone,
    MinuteOver,
    AddTasks(u32),
    RemoveTask,
    TaskReady,
}

/// The booth at one moment.
pub struct Booth<'a> {
    options: &'a Options,
    alarms: Alarms<'a>,
    queue_limit: usize,
    random: Rng,
    now: f64,
    events: BinaryHeap<Reverse<(u64, Event)>>,
    waiting: VecDeque<f64>,
    busy: u32,
    ready_tasks: u32,
    booting_tasks: u32,
    day: Day,
}

impl<'a> Booth<'a> {
    /// With as few tasks as there may be.
    pub fn open(options: &'a Options, policy: &'a Policy) -> Self {
        Self {
            options,
            alarms: Alarms::of(policy),
            queue_limit: options.queue_limit(policy),
            random: Rng::with_seed(options.seed),
            now: 0.0,
            events: BinaryHeap::new(),
            waiting: VecDeque::new(),
            busy: 0,
            ready_tasks: options.min_tasks,
            booting_tasks: 0,
            day: Day {
                most_tasks: options.min_tasks,
                ..Day::default()
            },
        }
    }

    /// Lets everybody in and closes when the last portrait is made.
    pub fn serve(mut self, crowd: Crowd) -> Day {
        self.plan(60.0, Event::MinuteOver);
        for arrival in crowd.arrivals(self.options.seed) {
            self.run_until(arrival);
            self.take_photo();
        }
        while !self.waiting.is_empty() || self.busy > 0 {
            self.run_until(self.now + 60.0);
        }
        self.day
    }

    fn run_until(&mut self, second: f64) {
        while let Some(Reverse((micros, event))) = self.events.peek().copied() {
            let when = micros as f64 / 1e6;
            if when > second {
                break;
            }
            self.events.pop();
            self.pass_time(when);
            self.happen(event);
        }
        self.pass_time(second);
    }

    fn pass_time(&mut self, second: f64) {
        let hours = (second - self.now) / 3_600.0;
        self.day.task_hours += f64::from(self.ready_tasks + self.booting_tasks) * hours;
        self.now = second;
    }

    fn plan(&mut self, in_seconds: f64, event: Event) {
        let micros = ((self.now + in_seconds) * 1e6) as u64;
        self.events.push(Reverse((micros, event)));
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::PortraitDone => self.busy -= 1,
            Event::MinuteOver => self.tell_the_alarms(),
            Event::AddTasks(tasks) => {
                let room = self.options.max_tasks - self.ready_tasks - self.booting_tasks;
                for _ in 0..tasks.min(room) {
                    self.booting_tasks += 1;
                    self.plan(self.options.boot_seconds, Event::TaskReady);
                }
                let tasks = self.ready_tasks + self.booting_tasks;
                self.day.most_tasks = self.day.most_tasks.max(tasks);
            }
            // A task that goes finishes what it is at: its workers are simply not given more.
            Event::RemoveTask if self.ready_tasks > self.options.min_tasks => self.ready_tasks -= 1,
            Event::RemoveTask => {}
            Event::TaskReady => {
                self.booting_tasks -= 1;
                self.ready_tasks += 1;
            }
        }
        self.begin_portraits();
    }

    fn tell_the_alarms(&mut self) {
        let backlog = self.waiting.len() as f64 / f64::from(self.workers().max(1));
        let delay = self.options.metric_delay_seconds;
        match self.alarms.observe(backlog) {
            Decision::Stay => {}
            Decision::Add(tasks) => self.plan(delay, Event::AddTasks(tasks)),
            Decision::RemoveOne => self.plan(delay, Event::RemoveTask),
        }
        self.plan(60.0, Event::MinuteOver);
    }

    fn take_photo(&mut self) {
        if self.waiting.len() >= self.queue_limit {
            // The page tries again by itself until there is room, so that the guest waits all the same.
            self.day.turned_away += 1;
        }
        self.waiting.push_back(self.now);
        self.begin_portraits();
        self.day.deepest_queue = self.day.deepest_queue.max(self.waiting.len());
    }

    fn begin_portraits(&mut self) {
        while self.busy < self.workers()
            && let Some(since) = self.waiting.pop_front()
        {
            let wait = self.now - since;
            if wait > PATIENCE_SECONDS && self.day.first_late.is_none() {
                self.day.first_late = Some(Moment {
                    second: self.now,
                    waiting: self.waiting.len() + 1,
                    ready_tasks: self.ready_tasks,
                    booting_tasks: self.booting_tasks,
                });
            }
            self.day.waits.push(wait);
            self.busy += 1;
            let share = 1.0 + SPREAD * (2.0 * self.random.f64() - 1.0);
            self.plan(self.options.portrait_seconds * share, Event::PortraitDone);
        }
    }

    fn workers(&self) -> u32 {
        self.ready_tasks * self.options.workers_per_task
    }
}

#[cfg(test)]
mod tests {
    use super::super::policy::example;
    use super::*;

    fn options(portrait_seconds: f64, max_tasks: u32) -> Options {
        Options {
            portrait_seconds,
            min_tasks: 1,
            max_tasks,
            workers_per_task: 2,
            boot_seconds: 240.0,
            metric_delay_seconds: 60.0,
            queue_limit: Some(50),
            dollars_an_hour: 1.0,
            seed: 5,
        }
    }

    #[test]
    fn shares_of_the_waits_are_waits() {
        let mut day = Day::default();
        assert!(day.wait_of(0.5).abs() < 1e-9);
        day.waits = (0..=100).rev().map(f64::from).collect();
        assert_eq!(
            [0.0, 0.5, 0.95, 1.0].map(|share| day.wait_of(share)),
            [0.0, 50.0, 95.0, 100.0]
        );
        assert!(!day.held());
    }

    #[test]
    fn a_queue_is_full_where_the_stack_says_so() {
        let policy = example();
        let asked = options(1.0, 8);
        assert_eq!(asked.queue_limit(&policy), 50);
        let unasked = Options {
            queue_limit: None,
            ..asked
        };
        let workers = 8 * 2;
        assert_eq!(
            unasked.queue_limit(&policy),
            policy.waiting_per_worker * workers
        );
    }

    #[test]
    fn everybody_is_served_and_nobody_waits_where_there_is_room() {
        let (options, policy) = (options(0.1, 1), example());
        let day = Booth::open(&options, &policy).serve(Crowd::Event);
        assert_eq!(day.waits.len(), Crowd::Event.arrivals(5).count());
        assert!(day.waits.iter().all(|&wait| wait < 1.0));
        assert!(day.first_late.is_none() && day.most_tasks == 1 && day.turned_away == 0);
        assert!((day.task_hours - 10.0).abs() < 0.1, "{}", day.task_hours);
    }

    #[test]
    fn too_few_tasks_make_the_queue_grow_and_the_moment_says_so() {
        let (options, policy) = (options(8.0, 1), example());
        let day = Booth::open(&options, &policy).serve(Crowd::Event);
        assert_eq!(
            day.waits.len(),
            Crowd::Event.arrivals(5).count(),
            "nobody is forgotten"
        );
        let first = day.first_late.unwrap();
        assert_eq!((first.ready_tasks, first.booting_tasks), (1, 0));
        assert!(day.turned_away > 0 && day.deepest_queue > 50);
    }

    #[test]
    fn tasks_come_for_a_flash_and_go_after_it() {
        let (options, policy) = (options(1.0, 20), example());
        let day = Booth::open(&options, &policy).serve(Crowd::Flash);
        assert!(day.most_tasks > 10, "{}", day.most_tasks);
        let always = 20.0 * Crowd::Flash.length() / 3_600.0;
        assert!(day.task_hours < always * 0.8, "{}", day.task_hours);
        let first = day.first_late.unwrap();
        assert!(first.second > 3_600.0 && first.second < 3_600.0 + 300.0);
    }
}
