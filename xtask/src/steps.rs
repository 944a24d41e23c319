//! Numbered steps on the terminal, each with the seconds it took.

use anyhow::{Context, Result};
use std::time::{Duration, Instant};

/// The steps of one command, told as they happen.
pub struct Steps {
    total: usize,
    begun: Instant,
    taken: Vec<(String, Duration)>,
}

impl Steps {
    pub fn new(total: usize) -> Self {
        Self {
            total,
            begun: Instant::now(),
            taken: Vec::new(),
        }
    }

    /// Does one step; what its commands print passes through between the two lines.
    pub fn take(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        let number = self.taken.len() + 1;
        println!("[{number}/{}] {name} ...", self.total);
        let started = Instant::now();
        work().with_context(|| format!("step {number}, {name}, failed"))?;
        self.finish(name, started.elapsed(), "");
        Ok(())
    }

    /// Does one step only where its result is not there yet, as `is_done` finds out.
    pub fn take_once(
        &mut self,
        name: &str,
        is_done: impl FnOnce() -> Result<bool>,
        work: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let started = Instant::now();
        if is_done()? {
            self.finish(name, started.elapsed(), "already there, ");
            return Ok(());
        }
        self.take(name, work)
    }

    /// Prints every step's seconds again, and their sum.
    pub fn summarise(&self) {
        println!();
        for (name, duration) in &self.taken {
            println!("{:>8.1} s  {name}", duration.as_secs_f64());
        }
        println!("{:>8.1} s  in all", self.begun.elapsed().as_secs_f64());
    }

    fn finish(&mut self, name: &str, duration: Duration, remark: &str) {
        let number = self.taken.len() + 1;
        println!(
            "[{number}/{}] {name}: {remark}{:.1} s",
            self.total,
            duration.as_secs_f64()
        );
        self.taken.push((name.to_owned(), duration));
    }
}
