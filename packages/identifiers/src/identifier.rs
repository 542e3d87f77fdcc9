//! Any identifier from a text, for whoever resolves what people scan and type.

use std::fmt;
use std::str::FromStr;

use crate::battery::BatteryCode;
use crate::error::BadIdentifier;
use crate::gs1::{Gs1Key, Gtin, Kind};
use crate::object::{Bid, Handle, Vaa};
use crate::organisation::{Bpn, Lei, Uscc};
use crate::uuid::Uuid;

/// An identifier of a known scheme, checked. Its text form is the canonical one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identifier {
    /// GS1 key.
    Gs1(Gs1Key),
    /// VAA code.
    Vaa(Vaa),
    /// Handle under 88.
    Handle(Handle),
    /// did:bid.
    Bid(Bid),
    /// Unified social credit code.
    Uscc(Uscc),
    /// Legal entity identifier.
    Lei(Lei),
    /// Business partner number.
    Bpn(Bpn),
    /// UUID.
    Uuid(Uuid),
    /// Traction battery code.
    Battery(BatteryCode),
}

/// Tells the scheme by what only it has: a URN or URI scheme, the letters in front, the length. A text that shows its
/// scheme is refused with that scheme's fault; digits alone are a trade item number.
impl FromStr for Identifier {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        let starts = |prefix: &str| text.starts_with(prefix);
        if starts("hdl:") || starts("88.") || text.contains("//hdl.handle.net/") {
            return text.parse().map(Self::Handle);
        }
        if starts("urn:epc:") || starts("https://") || starts("http://") {
            return text.parse().map(Self::Gs1);
        }
        if starts("did:bid:") {
            return text.parse().map(Self::Bid);
        }
        if starts("urn:uuid:") {
            return text.parse().map(Self::Uuid);
        }
        if starts("vaa:") || starts("VAA") {
            return text.parse().map(Self::Vaa);
        }
        if starts("BPN") {
            return text.parse().map(Self::Bpn);
        }
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match text.len() {
            8 | 12 | 13 | 14 if digits => {
                let gtin: Gtin = text.parse()?;
                Gs1Key::plain(Kind::Gtin, gtin.as_str()).map(Self::Gs1)
            }
            18 if digits => Gs1Key::plain(Kind::Sscc, text).map(Self::Gs1),
            18 => text.parse().map(Self::Uscc),
            20 => text.parse().map(Self::Lei),
            36 => text.parse().map(Self::Uuid),
            19 | 24 => text.parse().map(Self::Battery),
            _ => Err(BadIdentifier::Unknown),
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gs1(key) => key.fmt(f),
            Self::Vaa(code) => code.fmt(f),
            Self::Handle(handle) => handle.fmt(f),
            Self::Bid(did) => did.fmt(f),
            Self::Uscc(code) => code.fmt(f),
            Self::Lei(code) => code.fmt(f),
            Self::Bpn(number) => number.fmt(f),
            Self::Uuid(uuid) => uuid.fmt(f),
            Self::Battery(code) => code.fmt(f),
        }
    }
}
