//! The data folder: it can be written, and there is room in it.

use std::{fs, path::Path};

use rustix::fs::statvfs;

use super::Report;
use crate::config::Config;

const NAME: &str = "data folder";
const MIB: u64 = 1024 * 1024;
/// Below this PostgreSQL is about to stop.
const TOO_LITTLE: u64 = 100 * MIB;
const LITTLE: u64 = 1024 * MIB;

pub(super) fn examine(config: &Config, report: &mut Report) {
    let folder = &config.data_dir;
    if let Err(error) = try_to_write(folder) {
        report.fail(
            NAME,
            format!("{}: {error}", folder.display()),
            "make it writable for this account, or set data_dir",
        );
        return;
    }
    let place = folder.canonicalize().unwrap_or_else(|_| folder.clone());
    match statvfs(&place) {
        Ok(space) => judge(&place, space.f_bavail.saturating_mul(space.f_frsize), report),
        Err(error) => report.warn(NAME, format!("{}: {error}", place.display()), "look at the disk"),
    }
}

fn judge(place: &Path, free: u64, report: &mut Report) {
    let seen = format!("{}, {} MiB free", place.display(), free / MIB);
    if free < TOO_LITTLE {
        report.fail(NAME, seen, "make room; the database stops when the disk is full");
    } else if free < LITTLE {
        report.warn(NAME, seen, "make room soon");
    } else {
        report.fine(NAME, seen);
    }
}

/// Writes a file and removes it, which tells more than the folder's mode.
fn try_to_write(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    fs::write(&probe, "a probe of switchboard doctor")?;
    fs::remove_file(probe)
}

#[cfg(test)]
mod tests {
    use super::super::report::Verdict;
    use super::*;

    #[test]
    fn room_is_judged() {
        for (free, expect) in [
            (0, Verdict::Failed),
            (TOO_LITTLE, Verdict::Warning),
            (LITTLE, Verdict::Fine),
        ] {
            let mut report = Report::default();
            judge(Path::new("/data"), free, &mut report);
            assert_eq!(report.verdict(), expect, "{free}");
        }
    }

    #[test]
    fn the_probe_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        try_to_write(folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(try_to_write(Path::new("/proc/no")).is_err());
    }
}
