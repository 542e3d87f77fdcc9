//! Data services: registered by their operator, certified m of n until a time (clauses 5.4 c and d).

use cosmwasm_schema::cw_serde;

/// Kinds of services (clauses 5.3 to 5.6).
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum ServiceKind {
    /// Takes data in from devices and systems (采集).
    Capture,
    /// From an identifier to what is known of it (标识解析).
    Resolver,
    /// Answers trace queries.
    Query,
    /// Preserves evidence (存证).
    Preservation,
    /// Verifies codes, data and certificates (验证).
    Verification,
    /// Collects evidence (取证).
    Forensics,
    /// Issues certificates (出证).
    Certification,
    /// Analyses quality (分析).
    Analysis,
    /// Evaluates (评价).
    Evaluation,
    /// Shows graphs and maps (可视化).
    Visualisation,
    /// Serves supervision (监管).
    Supervision,
    /// Serves audits (审计).
    Audit,
    /// An application for end users (app, page, web site).
    Application,
}

/// `Registered → Certified → Expired`, renewed `Expired → Certified`; from any of them `→ Revoked`.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum ServiceStatus {
    /// Known, not certified, or changed since.
    Registered,
    /// Certified.
    Certified,
    /// Its certification ran out.
    Expired,
    /// Final.
    Revoked,
}

/// A service as it is registered by its operator.
#[cw_serde]
pub struct NewService {
    /// Unique id.
    pub id: String,
    /// Kind.
    pub kind: ServiceKind,
    /// Name for people.
    pub name: String,
    /// Where it is reached, in clear: a URI with an encrypted channel (clause 10 b), or one of the own machine.
    pub endpoint: String,
}

/// A service as stored, and answered as of the time of the block.
#[cw_serde]
pub struct Service {
    /// Id.
    pub id: String,
    /// The participant that operates it.
    pub owner: String,
    /// Kind.
    pub kind: ServiceKind,
    /// Name for people.
    pub name: String,
    /// Where it is reached.
    pub endpoint: String,
    /// Where it stands.
    pub status: ServiceStatus,
    /// Height of registration.
    pub registered_at: u64,
    /// Height of the last certification.
    pub certified_at: Option<u64>,
    /// Block time at which the certification ends, seconds since 1970.
    pub certified_until_s: Option<u64>,
}
