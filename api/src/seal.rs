//! The master key, and what is derived from it: it lives beside the database, never in it.

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use kernel::{Code, Fault};
use sha2::{Digest, Sha256};

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
        // The key is of fixed length and comes first, so a plain hash extends safely here; doubled against extension.
        let inner = Sha256::new().chain_update(self.0).chain_update(purpose).finalize();
        Sha256::new().chain_update(self.0).chain_update(inner).finalize().into()
    }
}

const VERSION: u8 = 1;
const NONCE: usize = 12;

/// Seals secrets for the database. The first byte says which key did, so that keys can be changed.
#[derive(Clone)]
pub struct Seal(ChaCha20Poly1305);

impl Seal {
    #[must_use]
    pub fn new(master: &MasterKey) -> Self {
        Self(ChaCha20Poly1305::new(&Key::from(master.derive("sealed secrets"))))
    }

    /// Makes a secret unreadable without the key.
    pub fn seal(&self, secret: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE] = rand::random();
        let sealed = self
            .0
            .encrypt(&Nonce::from(nonce), secret)
            .map_err(|_cause| SealError)?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// Makes it readable again.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (version, rest) = sealed.split_first().ok_or(SealError)?;
        let (nonce, secret) = rest.split_first_chunk::<NONCE>().ok_or(SealError)?;
        if *version != VERSION {
            return Err(SealError);
        }
        self.0.decrypt(&Nonce::from(*nonce), secret).map_err(|_cause| SealError)
    }
}

/// The seal does not open: another key, or a changed text.
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

    #[test]
    fn only_the_same_key_opens_an_unchanged_seal() {
        let (seal, other) = (Seal::new(&MasterKey([1; 32])), Seal::new(&MasterKey([2; 32])));
        let mut sealed = seal.seal(b"secret").unwrap();
        assert_eq!(seal.open(&sealed).unwrap(), b"secret");
        assert_ne!(seal.seal(b"secret").unwrap(), sealed);
        assert_eq!(other.open(&sealed), Err(SealError));
        *sealed.last_mut().unwrap() ^= 1;
        assert_eq!(seal.open(&sealed), Err(SealError));
        assert_eq!(seal.open(&[]), Err(SealError));
    }

    #[test]
    fn keys_for_different_purposes_differ() {
        let master = MasterKey([1; 32]);
        assert_ne!(master.derive("a"), master.derive("b"));
        assert_eq!(master.derive("a"), master.derive("a"));
    }
}
