//! Storage of holds and recalls.
//!
//! | key | value |
//! |---|---|
//! | Map `campaign` (id) | [`Campaign`], JSON |
//! | Map `campaign_member` (id, n) | [`Member`], JSON: the n-th unit that joined, from 0 |
//! | Map `campaign_unit` (unit, id) | n, JSON: the unit is that member of the campaign |
//! | Map `campaign_holder` (id, participant) | [`Holder`], JSON |

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Storage;
use suyuan_contract_kit::store::Map;
use suyuan_trace_api::assembly::campaign::{
    CampaignChange, CampaignKind, CampaignStatus, CampaignView, HolderStatus, HolderView, Severity,
};
use suyuan_trace_api::assembly::RecallScopeKind;

use super::CampaignError;
use crate::error::ContractError;

/// A campaign as stored.
#[cw_serde]
pub struct Campaign {
    /// Hold or recall.
    pub kind: CampaignKind,
    /// The problem behind it.
    pub problem: String,
    /// Why.
    pub reason: String,
    /// How bad it is.
    pub severity: Severity,
    /// Date by which holders should have acted.
    pub target_date: Option<String>,
    /// Who opened it.
    pub opened_by: String,
    /// True where only regulators change it.
    pub by_regulator: bool,
    /// Where it stands.
    pub status: CampaignStatus,
    /// How it came there.
    pub changes: Vec<CampaignChange>,
    /// Units in it.
    pub members: u64,
    /// Those that must be held or recalled.
    pub must: u64,
    /// Those that had left the participants' hands when they joined.
    pub gone: u64,
    /// Those whose marks agree with the status, in order of joining.
    pub settled: u64,
    /// Participants that were told.
    pub holders: u64,
    /// Those that have not answered.
    pub unanswered: u64,
}

impl Campaign {
    /// As it answers.
    pub fn view(self, id: String) -> CampaignView {
        CampaignView {
            id,
            kind: self.kind,
            problem: self.problem,
            reason: self.reason,
            severity: self.severity,
            target_date: self.target_date,
            opened_by: self.opened_by,
            by_regulator: self.by_regulator,
            status: self.status,
            changes: self.changes,
            members: self.members,
            must: self.must,
            may: self.members.saturating_sub(self.must),
            gone: self.gone,
            settled: self.settled,
            holders: self.holders,
            unanswered: self.unanswered,
        }
    }
}

/// From which births on a unit holds a suspect one. What it went into before is not touched by it.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Reach {
    /// By any links.
    pub may: u64,
    /// By certain links alone, where there are such.
    pub must: Option<u64>,
}

impl Reach {
    /// A seed: from its own birth on.
    pub const fn seed(unit: u64) -> Self {
        Self { may: unit, must: Some(unit) }
    }

    /// Must or may.
    pub const fn scope(self) -> RecallScopeKind {
        match self.must {
            Some(_) => RecallScopeKind::Must,
            None => RecallScopeKind::May,
        }
    }

    /// Both together: the earlier of each.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let must = match (self.must, other.must) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self { may: self.may.min(other.may), must }
    }
}

/// A unit in a campaign.
#[cw_serde]
pub struct Member {
    /// Its number on the chain.
    pub unit: u64,
    /// How it holds a unit of the campaign.
    pub reach: Reach,
    /// The link by which it joined; `None` for a seed.
    pub link: Option<u64>,
    /// True where its code carries the campaign's mark.
    pub marked: bool,
    /// Height at which it joined.
    pub joined_at: u64,
}

/// A participant that was told.
#[cw_serde]
pub struct Holder {
    /// Where it stands.
    pub status: HolderStatus,
    /// Units that it owned or held when they joined.
    pub units: u64,
    /// What it said with its last answer.
    pub note: Option<String>,
    /// Height of the last change.
    pub changed_at: u64,
}

impl Holder {
    /// As it answers.
    pub fn view(self, participant: String) -> HolderView {
        HolderView {
            participant,
            status: self.status,
            units: self.units,
            note: self.note,
            changed_at: self.changed_at,
        }
    }
}

/// Campaigns by id.
pub const CAMPAIGNS: Map<&str, Campaign> = Map::new("campaign");
/// Members by campaign and number.
pub const MEMBERS: Map<(&str, u64), Member> = Map::new("campaign_member");
/// Number of a unit in each of its campaigns.
pub const UNITS: Map<(u64, &str), u64> = Map::new("campaign_unit");
/// Holders by campaign and participant.
pub const HOLDERS: Map<(&str, &str), Holder> = Map::new("campaign_holder");

/// A campaign that must be there.
///
/// # Errors
/// [`CampaignError::UnknownCampaign`].
pub fn known(storage: &dyn Storage, id: &str) -> Result<Campaign, ContractError> {
    let unknown = || CampaignError::UnknownCampaign { id: id.into() };
    Ok(CAMPAIGNS.may_load(storage, id)?.ok_or_else(unknown)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_should_not_change() {
        assert_eq!(CAMPAIGNS.key("c1").to_vec(), b"\0\x08campaignc1");
        assert_eq!(
            MEMBERS.key(("c1", 2)).to_vec(),
            b"\0\x0fcampaign_member\0\x02c1\0\0\0\0\0\0\0\x02"
        );
        assert_eq!(UNITS.key((7, "c1")).to_vec(), b"\0\x0dcampaign_unit\0\x08\0\0\0\0\0\0\0\x07c1");
        assert_eq!(HOLDERS.key(("c1", "acme")).to_vec(), b"\0\x0fcampaign_holder\0\x02c1acme");
    }
}
