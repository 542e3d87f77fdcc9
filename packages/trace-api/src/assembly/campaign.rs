//! Holds and recalls as records: which units they cover, who was told, and what they answered (clause B.3).
//!
//! ```text
//! Open ──Close──▶ Closed            marks are lifted page by page, also after the message that closes
//! Open ⇄ Cancelled                  Cancel and Reopen
//! ```

use cosmwasm_schema::cw_serde;

use super::RecallScopeKind;
use crate::code::{Life, Overlay};

/// Codes of one campaign message at the most.
pub const MAX_CAMPAIGN_CODES: usize = 64;
/// Changes of a campaign's status at the most: who needs more opens another one.
pub const MAX_CAMPAIGN_CHANGES: usize = 32;

/// What a campaign does to its units.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum CampaignKind {
    /// Blocked until it is cleared.
    Hold,
    /// Called back.
    Recall,
}

impl CampaignKind {
    /// The mark on its codes.
    pub const fn overlay(self) -> Overlay {
        match self {
            Self::Hold => Overlay::Held,
            Self::Recall => Overlay::Recalled,
        }
    }
}

/// How bad it is.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A blemish.
    Minor,
    /// A defect in use.
    Major,
    /// A defect that stops use.
    Critical,
    /// A danger to people.
    LifeThreatening,
}

/// Where a campaign stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum CampaignStatus {
    /// Its units are marked.
    Open,
    /// Taken back; can be opened again.
    Cancelled,
    /// Final.
    Closed,
}

/// A campaign to open.
#[cw_serde]
pub struct NewCampaign {
    /// Id, unique on the chain; also the problem that its marks name.
    pub id: String,
    /// Hold or recall.
    pub kind: CampaignKind,
    /// The problem behind it: a number of the sender's. Several campaigns may have one problem.
    pub problem: String,
    /// The suspect units, 1 to [`MAX_CAMPAIGN_CODES`].
    pub seeds: Vec<String>,
    /// Why, for the record.
    pub reason: String,
    /// How bad it is.
    pub severity: Severity,
    /// Date by which holders should have acted, `YYYY-MM-DD`.
    pub target_date: Option<String>,
}

/// A unit that joins a campaign.
#[cw_serde]
pub struct Extension {
    /// Its code.
    pub code: String,
    /// The open link by which it holds a unit that is in the campaign already; `None` = a further seed.
    pub link: Option<u64>,
}

/// What a holder answers.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum HolderAnswer {
    /// Received and read.
    Acknowledged,
    /// Will act.
    Accepted,
    /// Will not, for the reason given.
    Declined,
    /// Has acted: its units are blocked, or on their way back.
    Contained,
}

/// Where a holder stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum HolderStatus {
    /// A unit in its hands joined the campaign.
    Notified,
    /// Received and read.
    Acknowledged,
    /// Will act.
    Accepted,
    /// Will not.
    Declined,
    /// Has acted.
    Contained,
}

impl HolderStatus {
    /// The status after an answer; `None` where it is not an answer to this status.
    #[must_use]
    pub const fn after(self, answer: HolderAnswer) -> Option<Self> {
        match (self, answer) {
            (Self::Notified, HolderAnswer::Acknowledged) => Some(Self::Acknowledged),
            (Self::Notified | Self::Acknowledged | Self::Declined, HolderAnswer::Accepted) => {
                Some(Self::Accepted)
            }
            (Self::Notified | Self::Acknowledged | Self::Accepted, HolderAnswer::Declined) => {
                Some(Self::Declined)
            }
            (Self::Accepted, HolderAnswer::Contained) => Some(Self::Contained),
            _ => None,
        }
    }
}

/// A change of a campaign's status.
#[cw_serde]
pub struct CampaignChange {
    /// Height.
    pub height: u64,
    /// The status from then on.
    pub status: CampaignStatus,
    /// The participant.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// A campaign as it answers.
#[cw_serde]
pub struct CampaignView {
    /// Id.
    pub id: String,
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
    /// The participant that opened it.
    pub opened_by: String,
    /// True where it was opened with the permission to regulate: only such a participant changes it.
    pub by_regulator: bool,
    /// Where it stands.
    pub status: CampaignStatus,
    /// How it came there, opening included.
    pub changes: Vec<CampaignChange>,
    /// Units in it.
    pub members: u64,
    /// Those that must be held or recalled.
    pub must: u64,
    /// Those that may have to be.
    pub may: u64,
    /// Those that had left the participants' hands when they joined.
    pub gone: u64,
    /// Those, in order of joining, whose marks agree with the status; the others follow by settling.
    pub settled: u64,
    /// Participants that were told.
    pub holders: u64,
    /// Those that have not answered yet.
    pub unanswered: u64,
}

/// A unit in a campaign.
#[cw_serde]
pub struct MemberView {
    /// Its number in the campaign, from 0.
    pub number: u64,
    /// Its code.
    pub code: String,
    /// Its class.
    pub class: String,
    /// Must or may.
    pub scope: RecallScopeKind,
    /// The link by which it joined; `None` for a seed.
    pub link: Option<u64>,
    /// True where its code carries the campaign's mark.
    pub marked: bool,
    /// Life of its code now.
    pub life: Life,
    /// True where it has left the participants' hands by now.
    pub gone: bool,
    /// Owner now.
    pub owner: String,
    /// Custodian now.
    pub custodian: String,
    /// Height at which it joined.
    pub joined_at: u64,
}

/// A page of members.
#[cw_serde]
pub struct MemberPage {
    /// In the order in which they joined.
    pub members: Vec<MemberView>,
    /// Number of the last one, for the next page; `None` when the list is complete.
    pub next: Option<u64>,
}

/// A participant that was told.
#[cw_serde]
pub struct HolderView {
    /// The participant.
    pub participant: String,
    /// Where it stands.
    pub status: HolderStatus,
    /// Units of the campaign that it owned or held when they joined.
    pub units: u64,
    /// What it said with its last answer.
    pub note: Option<String>,
    /// Height of the last change.
    pub changed_at: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holders_answer_along_one_table() {
        use HolderAnswer as A;
        use HolderStatus as S;
        let states = [S::Notified, S::Acknowledged, S::Accepted, S::Declined, S::Contained];
        let answers = [A::Acknowledged, A::Accepted, A::Declined, A::Contained];
        let steps: Vec<_> = states
            .iter()
            .flat_map(|s| answers.iter().map(move |a| (*s, *a, s.after(*a))))
            .filter_map(|(s, _, to)| to.map(|to| (s, to)))
            .collect();
        assert_eq!(
            steps,
            [
                (S::Notified, S::Acknowledged),
                (S::Notified, S::Accepted),
                (S::Notified, S::Declined),
                (S::Acknowledged, S::Accepted),
                (S::Acknowledged, S::Declined),
                (S::Accepted, S::Declined),
                (S::Accepted, S::Contained),
                (S::Declined, S::Accepted),
            ]
        );
    }
}
