//! Counts how long things took, exact to one part in 128.

use std::time::Duration;

/// Each power of two is divided into so many parts.
const PARTS_BITS: u32 = 7;
const PARTS: usize = 1 << PARTS_BITS;

/// Durations in nanoseconds, counted in buckets that grow with them.
#[derive(Debug, Clone)]
pub(crate) struct Histogram {
    buckets: Vec<u64>,
    count: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            buckets: vec![0; PARTS * 40],
            count: 0,
        }
    }
}

impl Histogram {
    /// Counts one.
    pub(crate) fn record(&mut self, took: Duration) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let last = self.buckets.len() - 1;
        if let Some(bucket) = self.buckets.get_mut(index(nanos).min(last)) {
            *bucket += 1;
            self.count += 1;
        }
    }

    /// How long that share of all took at most, in milliseconds.
    pub(crate) fn quantile_ms(&self, share: f64) -> f64 {
        let rank = share * to_f64(self.count);
        let mut seen = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            seen += count;
            if to_f64(seen) >= rank && seen > 0 {
                return to_f64(upper(index)) / 1e6;
            }
        }
        0.0
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and durations here stay far below 2^53"
)]
fn to_f64(value: u64) -> f64 {
    value as f64
}

/// Small values have a bucket each; above, the highest bits choose it.
fn index(nanos: u64) -> usize {
    let bits = 64 - nanos.leading_zeros();
    let shift = bits.saturating_sub(PARTS_BITS + 1);
    let part = usize::try_from(nanos >> shift).unwrap_or_default();
    usize::try_from(shift).unwrap_or_default() * PARTS + part
}

/// The largest value of a bucket.
fn upper(index: usize) -> u64 {
    if index < 2 * PARTS {
        return index as u64;
    }
    let shift = index / PARTS - 1;
    let part = index - shift * PARTS;
    ((part as u64 + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_at_most_one_part_below_the_end_of_its_bucket() {
        for nanos in [0, 1, 127, 128, 255, 256, 257, 1000, 123_456, 10_000_000_000] {
            let end = upper(index(nanos));
            assert!(end >= nanos && end - nanos <= nanos / 128, "{nanos} {end}");
        }
        for index_of in 0..PARTS * 30 {
            assert_eq!(index(upper(index_of)), index_of);
        }
    }

    #[test]
    fn quantiles_are_found() {
        let mut histogram = Histogram::default();
        assert!(histogram.quantile_ms(0.5).abs() < 1e-9);
        for millis in 1..=1000 {
            histogram.record(Duration::from_millis(millis));
        }
        for (share, expect) in [(0.5, 500.0), (0.99, 990.0), (0.999, 999.0), (1.0, 1000.0)] {
            let found = histogram.quantile_ms(share);
            assert!((found / expect - 1.0).abs() < 0.01, "{share} {found}");
        }
    }
}
