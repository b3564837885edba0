//! How often a client may ask: so many requests at once, and so many a second in the long run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::{ContactId, TenantId};
use tokio::time::Instant;

/// How much is allowed.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub per_minute: u32,
    pub burst: u32,
}

/// What one client has left.
pub(crate) struct Budget {
    /// What one request costs.
    price: Duration,
    /// How far ahead of the clock a client may be.
    credit: Duration,
    /// When everything asked so far will have been paid for.
    paid_at: Mutex<Instant>,
}

impl Budget {
    pub(crate) fn new(rate: Rate) -> Self {
        let price = Duration::from_secs(60) / rate.per_minute.max(1);
        Self {
            price,
            credit: price * rate.burst.max(1),
            paid_at: Mutex::new(Instant::now()),
        }
    }

    /// Takes one request's worth, or says how long to wait for it.
    pub(crate) fn take(&self) -> Result<(), Duration> {
        self.take_for(1)
    }

    /// The same for one that is as much work as several.
    pub(crate) fn take_for(&self, n: usize) -> Result<(), Duration> {
        let now = Instant::now();
        let mut paid_at = lock(&self.paid_at);
        let n = u32::try_from(n).unwrap_or(u32::MAX);
        let after = (*paid_at).max(now) + self.price.saturating_mul(n).min(self.credit);
        if after > now + self.credit {
            return Err(after - now - self.credit);
        }
        *paid_at = after;
        Ok(())
    }

    fn is_full(&self) -> bool {
        *lock(&self.paid_at) <= Instant::now()
    }
}

/// The budgets of customers, each shared by all of a customer's connections, also by those that come one after the other.
pub(crate) struct Budgets {
    rate: Rate,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    known: HashMap<(TenantId, ContactId), Arc<Budget>>,
    /// When there are this many, those that nobody needs are forgotten.
    tidy_at: usize,
}

const TIDY_AT_LEAST: usize = 1_024;

impl Budgets {
    pub(crate) fn new(rate: Rate) -> Self {
        let table = Mutex::default();
        Self { rate, table }
    }

    pub(crate) fn of(&self, tenant: TenantId, contact: ContactId) -> Arc<Budget> {
        let mut table = lock(&self.table);
        if table.known.len() >= table.tidy_at {
            table
                .known
                .retain(|_, budget| Arc::strong_count(budget) > 1 || !budget.is_full());
            // Twice as many before the next look: what a look costs is shared by all who came since.
            table.tidy_at = (table.known.len() * 2).max(TIDY_AT_LEAST);
        }
        let fresh = || Arc::new(Budget::new(self.rate));
        table.known.entry((tenant, contact)).or_insert_with(fresh).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        per_minute: 60,
        burst: 3,
    };

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_allowed_and_then_one_a_second() {
        let budget = Budget::new(RATE);
        for _ in 0..3 {
            assert_eq!(budget.take(), Ok(()));
        }
        assert_eq!(budget.take(), Err(Duration::from_secs(1)));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!([budget.take(), budget.take()], [Ok(()), Ok(())]);
        assert_eq!(budget.take(), Err(Duration::from_secs(1)));
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(
            [budget.take_for(2), budget.take_for(2)],
            [Ok(()), Err(Duration::from_secs(1))]
        );
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(
            budget.take_for(99),
            Ok(()),
            "what is larger than the burst costs all of it"
        );
        tokio::time::advance(Duration::from_secs(3_600)).await;
        let taken = (0..10).filter(|_| budget.take().is_ok()).count();
        assert_eq!(taken, 3, "patience is not saved up beyond the burst");
    }

    #[tokio::test(start_paused = true)]
    async fn coming_back_brings_no_new_budget_and_the_table_stays_small() {
        let (budgets, tenant, me) = (Budgets::new(RATE), TenantId::fresh(), ContactId::fresh());
        (0..3).for_each(|_| assert_eq!(budgets.of(tenant, me).take(), Ok(())));
        assert!(budgets.of(tenant, me).take().is_err());
        for _ in 0..3 {
            (0..TIDY_AT_LEAST).for_each(|_| drop(budgets.of(tenant, ContactId::fresh())));
            assert!(lock(&budgets.table).known.len() <= 2 * TIDY_AT_LEAST);
        }
        assert!(
            budgets.of(tenant, me).take().is_err(),
            "what is not paid yet is not forgotten"
        );
    }
}
