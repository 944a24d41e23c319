//! What a simulated day was like, for people.

use super::Options;
use super::booth::{Day, Moment, PATIENCE_SECONDS};
use super::capacity::Capacity;
use super::crowds::Crowd;

/// What the days have in common.
pub fn print_settings(options: &Options) {
    let Options {
        portrait_seconds,
        min_tasks,
        max_tasks,
        workers_per_task,
        boot_seconds,
        ..
    } = options;
    println!(
        "{min_tasks} to {max_tasks} tasks of {workers_per_task} workers, {portrait_seconds} s a portrait, \
         {boot_seconds} s until a new task works"
    );
    println!(
        "By default 1.5 s, two processors' figure rounded up: no graphics card has been measured yet."
    );
    let most = f64::from(max_tasks * workers_per_task) / portrait_seconds;
    println!(
        "At most {most:.1} portraits a second, {:.0} a day.",
        most * 86_400.0
    );
}

/// One day: waits, tasks, dollars, and whether the policy held.
pub fn print_day(crowd: Crowd, day: &Day, options: &Options) {
    let [p50, p95, p99, longest] = [0.5, 0.95, 0.99, 1.0].map(|share| day.wait_of(share));
    let portraits = day.waits.len();
    let dollars = day.task_hours * options.dollars_an_hour;
    println!("\n{}", crowd.name());
    println!("  portraits      {portraits}");
    println!(
        "  wait           p50 {p50:.1} s, p95 {p95:.1} s, p99 {p99:.1} s, longest {longest:.0} s"
    );
    println!(
        "  queue          {} photos at most; {} guests asked to try again",
        day.deepest_queue, day.turned_away
    );
    println!(
        "  tasks          {} at most, {:.1} task hours",
        day.most_tasks, day.task_hours
    );
    println!(
        "  dollars        {dollars:.2}, {:.2} for a thousand portraits",
        dollars / (portraits.max(1) as f64 / 1_000.0)
    );
    println!("  {}", verdict(day, options));
}

/// Whether the policy held, and where it did not, what gave way first.
fn verdict(day: &Day, options: &Options) -> String {
    let Some(moment) = day.first_late else {
        return format!("held: nobody waited {PATIENCE_SECONDS} s");
    };
    let outcome = if day.held() {
        "held, but not for everybody"
    } else {
        "did not hold"
    };
    let Moment {
        second,
        waiting,
        ready_tasks,
        booting_tasks,
    } = moment;
    let cause = if ready_tasks + booting_tasks >= options.max_tasks && booting_tasks == 0 {
        "there may be no more tasks: raise autoscaling/max-capacity"
    } else if booting_tasks > 0 {
        "new tasks were still booting: raise autoscaling/min-capacity before a rush that is known"
    } else {
        "the alarm did not know of it yet: raise autoscaling/min-capacity before a rush that is known"
    };
    let (hours, minutes) = (second / 3_600.0, second % 3_600.0 / 60.0);
    format!(
        "{outcome}: first after {}:{:02}, with {waiting} waiting for {ready_tasks} tasks and {booting_tasks} booting; {cause}",
        hours as u32, minutes as u32
    )
}

/// The limits that would have held.
pub fn print_capacity(capacity: Option<Capacity>) {
    match capacity {
        Some(Capacity {
            min_tasks,
            max_tasks,
        }) => println!(
            "  would hold     with autoscaling/min-capacity {min_tasks} and autoscaling/max-capacity {max_tasks}"
        ),
        None => {
            println!("  would hold     with no number of tasks that anybody gets without asking")
        }
    }
}
