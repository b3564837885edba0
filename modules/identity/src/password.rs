//! Passwords: hashed with Argon2id, away from the threads that answer requests.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use kernel::{Code, Fault, FieldError};
use tokio::sync::Semaphore;

const MIN: usize = 10;
const MAX: usize = 200;

/// Each takes 19 MiB and a core for a while; more at once would only slow each other down.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What an unknown person's password is compared with, so that the answer takes as long as for a known one.
static NOBODYS: LazyLock<String> = LazyLock::new(|| {
    let hash = Argon2::default().hash_password(b"nobody has this password");
    hash.map(|hash: PasswordHash| hash.to_string()).unwrap_or_default()
});

/// Returns what is wrong with a password, if anything is.
pub(crate) fn check(password: &str) -> Result<(), FieldError> {
    let length = password.chars().count();
    if (MIN..=MAX).contains(&length) {
        return Ok(());
    }
    Err(FieldError::new("password", format!("has {MIN} to {MAX} characters")))
}

/// Hashes a password.
pub(crate) async fn hash(password: String) -> Result<String, PasswordError> {
    let work = move || {
        let hash = Argon2::default().hash_password(password.as_bytes());
        hash.map(|hash: PasswordHash| hash.to_string())
            .map_err(|_cause| PasswordError)
    };
    away(&AT_ONCE, work).await?
}

/// Whether a password is right; without a hash it never is, and takes as long to say so.
pub(crate) async fn is_right(password: String, hash: Option<String>) -> Result<bool, PasswordError> {
    let work = move || {
        let is_known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.clone());
        let parsed = PasswordHash::new(&hash).map_err(|_cause| PasswordError)?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && is_known)
    };
    away(&AT_ONCE, work).await?
}

/// Does the work on another thread, when it is its turn. The work goes on when its client has gone, and so does its turn.
async fn away<T: Send + 'static>(
    turns: &'static Semaphore,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, PasswordError> {
    let turn = turns.acquire().await.map_err(|_cause| PasswordError)?;
    let in_turn = move || {
        let done = work();
        drop(turn);
        done
    };
    tokio::task::spawn_blocking(in_turn)
        .await
        .map_err(|_cause| PasswordError)
}

#[derive(Debug, thiserror::Error)]
#[error("a password could not be checked")]
pub struct PasswordError;

impl Fault for PasswordError {
    fn code(&self) -> Code {
        Code::Internal
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn passwords_are_long_but_not_endless() {
        for (password, expect) in [
            ("short", false),
            ("123456789", false),
            ("1234567890", true),
            ("ünïcödé-🦊🦊", true),
        ] {
            assert_eq!(check(password).is_ok(), expect, "{password}");
        }
        assert!(check(&"x".repeat(201)).is_err());
    }

    #[actix_web::test]
    async fn only_the_right_password_is_right() {
        let hashed = hash("correct horse".into()).await.unwrap();
        assert!(hashed.starts_with("$argon2id$"));
        assert!(is_right("correct horse".into(), Some(hashed.clone())).await.unwrap());
        assert!(!is_right("wrong horse".into(), Some(hashed)).await.unwrap());
        assert!(!is_right("nobody has this password".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn work_keeps_its_turn_when_nobody_waits_for_it_any_more() {
        static TURNS: Semaphore = Semaphore::const_new(1);
        let (finish, finished) = std::sync::mpsc::channel::<()>();
        let work = away(&TURNS, move || finished.recv().is_ok());
        let gone = tokio::time::timeout(Duration::from_millis(50), work).await;
        assert!(gone.is_err());
        assert_eq!(TURNS.available_permits(), 0);
        finish.send(()).unwrap();
        let next = tokio::time::timeout(Duration::from_secs(10), away(&TURNS, || 7)).await;
        assert_eq!(next.unwrap().unwrap(), 7);
    }
}
