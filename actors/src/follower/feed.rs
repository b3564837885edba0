//! The newest events of tenants that are followed, in memory, and which followers have not looked at them yet.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use kernel::{Patterns, Recorded, TenantId};
use store::Committed;

use super::Follower;

/// How much of a tenant's newest events is kept.
const MOST_EVENTS: usize = 2048;
const MOST_BYTES: usize = 2 << 20;
/// How many events a follower is given at once.
const AT_ONCE: usize = 500;

/// One bit for each follower.
type Places = u128;

/// So many followers there can be.
pub(crate) const MOST_FOLLOWERS: usize = 128;

/// The feeds of all tenants.
pub(crate) struct Feeds {
    patterns: Patterns<usize>,
    everyone: Places,
    by_kind: RwLock<HashMap<String, Places>>,
    tenants: Mutex<HashMap<TenantId, Feed>>,
}

#[derive(Default)]
struct Feed {
    /// The place before the first event that is known, and the last place; between them nothing is missing.
    before: i64,
    through: i64,
    events: VecDeque<(Arc<Recorded>, Places)>,
    bytes: usize,
    /// Who was woken and has not begun to look.
    woken: Places,
}

/// What a feed has for a follower.
pub(super) enum Supply {
    /// Events that match, and the place up to which there are no others.
    These(Vec<Arc<Recorded>>, i64),
    /// What comes next is not in memory any more.
    Past,
}

impl Feeds {
    pub(crate) fn new<'a>(followers: impl Iterator<Item = &'a Follower>) -> Self {
        let (mut patterns, mut everyone) = (Patterns::default(), 0);
        for follower in followers {
            everyone |= 1 << follower.place;
            for pattern in follower.patterns {
                if let Err(error) = patterns.add(pattern, follower.place) {
                    tracing::error!(follower = follower.name, pattern, %error, "a follower's pattern is none");
                }
            }
        }
        Self {
            patterns,
            everyone,
            by_kind: RwLock::default(),
            tenants: Mutex::default(),
        }
    }

    /// Keeps what was committed; returns the places of the followers to wake.
    pub(crate) fn keep(&self, committed: &Committed) -> Vec<usize> {
        if self.everyone == 0 {
            return vec![];
        }
        let mut tenants = self.tenants();
        let feed = tenants.entry(committed.tenant).or_default();
        let mut wanted = 0;
        for event in &committed.events {
            let places = self.who_wants(&event.kind);
            feed.add(event, places);
            wanted |= places;
        }
        feed.wake(wanted)
    }

    /// Says that nobody knows what happened: everyone must look at the log.
    pub(crate) fn doubt(&self, tenant: TenantId) -> Vec<usize> {
        let mut tenants = self.tenants();
        let feed = tenants.entry(tenant).or_default();
        let woken = feed.woken;
        *feed = Feed {
            woken,
            ..Feed::default()
        };
        feed.wake(self.everyone)
    }

    /// A follower begins to look.
    pub(super) fn begin(&self, tenant: TenantId, place: usize) {
        if let Some(feed) = self.tenants().get_mut(&tenant) {
            feed.woken &= !(1 << place);
        }
    }

    /// What comes for a follower after this place.
    pub(super) fn after(&self, tenant: TenantId, place: usize, seq: i64) -> Supply {
        let tenants = self.tenants();
        match tenants.get(&tenant) {
            Some(feed) if feed.before <= seq && feed.through > 0 => feed.after(place, seq),
            _ => Supply::Past,
        }
    }

    /// Whether a follower wants events of this kind.
    pub(super) fn wants(&self, place: usize, kind: &str) -> bool {
        self.who_wants(kind) & (1 << place) != 0
    }

    /// Forgets a tenant that sleeps.
    pub(crate) fn forget(&self, tenant: TenantId) {
        self.tenants().remove(&tenant);
    }

    fn who_wants(&self, kind: &str) -> Places {
        let known = self
            .by_kind
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(kind)
            .copied();
        known.unwrap_or_else(|| {
            let places = self
                .patterns
                .who_wants(kind)
                .into_iter()
                .fold(0, |all, place| all | 1 << place);
            let mut by_kind = self.by_kind.write().unwrap_or_else(PoisonError::into_inner);
            by_kind.insert(kind.to_owned(), places);
            places
        })
    }

    fn tenants(&self) -> MutexGuard<'_, HashMap<TenantId, Feed>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Feed {
    fn add(&mut self, event: &Recorded, places: Places) {
        if event.seq <= self.through {
            return;
        }
        if event.seq != self.through + 1 {
            // Commits may be told in another order than they were made. What is missing is read from the log.
            self.events.clear();
            (self.before, self.bytes) = (event.seq - 1, 0);
        }
        self.through = event.seq;
        if places == 0 {
            return;
        }
        self.bytes += size(event);
        self.events.push_back((Arc::new(event.clone()), places));
        while self.events.len() > MOST_EVENTS || self.bytes > MOST_BYTES {
            let Some((oldest, _)) = self.events.pop_front() else {
                break;
            };
            self.before = oldest.seq;
            self.bytes -= size(&oldest);
        }
    }

    /// Returns those of these who were not woken yet.
    fn wake(&mut self, wanted: Places) -> Vec<usize> {
        let new = wanted & !self.woken;
        self.woken |= new;
        (0..MOST_FOLLOWERS).filter(|place| new & (1 << place) != 0).collect()
    }

    fn after(&self, place: usize, seq: i64) -> Supply {
        let first = self.events.partition_point(|(event, _)| event.seq <= seq);
        let mine = self
            .events
            .iter()
            .skip(first)
            .filter(|(_, places)| places & (1 << place) != 0);
        let events: Vec<_> = mine.take(AT_ONCE).map(|(event, _)| event.clone()).collect();
        let through = match events.last() {
            Some(last) if events.len() == AT_ONCE => last.seq,
            _ => self.through.max(seq),
        };
        Supply::These(events, through)
    }
}

