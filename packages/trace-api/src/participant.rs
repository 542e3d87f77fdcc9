//! participant-registry: who takes part (clause 7.1 a), with which keys and data sources, and who may do what
//! (clauses 5.4 b–d, 6.4, 8.2 a, 10 a).
//!
//! A participant's id is not an address: addresses and keys bind to it, from height to height, and rotate.

mod ask;
mod governance;
mod grant;
mod key;
pub mod keys;
mod msg;
mod prefix;
mod query;
mod service;
mod source;
mod who;

pub use ask::*;
pub use governance::*;
pub use grant::*;
pub use key::*;
pub use msg::*;
pub use prefix::*;
pub use query::*;
pub use service::*;
pub use source::*;
pub use who::*;
