//! EPC URNs (EPC Tag Data Standard, section 6 and 7): pure identities `urn:epc:id:…`, lots `urn:epc:class:lgtin:…`,
//! and patterns `urn:epc:idpat:…:*` that name a class.
//!
//! A URN shows where the company prefix ends, a key does not: [`parse`] forgets it, [`to_urn`] has to be told.

mod build;
mod read;
mod row;

pub use build::to_urn;
pub use read::{parse, parse_with_prefix, EpcUrn};

/// Digits of a company prefix in a URN.
pub const PREFIX_DIGITS: std::ops::RangeInclusive<usize> = 6..=12;
