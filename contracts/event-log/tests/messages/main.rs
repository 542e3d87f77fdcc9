//! Every message and query against one event log, with a registry that is a table and a graph that takes everything.

mod configuration;
mod declarations;
mod desk;
mod disclosures;
#[path = "../fixtures.rs"]
mod fixtures;
mod gaps;
mod lists;
mod records;
mod refusals;
mod storage;
mod trust;
