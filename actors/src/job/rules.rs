//! How often a job tells how far it has come, and how long it will take.

use std::time::Duration;

/// Twice a second; what takes long tells it each time another hundredth has passed, so that the log stays short.
const OFTEN: Duration = Duration::from_millis(500);
const PARTS: u32 = 100;

/// Before that nothing can be told.
const LEAST: Duration = Duration::from_secs(2);

/// Whether it is time to tell, so long after the job went on and after it was last told.
pub(super) fn is_due(running: Duration, since_told: Duration) -> bool {
    since_told >= OFTEN.max(running / PARTS)
}

/// The seconds that are left, when so many of the things were done in this time.
pub(super) fn remaining_seconds(running: Duration, done: i64, left: i64) -> Option<i64> {
    let ms = i64::try_from(running.as_millis()).ok()?;
    if running < LEAST || done <= 0 || left < 0 {
        return None;
    }
    let seconds = i128::from(ms) * i128::from(left) / i128::from(done) / 1_000;
    i64::try_from(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_twice_a_second_and_more_seldom_when_it_takes_long() {
        let ms = Duration::from_millis;
        let table = [
            (ms(0), ms(0), false),
            (ms(1_000), ms(499), false),
            (ms(1_000), ms(500), true),
            (ms(50_000), ms(500), true),
            (ms(100_000), ms(900), false),
            (ms(100_000), ms(1_000), true),
            (ms(3_600_000), ms(35_000), false),
            (ms(3_600_000), ms(36_000), true),
        ];
        for (running, since, due) in table {
            assert_eq!(is_due(running, since), due, "{running:?} {since:?}");
        }
    }

    #[test]
    fn what_is_left_takes_as_long_as_what_was_done() {
        let seconds = Duration::from_secs;
        let table = [
            (seconds(1), 50, 50, None),
            (seconds(10), 0, 100, None),
            (seconds(10), 50, 50, Some(10)),
            (seconds(10), 10, 90, Some(90)),
            (seconds(10), 100, 0, Some(0)),
            (seconds(10), 100, -5, None),
            (seconds(3), 1, i64::MAX, None),
        ];
        for (running, done, left, expect) in table {
            assert_eq!(
                remaining_seconds(running, done, left),
                expect,
                "{running:?} {done} {left}"
            );
        }
    }
}
