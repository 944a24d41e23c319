//! Settings by themselves, without a process that uses them.

use super::*;

fn parse(flags: &[&str]) -> Config {
    let line = ["backend", "all"].iter().chain(flags);
    let Command::All(config) = Cli::parse_from(line).command else {
        unreachable!("the line says all");
    };
    *config
}

const SHARED: [&str; 4] = [
    "--database-url",
    "postgres://localhost/booth",
    "--storage",
    "s3",
];

#[test]
fn runs_with_no_settings() {
    parse(&[]).check(Role::All).unwrap();
}

#[test]
fn roles_that_share_need_what_can_be_shared() {
    for role in [Role::Serve, Role::Work] {
        parse(&SHARED).check(role).unwrap();
        let error = parse(&[]).check(role).unwrap_err().to_string();
        assert!(error.contains("--database-url"), "{error}");
        let error = parse(&SHARED[..2]).check(role).unwrap_err().to_string();
        assert!(error.contains("--storage s3"), "{error}");
    }
}

#[test]
fn explains_contradictions() {
    let idle = [&SHARED[..], &["--workers", "0"]].concat();
    for (role, flags, word) in [
        (
            Role::All,
            &["--s3-endpoint", "https://s3.example"][..],
            "--storage",
        ),
        (
            Role::All,
            &["--storage", "s3", "--s3-endpoint", "s3.example"],
            "--s3-endpoint",
        ),
        (
            Role::All,
            &["--storage", "s3", "--s3-access-key-id", "a"],
            "--s3-secret-access-key",
        ),
        (Role::All, &["--s3-bucket", "api"], "--s3-bucket"),
        (Role::All, &["--s3-bucket", "No/Bucket"], "--s3-bucket"),
        (Role::All, &["--lease-seconds", "1"], "--lease-seconds"),
        (
            Role::All,
            &["--database-url", "mysql://root:hunter2@localhost/booth"],
            "--database-url",
        ),
        (
            Role::All,
            &["--database-password", "hunter2"],
            "--database-password",
        ),
        (Role::All, &["--portrait-hours", "3"], "--portrait-hours"),
        (Role::Work, &idle, "--workers"),
    ] {
        let error = parse(flags).check(role).unwrap_err().to_string();
        assert!(error.contains(word), "{flags:?}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let config = parse(&[
        "--s3-secret-access-key",
        "hunter2",
        "--database-url",
        "postgres://booth:hunter2@localhost/booth",
        "--database-password",
        "hunter2",
    ]);
    assert!(!format!("{config:?}").contains("hunter2"));
}
