//! Remembers what a result was made from, so that it is made again only when that changed.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// The digest of a result's sources, written beside the result once it is complete.
pub struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// Digests `sources` (files, or folders with all they hold) by content: a fresh checkout
    /// changes every modification time and nothing else. `skip` leaves out names of files and folders.
    pub fn of(file: PathBuf, sources: &[PathBuf], skip: &[&str]) -> Result<Self> {
        let mut hash = Sha256::new();
        for source in sources {
            digest_into(&mut hash, source, skip)?;
        }
        let digest = hash
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(Self { file, digest })
    }

    pub fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|written| written == self.digest)
    }

    /// Call before the result is touched, so that a half-made one is never taken for whole.
    pub fn clear(&self) -> Result<()> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", self.file.display()))
            }
            _ => Ok(()),
        }
    }

    pub fn write(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, &self.digest)
            .with_context(|| format!("cannot write {}", self.file.display()))
    }
}

fn digest_into(hash: &mut Sha256, path: &Path, skip: &[&str]) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if skip.contains(&name.as_ref()) {
        return Ok(());
    }
    hash.update(name.as_bytes());
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<_>>>()?;
        entries.sort();
        hash.update(entries.len().to_le_bytes());
        for entry in &entries {
            digest_into(hash, entry, skip)?;
        }
        return Ok(());
    }
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    hash.update(bytes.len().to_le_bytes());
    hash.update(&bytes);
    Ok(())
}
