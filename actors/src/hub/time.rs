//! The way to the timer, which is started anew when it has died.

use std::sync::PoisonError;

use actix::prelude::*;

use super::Hub;
use crate::timer::{self, Timer};

impl Hub {
    /// Says that a timer was set: it may be due before the one that is waited for.
    pub fn timer_changed(&self) {
        if self.is_stopping() {
            return;
        }
        let mut timer = self.0.timer.lock().unwrap_or_else(PoisonError::into_inner);
        let known = timer.take().filter(Addr::connected);
        let start = || {
            let (hub, fired) = (self.clone(), self.0.fired.clone());
            Timer::start_in_arbiter(&self.0.home, |_| Timer::new(hub, fired))
        };
        timer.insert(known.unwrap_or_else(start)).try_send(timer::Look).ok();
    }

    /// Has a timer that died started anew, as soon as it is gone.
    pub(crate) fn revive_timer(&self) {
        let hub = self.clone();
        self.0.home.spawn_fn(move || hub.timer_changed());
    }
}
