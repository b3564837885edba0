//! Where the database is, once for each role that the server may sign in as.

/// Connection strings for one database.
#[derive(Clone, Debug)]
pub struct DatabaseUrls {
    /// May create roles and run migrations.
    pub admin: String,
    /// All requests; owns nothing, sees one tenant at a time.
    pub app: String,
    /// The tenant directory and what is due, across tenants.
    pub system: String,
    /// Reads everything: for dumps and audits.
    pub backup: String,
}
