//! The SQL that turns the roles that are into the roles that must be; nothing when they agree.

use postgres_protocol::password::scram_sha_256;

use super::{
    catalog::{Found, FoundRole},
    passwords::Passwords,
    quote,
    wanted::{self, OWNER, Role},
};

/// What is to be reached, besides the roles of [`wanted`].
pub(super) struct Target<'a> {
    pub(super) database: &'a str,
    pub(super) passwords: Option<&'a Passwords>,
    /// The roles that cannot log in with their password yet.
    pub(super) stale_logins: &'a [&'static str],
}

/// The statements, in an order in which they work.
pub(super) fn statements(found: &Found, target: &Target<'_>) -> Vec<String> {
    let mut sql = Vec::new();
    for role in &wanted::ROLES {
        shape(&mut sql, role, found.roles.get(role.name));
        settle(&mut sql, role, found.roles.get(role.name));
    }
    for (role, member) in wanted::MEMBERS {
        if !found.members.contains(&(role.to_owned(), member.to_owned())) {
            sql.push(format!("GRANT {role} TO {member}"));
        }
    }
    for name in target.stale_logins {
        if let Some(passwords) = target.passwords {
            // The verifier, not the password: this text ends up in logs and in people's terminals.
            let verifier = scram_sha_256(passwords.of(name).as_bytes());
            sql.push(format!("ALTER ROLE {name} PASSWORD '{verifier}'"));
        }
    }
    enter(&mut sql, found, target.database);
    sql
}

/// Creates a role, or corrects its attributes.
fn shape(sql: &mut Vec<String>, role: &Role, found: Option<&FoundRole>) {
    let agrees = found.is_some_and(|found| {
        let is = (found.login, found.bypass, found.inherit, found.mighty);
        is == (role.login, role.bypass, role.inherit, false)
    });
    if agrees {
        return;
    }
    let verb = if found.is_some() { "ALTER" } else { "CREATE" };
    let no = |yes: bool| if yes { "" } else { "NO" };
    sql.push(format!(
        "{verb} ROLE {name} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION \
         {login}LOGIN {bypass}BYPASSRLS {inherit}INHERIT",
        name = role.name,
        login = no(role.login),
        bypass = no(role.bypass),
        inherit = no(role.inherit),
    ));
}

/// Sets the limits that the role brings to each of its sessions.
fn settle(sql: &mut Vec<String>, role: &Role, found: Option<&FoundRole>) {
    for (setting, value) in role.settings {
        let line = format!("{setting}={value}");
        if !found.is_some_and(|found| found.settings.contains(&line)) {
            sql.push(format!("ALTER ROLE {} SET {setting} = '{value}'", role.name));
        }
    }
}

/// Makes the database the owner's, and opens it to our roles alone.
fn enter(sql: &mut Vec<String>, found: &Found, database: &str) {
    let name = quote(database);
    if found.database.owner != OWNER {
        sql.push(format!("ALTER DATABASE {name} OWNER TO {OWNER}"));
    }
    if found.database.schema_owner != OWNER {
        sql.push(format!("ALTER SCHEMA public OWNER TO {OWNER}"));
    }
    if found.database.open {
        sql.push(format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC"));
        sql.push("REVOKE ALL ON SCHEMA public FROM PUBLIC".to_owned());
    }
    let missing = wanted::guests().any(|role| !found.database.guests.iter().any(|name| name == role.name));
    if missing || found.database.open {
        let guests = wanted::guest_list();
        sql.push(format!("GRANT CONNECT ON DATABASE {name} TO {guests}"));
        sql.push(format!("GRANT USAGE ON SCHEMA public TO {guests}"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::catalog::FoundDatabase;
    use super::*;

    /// Everything as it must be.
    fn settled() -> Found {
        let role = |role: &Role| FoundRole {
            name: role.name.to_owned(),
            login: role.login,
            bypass: role.bypass,
            inherit: role.inherit,
            mighty: false,
            settings: role.settings.iter().map(|(n, v)| format!("{n}={v}")).collect(),
        };
        let name = |name: &str| name.to_owned();
        Found {
            roles: wanted::ROLES.iter().map(|r| (name(r.name), role(r))).collect(),
            members: wanted::MEMBERS.iter().map(|(r, m)| (name(r), name(m))).collect(),
            database: FoundDatabase {
                owner: name(OWNER),
                schema_owner: name(OWNER),
                open: false,
                guests: wanted::guests().map(|role| name(role.name)).collect(),
            },
        }
    }

    fn changes(change: impl Fn(&mut Found)) -> Vec<String> {
        let mut found = settled();
        change(&mut found);
        let target = Target {
            database: "hub",
            passwords: None,
            stale_logins: &[],
        };
        statements(&found, &target)
    }

    #[test]
    fn nothing_changes_when_all_is_well() {
        assert_eq!(changes(|_| {}), [""; 0]);
    }

    #[test]
    fn only_what_differs_is_changed() {
        let app = |found: &mut Found, change: &dyn Fn(&mut FoundRole)| {
            change(found.roles.get_mut("switchboard_app").unwrap());
        };
        assert_eq!(
            changes(|found| app(found, &|role| role.bypass = true)),
            [
                "ALTER ROLE switchboard_app NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION \
              LOGIN NOBYPASSRLS NOINHERIT"
            ]
        );
        assert_eq!(
            changes(|found| app(found, &|role| role.settings.retain(|s| !s.starts_with("lock")))),
            ["ALTER ROLE switchboard_app SET lock_timeout = '2s'"]
        );
        assert_eq!(
            changes(|found| found.database.owner = "ada".to_owned()),
            ["ALTER DATABASE \"hub\" OWNER TO switchboard_owner"]
        );
        assert_eq!(
            changes(|found| {
                found
                    .members
                    .remove(&("switchboard_search".to_owned(), OWNER.to_owned()));
            }),
            ["GRANT switchboard_search TO switchboard_owner"]
        );
    }

    #[test]
    fn a_password_is_never_printed() {
        let passwords = Passwords::same_for_all("very secret");
        let target = Target {
            database: "hub",
            passwords: Some(&passwords),
            stale_logins: &["switchboard_app"],
        };
        let [sql] = &statements(&settled(), &target)[..] else {
            panic!("one statement is enough");
        };
        assert!(
            sql.starts_with("ALTER ROLE switchboard_app PASSWORD 'SCRAM-SHA-256$"),
            "{sql}"
        );
        assert!(!sql.contains("very secret"));
    }
}
