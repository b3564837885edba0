//! The messages are the interface here, so they are compared whole.

use super::*;

fn load(args: &ConfigArgs, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let environment = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_sources(Sources::gather(args, environment)?)
}

/// Settings from a file with this text, and these variables.
fn with_file(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("switchboard.toml"), text).unwrap();
    let args = ConfigArgs {
        data_dir: Some(folder.path().to_owned()),
        ..ConfigArgs::default()
    };
    load(&args, variables)
}

#[test]
fn nothing_given_means_the_defaults() {
    let config = load(&ConfigArgs::default(), &[]).unwrap();
    assert_eq!(config.data_dir, PathBuf::from("data"));
    assert_eq!((config.http.host.as_str(), config.http.port), ("127.0.0.1", 8080));
    assert!(config.database.url.is_none());
    assert_eq!(config.limits.body_bytes, 262_144);
    assert_eq!(config.limits.frame_bytes, 131_072);
    assert_eq!(config.security.token_minutes, 15);
    assert_eq!(config.live.restart_budget, 5);
    assert!(config.security.allow_sign_up);
}

#[test]
fn the_command_line_overrules_the_environment_and_that_the_file() {
    let text = "[http]\nport = 1\nhost = \"a\"\nworkers = 3\n[security]\nallow_sign_up = false";
    let variables = [("SWITCHBOARD_HTTP__PORT", "2"), ("SWITCHBOARD_HTTP__HOST", "b")];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    std::fs::write(&file, text).unwrap();
    let args = ConfigArgs {
        config: Some(file),
        port: Some(3),
        ..ConfigArgs::default()
    };
    let config = load(&args, &variables).unwrap();
    assert_eq!(config.http.port, 3);
    assert_eq!(config.http.host, "b");
    assert_eq!(config.http.workers, Some(3));
    assert!(!config.security.allow_sign_up);
}

#[test]
fn common_variables_are_known_and_ours_are_stronger() {
    let url = |variables: &[(&str, &str)]| {
        let config = load(&ConfigArgs::default(), variables).unwrap();
        config.database.url.map(|url| url.expose().to_owned())
    };
    assert_eq!(
        url(&[("DATABASE_URL", "postgres://a/b")]).as_deref(),
        Some("postgres://a/b")
    );
    assert_eq!(url(&[("DATABASE_URL", "")]), None);
    let both = [
        ("DATABASE_URL", "postgres://a/b"),
        ("SWITCHBOARD_DATABASE__URL", "postgres://c/d"),
    ];
    assert_eq!(url(&both).as_deref(), Some("postgres://c/d"));
}

#[test]
fn lists_come_from_arrays_and_from_commas() {
    let from_file = with_file("[http]\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]", &[]).unwrap();
    let from_variable = load(
        &ConfigArgs::default(),
        &[("SWITCHBOARD_HTTP__TRUSTED_PROXIES", "10.0.0.0/8, ::1")],
    )
    .unwrap();
    assert_eq!(from_file.http.trusted_proxies.len(), 2);
    assert_eq!(from_file.http.trusted_proxies, from_variable.http.trusted_proxies);
}

