//! The master key, and what is derived from it: it lives beside the database, never in it.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hkdf::Hkdf;
use kernel::{Code, Fault, TenantId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The secret that all others come from.
#[derive(Clone)]
pub struct MasterKey(pub [u8; 32]);

impl MasterKey {
    /// The key that a text of any length stands for.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// A key for one purpose; knowing it tells nothing of the others.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        let expanded = Hkdf::<Sha256>::new(None, &self.0).expand(purpose.as_bytes(), &mut key);
        debug_assert!(expanded.is_ok(), "32 bytes are no more than it can give");
        key
    }

    /// How keys were derived before there was a second kind of seal.
    fn derive_first(&self, purpose: &str) -> [u8; 32] {
        let inner = Sha256::new().chain_update(self.0).chain_update(purpose).finalize();
        Sha256::new().chain_update(self.0).chain_update(inner).finalize().into()
    }
}

/// Where a sealed secret belongs: it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub tenant: TenantId,
    /// What it is for, by table and column.
    pub purpose: &'static str,
    /// The row.
    pub id: Uuid,
}

impl Place {
    fn text(&self) -> String {
        let Self { tenant, purpose, id } = self;
        format!("{tenant} {purpose} {id}")
    }
}

/// Seals secrets for the database. The first byte says how: with 2, for one place; with 1, by servers before this one, for
/// any. What they sealed opens until it is made anew.
#[derive(Clone)]
pub struct Seal {
    key: ChaCha20Poly1305,
    first: ChaCha20Poly1305,
}

const FIRST: u8 = 1;
const PLACED: u8 = 2;
const NONCE: usize = 12;
const PURPOSE: &str = "sealed secrets";

impl Seal {
    #[must_use]
    pub fn new(master: &MasterKey) -> Self {
        let cipher = |key: [u8; 32]| ChaCha20Poly1305::new(&Key::from(key));
        Self {
            key: cipher(master.derive(PURPOSE)),
            first: cipher(master.derive_first(PURPOSE)),
        }
    }

    /// Makes a secret unreadable without the key.
    pub fn seal(&self, place: &Place, secret: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE] = rand::random();
        let (msg, text) = (secret, place.text());
        let aad = text.as_bytes();
        let sealed = self.key.encrypt(&Nonce::from(nonce), Payload { msg, aad });
        let sealed = sealed.map_err(|_cause| SealError)?;
        Ok([&[PLACED], nonce.as_slice(), &sealed].concat())
    }

    /// Makes it readable again, in its place.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (version, rest) = sealed.split_first().ok_or(SealError)?;
        let (nonce, msg) = rest.split_first_chunk::<NONCE>().ok_or(SealError)?;
        let text = place.text();
        let (key, aad) = match *version {
            PLACED => (&self.key, text.as_bytes()),
            FIRST => (&self.first, b"".as_slice()),
            _ => return Err(SealError),
        };
        let opened = key.decrypt(&Nonce::from(*nonce), Payload { msg, aad });
        opened.map_err(|_cause| SealError)
    }
}

/// The seal does not open: another key, another place, or a changed text.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed secret cannot be opened with this key")]
pub struct SealError;

impl Fault for SealError {
    fn code(&self) -> Code {
        Code::Internal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place {
            tenant: TenantId(Uuid::from_u128(1)),
            purpose: "channels.sealed_secret",
            id: Uuid::from_u128(2),
        }
    }

    #[test]
    fn only_the_same_key_opens_an_unchanged_seal() {
        let (seal, other) = (Seal::new(&MasterKey([1; 32])), Seal::new(&MasterKey([2; 32])));
        let mut sealed = seal.seal(&place(), b"secret").unwrap();
        assert_eq!(seal.open(&place(), &sealed).unwrap(), b"secret");
        assert_ne!(seal.seal(&place(), b"secret").unwrap(), sealed);
        assert_eq!(other.open(&place(), &sealed), Err(SealError));
        *sealed.last_mut().unwrap() ^= 1;
        assert_eq!(seal.open(&place(), &sealed), Err(SealError));
        assert_eq!(seal.open(&place(), &[]), Err(SealError));
        assert_eq!(seal.open(&place(), &[3; 40]), Err(SealError));
    }

    #[test]
    fn a_sealed_secret_opens_in_its_own_place_alone() {
        let seal = Seal::new(&MasterKey([1; 32]));
        let mut sealed = seal.seal(&place(), b"secret").unwrap();
        let (tenant, purpose, id) = (TenantId(Uuid::from_u128(9)), "bots.sealed_token", Uuid::from_u128(9));
        for elsewhere in [
            Place { tenant, ..place() },
            Place { purpose, ..place() },
            Place { id, ..place() },
        ] {
            assert_eq!(seal.open(&elsewhere, &sealed), Err(SealError), "{elsewhere:?}");
        }
        // Nor as one of the first kind, which has no place.
        if let Some(version) = sealed.first_mut() {
            *version = FIRST;
        }
        assert_eq!(seal.open(&place(), &sealed), Err(SealError));
    }

    #[test]
    fn what_an_earlier_server_sealed_opens_still() {
        let sealed = "010707070707070707070707079e7e9153aa8305fccf297d66e00a595fd228e475218d";
        let seal = Seal::new(&MasterKey([1; 32]));
        assert_eq!(seal.open(&place(), &hex::decode(sealed).unwrap()).unwrap(), b"secret");
    }

    #[test]
    fn keys_for_different_purposes_differ() {
        let master = MasterKey([1; 32]);
        assert_ne!(master.derive("a"), master.derive("b"));
        assert_eq!(master.derive("a"), master.derive("a"));
    }
}
