//! The house is in order: who depends on whom, how long files are, and what they begin with.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Every arrow between our crates. A new one is a decision.
const ARROWS: [(&str, &[&str]); 15] = [
    ("kernel", &[]),
    ("store", &["kernel"]),
    ("delivery", &["kernel", "store"]),
    ("actors", &["kernel", "store", "delivery"]),
    ("connectors", &["kernel"]),
    ("api", &["kernel", "store"]),
    ("egress", &["kernel"]),
    ("jobs", &["kernel", "store", "actors", "api"]),
    ("identity", &["kernel", "store", "actors", "api"]),
    ("crm", &["kernel", "store", "actors", "api"]),
    ("inbox", &["kernel", "store", "actors", "connectors", "api", "crm"]),
    ("webhooks", &["kernel", "store", "actors", "api", "egress"]),
    ("events", &["kernel", "store", "actors", "api"]),
    (
        "switchboard",
        &[
            "kernel",
            "store",
            "delivery",
            "actors",
            "connectors",
            "api",
            "jobs",
            "identity",
            "crm",
            "inbox",
            "egress",
            "webhooks",
            "events",
        ],
    ),
    ("bench", &[]),
];

/// The arrows as cargo sees them, however a manifest spells them; tests may use what they like.
fn arrows(workspace: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(workspace)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |package: &Value| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let ours = dependencies.filter(|one| one["path"].is_string() && one["kind"] != "dev");
        (word(&package["name"]), ours.map(|one| word(&one["name"])).collect())
    };
    metadata["packages"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn modules_depend_only_as_declared() {
    let declared = ARROWS.map(|(name, uses)| (name.to_owned(), uses.iter().map(|&name| name.to_owned()).collect()));
    assert_eq!(arrows(root()), declared.into());
}

#[test]
fn an_arrow_is_seen_however_it_is_spelled() {
    for spelling in [
        "[dependencies]\nfloor.workspace = true",
        "[dependencies]\nfloor = { workspace = true }",
        "[dependencies]\nfloor = { path = \"../floor\" }",
        "[dependencies]\nground = { path = \"../floor\", package = \"floor\" }",
        "[dependencies.floor]\npath = \"../floor\"",
        "[build-dependencies]\nfloor.workspace = true",
        "[target.'cfg(unix)'.dependencies]\nfloor.workspace = true",
    ] {
        let house = tempfile::tempdir().unwrap();
        let workspace = "[workspace]\nmembers = [\"floor\", \"room\"]\nresolver = \"3\"\n\
                         [workspace.dependencies]\nfloor = { path = \"floor\" }\n";
        fs::write(house.path().join("Cargo.toml"), workspace).unwrap();
        for (name, more) in [("floor", ""), ("room", spelling)] {
            let folder = house.path().join(name).join("src");
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("lib.rs"), "").unwrap();
            let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n{more}\n");
            fs::write(house.path().join(name).join("Cargo.toml"), manifest).unwrap();
        }
        let seen = arrows(house.path());
        assert_eq!(seen["room"], BTreeSet::from(["floor".to_owned()]), "{spelling}");
    }
}

/// A file longer than this hides a feature.
const LONGEST: usize = 300;

/// Those that were longer when this was written, and how long they may be. The list only shrinks.
const LONGER: &[(&str, usize)] = &[
    ("delivery/src/outlet/mod.rs", 397),
    ("modules/inbox/src/conversation/rules/tests.rs", 345),
    ("store/tests/it/pool.rs", 360),
    ("store/tests/it/rls.rs", 305),
    ("tests/it/inbox/conversation.rs", 403),
];

#[test]
fn every_file_says_what_it_is_for_and_stays_small() {
    let mut longer: BTreeMap<_, _> = LONGER.iter().copied().collect();
    let mut files = vec![];
    for folder in [
        "kernel",
        "store",
        "delivery",
        "actors",
        "connectors",
        "api",
        "egress",
        "modules",
        "src",
        "tests",
        "bench",
    ] {
        collect(&root().join(folder), &mut files);
    }
    assert!(files.len() > 100);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.strip_prefix(root()).unwrap().to_str().unwrap();
        let is_made = name.ends_with("schema.rs") || name.ends_with("build.rs");
        let begins_well = text.starts_with("//!") || text.starts_with("#![doc");
        assert!(is_made || begins_well, "{name} begins without a word");
        let (most, lines) = (longer.remove(name), text.lines().count());
        assert!(is_made || lines <= most.unwrap_or(LONGEST), "{name} has {lines} lines");
        assert!(most.is_none() || lines > LONGEST, "{name} is no exception any more");
    }
    assert!(longer.is_empty(), "these are gone: {longer:?}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