#[test]
fn a_bad_variable_is_named_with_its_value_and_what_is_allowed() {
    let cases = [
        (
            ("SWITCHBOARD_HTTP__PORT", "eighty"),
            "http.port = \"eighty\" (SWITCHBOARD_HTTP__PORT): must be a whole number from 0 to 65535",
        ),
        (
            ("SWITCHBOARD_HTTP__PORT", "70000"),
            "http.port = \"70000\" (SWITCHBOARD_HTTP__PORT): must be a whole number from 0 to 65535",
        ),
        (
            ("SWITCHBOARD_HTTP__PUBLIC_URL", "chat.example.com"),
            "http.public_url = \"chat.example.com\" (SWITCHBOARD_HTTP__PUBLIC_URL): must be an address \
             without a path, such as https://chat.example.com",
        ),
        (
            ("SWITCHBOARD_HTTP__TRUSTED_PROXIES", "10.0.0.0/8, proxy"),
            "http.trusted_proxies = \"10.0.0.0/8, proxy\" (SWITCHBOARD_HTTP__TRUSTED_PROXIES): must be a \
             list of addresses or networks, such as 10.0.0.0/8",
        ),
        (
            ("SWITCHBOARD_SECURITY__ALLOW_SIGN_UP", "maybe"),
            "security.allow_sign_up = \"maybe\" (SWITCHBOARD_SECURITY__ALLOW_SIGN_UP): must be true or false",
        ),
        (
            ("SWITCHBOARD_SECURITY__SIGNING_KEY", "too short"),
            "security.signing_key = (hidden) (SWITCHBOARD_SECURITY__SIGNING_KEY): must be at least 32 \
             characters",
        ),
        (
            ("SWITCHBOARD_LOG__FORMAT", "xml"),
            "log.format = \"xml\" (SWITCHBOARD_LOG__FORMAT): must be pretty or json",
        ),
        (
            ("SWITCHBOARD_LOG__FILTER", "store=loud"),
            "log.filter = \"store=loud\" (SWITCHBOARD_LOG__FILTER): must be a filter such as \
             info,store=debug",
        ),
        (
            ("SWITCHBOARD_HTTP__PROT", "80"),
            "SWITCHBOARD_HTTP__PROT is not a setting; did you mean SWITCHBOARD_HTTP__PORT?",
        ),
        (
            ("SWITCHBOARD_DATADIR", "x"),
            "SWITCHBOARD_DATADIR is not a setting; did you mean SWITCHBOARD_DATA_DIR?",
        ),
        (("SWITCHBOARD_COLOUR", "blue"), "SWITCHBOARD_COLOUR is not a setting"),
    ];
    for (variable, expect) in cases {
        let refusal = load(&ConfigArgs::default(), &[variable]).unwrap_err().to_string();
        assert_eq!(refusal, expect);
    }
}

#[test]
fn a_bad_file_is_named_with_the_key() {
    let cases = [
        (
            "[http]\nport = \"x\"",
            "http.port = \"x\" (FILE): must be a whole number from 0 to 65535",
        ),
        (
            "[http]\nport = 8080.5",
            "http.port = 8080.5 (FILE): must be a whole number from 0 to 65535",
        ),
        ("http = 8080", "http (FILE) is not a setting"),
        (
            "[htp]\nport = 1",
            "htp.port (FILE) is not a setting; did you mean http.port?",
        ),
        (
            "[log]\nformat = true",
            "log.format = true (FILE): must be pretty or json",
        ),
        (
            "[limits.widget_messages]\nper_minute = 0",
            "limits.widget_messages.per_minute = 0 (FILE): must be a whole number from 1 to 1000000",
        ),
    ];
    for (text, expect) in cases {
        let refusal = with_file(text, &[]).unwrap_err().to_string();
        let (before, rest) = refusal.split_once('/').unwrap();
        let after = rest.split_once("switchboard.toml").unwrap().1;
        assert_eq!(format!("{before}FILE{after}"), expect);
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let refusal = with_file("[http]\nport = 99999\nhots = \"x\"", &[("SWITCHBOARD_LIVE__RING", "0")]);
    assert_eq!(refusal.unwrap_err().problems.len(), 3);
}

#[test]
fn a_named_file_must_exist_and_be_toml() {
    let missing = ConfigArgs {
        config: Some("/no/such.toml".into()),
        ..ConfigArgs::default()
    };
    let refusal = load(&missing, &[]).unwrap_err().to_string();
    assert_eq!(refusal, "/no/such.toml: No such file or directory (os error 2)");
    let broken = with_file("[http\nport = 1", &[]).unwrap_err().to_string();
    assert!(
        broken.contains("switchboard.toml: TOML parse error at line 1"),
        "{broken}"
    );
}

#[test]
fn tests_may_have_variables_of_their_own() {
    let variables = [
        ("SWITCHBOARD_TEST_DATABASE_URL", "postgres://a/b"),
        ("SWITCHBOARD_CONFIG", ""),
    ];
    assert!(load(&ConfigArgs::default(), &variables).is_ok());
}

#[test]
fn what_was_understood_can_be_printed_without_secrets() {
    let variables = [
        ("DATABASE_URL", "postgres://u:secret@h/d"),
        ("SWITCHBOARD_HTTP__PORT", "9"),
    ];
    let config = load(&ConfigArgs::default(), &variables).unwrap();
    let lines: Vec<String> = config.understood.iter().map(ToString::to_string).collect();
    assert!(
        lines.contains(&"database.url = (hidden) (DATABASE_URL)".to_owned()),
        "{lines:#?}"
    );
    assert!(lines.contains(&"http.port = \"9\" (SWITCHBOARD_HTTP__PORT)".to_owned()));
    assert!(lines.contains(&"http.host = 127.0.0.1 (default)".to_owned()));
    assert!(!format!("{config:?}").contains("secret@"));
}
