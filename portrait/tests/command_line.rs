//! What the command line says, and with which status it ends.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn portrait(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_portrait"))
        .args(arguments)
        .env("RUST_BACKTRACE", "1")
        .current_dir(repository())
        .output()
        .expect("the program starts")
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn said(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

#[test]
fn a_refused_photo_is_told_as_a_guest_is_told_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = folder.path().join("portrait.jpg");
    let output = output.to_str().expect("a name");
    let done = portrait(&["render", "README.md", "--theme", "greek", "-o", output]);
    assert_eq!(
        said(&done.stderr),
        "This file is not a picture we can read. Choose a JPEG, PNG or WebP picture.\n"
    );
    assert_eq!(done.status.code(), Some(3));
    assert!(!Path::new(output).exists());
}

#[test]
fn any_other_failure_names_its_causes_on_one_line() {
    let done = portrait(&[
        "render",
        "nobody.jpg",
        "--theme",
        "greek",
        "-o",
        "nothing.jpg",
    ]);
    let line = said(&done.stderr);
    assert!(
        line.starts_with("error: cannot read nobody.jpg: "),
        "{line}"
    );
    assert_eq!(line.lines().count(), 1, "{line}");
    assert_eq!(done.status.code(), Some(1));
}

#[test]
fn themes_are_checked() {
    let done = portrait(&["theme", "check", "themes"]);
    assert_eq!((said(&done.stdout), done.status.code()), ("", Some(0)));

    let folder = tempfile::tempdir().expect("a folder");
    let theme = folder.path().join("odd");
    std::fs::create_dir(&theme).expect("a folder");
    std::fs::write(theme.join("theme.toml"), "order = 1\nname = 7\n").expect("a file");
    let done = portrait(&["theme", "check", folder.path().to_str().expect("a name")]);
    let line = said(&done.stdout);
    assert!(
        line.contains("odd/theme.toml:2: invalid type: integer `7`"),
        "{line}"
    );
    assert_eq!(done.status.code(), Some(1));
}
