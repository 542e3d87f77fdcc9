//! What the contract tells the outside. The chain puts `wasm-` before each name.

use suyuan_contract_kit::typed_events;

typed_events! {
    /// The assembly graph is known from now on.
    Wired = "trace_code_wired" { assembly_graph }

    /// A class came into being.
    ClassRegistered = "class_registered" { class, owner, kind, tracking }

    /// A batch was issued.
    BatchIssued = "batch_issued" { batch, class, issuer, prefix, count, root }

    /// The issuer withdrew what was not in life.
    BatchRevoked = "batch_revoked" { batch, issuer, reason }

    /// Two leaves with one code were proved.
    BatchCompromised = "batch_compromised" { batch, issuer, code, first_index, second_index, reporter }

    /// A code came to life.
    CodeActivated = "code_activated" { code, batch, class, index }

    /// A code moved along the life table.
    CodeMoved = "code_moved" { code, from, to }

    /// A scan was recorded.
    CodeScanned = "code_scanned" { code, cell, scans }

    /// Two scans that no single object explains.
    CloneSuspected = "clone_suspected" { code, from_cell, to_cell, distance_km_min, elapsed_s }

    /// A mark was set on a code that did not carry it.
    OverlaySet = "overlay_set" { code, overlay, by, reason }

    /// A mark was lifted.
    OverlayCleared = "overlay_cleared" { code, overlay, by, reason }
}

/// A plain enum variant as messages spell it (`in_use` for `InUse`).
pub fn word<T: serde::Serialize>(value: &T) -> String {
    cosmwasm_std::to_json_string(value)
        .map(|text| text.trim_matches('"').to_owned())
        .unwrap_or_default()
}
