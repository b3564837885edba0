//! What all peers share: they are installed in the cache and run by a script.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Needs;
use crate::machine::process::{Process, free_port};
use crate::options::root;
use crate::wire::Link;
use std::rc::Rc;

/// What a peer publishes: as long as the frames of the others, and beginning with its number.
pub(super) fn payload(number: u64) -> String {
    format!("p{number:016x}{:.<130}", "")
}

/// The number that a payload begins with, which stands right behind some text.
pub(super) fn number_behind(text: &[u8], frame: &[u8]) -> Option<u64> {
    let at = memchr::memmem::find(frame, text)? + text.len();
    let hex = std::str::from_utf8(frame.get(at..at + 16)?).ok()?;
    u64::from_str_radix(hex, 16).ok()
}

/// Where a peer is installed.
pub(super) fn home(name: &str) -> Result<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
        .context("no home")?;
    let home = cache.join("switchboard/peers").join(name);
    if !home.exists() {
        bail!("not installed; make bench-peers does it");
    }
    Ok(home)
}

/// The version that an npm package says it is.
pub(super) fn npm_version(package: &Path) -> Result<String> {
    let text =
        std::fs::read_to_string(package.join("package.json")).context("not installed; make bench-peers does it")?;
    let about: Value = serde_json::from_str(&text)?;
    Ok(about
        .get("version")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned())
}

/// Starts a peer's script and waits until its port accepts.
pub(super) async fn start(name: &str, needs: &Needs, variables: &[(&str, String)]) -> Result<Process> {
    // Some derive a second port from the first.
    let port = free_port()?;
    let mut command = Command::new(root().join("bench/peers").join(name).join("run"));
    command
        .arg(port.to_string())
        .arg(needs.folder.path().join(name))
        .envs(variables.iter().map(|(name, value)| (name, value)));
    let log = needs.folder.path().join("peer.log");
    let mut process = Process::start(command, port, &log, needs.pinned)?;
    process.accepting(&log).await?;
    Ok(process)
}

/// Reads until a frame contains a text; returns that frame and those before it.
pub(super) async fn until(link: &Rc<Link>, text: &str) -> Result<(String, Vec<Vec<u8>>)> {
    let mut before = Vec::new();
    loop {
        let frame = link.next().await.with_context(|| format!("waiting for {text}"))?;
        if memchr::memmem::find(&frame, text.as_bytes()).is_some() {
            return Ok((String::from_utf8(frame)?, before));
        }
        before.push(frame);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_payload_is_found_in_its_frame() {
        let frame = format!(r#"42["m","{}","offset"]"#, payload(4711));
        assert_eq!(number_behind(br#"["m","p"#, frame.as_bytes()), Some(4711));
        assert_eq!(number_behind(br#"["m","p"#, br#"42["m","p12"#), None);
        assert!((150..220).contains(&frame.len()), "{}", frame.len());
    }
}
