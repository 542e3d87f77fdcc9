//! What the contract tells the outside. The chain puts `wasm-` before each name.

use suyuan_contract_kit::typed_events;

typed_events! {
    /// The assembly graph is known from now on.
    Wired = "trace_code_wired" { assembly_graph }

    /// A class came into being.
    ClassRegistered = "class_registered" { class, owner, kind, tracking }

    /// A class has a new version.
    ClassRevised = "class_revised" { class, version, specification }

    /// A batch was issued.
    BatchIssued = "batch_issued" { batch, class, issuer, prefix, count, root }

    /// The issuer withdrew what was not in life.
    BatchRevoked = "batch_revoked" { batch, issuer, reason }

    /// Places of a batch will never come to life.
    RangeVoided = "range_voided" { batch, from, to, reason }

    /// Two leaves with one code were proved.
    BatchCompromised = "batch_compromised" { batch, issuer, code, first_index, second_index, reporter }

    /// A code came to life.
    CodeActivated = "code_activated" { code, batch, class, index, life }

    /// A code moved along the life table.
    CodeMoved = "code_moved" { code, from, to }

    /// Another code took over the unit.
    CodeSuperseded = "code_superseded" { code, by }

    /// A scan was recorded.
    CodeScanned = "code_scanned" { code, cell, scans }

    /// Two scans that no single object explains.
    CloneSuspected = "clone_suspected" { code, from_cell, to_cell, distance_km_min, elapsed_s }

    /// A hidden secret was redeemed.
    CodeAcquitted = "code_acquitted" { code }

    /// The suspicion of a copy was dismissed.
    CloneAcquitted = "clone_acquitted" { code, by, reason }

    /// A problem was set on a code that did not have it.
    OverlaySet = "overlay_set" { code, overlay, problem, by, reason }

    /// Problems of a mark were lifted; `problem` is `*` for all of them.
    OverlayCleared = "overlay_cleared" { code, overlay, problem, by, reason }

    /// A regulator limited how many codes may be issued.
    QuotaSet = "quota_set" { scope, id, limit, by }

    /// A regulator decided where codes are issued.
    PrefixesRestricted = "prefixes_restricted" { assigned_only, by }
}

/// A plain enum variant as messages spell it (`in_use` for `InUse`).
pub fn word<T: serde::Serialize>(value: &T) -> String {
    suyuan_trace_api::json::to_json_string(value)
        .map(|text| text.trim_matches('"').to_owned())
        .unwrap_or_default()
}
