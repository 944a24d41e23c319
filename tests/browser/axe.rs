//! What axe-core finds on a page against WCAG 2.2, level AA.

use anyhow::{Context, Result, ensure};
use fantoccini::Client;
use serde_json::json;
use std::path::Path;
use tokio::fs;
use tokio::process::Command;

/// The levels that the booth keeps to, as axe-core calls them.
const RULES: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/// Fails with every violation on the page as it is now.
pub async fn check_page(client: &Client, page: &str) -> Result<()> {
    if client.execute("return !window.axe", vec![]).await? == json!(true) {
        client.execute(&read_axe().await?, vec![]).await?;
    }
    let script = "const [rules, done] = arguments;
        axe.run(document, { runOnly: rules }).then(({ violations }) => done(violations.map((it) =>
            `${it.id}: ${it.help}: ${it.nodes.map((node) => node.target.join(' ')).join(', ')}`)))";
    let found = client.execute_async(script, vec![json!(RULES)]).await?;
    let none = found.as_array().is_some_and(Vec::is_empty);
    ensure!(none, "{page} is not accessible: {found:#}");
    Ok(())
}

/// axe-core at the version in `tests/package-lock.json`, which npm brings the first time.
async fn read_axe() -> Result<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.exists() {
        let npm = Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(folder)
            .status();
        let status = npm.await.context("cannot start npm")?;
        ensure!(status.success(), "npm cannot fetch axe-core: {status}");
    }
    Ok(fs::read_to_string(script).await?)
}
