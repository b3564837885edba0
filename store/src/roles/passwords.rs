//! The passwords of the roles in a database we do not run ourselves.
//!
//! They are made once and kept in a file of the data folder that only the server may read.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use super::{RolesError, wanted};

const FILE: &str = "database-passwords.json";

/// A password for each role that logs in.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Passwords(BTreeMap<String, String>);

impl std::fmt::Debug for Passwords {
    /// Leaves out the passwords.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords")
    }
}

impl Passwords {
    /// The kept passwords; those of roles that are new are made and kept with them.
    pub fn kept_in(data_dir: &Path) -> Result<Self, RolesError> {
        let mut passwords = Self::found_in(data_dir)?.unwrap_or_default();
        if wanted::logins().any(|role| passwords.of(role.name).is_empty()) {
            let path = data_dir.join(FILE);
            passwords.complete(data_dir, &path).map_err(failed(&path))?;
        }
        Ok(passwords)
    }

    /// The kept passwords, if there are any.
    pub fn found_in(data_dir: &Path) -> Result<Option<Self>, RolesError> {
        let path = data_dir.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| failed(&path)(error.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&path)(error)),
        }
    }

    /// One password for every role, for servers that only tests use.
    #[must_use]
    pub fn same_for_all(password: &str) -> Self {
        let of = |role: &wanted::Role| (role.name.to_owned(), password.to_owned());
        Self(wanted::logins().map(of).collect())
    }

    /// The password of a role; empty for one that does not log in.
    pub(crate) fn of(&self, role: &str) -> &str {
        self.0.get(role).map_or("", String::as_str)
    }

    fn complete(&mut self, data_dir: &Path, path: &Path) -> io::Result<()> {
        let mut source = File::open("/dev/urandom")?;
        for role in wanted::logins() {
            if self.of(role.name).is_empty() {
                let mut bytes = [0; 32];
                source.read_exact(&mut bytes)?;
                self.0.insert(role.name.to_owned(), hex::encode(bytes));
            }
        }
        fs::create_dir_all(data_dir)?;
        let draft = data_dir.join(format!("{FILE}.new"));
        self.write(&draft)?;
        fs::rename(draft, path)
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let mut options = File::options();
        let mut file = options.create(true).truncate(true).write(true).mode(0o600).open(path)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> RolesError {
    let path = path.to_owned();
    move |error| RolesError::Passwords {
        path: path.clone(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn passwords_are_made_once_and_closed_to_others() {
        let data = tempfile::tempdir().unwrap();
        let first = Passwords::kept_in(data.path()).unwrap();
        let second = Passwords::kept_in(data.path()).unwrap();
        assert_eq!(first.of("switchboard_app"), second.of("switchboard_app"));
        assert_eq!(first.of("switchboard_app").len(), 64);
        assert_ne!(first.of("switchboard_app"), first.of("switchboard_system"));
        let mut older = first.clone();
        older.0.remove("switchboard_journal");
        older.write(&data.path().join(FILE)).unwrap();
        let third = Passwords::kept_in(data.path()).unwrap();
        assert_eq!(first.of("switchboard_app"), third.of("switchboard_app"));
        assert_eq!(third.of("switchboard_journal").len(), 64);
        let mode = fs::metadata(data.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
