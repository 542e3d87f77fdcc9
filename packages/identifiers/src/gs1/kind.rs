//! Kinds of keys: one row each.

use crate::charset::Charset;

/// What a key is a key of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// One thing.
    Instance,
    /// A lot.
    Lot,
    /// A class of things.
    Class,
    /// A place.
    Place,
    /// A party.
    Party,
}

/// Kinds of GS1 keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Trade item: GTIN, AI 01.
    Gtin,
    /// Trade item with serial number, AI 01 21.
    Sgtin,
    /// Trade item with lot, AI 01 10.
    Lgtin,
    /// Unit pack with third-party controlled serial number (tobacco), AI 01 235.
    Upui,
    /// Logistic unit, AI 00.
    Sscc,
    /// Place, AI 414, with extension AI 254.
    Gln,
    /// Party, AI 417.
    Pgln,
    /// Returnable asset, AI 8003, with serial number one thing, without it a class.
    Grai,
    /// Individual asset, AI 8004.
    Giai,
    /// Service relation of a recipient, AI 8018.
    Gsrn,
    /// Service relation of a provider, AI 8017.
    Gsrnp,
    /// Document, AI 253, with serial number one document, without it its type.
    Gdti,
    /// Coupon, AI 255, with serial number one coupon, without it its kind.
    Gcn,
    /// Component or part, AI 8010, with AI 8011 one piece.
    Cpi,
    /// Piece of a trade item in several, AI 8006, with AI 21 or 10.
    Itip,
    /// Consignment, AI 401.
    Ginc,
    /// Shipment, AI 402.
    Gsin,
}

/// Form of a key's primary element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    /// Application identifier.
    pub ai: &'static str,
    /// Digits at the beginning, the check digit among them; 0 where the value is free.
    pub digits: usize,
    /// Digits after the check digit that are fixed, too (ITIP: piece of total).
    pub after: usize,
    /// Free characters behind at the most.
    pub free: usize,
    /// Their set.
    pub set: Charset,
}

const fn form(ai: &'static str, digits: usize, after: usize, free: usize, set: Charset) -> Form {
    Form { ai, digits, after, free, set }
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 17] = [
        Self::Gtin,
        Self::Sgtin,
        Self::Lgtin,
        Self::Upui,
        Self::Sscc,
        Self::Gln,
        Self::Pgln,
        Self::Grai,
        Self::Giai,
        Self::Gsrn,
        Self::Gsrnp,
        Self::Gdti,
        Self::Gcn,
        Self::Cpi,
        Self::Itip,
        Self::Ginc,
        Self::Gsin,
    ];

    /// Name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gtin => "GTIN",
            Self::Sgtin => "SGTIN",
            Self::Lgtin => "LGTIN",
            Self::Upui => "UPUI",
            Self::Sscc => "SSCC",
            Self::Gln => "GLN",
            Self::Pgln => "PGLN",
            Self::Grai => "GRAI",
            Self::Giai => "GIAI",
            Self::Gsrn => "GSRN",
            Self::Gsrnp => "GSRNP",
            Self::Gdti => "GDTI",
            Self::Gcn => "GCN",
            Self::Cpi => "CPI",
            Self::Itip => "ITIP",
            Self::Ginc => "GINC",
            Self::Gsin => "GSIN",
        }
    }

    /// Application identifier of the primary element.
    pub const fn ai(self) -> &'static str {
        self.form().ai
    }

    pub(crate) const fn form(self) -> Form {
        use Charset::{Digits, Set39, Set82};
        match self {
            Self::Gtin | Self::Sgtin | Self::Lgtin | Self::Upui => form("01", 14, 0, 0, Digits),
            Self::Sscc => form("00", 18, 0, 0, Digits),
            Self::Gln => form("414", 13, 0, 0, Digits),
            Self::Pgln => form("417", 13, 0, 0, Digits),
            Self::Grai => form("8003", 14, 0, 16, Set82),
            Self::Giai => form("8004", 0, 0, 30, Set82),
            Self::Gsrn => form("8018", 18, 0, 0, Digits),
            Self::Gsrnp => form("8017", 18, 0, 0, Digits),
            Self::Gdti => form("253", 13, 0, 17, Set82),
            Self::Gcn => form("255", 13, 0, 12, Digits),
            Self::Cpi => form("8010", 0, 0, 30, Set39),
            Self::Itip => form("8006", 14, 4, 0, Digits),
            Self::Ginc => form("401", 0, 0, 30, Set82),
            Self::Gsin => form("402", 17, 0, 0, Digits),
        }
    }
}

/// Form of a qualifier: which characters, how many at the most.
pub(crate) const fn qualifier(ai: &str) -> Option<(&'static str, Charset, usize)> {
    match ai.as_bytes() {
        b"10" => Some(("AI 10 lot", Charset::Set82, 20)),
        b"21" => Some(("AI 21 serial", Charset::Set82, 20)),
        b"22" => Some(("AI 22 variant", Charset::Set82, 20)),
        b"235" => Some(("AI 235 third-party serial", Charset::Set82, 28)),
        b"254" => Some(("AI 254 extension", Charset::Set82, 20)),
        b"7040" => Some(("AI 7040 importer index", Charset::Set82, 4)),
        b"8011" => Some(("AI 8011 part serial", Charset::Digits, 12)),
        b"8019" => Some(("AI 8019 service instance", Charset::Digits, 10)),
        _ => None,
    }
}

/// Qualifiers that may follow a primary key in a path, in this order; those of one row exclude each other.
pub(crate) const fn order(ai: &str) -> &'static [&'static [&'static str]] {
    match ai.as_bytes() {
        b"01" => &[&["22"], &["10"], &["21", "235"]],
        b"8006" => &[&["22"], &["10"], &["21"]],
        b"414" => &[&["254", "7040"]],
        b"417" | b"8004" => &[&["7040"]],
        b"8010" => &[&["8011"]],
        b"8017" | b"8018" => &[&["8019"]],
        _ => &[],
    }
}
