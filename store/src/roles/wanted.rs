//! The roles as they must be: who logs in, who sees past the policies, how long each may take.

/// A role and all that is fixed about it.
pub(super) struct Role {
    pub(super) name: &'static str,
    pub(super) login: bool,
    /// Sees every tenant's rows in the tables granted to it.
    pub(super) bypass: bool,
    /// Has the rights of the roles it is a member of without asking.
    pub(super) inherit: bool,
    pub(super) settings: &'static [(&'static str, &'static str)],
}

/// Owns every table and function.
pub(super) const OWNER: &str = "switchboard_owner";
/// Owns the search functions, which see past one tenant's policy and name the tenant themselves.
pub(super) const SEARCH: &str = "switchboard_search";

/// Errors are in the same words whatever the server's language: some of them we know by their words alone.
const PLAIN: (&str, &str) = ("lc_messages", "C");

/// Reads what the read-only roles read, and cannot be talked into writing.
const READ_ONLY: (&str, &str) = ("default_transaction_read_only", "on");

/// All roles, none of them a superuser.
pub(super) const ROLES: [Role; 8] = [
    Role {
        name: OWNER,
        login: false,
        bypass: false,
        inherit: false,
        settings: &[],
    },
    Role {
        name: "switchboard_migrator",
        login: true,
        bypass: false,
        inherit: false,
        // A migration that waits for a busy table makes everyone behind it wait too.
        settings: &[PLAIN, ("lock_timeout", "10s")],
    },
    Role {
        name: "switchboard_app",
        login: true,
        bypass: false,
        inherit: false,
        settings: &[
            PLAIN,
            ("statement_timeout", "10s"),
            ("lock_timeout", "2s"),
            ("idle_in_transaction_session_timeout", "10s"),
            ("client_connection_check_interval", "1s"),
        ],
    },
    Role {
        name: "switchboard_journal",
        login: true,
        bypass: false,
        inherit: false,
        settings: &[
            PLAIN,
            ("statement_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "10s"),
            ("client_connection_check_interval", "1s"),
            // It finds rows by their keys, any number of them: planning took longer than writing.
            ("plan_cache_mode", "force_generic_plan"),
        ],
    },
    Role {
        name: "switchboard_system",
        login: true,
        bypass: true,
        inherit: false,
        settings: &[
            PLAIN,
            ("statement_timeout", "30s"),
            ("lock_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "30s"),
            ("client_connection_check_interval", "1s"),
        ],
    },
    Role {
        name: SEARCH,
        login: false,
        bypass: false,
        inherit: false,
        settings: &[],
    },
    Role {
        name: "switchboard_backup",
        login: true,
        bypass: true,
        // It reads through the membership in pg_read_all_data.
        inherit: true,
        settings: &[READ_ONLY],
    },
    Role {
        name: "switchboard_readonly",
        login: true,
        bypass: false,
        inherit: false,
        settings: &[
            READ_ONLY,
            ("statement_timeout", "30s"),
            ("idle_in_transaction_session_timeout", "60s"),
        ],
    },
];

/// Who is a member of which role: the migrator becomes the owner, the owner hands functions to
/// the search role.
pub(super) const MEMBERS: [(&str, &str); 3] = [
    (OWNER, "switchboard_migrator"),
    (SEARCH, OWNER),
    ("pg_read_all_data", "switchboard_backup"),
];

/// The roles that log in.
pub(super) fn logins() -> impl Iterator<Item = &'static Role> {
    ROLES.iter().filter(|role| role.login)
}

/// The roles that work inside the database: all but the owner, who has every right there.
pub(super) fn guests() -> impl Iterator<Item = &'static Role> {
    ROLES.iter().filter(|role| role.name != OWNER)
}

/// The same, as SQL lists them.
pub(crate) fn guest_list() -> String {
    guests().map(|role| role.name).collect::<Vec<_>>().join(", ")
}
