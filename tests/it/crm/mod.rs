//! The people who write.

mod contact;
