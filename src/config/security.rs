//! Who may come in, for how long, and the key that signs their tokens.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use super::{ConfigError, Rate, Secret, settings::Settings};

/// The generated key's file in the data folder.
const KEY_FILE: &str = "signing-key";

/// `[security]`
#[derive(Debug, Clone)]
pub(crate) struct Security {
    /// How long an access token is good.
    pub token_minutes: i64,
    /// How long a sign-in lasts without being used.
    pub session_days: i64,
    /// How long a used refresh token may be used again, since its answer may have been lost.
    pub reuse_leeway_seconds: i64,
    /// The key that signs access tokens; made and kept in the data folder when absent.
    pub signing_key: Option<Secret>,
    /// Whether anybody may create a tenant.
    pub allow_sign_up: bool,
    /// Attempts to sign in to one account, or from one address.
    pub login: Rate,
    /// Tenants that one address may create.
    pub sign_up: Rate,
}

impl Security {
    pub(super) fn read(from: &mut Settings) -> Self {
        Self {
            token_minutes: from.number("security.token_minutes", 15, 1..=1_440),
            session_days: from.number("security.session_days", 30, 1..=365),
            reuse_leeway_seconds: from.number("security.reuse_leeway_seconds", 10, 0..=300),
            signing_key: from.secret("security.signing_key", "at least 32 characters", 32),
            allow_sign_up: from.flag("security.allow_sign_up", true),
            login: Rate::read(from, ["security.login.per_minute", "security.login.burst"], [10, 10]),
            sign_up: Rate::read(from, ["security.sign_up.per_minute", "security.sign_up.burst"], [5, 10]),
        }
    }

    /// The key of the settings, or the data folder's own, made at the first call.
    pub(crate) fn signing_key(&self, data_dir: &Path) -> Result<Secret, ConfigError> {
        if let Some(key) = &self.signing_key {
            return Ok(key.clone());
        }
        let path = data_dir.join(KEY_FILE);
        kept_key(&path).map_err(|error| ConfigError::one(format!("{}: {error}", path.display())))
    }
}

fn kept_key(path: &Path) -> io::Result<Secret> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => make_key(path)?,
        Err(error) => return Err(error),
        Ok(_) => {}
    }
    let key = fs::read_to_string(path)?.trim().to_owned();
    if key.len() < 32 {
        return Err(io::Error::other(
            "the key is too short; delete the file to get a new one",
        ));
    }
    Ok(Secret::new(key))
}

/// Writes the key beside its place first, so that half a key is never read.
fn make_key(path: &Path) -> io::Result<()> {
    let mut bytes = [0_u8; 32];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let part = path.with_extension(format!("part-{}", std::process::id()));
    let mut file = File::options().create_new(true).write(true).mode(0o600).open(&part)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    // A link fails where a rename would replace: the first of two servers wins.
    let linked = fs::hard_link(&part, path);
    fs::remove_file(&part)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_closed_to_others() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("new").join(KEY_FILE);
        let key = kept_key(&path).unwrap();
        assert_eq!(key.expose().len(), 64);
        assert_eq!(kept_key(&path).unwrap(), key);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_broken_key_is_not_used() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join(KEY_FILE);
        fs::write(&path, "short").unwrap();
        let refusal = kept_key(&path).unwrap_err().to_string();
        assert_eq!(refusal, "the key is too short; delete the file to get a new one");
    }
}
