//! Verified identity: the business vouches for its signed-in customer with a secret that only it and we know.

use std::collections::HashSet;

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

/// What the page brings to prove who its customer is.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Proof {
    /// A JWT (HS256) signed with the channel's secret: `sub`, `exp` at most an hour ahead, `name`, `email`.
    Token {
        #[schema(min_length = 1, max_length = 8_192, format = "visible")]
        token: String,
    },
    /// The simple way: the hex HMAC-SHA256 of the user id. Name and address are not signed, so anybody may have written
    /// them.
    Hash {
        #[schema(min_length = 1, max_length = 200, format = "line")]
        user_id: String,
        #[schema(pattern = "^[0-9A-Fa-f]{64}$", max_length = 64)]
        hash: String,
        #[schema(max_length = 120, format = "line")]
        name: Option<String>,
        #[schema(max_length = 254, format = "line")]
        email: Option<String>,
    },
}

/// A customer whom the business vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub user_id: String,
    pub name: Option<String>,
    pub email: Option<String>,
    /// Whether the business vouches for name and address, too; else they are only what was told.
    pub is_signed_whole: bool,
}

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    #[error("the identity token is not signed with this channel's secret")]
    BadSignature,
    #[error("the identity token has ended or lasts longer than an hour")]
    BadTime,
    #[error("the user id is empty or longer than 200 characters")]
    BadUserId,
}

const MAX_LIFETIME: i64 = 3_600;

impl Proof {
    /// Returns whom the proof stands for. `now` is in seconds since 1970.
    pub fn verify(&self, secret: &str, now: i64) -> Result<Identity, IdentityError> {
        let identity = match self {
            Self::Token { token } => verify_token(token, secret, now)?,
            Self::Hash {
                user_id,
                hash,
                name,
                email,
            } => {
                verify_hash(user_id, hash, secret)?;
                Identity {
                    user_id: user_id.clone(),
                    name: name.clone(),
                    email: email.clone(),
                    is_signed_whole: false,
                }
            }
        };
        let is_right = (1..=200).contains(&identity.user_id.chars().count()) && !identity.user_id.contains('\0');
        if is_right {
            Ok(identity)
        } else {
            Err(IdentityError::BadUserId)
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    exp: i64,
    name: Option<String>,
    email: Option<String>,
}

fn verify_token(token: &str, secret: &str, now: i64) -> Result<Identity, IdentityError> {
    let mut rules = Validation::new(Algorithm::HS256);
    rules.validate_exp = false; // by our clock, below
    rules.required_spec_claims = HashSet::from(["exp".to_owned(), "sub".to_owned()]);
    let key = DecodingKey::from_secret(secret.as_bytes());
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &rules)
        .map_err(|_cause| IdentityError::BadSignature)?
        .claims;
    if claims.exp <= now || claims.exp > now + MAX_LIFETIME {
        return Err(IdentityError::BadTime);
    }
    Ok(Identity {
        user_id: claims.sub,
        name: claims.name,
        email: claims.email,
        is_signed_whole: true,
    })
}

fn verify_hash(user_id: &str, hash: &str, secret: &str) -> Result<(), IdentityError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_cause| IdentityError::BadSignature)?;
    mac.update(user_id.as_bytes());
    let expect = hex::encode(mac.finalize().into_bytes());
    let same = expect.as_bytes().ct_eq(hash.to_ascii_lowercase().as_bytes());
    if bool::from(same) {
        Ok(())
    } else {
        Err(IdentityError::BadSignature)
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, Header};

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn token(secret: &str, sub: &str, exp: i64) -> Proof {
        let claims = Claims {
            sub: sub.into(),
            exp,
            name: Some("Ada".into()),
            email: None,
        };
        let key = EncodingKey::from_secret(secret.as_bytes());
        Proof::Token {
            token: jsonwebtoken::encode(&Header::default(), &claims, &key).unwrap(),
        }
    }

    #[test]
    fn a_token_holds_only_with_the_right_secret_and_for_a_short_time() {
        let verify = |proof: Proof| proof.verify("secret", NOW).map(|identity| identity.user_id);
        let whole = token("secret", "42", NOW + 60).verify("secret", NOW);
        assert!(whole.unwrap().is_signed_whole);
        assert_eq!(verify(token("secret", "42", NOW + 60)), Ok("42".into()));
        assert_eq!(verify(token("other", "42", NOW + 60)), Err(IdentityError::BadSignature));
        assert_eq!(verify(token("secret", "42", NOW)), Err(IdentityError::BadTime));
        assert_eq!(verify(token("secret", "42", NOW + 3_601)), Err(IdentityError::BadTime));
        assert_eq!(verify(token("secret", "", NOW + 60)), Err(IdentityError::BadUserId));
        assert_eq!(
            verify(Proof::Token { token: "x.y.z".into() }),
            Err(IdentityError::BadSignature)
        );
        // The algorithm "none" is no signature.
        let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiI0MiIsImV4cCI6MTgwMDAwMDA2MH0.";
        assert_eq!(
            verify(Proof::Token { token: unsigned.into() }),
            Err(IdentityError::BadSignature)
        );
    }

    #[test]
    fn a_hash_is_the_hmac_of_the_user_id() {
        // printf 42 | openssl dgst -sha256 -hmac secret
        let mut mac = Hmac::<Sha256>::new_from_slice(b"secret").unwrap();
        mac.update(b"42");
        let hash = hex::encode(mac.finalize().into_bytes());
        let proof = |user_id: &str, hash: &str| Proof::Hash {
            user_id: user_id.into(),
            hash: hash.into(),
            name: None,
            email: None,
        };
        assert!(!proof("42", &hash).verify("secret", NOW).unwrap().is_signed_whole);
        assert!(proof("42", &hash.to_uppercase()).verify("secret", NOW).is_ok());
        for bad in [
            proof("43", &hash),
            proof("42", hash.get(1..).unwrap()),
            proof("42", ""),
            proof("42", &hash.replace('a', "b")),
        ] {
            assert_eq!(bad.verify("secret", NOW).unwrap_err(), IdentityError::BadSignature);
        }
    }
}
