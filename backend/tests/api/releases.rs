//! Two releases on one database, as there are while guests are moved from one to the other, or back.

use super::database;
use sqlx::Executor;
use std::fs;
use std::path::Path;

/// What takes away or forbids what the release before relies on.
const CONTRACTING: [&str; 10] = [
    "DROP",
    "RENAME",
    "ALTER COLUMN",
    "SET NOT NULL",
    "ADD CONSTRAINT",
    "ADD CHECK",
    "ADD FOREIGN",
    "UNIQUE",
    "DELETE FROM",
    "TRUNCATE",
];

#[tokio::test]
async fn a_release_works_on_what_a_newer_one_has_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let newer = database::open(folder.path()).await;
    newer
        .pool
        .execute(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             SELECT 9000, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1",
        )
        .await
        .unwrap();
    newer
        .pool
        .execute("ALTER TABLE photos ADD COLUMN of_a_newer_release TEXT")
        .await
        .unwrap();

    let older = database::open(folder.path()).await;
    older.check().await.unwrap();
    let known: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations WHERE version = 9000")
            .fetch_one(&older.pool)
            .await
            .unwrap();
    assert_eq!(known, 1);
}

/// Expand first, contract a release later: the release before runs beside this one and must find what it knows. What
/// nobody uses any more since the last release is taken away by a migration called `NNNN_contract_...`.
#[test]
fn migrations_only_add() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("0001_") || name.contains("_contract_") {
            continue;
        }
        seen += 1;
        for statement in statements(&fs::read_to_string(&path).unwrap()) {
            if statement.starts_with("CREATE TABLE ") {
                // What a new table asks for, the release before never meets.
                continue;
            }
            let contracting = CONTRACTING.iter().find(|word| statement.contains(**word));
            assert_eq!(contracting, None, "{name}: {statement}");
            let demands = statement.contains(" ADD ") && statement.contains("NOT NULL");
            assert!(
                !demands || statement.contains("DEFAULT"),
                "{name}: the release before does not fill this column: {statement}"
            );
        }
    }
    assert!(seen > 0);
}

fn statements(sql: &str) -> Vec<String> {
    let code = sql.lines().filter_map(|line| line.split("--").next());
    let code = code.collect::<Vec<_>>().join("\n").to_uppercase();
    let words = |statement: &str| statement.split_whitespace().collect::<Vec<_>>().join(" ");
    code.split(';').map(words).collect()
}
