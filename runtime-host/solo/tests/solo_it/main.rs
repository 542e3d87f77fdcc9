//! What the solo driver promises, on a toy state machine and on disks that fail.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests state their claims by panicking")]

mod blocks;
mod crash;
mod disk;
mod engine_images;
mod event_index;
mod lifecycle;
mod log_images;
mod queries;
mod reading;
mod real;
mod rot;
mod support;
mod time_rules;
mod toy;
mod traffic;
