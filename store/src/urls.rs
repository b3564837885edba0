//! Where the database is, once for each role that the server may sign in as.

/// Connection strings for one database.
#[derive(Clone, Debug)]
pub struct DatabaseUrls {
    /// May create roles and run migrations.
    pub admin: String,
    /// All requests; owns nothing, sees one tenant at a time.
    pub app: String,
    /// Writes what belongs to many tenants at once; owns nothing, sees the tenants that a transaction names.
    pub journal: String,
    /// The tenant directory and what is due, across tenants.
    pub system: String,
    /// Reads everything: for dumps and audits.
    pub backup: String,
}