fn size(event: &Recorded) -> usize {
    event.payload.as_deref().map_or(0, str::len) + event.subject.len() + 200
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn feeds() -> Feeds {
        let follower = |name, patterns, place| Follower { name, patterns, place };
        Feeds::new([follower("all", &["**"], 0), follower("posts", &["*.posted"], 1)].iter())
    }

    fn committed(tenant: TenantId, events: &[(i64, &str)]) -> Committed {
        let event = |(seq, kind): &(i64, &str)| Recorded {
            tenant,
            seq: *seq,
            kind: (*kind).to_owned(),
            caller: String::new(),
            subject: String::new(),
            payload: Some("x".repeat(1000).into()),
            contact: None,
            cause: None,
            at: DateTime::UNIX_EPOCH,
        };
        Committed {
            tenant,
            events: events.iter().map(event).collect(),
        }
    }

    fn seqs(supply: Supply) -> Option<(Vec<i64>, i64)> {
        match supply {
            Supply::These(events, through) => Some((events.iter().map(|event| event.seq).collect(), through)),
            Supply::Past => None,
        }
    }

    #[test]
    fn each_hears_what_it_wants_and_is_woken_once() {
        let (feeds, tenant) = (feeds(), TenantId::fresh());
        let events = committed(tenant, &[(1, "message.posted"), (2, "contact.created")]);
        assert_eq!(feeds.keep(&events), [0, 1]);
        assert_eq!(
            feeds.keep(&committed(tenant, &[(3, "message.posted")])),
            Vec::<usize>::new()
        );
        assert_eq!(seqs(feeds.after(tenant, 0, 0)), Some((vec![1, 2, 3], 3)));
        assert_eq!(seqs(feeds.after(tenant, 1, 0)), Some((vec![1, 3], 3)));
        feeds.begin(tenant, 1);
        assert_eq!(
            feeds.keep(&committed(tenant, &[(4, "contact.created")])),
            Vec::<usize>::new()
        );
        assert_eq!(feeds.keep(&committed(tenant, &[(5, "message.posted")])), [1]);
        assert_eq!(seqs(feeds.after(tenant, 1, 3)), Some((vec![5], 5)));
    }

    #[test]
    fn what_is_missing_is_said() {
        let (feeds, tenant) = (feeds(), TenantId::fresh());
        assert!(seqs(feeds.after(tenant, 0, 0)).is_none());
        feeds.keep(&committed(tenant, &[(7, "message.posted")]));
        assert!(seqs(feeds.after(tenant, 0, 5)).is_none());
        assert_eq!(seqs(feeds.after(tenant, 0, 6)), Some((vec![7], 7)));
        // A commit that was told late, one that comes too early, a doubt.
        feeds.keep(&committed(tenant, &[(6, "message.posted")]));
        assert_eq!(seqs(feeds.after(tenant, 0, 6)), Some((vec![7], 7)));
        feeds.keep(&committed(tenant, &[(9, "message.posted")]));
        assert!(seqs(feeds.after(tenant, 0, 7)).is_none());
        feeds.doubt(tenant);
        assert!(seqs(feeds.after(tenant, 0, 9)).is_none());
    }

    #[test]
    fn a_feed_is_bounded() {
        let (feeds, tenant) = (feeds(), TenantId::fresh());
        for seq in 1..=5_000 {
            feeds.keep(&committed(tenant, &[(seq, "message.posted")]));
        }
        assert!(seqs(feeds.after(tenant, 0, 2_000)).is_none());
        let (some, through) = seqs(feeds.after(tenant, 0, 4_000)).unwrap();
        assert_eq!((some.len(), through), (500, 4_500));
        let kept = feeds.tenants().get(&tenant).map(|feed| (feed.events.len(), feed.bytes));
        assert!(kept.is_some_and(|(n, bytes)| n <= MOST_EVENTS && bytes <= MOST_BYTES));
    }
}
