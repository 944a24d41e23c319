//! The page as a browser gets it: the document, and every file that it names.

use crate::booth::Booth;
use crate::finding::{Finding, demand, fail};

/// Fetches the page and all that it needs to start.
///
/// # Errors
/// One of them is not there.
pub async fn open(booth: &Booth) -> Finding {
    let (media_type, document) = booth.fetch("/").await?;
    demand(media_type.starts_with("text/html"), || {
        format!("/ is {media_type:?}, no page")
    })?;
    let document = String::from_utf8_lossy(&document);
    let files = files_of(&document);
    for ending in [".js", ".wasm", ".css"] {
        demand(files.iter().any(|file| file.ends_with(ending)), || {
            format!("the page names no {ending} file")
        })?;
    }
    let mut bytes = document.len();
    for file in &files {
        // A file that is missing must not be answered with the page.
        let (media_type, content) = booth.fetch(file).await?;
        demand(!media_type.starts_with("text/html"), || {
            format!("{file} is {media_type:?}")
        })?;
        if content.is_empty() {
            return Err(fail(format!("{file} is empty")));
        }
        bytes += content.len();
    }
    Ok(format!(
        "the page and {} files, {} kB",
        files.len(),
        bytes / 1_000
    ))
}

/// What its attributes `href` and `src` name on the same host.
fn files_of(document: &str) -> Vec<&str> {
    let named = ["href=\"", "src=\""].into_iter().flat_map(|attribute| {
        let values = document.split(attribute).skip(1);
        values.filter_map(|rest| rest.split('"').next())
    });
    let mut files: Vec<_> = named
        .filter(|file| file.starts_with('/') && !file.starts_with("//"))
        .collect();
    files.sort_unstable();
    files.dedup();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_those_of_the_same_host() {
        let document = r#"<link href="/a.css"/><script src="/b.js"></script><link href="/a.css">
            <a href="https://elsewhere.example/c.js"><a href="//elsewhere.example/d.js">"#;
        assert_eq!(files_of(document), ["/a.css", "/b.js"]);
    }
}
