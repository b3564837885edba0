//! Who uses Switchboard.

mod session;
