//! Kinds of Annex C, classes of products and parts, and the check on their product ids.

use cosmwasm_schema::cw_serde;

/// Kinds of Annex C, table C.1, with the two that A.2 and B.1 add (outsourced part, blank).
#[cw_serde]
#[derive(Copy, Eq)]
pub enum ClassKind {
    /// 产品: a serial code for each piece.
    Product,
    /// 部件: a serial code for each piece.
    Component,
    /// 自制零件: a lot code.
    SelfMadePart,
    /// 关键外购件: a serial code for each piece, at incoming inspection.
    KeyPurchasedPart,
    /// 重要外购件: a serial code for each piece, at incoming inspection.
    ImportantPurchasedPart,
    /// 一般外购件: a code for each inspection lot.
    GeneralPurchasedPart,
    /// 外协件: a lot code.
    OutsourcedPart,
    /// 毛坯: a lot code.
    Blank,
    /// 原材料: a lot code.
    RawMaterial,
    /// 设备: a serial code for each machine.
    Equipment,
    /// Boxes, pallets, containers: a serial code for each.
    Packaging,
}

/// Granularity of a class.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Tracking {
    /// One code, one piece.
    Serial,
    /// One code, one lot with a quantity.
    Lot,
}

impl ClassKind {
    /// The coarsest tracking that Annex C allows. Stricter is allowed, laxer is refused.
    pub const fn coarsest(self) -> Tracking {
        match self {
            Self::Product
            | Self::Component
            | Self::KeyPurchasedPart
            | Self::ImportantPurchasedPart
            | Self::Equipment
            | Self::Packaging => Tracking::Serial,
            Self::SelfMadePart
            | Self::GeneralPurchasedPart
            | Self::OutsourcedPart
            | Self::Blank
            | Self::RawMaterial => Tracking::Lot,
        }
    }

    /// True where no unit of this kind is used before its quality record (Annex C: 记录质量溯源信息): all but
    /// machines and packaging, for which the standard asks for a code alone.
    pub const fn needs_quality_record(self) -> bool {
        !matches!(self, Self::Equipment | Self::Packaging)
    }

    /// True for what is bought: its code is given at incoming inspection, bound to supplier and inspection lot.
    pub const fn is_purchased(self) -> bool {
        matches!(
            self,
            Self::KeyPurchasedPart | Self::ImportantPurchasedPart | Self::GeneralPurchasedPart
        )
    }

    /// True where Annex C allows `tracking` for this kind.
    pub const fn allows(self, tracking: Tracking) -> bool {
        matches!(tracking, Tracking::Serial) || matches!(self.coarsest(), Tracking::Lot)
    }
}

/// A class of products or parts.
#[cw_serde]
pub struct NewClass {
    /// Id, unique on the chain.
    pub id: String,
    /// Kind of Annex C.
    pub kind: ClassKind,
    /// Granularity.
    pub tracking: Tracking,
    /// Name for people.
    pub name: String,
    /// Specification or model (clause 7.1 b).
    pub specification: String,
    /// Product id (GTIN, CPI …) where there is one.
    pub product_id: Option<String>,
    /// Unit of measure (UN/ECE Recommendation 20); `None` = pieces.
    pub uom: Option<String>,
    /// Days from production to expiry, where goods expire.
    pub shelf_life_days: Option<u32>,
}

/// A class as stored.
// What NewClass says, who and when. The fields stand here again: a flattened struct would be read twice.
#[cw_serde]
pub struct Class {
    /// Id, unique on the chain.
    pub id: String,
    /// Kind of Annex C.
    pub kind: ClassKind,
    /// Granularity.
    pub tracking: Tracking,
    /// Name for people.
    pub name: String,
    /// Specification or model (clause 7.1 b).
    pub specification: String,
    /// Product id (GTIN, CPI …) where there is one.
    pub product_id: Option<String>,
    /// Unit of measure (UN/ECE Recommendation 20); `None` = pieces.
    pub uom: Option<String>,
    /// Days from production to expiry, where goods expire.
    pub shelf_life_days: Option<u32>,
    /// The participant that registered it.
    pub owner: String,
    /// Height of registration.
    pub registered_at: u64,
}

impl Class {
    /// What `owner` registered at a height.
    pub fn new(data: NewClass, owner: String, registered_at: u64) -> Self {
        let NewClass { id, kind, tracking, name, .. } = data;
        let NewClass { specification, product_id, uom, shelf_life_days, .. } = data;
        Self {
            id,
            kind,
            tracking,
            name,
            specification,
            product_id,
            uom,
            shelf_life_days,
            owner,
            registered_at,
        }
    }
}

