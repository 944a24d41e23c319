//! Every theme of a folder checked, and where in its file each mistake stands: for people who write themes.

use super::catalog::{read_theme, theme_folders};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// What is wrong with a theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub file: PathBuf,
    /// From 1; `None` where it stands on no line, as a missing file does.
    pub line: Option<usize>,
    pub problem: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}", self.problem)
    }
}

/// The first mistake of every theme of a folder, by the names of their folders.
///
/// # Errors
/// When the folder cannot be read or holds no theme.
pub fn find_mistakes(folder: &Path) -> anyhow::Result<Vec<Mistake>> {
    let mut folders = theme_folders(folder)?;
    folders.sort();
    let wrong = folders.iter().filter_map(|folder| {
        let error = read_theme(folder).err()?;
        Some(locate(&folder.join("theme.toml"), &error))
    });
    Ok(wrong.collect())
}

fn locate(file: &Path, error: &anyhow::Error) -> Mistake {
    let text = fs::read_to_string(file).unwrap_or_default();
    let (line, problem) = match error.downcast_ref::<toml::de::Error>() {
        Some(error) => {
            let line = error.span().map(|span| line_at(&text, span.start));
            (line, error.message().to_owned())
        }
        None => {
            let parts: Vec<String> = error.chain().map(ToString::to_string).collect();
            // The first part names the file, which stands in front of the mistake anyway.
            let own = if parts.len() > 1 {
                &parts[1..]
            } else {
                &parts[..]
            };
            (find_line(&text, own), own.join(": "))
        }
    };
    Mistake {
        file: file.to_owned(),
        line,
        problem,
    }
}

fn line_at(text: &str, byte: usize) -> usize {
    1 + text
        .bytes()
        .take(byte)
        .filter(|&byte| byte == b'\n')
        .count()
}

/// The line of the value that an error is about. Errors name their variant (`variant "x"`), and begin with the path of the
/// value (`light.exposure is 1.7`) or mention its last part.
fn find_line(text: &str, parts: &[String]) -> Option<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let variant = parts.iter().find_map(|part| part.strip_prefix("variant "));
    let first = match variant {
        Some(id) => lines
            .iter()
            .position(|line| value_of(line, "id") == Some(id))?,
        None => 0,
    };
    let is_next = |line: &&str| line.trim_start().starts_with("[[");
    let rest = &lines[first..];
    let own = match rest.iter().position(is_next) {
        Some(end) if variant.is_some() => &rest[..end],
        _ => rest,
    };
    let problem = parts.last()?;
    let path: Vec<&str> = problem.split(' ').next()?.split('.').collect();
    // A value of a lamp or of a list of styles may stand in the middle of a line.
    let in_path = |line: &&str| path.last().is_some_and(|key| value_of(line, key).is_some());
    let mentioned = |line: &&str| {
        let key = line.split('=').next().unwrap_or_default().trim();
        !key.is_empty() && line.contains('=') && problem.split([' ', ',']).any(|word| word == key)
    };
    // Of several lines with that key the one that also holds a file which the problem names.
    let files: Vec<&str> = problem
        .split([' ', ','])
        .filter(|word| word.contains('/'))
        .collect();
    let of_file = |line: &&str| in_path(line) && files.iter().any(|file| line.contains(file));
    let found = own.iter().position(of_file);
    let found = found.or_else(|| own.iter().position(in_path));
    let found = found.or_else(|| own.iter().position(mentioned));
    Some(first + found.unwrap_or(0) + 1)
}

/// What stands behind `key =` on a line, up to its end.
fn value_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    line.match_indices(key).find_map(|(at, _)| {
        if line[..at].ends_with(is_part) {
            return None;
        }
        let value = line[at + key.len()..].trim_start().strip_prefix('=')?;
        Some(value.trim())
    })
}
