//! A database for each test: of the kind that this program tests.

use backend::config::{Cli, Command};
use backend::db::Db;
use clap::Parser;
use photobooth_tests::postgres;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What a process is told about its database: always the same one for the same data folder.
pub fn flags(data_dir: &Path) -> Vec<String> {
    static KNOWN: Mutex<BTreeMap<PathBuf, String>> = Mutex::new(BTreeMap::new());
    if !crate::ON_POSTGRES {
        return Vec::new();
    }
    let mut known = KNOWN.lock().unwrap();
    let address = known
        .entry(data_dir.to_owned())
        .or_insert_with(|| postgres::create_database().unwrap());
    vec!["--database-url".to_owned(), address.clone()]
}

/// An empty database with its tables.
pub async fn open(folder: &Path) -> Db {
    let line = ["backend", "all"].map(str::to_owned).into_iter();
    let Command::All(config) = Cli::parse_from(line.chain(flags(folder))).command else {
        unreachable!("the line says all");
    };
    Db::open(&config.data.database, folder).await.unwrap()
}
