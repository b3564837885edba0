//! What processes have used, read from `/proc`.

use std::fs;
use std::time::Duration;

/// A process, told apart from a later one of the same number by when it started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) id: u32,
    parent: u32,
    pub(crate) name: String,
    started: u64,
    /// What its children used that have ended, in ticks.
    ended: u64,
}

impl Member {
    fn read(id: u32) -> Option<Self> {
        parse(id, &fs::read_to_string(format!("/proc/{id}/stat")).ok()?)
    }

    /// Whether this very process still runs.
    pub(crate) fn is_alive(&self) -> bool {
        Self::read(self.id).is_some_and(|now| now.started == self.started)
    }

    /// What it and its children that have ended have used of a core.
    ///
    /// The scheduler's own count is exact, where ticks miss what is over before the next one.
    pub(crate) fn cpu(&self) -> Duration {
        /// The kernel counts in hundredths of a second, wherever Linux runs.
        const TICK: Duration = Duration::from_millis(10);
        let threads = fs::read_dir(format!("/proc/{}/task", self.id)).into_iter().flatten();
        let nanos: u64 = threads
            .filter_map(|thread| {
                let text = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
                text.split_whitespace().next()?.parse::<u64>().ok()
            })
            .sum();
        Duration::from_nanos(nanos) + TICK * u32::try_from(self.ended).unwrap_or(u32::MAX)
    }

    /// The memory it holds, in bytes: all of it, and its share of it.
    pub(crate) fn memory(&self) -> Memory {
        let text = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.id)).unwrap_or_default();
        let kib = |name: &str| {
            text.lines()
                .find_map(|line| {
                    line.strip_prefix(name)?
                        .trim()
                        .strip_suffix("kB")?
                        .trim()
                        .parse::<u64>()
                        .ok()
                })
                .unwrap_or_default()
        };
        Memory {
            rss: kib("Rss:") * 1024,
            pss: kib("Pss:") * 1024,
        }
    }
}

/// Bytes of memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Resident, what is shared counted in full.
    pub(crate) rss: u64,
    /// Resident, what is shared divided among those who share it.
    pub(crate) pss: u64,
}

/// What a server used, its database told apart.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    pub(crate) server: Duration,
    pub(crate) database: Duration,
    pub(crate) client: Duration,
}

impl Usage {
    /// What has been used so far.
    pub(crate) fn of(servers: &[u32]) -> Self {
        let mut usage = Self::default();
        for member in servers.iter().copied().flat_map(family) {
            if is_database(&member) {
                usage.database += member.cpu();
            } else {
                usage.server += member.cpu();
            }
        }
        usage.client = Member::read(std::process::id()).map(|me| me.cpu()).unwrap_or_default();
        usage
    }

    /// What was used since.
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            server: self.server.saturating_sub(before.server),
            database: self.database.saturating_sub(before.database),
            client: self.client.saturating_sub(before.client),
        }
    }
}

/// The memory of servers: of everything but its database, and of all.
pub(crate) fn memory(servers: &[u32]) -> (Memory, Memory) {
    let (mut own, mut all) = (Memory::default(), Memory::default());
    for member in servers.iter().copied().flat_map(family) {
        let memory = member.memory();
        all.rss += memory.rss;
        all.pss += memory.pss;
        if !is_database(&member) {
            own.rss += memory.rss;
            own.pss += memory.pss;
        }
    }
    (own, all)
}

/// A process and all its descendants.
pub(crate) fn family(root: u32) -> Vec<Member> {
    let all: Vec<Member> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| Member::read(entry.ok()?.file_name().to_str()?.parse().ok()?))
        .collect();
    let mut family: Vec<Member> = all.iter().filter(|member| member.id == root).cloned().collect();
    let mut reached = 0;
    while let Some(parent) = family.get(reached).map(|member| member.id) {
        family.extend(all.iter().filter(|member| member.parent == parent).cloned());
        reached += 1;
    }
    family
}

fn is_database(member: &Member) -> bool {
    member.name == "postgres"
}

/// A line of `/proc/ID/stat`; the name may hold anything, so the rest is counted from its end.
fn parse(id: u32, stat: &str) -> Option<Member> {
    let (before, after) = stat.rsplit_once(')')?;
    let (_, name) = before.split_once('(')?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Member {
        id,
        parent: u32::try_from(number(1)?).ok()?,
        name: name.to_owned(),
        started: number(19)?,
        ended: number(13)? + number(14)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stat_line_is_read_whatever_the_name() {
        let line = "42 (a) b) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 5 0 9999 1 2";
        let member = parse(42, line).unwrap();
        assert_eq!((member.parent, member.name.as_str(), member.started), (7, "a) b", 9999));
        assert_eq!(member.ended, 7);
    }

    #[test]
    fn we_are_our_own_family() {
        let family = family(std::process::id());
        assert!(family.first().is_some_and(Member::is_alive));
        assert!(family.iter().any(|member| !member.cpu().is_zero()));
        let (own, all) = memory(&[std::process::id()]);
        assert!(own.pss > 0 && all.rss >= own.rss);
    }
}
