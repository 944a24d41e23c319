//! Strikes at random, as often as photos are finished, so that the work always goes on in between.

use super::process::Process;
use photobooth_tests::postgres::Server;
use tokio::task::spawn_blocking;

/// A worker is killed after so many portraits.
const PORTRAITS_A_KILL: i64 = 20;

/// The database crashes after so many.
const PORTRAITS_A_CRASH: i64 = 120;

/// What can be struck, and how often it was.
pub struct Chaos {
    workers: Vec<Process>,
    database: Server,
    random: u64,
    pub kills: i64,
    pub crashes: i64,
}

impl Chaos {
    pub fn over(workers: Vec<Process>, database: Server) -> Self {
        let mut seed = [0; 8];
        getrandom::fill(&mut seed).unwrap();
        let random = u64::from_le_bytes(seed) | 1;
        println!("the chaos of seed {random}");
        Self {
            workers,
            database,
            random,
            kills: 0,
            crashes: 0,
        }
    }

    /// Strikes when it is time to, by the number of photos that are finished.
    pub async fn strike(&mut self, finished: i64) {
        if finished / PORTRAITS_A_KILL > self.kills {
            self.kills += 1;
            let victim = self.draw() % self.workers.len() as u64;
            self.workers[victim as usize].kill_and_replace();
        }
        if finished / PORTRAITS_A_CRASH > self.crashes {
            self.crashes += 1;
            let database = self.database.clone();
            let restarted = spawn_blocking(move || database.crash_and_restart());
            restarted.await.unwrap().unwrap();
        }
    }

    /// The next number of Marsaglia's xorshift64.
    fn draw(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}
