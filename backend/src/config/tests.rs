//! Settings by themselves, without a process that uses them.

use super::*;
use clap::CommandFactory;
use std::fs;
use std::path::Path;

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
    let config = parse(&[]);
    config.check(Role::All).unwrap();
    let limits = &config.limits;
    let rates = [
        limits.reads_per_second,
        limits.presigned_per_second,
        limits.process_per_minute,
    ];
    assert_eq!(rates, [100, 10, 10]);
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
            &["--s3-public-endpoint", "https://s3.example"],
            "--s3-public-endpoint",
        ),
        (
            Role::All,
            &["--storage", "s3", "--s3-public-endpoint", "s3.example"],
            "--s3-public-endpoint",
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
        expect_complaint(role, flags, word);
    }
}

#[test]
fn explains_contradictions_of_telemetry_and_limits() {
    for (role, flags, word) in [
        (Role::All, &["--enable-xray"][..], "--otlp-endpoint"),
        (
            Role::All,
            &["--otlp-endpoint", "collector:4317"],
            "--otlp-endpoint",
        ),
        (
            Role::All,
            &["--cloudwatch-endpoint", "http://localhost:1"],
            "--cloudwatch",
        ),
        (Role::All, &["--environment", ""], "--environment"),
        (
            Role::All,
            &["--trusted-proxies", "::/0"],
            "--trusted-proxies",
        ),
        (Role::All, &["--max-connections", "500"], "--event-streams"),
        (
            Role::All,
            &["--connections-per-client", "801"],
            "--connections-per-client",
        ),
        (
            Role::All,
            &["--event-streams-per-client", "501"],
            "--event-streams-per-client",
        ),
    ] {
        expect_complaint(role, flags, word);
    }
}

fn expect_complaint(role: Role, flags: &[&str], word: &str) {
    let error = parse(flags).check(role).unwrap_err().to_string();
    assert!(error.contains(word), "{flags:?}: {error}");
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn traces_go_where_a_collector_is_unless_they_are_off() {
    let collector = ["--otlp-endpoint", "http://localhost:4318"];
    for (flag, is_on) in [
        (None, true),
        (Some("--enable-xray"), true),
        (Some("--enable-xray=true"), true),
        (Some("--enable-xray=false"), false),
    ] {
        let flags: Vec<_> = collector.into_iter().chain(flag).collect();
        let config = parse(&flags);
        config.check(Role::All).unwrap();
        assert_eq!(config.telemetry.collector().is_some(), is_on, "{flag:?}");
    }
    assert!(parse(&[]).telemetry.collector().is_none());
}

#[test]
fn origins_and_networks_are_exact() {
    let read = |flag, value| Cli::try_parse_from(["backend", "all", flag, value]);
    for origin in [
        "*",
        "null",
        "example.org",
        "https://example.org/",
        "https://example.org:443",
        "https://*.example.org",
        "https://EXAMPLE.org",
        "https://user@example.org",
        "file:///page",
    ] {
        let error = read("--allowed-origins", origin).unwrap_err().to_string();
        assert!(error.contains("https://example.org"), "{origin}: {error}");
    }
    for network in ["10.0.0.0/33", "proxy.example.org", "10.0.0"] {
        let error = read("--trusted-proxies", network).unwrap_err().to_string();
        assert!(error.contains("10.0.0.0/8"), "{network}: {error}");
    }
    let config = parse(&[
        "--allowed-origins",
        "https://example.org, http://localhost:8080",
        "--trusted-proxies",
        "10.0.0.0/8,192.0.2.7,fd00::/8",
    ]);
    config.check(Role::All).unwrap();
    assert_eq!(config.limits.allowed_origins.len(), 2);
    assert_eq!(config.limits.trusted_proxies.len(), 3);
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

/// `UPDATE_HELP=1` writes it anew. Templates and containers are held to this file.
#[test]
fn the_written_manual_is_what_help_prints() {
    let mut all = Cli::command()
        .find_subcommand("all")
        .unwrap()
        .clone()
        .bin_name("backend all")
        .mut_args(|setting| setting.hide_env_values(true));
    let help = all.render_long_help().to_string();
    let help: String = help
        .lines()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("settings.txt");
    if std::env::var_os("UPDATE_HELP").is_some() {
        fs::write(&file, &help).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        written, help,
        "UPDATE_HELP=1 cargo test -p photobooth-backend writes it anew"
    );
}
