//! What the operator decides about signing in.

/// The settings of this module.
#[derive(Clone, Debug)]
pub struct IdentitySettings {
    pub allow_sign_up: bool,
    /// How long a sign-in lasts without being used.
    pub session_days: i64,
    /// A refresh token may be used again within this time: the answer to the first use may have been lost.
    pub reuse_leeway_seconds: i64,
    /// Whether browsers may send the cookie over https only.
    pub secure_cookie: bool,
}
