//! What kind of machine this is, and what runs on it.

use std::fs;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::options::root;

/// The machine.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_gib: u64,
    pub(crate) kernel: String,
}

impl Machine {
    /// This one.
    pub(crate) fn here() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let (processors, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
        let after = |text: &str, name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.map(|rest| rest.trim_start_matches([':', ' ', '\t']).to_owned())
                .unwrap_or_default()
        };
        let kib: u64 = after(&memory, "MemTotal")
            .trim_end_matches(" kB")
            .parse()
            .unwrap_or_default();
        Self {
            processor: after(&processors, "model name"),
            cores: super::cores(),
            memory_gib: kib.div_ceil(1024 * 1024),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
        }
    }
}

/// The commit that is checked out, marked if there are changes beside it.
pub(crate) fn commit() -> String {
    said("git", &["describe", "--always", "--dirty", "--abbrev=10"])
}

/// Node's version, which two of the peers run on.
pub(crate) fn node() -> String {
    said("node", &["--version"])
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output();
    output
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}
