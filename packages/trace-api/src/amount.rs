//! Quantities without floating point: 128-bit integers in millionths of a unit of measure.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::gen::SchemaGenerator;
use schemars::schema::{InstanceType, Schema, SchemaObject};
use schemars::JsonSchema;
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};

/// Decimal places that an [`Amount`] can hold.
pub const DECIMALS: usize = 6;

/// Millionths in one unit.
pub const SCALE: u128 = 1_000_000;

/// Largest amount, in whole units. Keeps every sum of a bounded message inside 128 bits.
pub const MAX_UNITS: u128 = 1_000_000_000_000_000_000;

/// A non-negative quantity in millionths of its unit of measure; the text form is decimal (`12.5`).
///
/// The unit of measure is a UN/ECE Recommendation 20 code and belongs to the class of the traced unit;
/// absent means pieces, as in EPCIS 2.0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(u128);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One piece: what a serial unit is.
    pub const ONE: Self = Self(SCALE);

    /// From millionths. `None` above [`MAX_UNITS`].
    pub fn from_micro(micro: u128) -> Option<Self> {
        (micro <= MAX_UNITS * SCALE).then_some(Self(micro))
    }

    /// From whole units. `None` above [`MAX_UNITS`].
    pub fn from_units(units: u128) -> Option<Self> {
        units.checked_mul(SCALE).and_then(Self::from_micro)
    }

    /// The value in millionths.
    pub const fn micro(self) -> u128 {
        self.0
    }

    /// True for zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, where it stays within [`MAX_UNITS`].
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::from_micro)
    }

    /// The difference, where it is not negative.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }
}

/// A text that is not an amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAmount {
    /// A minus sign: quantities of things are not negative.
    #[error("a quantity cannot be negative")]
    Negative,
    /// Not digits, with at most one point.
    #[error("not a decimal number")]
    Syntax,
    /// More than six decimal places.
    #[error("more than {DECIMALS} decimal places")]
    TooFine,
    /// Above [`MAX_UNITS`].
    #[error("above the largest quantity of {MAX_UNITS}")]
    TooLarge,
}

impl FromStr for Amount {
    type Err = BadAmount;

    fn from_str(text: &str) -> Result<Self, BadAmount> {
        if text.starts_with('-') {
            return Err(BadAmount::Negative);
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || text.ends_with('.') {
            return Err(BadAmount::Syntax);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > DECIMALS {
            return Err(BadAmount::TooFine);
        }
        let whole: u128 = whole.parse().map_err(|_| BadAmount::TooLarge)?;
        let fraction: u128 =
            format!("{fraction:0<DECIMALS$}").parse().map_err(|_| BadAmount::Syntax)?;
        whole
            .checked_mul(SCALE)
            .and_then(|micro| micro.checked_add(fraction))
            .and_then(Self::from_micro)
            .ok_or(BadAmount::TooLarge)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / SCALE, self.0 % SCALE);
        if fraction == 0 {
            return write!(f, "{whole}");
        }
        let digits = format!("{fraction:0>DECIMALS$}");
        write!(f, "{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> String {
        "Amount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema =
            SchemaObject { instance_type: Some(InstanceType::String.into()), ..Default::default() };
        schema.string().pattern = Some("^[0-9]+(\\.[0-9]{1,6})?$".into());
        schema.metadata().description =
            Some("A quantity as a decimal text with at most six decimal places.".into());
        Schema::Object(schema)
    }
}

impl cosmwasm_schema::cw_schema::Schemaifier for Amount {
    fn visit_schema(
        visitor: &mut cosmwasm_schema::cw_schema::SchemaVisitor,
    ) -> cosmwasm_schema::cw_schema::DefinitionReference {
        visitor.insert(
            Self::id(),
            cosmwasm_schema::cw_schema::Node {
                name: Cow::Borrowed("Amount"),
                description: None,
                value: cosmwasm_schema::cw_schema::NodeType::String,
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_write() {
        for (text, micro) in
            [("0", 0), ("1", SCALE), ("0.1908", 190_800), ("12.500000", 12_500_000)]
        {
            assert_eq!(text.parse::<Amount>().map(Amount::micro), Ok(micro), "{text}");
        }
    }

    #[test]
    fn refuses_with_the_reason() {
        assert_eq!("-1".parse::<Amount>(), Err(BadAmount::Negative));
        assert_eq!("1e3".parse::<Amount>(), Err(BadAmount::Syntax));
        assert_eq!("1.".parse::<Amount>(), Err(BadAmount::Syntax));
        assert_eq!("".parse::<Amount>(), Err(BadAmount::Syntax));
        assert_eq!("0.0000001".parse::<Amount>(), Err(BadAmount::TooFine));
        assert_eq!("1000000000000000001".parse::<Amount>(), Err(BadAmount::TooLarge));
    }

    proptest! {
        #[test]
        fn text_form_round_trips(micro in 0..=(MAX_UNITS * SCALE)) {
            let amount = Amount::from_micro(micro).expect("in range");
            prop_assert_eq!(amount.to_string().parse::<Amount>(), Ok(amount));
        }
    }
}
