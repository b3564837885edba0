//! What becomes of a delivery after an attempt.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;

/// Seconds until the next attempt, after the first, the second and so on: three days in all.
const RETRIES: [i64; 9] = [
    5,
    5 * 60,
    30 * 60,
    2 * 3600,
    5 * 3600,
    10 * 3600,
    14 * 3600,
    20 * 3600,
    24 * 3600,
];
/// A receiver may ask for patience, but not for more than this.
const MOST_PATIENCE: Duration = Duration::from_secs(24 * 3600);
/// A webhook that has failed for so long is given up.
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::days(5);
/// After so many failures in a row one delivery at a time is tried, so often.
const FAILURES_BEFORE_PROBES: i32 = 5;
pub(super) const BETWEEN_PROBES: TimeDelta = TimeDelta::seconds(30);

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Status {
        status: u16,
        retry_after: Option<Duration>,
    },
    /// Nothing came back; `is_final` if nothing ever will.
    Nothing {
        is_final: bool,
    },
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Delivered,
    Again(TimeDelta),
    Failed,
    /// The receiver is gone for good.
    Gone,
}

/// `attempts` are those before this one; `chance` from 0 to 1 spreads the retries by a fifth.
pub(super) fn next(outcome: &Outcome, attempts: i32, chance: f64) -> Next {
    let asked = match outcome {
        Outcome::Status { status, .. } if (200..300).contains(status) => return Next::Delivered,
        Outcome::Status { status, .. } if *status == StatusCode::GONE.as_u16() => return Next::Gone,
        Outcome::Nothing { is_final: true } => return Next::Failed,
        Outcome::Nothing { is_final: false } => Duration::ZERO,
        Outcome::Status { retry_after, .. } => retry_after.unwrap_or_default().min(MOST_PATIENCE),
    };
    let step = usize::try_from(attempts).unwrap_or(usize::MAX);
    let Some(seconds) = RETRIES.get(step) else {
        return Next::Failed;
    };
    let spread = TimeDelta::milliseconds(seconds * 1000 + spread(*seconds, chance));
    Next::Again(spread.max(TimeDelta::from_std(asked).unwrap_or_default()))
}

/// Milliseconds, up to a fifth to either side.
#[expect(clippy::cast_possible_truncation, reason = "a fifth of a day is small")]
fn spread(seconds: i64, chance: f64) -> i64 {
    let fifth = f64::from(i32::try_from(seconds).unwrap_or(i32::MAX)) * 200.0;
    (fifth * 2.0f64.mul_add(chance, -1.0)) as i64
}

/// Whether a webhook that keeps failing is given up.
pub(super) fn is_given_up(failing_since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    failing_since.is_some_and(|since| now - since >= GIVEN_UP_AFTER)
}

/// Whether one delivery at a time is enough to find out whether anybody is there.
pub(super) fn is_probed(failures: i32) -> bool {
    failures >= FAILURES_BEFORE_PROBES
}

/// Reads `retry-after`, in seconds or as a date.
pub(super) fn retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = DateTime::parse_from_rfc2822(text.trim()).ok()?;
    (at.to_utc() - now).to_std().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> Outcome {
        Outcome::Status {
            status,
            retry_after: None,
        }
    }

    #[test]
    fn what_comes_back_decides() {
        let again = |seconds| Next::Again(TimeDelta::seconds(seconds));
        for (outcome, attempts, wanted) in [
            (status(200), 0, Next::Delivered),
            (status(204), 8, Next::Delivered),
            (status(301), 0, again(5)),
            (status(400), 1, again(300)),
            (status(410), 0, Next::Gone),
            (status(500), 8, again(86_400)),
            (status(500), 9, Next::Failed),
            (Outcome::Nothing { is_final: false }, 2, again(1_800)),
            (Outcome::Nothing { is_final: true }, 0, Next::Failed),
        ] {
            assert_eq!(next(&outcome, attempts, 0.5), wanted, "{outcome:?} after {attempts}");
        }
        let patient = Outcome::Status {
            status: 429,
            retry_after: Some(Duration::from_secs(1_000_000)),
        };
        assert_eq!(next(&patient, 0, 0.5), again(86_400));
    }

    #[test]
    fn retries_are_spread_by_a_fifth_over_three_days() {
        let seconds = |attempts, chance| match next(&status(500), attempts, chance) {
            Next::Again(wait) => wait.num_seconds(),
            other => panic!("{other:?}"),
        };
        assert_eq!((seconds(1, 0.0), seconds(1, 1.0)), (240, 360));
        let all: i64 = (0..9).map(|attempts| seconds(attempts, 0.5)).sum();
        assert_eq!(all / 3600, 75);
    }

    #[test]
    fn patience_is_read_as_seconds_or_as_a_date() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let date = (now + TimeDelta::seconds(90)).to_rfc2822();
        for (text, wanted) in [
            ("120", Some(120)),
            (" 5 ", Some(5)),
            (date.as_str(), Some(90)),
            ("soon", None),
            ("-1", None),
        ] {
            assert_eq!(retry_after(text, now).map(|wait| wait.as_secs()), wanted, "{text}");
        }
    }

    #[test]
    fn patience_ends() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        for (days, wanted) in [(None, false), (Some(4), false), (Some(5), true)] {
            let since = days.map(|days| now - TimeDelta::days(days));
            assert_eq!(is_given_up(since, now), wanted, "{days:?}");
        }
        assert!(!is_probed(4) && is_probed(5));
    }
}
