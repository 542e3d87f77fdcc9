//! What bills of materials tell the outside.

use suyuan_contract_kit::typed_events;

typed_events! {
    /// A revision of a class's bill of materials was defined.
    BomDefined = "bom_defined" { class, revision, lines, by }
}
