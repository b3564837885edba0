//! Many sessions at once: they arrive, and they come back.

use std::rc::Rc;

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use crate::contender::{Place, Role, Seat, Server};
use crate::wire::{Link, open};

/// A session that has been let in.
pub(crate) struct Guest {
    pub(crate) link: Rc<Link>,
    pub(crate) place: Place,
}

/// So many seats of a role.
pub(crate) fn seats(role: Role, count: usize) -> Vec<Seat> {
    (0..count).map(|n| Seat { role, n }).collect()
}

/// Lets all in, and returns them in order.
pub(crate) async fn arrive(server: &Rc<dyn Server>, seats: &[Seat]) -> Result<Vec<Guest>> {
    let newcomers = seats.iter().map(|seat| (*seat, None)).collect();
    come(server, newcomers, |_, _| {}).await
}

/// Lets all in who have been there before; each is announced as soon as it is in.
pub(crate) async fn come_back(
    server: &Rc<dyn Server>,
    places: Vec<(Seat, Place)>,
    let_in: impl FnMut(usize, &Guest),
) -> Result<Vec<Guest>> {
    let places = places.into_iter().map(|(seat, place)| (seat, Some(place))).collect();
    come(server, places, let_in).await
}

async fn come(
    server: &Rc<dyn Server>,
    comers: Vec<(Seat, Option<Place>)>,
    mut let_in: impl FnMut(usize, &Guest),
) -> Result<Vec<Guest>> {
    let mut guests: Vec<Option<Guest>> = comers.iter().map(|_| None).collect();
    let mut knocking = JoinSet::new();
    let mut comers = comers.into_iter().enumerate();
    loop {
        while knocking.len() < server.together() {
            let Some((index, (seat, place))) = comers.next() else {
                break;
            };
            let server = Rc::clone(server);
            knocking.spawn_local(async move {
                let guest = enter(&server, seat, place).await;
                guest.map(|guest| (index, guest)).with_context(|| format!("{seat:?}"))
            });
        }
        let Some(knocked) = knocking.join_next().await else {
            break;
        };
        let (index, guest) = knocked??;
        let_in(index, &guest);
        if let Some(slot) = guests.get_mut(index) {
            *slot = Some(guest);
        }
    }
    Ok(guests.into_iter().flatten().collect())
}

async fn enter(server: &Rc<dyn Server>, seat: Seat, place: Option<Place>) -> Result<Guest> {
    let link = open(&server.upgrade(seat), seat.n).await?;
    let place = match place {
        None => server.join(&link, seat).await?,
        Some(place) => server.resume(&link, seat, &place).await?,
    };
    Ok(Guest { link, place })
}
