//! The exceptions from the rules of [`super::walk`], each with the reason it is none.
//!
//! An exception that nothing needs any more is a finding too.

/// A finding that is not one.
pub(super) struct Allowed {
    pub(super) rule: &'static str,
    pub(super) object: &'static str,
    pub(super) reason: &'static str,
}

const TENANTS: &str = "the directory of tenants is itself keyed by the tenant; its policy compares id";
const USERS: &str = "people sign in once for all their tenants; requests have no right to this table";
const BIRTHS: &str = "parts of the program and when they came; requests have no right to this table";
const MIGRATIONS: &str = "diesel's list of migrations holds no customer's data; requests have no right to it";

/// All exceptions.
pub(super) const ALLOWED: &[Allowed] = &[
    allow("table without tenant_id", "public.tenants", TENANTS),
    allow("unique index without tenant_id", "public.tenants_pkey", TENANTS),
    allow(
        "unique index without tenant_id",
        "public.tenants_slug_key",
        "a slug names one tenant in an address, so it is unique among all",
    ),
    allow("table without tenant_id", "public.follower_births", BIRTHS),
    allow("table without a policy", "public.follower_births", BIRTHS),
    allow("unique index without tenant_id", "public.follower_births_pkey", BIRTHS),
    allow("table without tenant_id", "public.users", USERS),
    allow("table without a policy", "public.users", USERS),
    allow("unique index without tenant_id", "public.users_pkey", USERS),
    allow("unique index without tenant_id", "public.users_email_key", USERS),
    allow(
        "table without forced row-level security",
        "public.__diesel_schema_migrations",
        MIGRATIONS,
    ),
    allow(
        "table without tenant_id",
        "public.__diesel_schema_migrations",
        MIGRATIONS,
    ),
    allow(
        "table without a policy",
        "public.__diesel_schema_migrations",
        MIGRATIONS,
    ),
    allow(
        "unique index without tenant_id",
        "public.__diesel_schema_migrations_pkey",
        MIGRATIONS,
    ),
    allow(
        "permissive policy that does not ask app_tenant()",
        "public.contacts search",
        "it is for switchboard_search alone, which cannot log in; its one function names the tenant, and has a probe",
    ),
];

/// A definer function sees past the policies, so each needs a query that shows it stays inside.
pub(super) struct Probe {
    /// As the catalogue writes it: `public.search_contacts(text,integer)`.
    pub(super) function: &'static str,
    /// A query with a column `tenant_id` that calls the function so that it would find rows.
    pub(super) query: &'static str,
}

/// The probes of all definer functions that requests may call.
pub(super) const PROBES: &[Probe] = &[Probe {
    function: "public.search_contacts(text,integer)",
    query: "SELECT tenant_id FROM search_contacts('%', 2000)",
}];

const fn allow(rule: &'static str, object: &'static str, reason: &'static str) -> Allowed {
    Allowed { rule, object, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exception_has_a_reason() {
        for allowed in ALLOWED {
            assert!(allowed.reason.len() > 20, "{}", allowed.object);
        }
    }
}