/// A version of a class's specification, from 1. A batch belongs to the one that held when it was issued.
#[cw_serde]
#[derive(Eq)]
pub struct ClassVersion {
    /// Its number.
    pub version: u32,
    /// Specification or model.
    pub specification: String,
    /// Days from production to expiry.
    pub shelf_life_days: Option<u32>,
    /// First height at which it held.
    pub from_height: u64,
}

/// A product id that claims a GS1 key and is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadProductId {
    /// Not 14 digits.
    #[error("a GTIN has 14 digits, and nothing but a class stands behind it")]
    Gtin,
    /// The last digit does not fit the others.
    #[error("the check digit of the GTIN is wrong: expected {expected}, found {found}")]
    CheckDigit {
        /// What the others ask for.
        expected: char,
        /// What stands there.
        found: char,
    },
    /// Not a component or part identifier.
    #[error("a CPI has 7 to 30 of 0-9 A-Z # - /, and begins with six digits of a GS1 prefix")]
    Cpi,
}

/// Digits of the shortest GS1 company prefix that a CPI begins with.
const CPI_PREFIX_DIGITS: usize = 6;

/// Characters of a CPI at the most (AI 8010, Y..30).
const MAX_CPI: usize = 30;

/// Checks a product id that claims to be a GTIN (`https://id.gs1.org/01/…`, `gtin:…`) or a CPI
/// (`https://id.gs1.org/8010/…`, `cpi:…`); any other scheme passes (clause 9 b).
///
/// # Errors
/// [`BadProductId`].
pub fn check_product_id(text: &str) -> Result<(), BadProductId> {
    let claimed = |forms: [&str; 2]| forms.iter().find_map(|form| text.strip_prefix(form));
    if let Some(gtin) = claimed(["https://id.gs1.org/01/", "gtin:"]) {
        return check_gtin(gtin);
    }
    match claimed(["https://id.gs1.org/8010/", "cpi:"]) {
        Some(cpi) => check_cpi(cpi),
        None => Ok(()),
    }
}

/// GS1 General Specifications 7.9: weights 3 and 1 from the right, sum a multiple of ten.
fn check_gtin(text: &str) -> Result<(), BadProductId> {
    if text.len() != 14 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadProductId::Gtin);
    }
    let (body, found) = text.split_at(13);
    let sum: u32 = (body.bytes().zip([3, 1].into_iter().cycle()))
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    let expected = char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0');
    match found.chars().next() {
        Some(found) if found != expected => Err(BadProductId::CheckDigit { expected, found }),
        _ => Ok(()),
    }
}

fn check_cpi(text: &str) -> Result<(), BadProductId> {
    // Path segments of a Digital Link spell '#' and '/' in percent encoding.
    let plain = text.replace("%23", "#").replace("%2F", "/").replace("%2f", "/");
    let letters = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase() || b"#-/".contains(&b);
    let prefix = plain.bytes().take_while(u8::is_ascii_digit).count() >= CPI_PREFIX_DIGITS;
    let length = (CPI_PREFIX_DIGITS + 1..=MAX_CPI).contains(&plain.len());
    (prefix && length && plain.bytes().all(letters)).then_some(()).ok_or(BadProductId::Cpi)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annex_c_allows_stricter_and_refuses_laxer() {
        assert!(!ClassKind::Product.allows(Tracking::Lot));
        assert!(!ClassKind::KeyPurchasedPart.allows(Tracking::Lot));
        assert!(!ClassKind::Equipment.allows(Tracking::Lot));
        assert!(ClassKind::SelfMadePart.allows(Tracking::Lot));
        assert!(ClassKind::GeneralPurchasedPart.allows(Tracking::Serial));
    }

    /// clause 9 b
    #[test]
    fn gs1_product_ids_keep_the_rules_of_gs1() {
        for good in [
            "https://id.gs1.org/01/09521141123454",
            "gtin:09521141123454",
            "https://id.gs1.org/8010/9521141ABC%2F12-3",
            "cpi:9521141A#1",
            "https://id.gs1.org/8004/95211411234",
            "VAA/anything",
        ] {
            assert_eq!(check_product_id(good), Ok(()), "{good}");
        }
        let wrong = BadProductId::CheckDigit { expected: '4', found: '5' };
        assert_eq!(check_product_id("gtin:09521141123455"), Err(wrong));
        for bad in ["gtin:9521141123454", "https://id.gs1.org/01/09521141123454/21/1", "gtin:"] {
            assert_eq!(check_product_id(bad), Err(BadProductId::Gtin), "{bad}");
        }
        let long = format!("cpi:9521141{}", "A".repeat(24));
        for bad in ["cpi:9521141a", "cpi:ABCDEFGH", "cpi:952114", long.as_str()] {
            assert_eq!(check_product_id(bad), Err(BadProductId::Cpi), "{bad}");
        }
    }
}
