//! The account PostgreSQL runs as: our own, or an unprivileged one when we are root.

use std::{fs, os::unix::process::CommandExt, path::Path, process::Command};

use super::error::{EmbeddedError, file};

/// In order of preference; `initdb` insists on an account that exists.
const CANDIDATES: [&str; 3] = ["switchboard", "postgres", "nobody"];

/// Whom PostgreSQL runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
    /// Whether we are root and must step down to this account.
    pub(super) steps_down: bool,
}

impl Account {
    /// Chooses the account; a cluster that exists keeps its owner.
    pub(super) fn choose(cluster_owner: Option<u32>) -> Result<Self, EmbeddedError> {
        let uid = rustix::process::geteuid().as_raw();
        if uid != 0 {
            return Ok(Self {
                name: std::env::var("USER").unwrap_or_else(|_| uid.to_string()),
                uid,
                gid: rustix::process::getegid().as_raw(),
                steps_down: false,
            });
        }
        let path = Path::new("/etc/passwd");
        let passwd = fs::read_to_string(path).map_err(file("read", path))?;
        pick(&passwd, cluster_owner).ok_or(EmbeddedError::NoAccount)
    }

    /// Lets a command run as this account.
    pub(super) fn apply(&self, command: &mut Command) {
        if self.steps_down {
            command.uid(self.uid).gid(self.gid);
        }
    }
}

fn pick(passwd: &str, owner: Option<u32>) -> Option<Account> {
    let accounts: Vec<Account> = passwd.lines().filter_map(parse).collect();
    let owning = accounts.iter().find(|a| Some(a.uid) == owner && a.uid != 0);
    let preferred = || {
        CANDIDATES
            .iter()
            .find_map(|name| accounts.iter().find(|a| a.name == *name))
    };
    owning.or_else(preferred).cloned()
}

/// A line of `/etc/passwd`: name, password, uid, gid, and what we do not need.
fn parse(line: &str) -> Option<Account> {
    let mut fields = line.split(':');
    let name = fields.next()?.to_owned();
    let uid = fields.nth(1)?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    Some(Account {
        name,
        uid,
        gid,
        steps_down: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n\
        postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n\
        broken line\n";

    #[test]
    fn root_steps_down_to_the_first_account_that_exists() {
        let name = |passwd, owner| pick(passwd, owner).map(|account| account.name);
        assert_eq!(name(PASSWD, None).as_deref(), Some("postgres"));
        assert_eq!(name("nobody:x:65534:65534::/:", None).as_deref(), Some("nobody"));
        assert_eq!(name("root:x:0:0:root:/root:/bin/bash", None), None);
    }

    #[test]
    fn a_cluster_keeps_its_owner_unless_that_is_root_or_unknown() {
        let uid = |owner| pick(PASSWD, Some(owner)).map(|account| account.uid);
        assert_eq!(uid(65534), Some(65534));
        assert_eq!(uid(0), Some(101));
        assert_eq!(uid(4711), Some(101));
    }
}
