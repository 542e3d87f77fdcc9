//! GS1 identification keys (General Specifications, section 3), as their element strings define them.

mod gtin;
mod key;
mod kind;

pub use gtin::Gtin;
pub use key::Gs1Key;
pub use kind::{Kind, Level};

pub(crate) use key::{check_qualifier, cut, unchecked_uri};
pub(crate) use kind::order;
