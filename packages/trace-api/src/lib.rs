//! The words that contracts, clients and tests share: identifiers, codes, messages, answers, and the pure
//! functions that must give the same bytes on chain and off.
//!
//! One module per contract ([`participant`], [`code`], [`assembly`], [`event`]) and below them the vocabulary
//! that all four use: [`digest`], [`amount`], [`text`], [`accumulator`], [`page`], [`codec`] and
//! [`fields`].
//!
//! This crate knows no storage and no network, so that a contract, a command line and an offline verifier
//! can all depend on it. Contracts never depend on each other: they meet here.
#![forbid(unsafe_code)]

pub mod accumulator;
pub mod amount;
pub mod ask;
pub mod assembly;
pub mod code;
pub mod codec;
pub mod digest;
pub mod event;
pub mod fields;
pub mod json;
pub mod migration;
pub mod page;
pub mod participant;
pub mod text;
