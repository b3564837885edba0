//! Connections that have not said who they are: so many from one address, and so many in all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many strangers there may be.
#[derive(Clone, Copy, Debug)]
pub struct LobbySize {
    pub per_address: usize,
    pub total: usize,
}

/// Where strangers wait.
#[derive(Clone)]
pub(crate) struct Lobby {
    size: LobbySize,
    crowd: Arc<Mutex<Crowd>>,
}

#[derive(Default)]
struct Crowd {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

impl Lobby {
    pub(crate) fn new(size: LobbySize) -> Self {
        let crowd = Arc::default();
        Self { size, crowd }
    }

    /// Lets one more in, unless there are too many.
    pub(crate) fn enter(&self, from: IpAddr) -> Option<Place> {
        let from = network_of(from);
        let mut crowd = lock(&self.crowd);
        let here = crowd.by_address.get(&from).copied().unwrap_or(0);
        if here >= self.size.per_address || crowd.total >= self.size.total {
            return None;
        }
        crowd.total += 1;
        crowd.by_address.insert(from, here + 1);
        let crowd = self.crowd.clone();
        Some(Place { crowd, from })
    }
}

/// A place in the lobby, given back when it is dropped.
pub(crate) struct Place {
    crowd: Arc<Mutex<Crowd>>,
    from: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut crowd = lock(&self.crowd);
        crowd.total -= 1;
        if let Some(here) = crowd.by_address.get_mut(&self.from) {
            *here -= 1;
            if *here == 0 {
                crowd.by_address.remove(&self.from);
            }
        }
    }
}

/// Whoever has one address of the sixth version has the whole network around it.
fn network_of(from: IpAddr) -> IpAddr {
    match from {
        IpAddr::V4(_) => from,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
        },
    }
}

fn lock(crowd: &Mutex<Crowd>) -> MutexGuard<'_, Crowd> {
    crowd.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_cannot_fill_the_lobby_and_all_together_cannot_overfill_it() {
        let lobby = Lobby::new(LobbySize {
            per_address: 2,
            total: 3,
        });
        let at = |text: &str| lobby.enter(text.parse().unwrap());
        let mut places = vec![at("10.0.0.1").unwrap(), at("::ffff:10.0.0.1").unwrap()];
        assert!(at("10.0.0.1").is_none());
        places.push(at("2001:db8::1").unwrap());
        assert!(at("10.0.0.2").is_none(), "it is full");
        places.pop();
        places.push(at("2001:db8::1").unwrap());
        places.remove(0);
        places.push(at("2001:db8::ffff:1").unwrap());
        places.remove(0);
        assert!(at("2001:db8:0:0:7::").is_none(), "the same network");
        assert!(at("2001:db8:0:1::").is_some());
        places.clear();
        assert_eq!(lock(&lobby.crowd).by_address.len(), 0);
    }
}
