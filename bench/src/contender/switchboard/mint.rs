//! Tokens for more people than could sign in one after the other: signed with the server's own key, which lies in its folder.

use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::wire::http::Client;

const PURPOSE: &[u8] = b"access tokens";

/// What makes tokens for one tenant.
#[derive(Debug, Clone)]
pub(super) struct Mint {
    key: Vec<u8>,
    pub(super) tenant: Uuid,
    pub(super) channel: Uuid,
}

impl Mint {
    /// Finds the key that the server takes.
    pub(super) async fn open(folder: &Path, port: u16, tenant: Uuid, channel: Uuid) -> Result<Self> {
        let secret = std::fs::read_to_string(folder.join("signing-key"))?;
        let master: [u8; 32] = Sha256::digest(secret.trim()).into();
        for key in [expanded(&master)?, hashed(&master)] {
            let mint = Self { key, tenant, channel };
            let token = mint.member(0)?;
            let client = Client {
                port,
                token: Some(&token),
            };
            if client.get("/api/v1/inbox/counts").await.is_ok() {
                return Ok(mint);
            }
        }
        bail!("the server takes no token of ours")
    }

    /// The token of one of many agents.
    pub(super) fn member(&self, n: usize) -> Result<String> {
        let id = self.person(n, 1);
        let permissions = [
            "conversations.read",
            "conversations.write",
            "contacts.read",
            "channels.read",
            "members.read",
        ];
        self.sign(&json!({ "kind": "user", "sub": id, "session": id, "permissions": permissions, "name": format!("Agent {n}") }))
    }

    /// The token of one of many customers.
    pub(super) fn customer(&self, n: usize) -> Result<String> {
        let id = self.person(n, 2);
        self.sign(&json!({ "kind": "visitor", "sub": id, "channel": self.channel, "name": format!("Customer {n}") }))
    }

    fn person(&self, n: usize, kind: u128) -> Uuid {
        Uuid::from_u128((self.tenant.as_u128() << 40) ^ (kind << 32) ^ n as u128)
    }

    fn sign(&self, claims: &Value) -> Result<String> {
        let mut claims = claims.clone();
        if let Value::Object(claims) = &mut claims {
            let in_a_day = std::time::UNIX_EPOCH.elapsed()?.as_secs() + 86_400;
            claims.insert("tenant".into(), json!(self.tenant));
            claims.insert("exp".into(), json!(in_a_day));
        }
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&json!({ "typ": "JWT", "alg": "HS256" })), part(&claims));
        Ok(format!(
            "{text}.{}",
            URL_SAFE_NO_PAD.encode(mac(&self.key, text.as_bytes())?)
        ))
    }
}

/// As the server derives keys: HKDF, of which one block is enough.
fn expanded(master: &[u8]) -> Result<Vec<u8>> {
    let extracted = mac(&[0; 32], master)?;
    mac(&extracted, &[PURPOSE, &[1]].concat())
}

/// As it did at first.
fn hashed(master: &[u8]) -> Vec<u8> {
    let inner = Sha256::new().chain_update(master).chain_update(PURPOSE).finalize();
    Sha256::new()
        .chain_update(master)
        .chain_update(inner)
        .finalize()
        .to_vec()
}

fn mac(key: &[u8], text: &[u8]) -> Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).context("a key")?;
    mac.update(text);
    Ok(mac.finalize().into_bytes().to_vec())
}
