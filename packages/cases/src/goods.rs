//! Short ways to name parts, lots and purchased goods in a case.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{AlternateId, Input, NewUnit};
use suyuan_trace_api::code::{ClassKind, NewClass, Tracking};

use crate::story::Writer;

/// Scheme of the names that suppliers give their lots.
pub const SUPPLIER_LOT: &str = "supplier-lot";
/// Scheme of the names that suppliers give their pieces.
pub const SUPPLIER_SERIAL: &str = "supplier-serial";

/// A whole number of units of measure.
///
/// # Panics
/// Never: every `u32` is in range.
pub fn units(value: u32) -> Amount {
    Amount::from_units(value.into()).expect("small numbers")
}

/// Some of a lot.
pub fn some(code: &str, quantity: u32) -> Input {
    Input { code: code.to_string(), quantity: Some(units(quantity)), group: None }
}

/// A piece.
pub fn whole(code: &str) -> Input {
    Input { code: code.to_string(), quantity: None, group: None }
}

/// One of several alternatives, of which nobody knows which one it was.
pub fn perhaps(code: &str, group: u8) -> Input {
    Input { code: code.to_string(), quantity: None, group: Some(group) }
}

/// Codes of new units.
pub fn codes(units: &[NewUnit]) -> Vec<String> {
    units.iter().map(|unit| unit.code.code.clone()).collect()
}

/// A class without measure or shelf life.
pub fn class(
    id: &str,
    kind: ClassKind,
    tracking: Tracking,
    name: &str,
    specification: &str,
) -> NewClass {
    NewClass {
        id: id.into(),
        kind,
        tracking,
        name: name.into(),
        specification: specification.into(),
        product_id: None,
        uom: None,
        shelf_life_days: None,
    }
}

/// A class measured in kilograms.
pub fn by_weight(id: &str, kind: ClassKind, name: &str, specification: &str) -> NewClass {
    let uom = Some("KGM".into());
    NewClass { uom, ..class(id, kind, Tracking::Lot, name, specification) }
}

/// Where purchased goods come from and how they were inspected.
#[derive(Clone, Copy, Debug)]
pub struct Purchase<'a> {
    /// Who made them.
    pub maker: &'a str,
    /// Who delivered them, where that is somebody else.
    pub supplier: Option<&'a str>,
    /// The buyer's inspection lot.
    pub inspection_lot: &'a str,
}

impl Writer {
    /// A lot with its number, date and quantity.
    pub fn lot(&mut self, class: &str, number: &str, date: &str, quantity: u32) -> NewUnit {
        let mut unit = self.unit(class);
        unit.lot_number = Some(number.to_string());
        unit.production_date = Some(date.to_string());
        unit.produced = Some(units(quantity));
        unit
    }

    /// A purchased piece under the buyer's code, with the maker's own number as another name.
    pub fn bought_piece(&mut self, class: &str, purchase: &Purchase<'_>, serial: &str) -> NewUnit {
        let unit = self.unit(class);
        bought(unit, purchase, SUPPLIER_SERIAL, serial)
    }

    /// A purchased lot under the buyer's code, with the maker's own number as another name.
    pub fn bought_lot(
        &mut self,
        class: &str,
        purchase: &Purchase<'_>,
        lot: &str,
        quantity: u32,
    ) -> NewUnit {
        let mut unit = self.unit(class);
        unit.lot_number = Some(purchase.inspection_lot.to_string());
        unit.produced = Some(units(quantity));
        bought(unit, purchase, SUPPLIER_LOT, lot)
    }
}

fn bought(unit: NewUnit, purchase: &Purchase<'_>, scheme: &str, number: &str) -> NewUnit {
    let value = format!("{}:{number}", id_text(purchase.maker));
    NewUnit {
        maker: Some(purchase.maker.to_string()),
        supplier: purchase.supplier.map(ToString::to_string),
        inspection_lot: Some(purchase.inspection_lot.to_string()),
        alternate_ids: vec![AlternateId { scheme: scheme.to_string(), value }],
        ..unit
    }
}

/// A name as part of an id: what is not visible ASCII becomes `-`.
fn id_text(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
