//! Who signs in where, and what becomes of a refresh token that is shown. Values in, values out.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::TenantId;
use uuid::Uuid;

use super::SessionError;
use crate::directory::Belonging;

/// A token and its family, as they are stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    pub(super) used_at: Option<DateTime<Utc>>,
    pub(super) revoked_at: Option<DateTime<Utc>>,
    pub(super) expires_at: DateTime<Utc>,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Take it, give a new one.
    Rotate,
    /// It was taken a moment ago: give a new one, and let its first use stand, or the moment would never end.
    Again,
    /// The sign-in is over.
    Over,
    /// Someone shows a token that was used before: one of the two is a thief, so the whole family ends.
    Reused,
}

/// Decides about a token. The answer to its first use may have been lost, so for a moment it may be used again.
pub(super) fn judge(shown: Shown, leeway: TimeDelta, now: DateTime<Utc>) -> Verdict {
    if shown.revoked_at.is_some() || shown.expires_at <= now {
        return Verdict::Over;
    }
    match shown.used_at {
        None => Verdict::Rotate,
        Some(used_at) if now - used_at < leeway => Verdict::Again,
        Some(_) => Verdict::Reused,
    }
}

/// The e-mail address someone signs in with, as the directory keeps addresses. Those are no longer than this, and
/// neither must be what is remembered of a stranger's try.
pub(super) fn as_stored(email: &str) -> String {
    let email = email.trim().to_lowercase().replace('\0', "");
    email.chars().take(254).collect()
}

/// The tenant to sign in to: the one that was asked for, or the only one.
pub(super) fn choose(belongings: Vec<Belonging>, asked: Option<&str>) -> Result<TenantId, SessionError> {
    let slugs = belongings.iter().map(|belonging| belonging.slug.clone()).collect();
    match (asked, belongings.as_slice()) {
        (Some(slug), all) => {
            let found = all.iter().find(|belonging| belonging.slug == slug);
            found
                .map(|belonging| belonging.tenant)
                .ok_or(SessionError::WrongCredentials)
        }
        (None, [only]) => Ok(only.tenant),
        (None, []) => Err(SessionError::WrongCredentials),
        (None, _) => Err(SessionError::ChooseTenant(slugs)),
    }
}

/// Makes a token. The tenant is in it, so that nobody has to be asked for all tenants' tokens.
pub(super) fn new_token(tenant: TenantId) -> String {
    format!("{}.{}", tenant.0.simple(), hex::encode(rand::random::<[u8; 32]>()))
}

/// Whose token it is.
pub(super) fn token_tenant(token: &str) -> Option<TenantId> {
    let (tenant, secret) = token.split_once('.')?;
    let is_ours = tenant.len() == 32 && secret.len() == 64;
    is_ours.then(|| Uuid::try_parse(tenant).ok().map(TenantId)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_token_is_good_for_one_use() {
        let leeway = TimeDelta::seconds(10);
        let shown = |used: Option<i64>, revoked: Option<i64>, expires: i64| Shown {
            used_at: used.map(at),
            revoked_at: revoked.map(at),
            expires_at: at(expires),
        };
        let table = [
            (shown(None, None, 100), Verdict::Rotate),
            (shown(Some(-9), None, 100), Verdict::Again),
            (shown(Some(-10), None, 100), Verdict::Reused),
            (shown(None, Some(-1), 100), Verdict::Over),
            (shown(Some(-60), Some(-1), 100), Verdict::Over),
            (shown(None, None, 0), Verdict::Over),
        ];
        for (shown, expect) in table {
            assert_eq!(judge(shown, leeway, at(0)), expect, "{shown:?}");
        }
        assert_eq!(
            judge(shown(Some(0), None, 100), TimeDelta::zero(), at(0)),
            Verdict::Reused
        );
    }

    #[test]
    fn an_address_is_compared_as_it_is_stored() {
        assert_eq!(as_stored(" Ada@Example.org\n"), "ada@example.org");
        assert_eq!(as_stored("a\0da@example.org"), "ada@example.org");
        assert_eq!(as_stored(&"ü".repeat(100_000)).chars().count(), 254);
    }

    #[test]
    fn people_of_several_tenants_say_which_one() {
        let belonging = |slug: &str| Belonging {
            tenant: TenantId::fresh(),
            slug: slug.into(),
        };
        let (acme, other) = (belonging("acme"), belonging("other"));
        let both = || vec![acme.clone(), other.clone()];
        assert_eq!(choose(vec![acme.clone()], None).unwrap(), acme.tenant);
        assert_eq!(choose(both(), Some("other")).unwrap(), other.tenant);
        assert!(matches!(choose(both(), None), Err(SessionError::ChooseTenant(slugs)) if slugs == ["acme", "other"]));
        for (belongings, asked) in [(both(), Some("third")), (vec![], None), (vec![], Some("acme"))] {
            let refused = choose(belongings, asked);
            assert!(matches!(refused, Err(SessionError::WrongCredentials)), "{asked:?}");
        }
    }

    #[test]
    fn a_token_names_its_tenant_and_others_name_none() {
        let tenant = TenantId::fresh();
        let token = new_token(tenant);
        assert_eq!(token_tenant(&token), Some(tenant));
        for bad in [
            "",
            ".",
            "a.b",
            token.get(1..).unwrap(),
            token.get(..token.len() - 1).unwrap(),
        ] {
            assert_eq!(token_tenant(bad), None, "{bad}");
        }
    }
}
