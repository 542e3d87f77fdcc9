//! One row for each scheme: how the fields of a URN make the element strings of a key.

use crate::gs1::Kind;

/// Where the digits of the reference go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Company prefix and reference have this many digits; the reference's first digit comes before the prefix, a
    /// check digit behind (GTIN, SSCC).
    Lead(usize),
    /// Company prefix and reference have this many digits, a check digit behind.
    Plain(usize),
    /// A zero, then as `Plain` (GRAI).
    Zero(usize),
    /// Company prefix and a free reference, no check digit.
    Free,
}

/// What follows the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// Nothing.
    None,
    /// A serial number behind the check digit, in the same element.
    Inside,
    /// A qualifier with this application identifier.
    Qualifier(&'static str),
    /// An extension with this application identifier, where `0` says that there is none.
    Extension(&'static str),
    /// Piece and total with two digits each, then a qualifier with this application identifier.
    Pieces(&'static str),
}

/// A scheme.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its name in a URN.
    pub scheme: &'static str,
    /// Kind of the keys without a tail.
    pub kind: Kind,
    /// Shape.
    pub shape: Shape,
    /// Tail.
    pub tail: Tail,
}

const fn row(scheme: &'static str, kind: Kind, shape: Shape, tail: Tail) -> Row {
    Row { scheme, kind, shape, tail }
}

/// Pure identities.
pub const IDENTITIES: [Row; 15] = [
    row("sgtin", Kind::Gtin, Shape::Lead(13), Tail::Qualifier("21")),
    row("upui", Kind::Gtin, Shape::Lead(13), Tail::Qualifier("235")),
    row("itip", Kind::Itip, Shape::Lead(13), Tail::Pieces("21")),
    row("sscc", Kind::Sscc, Shape::Lead(17), Tail::None),
    row("sgln", Kind::Gln, Shape::Plain(12), Tail::Extension("254")),
    row("pgln", Kind::Pgln, Shape::Plain(12), Tail::None),
    row("grai", Kind::Grai, Shape::Zero(12), Tail::Inside),
    row("gdti", Kind::Gdti, Shape::Plain(12), Tail::Inside),
    row("sgcn", Kind::Gcn, Shape::Plain(12), Tail::Inside),
    row("gsrn", Kind::Gsrn, Shape::Plain(17), Tail::None),
    row("gsrnp", Kind::Gsrnp, Shape::Plain(17), Tail::None),
    row("gsin", Kind::Gsin, Shape::Plain(16), Tail::None),
    row("giai", Kind::Giai, Shape::Free, Tail::None),
    row("ginc", Kind::Ginc, Shape::Free, Tail::None),
    row("cpi", Kind::Cpi, Shape::Free, Tail::Qualifier("8011")),
];

/// Lots.
pub const LGTIN: Row = row("lgtin", Kind::Gtin, Shape::Lead(13), Tail::Qualifier("10"));
