//! Whole stories on the real binary and on nodes inside this process. No mocks, no shared ports.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod api_story;
mod cli_story;
mod contract_story;
mod disk_story;
mod fault_story;
mod house;
mod kill_story;
mod listeners;
mod log_story;
mod multisig_story;
mod node_story;
mod operator_story;
mod wasmd_story;
