//! Identifiers of things, places and organisations (clauses 5.4 a, 7.1, 9 b): each read strictly, held in a type
//! that only the check can make, and written in one canonical form, so that equal things have equal texts.
//!
//! * [`gs1`] – GS1 keys with their check digits, and [`Gtin`] in its four lengths;
//! * [`digital_link`] – GS1 Digital Link URIs, read and built, uncompressed;
//! * [`epc`] – EPC URNs to keys and back;
//! * [`object`] – VAA, Handle and did:bid of the Chinese identifier systems;
//! * [`organisation`] – USCC, LEI, BPN;
//! * [`battery`] – traction battery codes; [`uuid`] – UUIDs;
//! * [`identifier`] – any of them from a text, for a resolver.
//!
//! The crate knows no chain, no network and no clock; contracts and services can use it alike.
//!
//! ```
//! use suyuan_identifiers::{epc, Gs1Key};
//! let key = epc::parse("urn:epc:id:sgtin:4012345.011111.9876").unwrap();
//! assert_eq!(key.to_string(), "https://id.gs1.org/01/04012345111118/21/9876");
//! let same: Gs1Key = "https://example.com/some/path/01/4012345111118/21/9876?x=1".parse().unwrap();
//! assert_eq!(same, key);
//! assert_eq!(epc::to_urn(&key, 7).unwrap(), "urn:epc:id:sgtin:4012345.011111.9876");
//! ```
#![forbid(unsafe_code)]

pub mod battery;
pub mod charset;
pub mod check;
pub mod digital_link;
pub mod epc;
mod error;
pub mod gs1;
pub mod identifier;
pub mod object;
pub mod organisation;
pub mod uuid;

pub use battery::BatteryCode;
pub use digital_link::DigitalLink;
pub use error::BadIdentifier;
pub use gs1::{Gs1Key, Gtin, Kind, Level};
pub use identifier::Identifier;
pub use object::{Bid, Handle, Vaa};
pub use organisation::{Bpn, Lei, Uscc};
pub use uuid::Uuid;
