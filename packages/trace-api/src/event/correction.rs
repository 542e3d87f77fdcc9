//! Corrections: nothing is overwritten, an error declaration is appended (EPCIS 2.0, 7.4.1.4).

use cosmwasm_schema::cw_serde;

/// Corrective events that one declaration names.
pub const MAX_CORRECTIVE_IDS: usize = 16;

/// Why an event is declared wrong (CBV 2.0 error reasons).
#[cw_serde]
#[derive(Copy, Eq)]
pub enum ErrorReason {
    /// It never happened (`did_not_occur`).
    DidNotOccur,
    /// It happened otherwise (`incorrect_data`).
    IncorrectData,
}

/// An error declaration as it is sent.
#[cw_serde]
pub struct NewDeclaration {
    /// Id of the declaration: its own, or that of the wrong event, as EPCIS repeats it.
    pub event_id: String,
    /// Id of the wrong event.
    pub event: String,
    /// Why.
    pub reason: ErrorReason,
    /// Ids of the events that say it right; they may come later.
    pub corrective_ids: Vec<String>,
    /// When it was declared, milliseconds since 1970; `None` = now.
    #[serde(default)]
    pub declared_at_ms: Option<u64>,
}

/// An error declaration as stored.
#[cw_serde]
pub struct Declaration {
    /// Id of the wrong event.
    pub event: String,
    /// Its number.
    pub number: u64,
    /// Why.
    pub reason: ErrorReason,
    /// Ids of the events that say it right.
    pub corrective_ids: Vec<String>,
    /// When it was declared, milliseconds since 1970.
    pub declared_at_ms: u64,
}

/// Whether an event still counts.
#[cw_serde]
pub enum EventStatus {
    /// It does.
    Recorded {},
    /// Its reporter declared it wrong.
    DeclaredWrong(DeclaredWrong),
}

/// By what an event was declared wrong.
#[cw_serde]
pub struct DeclaredWrong {
    /// Name of the declaration ([`super::declaration_name`]).
    pub by: String,
    /// Number of the declaration.
    pub number: u64,
    /// Why.
    pub reason: ErrorReason,
    /// Ids of the events that say it right.
    pub corrective_ids: Vec<String>,
}
