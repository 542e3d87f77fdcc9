//! What holds and recalls refuse, each with a stable code in front of the text.

use suyuan_trace_api::assembly::campaign::{
    CampaignStatus, HolderAnswer, HolderStatus, MAX_CAMPAIGN_CHANGES, MAX_CAMPAIGN_CODES,
};

/// Why a message about a hold or recall is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CampaignError {
    /// No campaign has this id.
    #[error("assembly-graph/UnknownCampaign: no hold or recall has the id {id}")]
    UnknownCampaign {
        /// The id.
        id: String,
    },
    /// The id is taken.
    #[error("assembly-graph/CampaignExists: a hold or recall has the id {id} already")]
    CampaignExists {
        /// The id.
        id: String,
    },
    /// No seed, or no unit to add.
    #[error("assembly-graph/NoCodes: the message names no unit")]
    NoCodes,
    /// More than [`MAX_CAMPAIGN_CODES`].
    #[error(
        "assembly-graph/TooManyCodes: {got} units in one message, at most {MAX_CAMPAIGN_CODES}"
    )]
    TooManyCodes {
        /// How many.
        got: usize,
    },
    /// Neither owner of the seed's class nor regulator.
    #[error("assembly-graph/NotMarker: {participant} may not hold or recall {code}, the owner {owner} of its class or a regulator may")]
    NotMarker {
        /// Who tried.
        participant: String,
        /// The seed.
        code: String,
        /// The class's owner.
        owner: String,
    },
    /// Somebody else's campaign.
    #[error("assembly-graph/NotCampaignOwner: {participant} did not open {id}, {owner} did")]
    NotCampaignOwner {
        /// The campaign.
        id: String,
        /// Who tried.
        participant: String,
        /// Who opened it.
        owner: String,
    },
    /// A regulator's campaign.
    #[error("assembly-graph/RegulatorsCampaign: a regulator opened {id}, a regulator changes it")]
    RegulatorsCampaign {
        /// The campaign.
        id: String,
    },
    /// Not a step of this status.
    #[error("assembly-graph/CampaignStatus: {id} is {status:?}, not {needed:?}")]
    CampaignStatus {
        /// The campaign.
        id: String,
        /// Where it stands.
        status: CampaignStatus,
        /// Where it would have to.
        needed: CampaignStatus,
    },
    /// More than [`MAX_CAMPAIGN_CHANGES`].
    #[error("assembly-graph/TooManyChanges: {id} has changed {MAX_CAMPAIGN_CHANGES} times, open another one")]
    TooManyChanges {
        /// The campaign.
        id: String,
    },
    /// Nothing is left to settle.
    #[error("assembly-graph/AllSettled: all marks of {id} agree with its status")]
    AllSettled {
        /// The campaign.
        id: String,
    },
    /// The unit is in it, as surely as this link says.
    #[error("assembly-graph/AlreadyInCampaign: {code} is in {id} already")]
    AlreadyInCampaign {
        /// The unit.
        code: String,
        /// The campaign.
        id: String,
    },
    /// The link does not lead from this unit to a unit of the campaign.
    #[error("assembly-graph/NotLinked: link {link} does not join {code} with a unit of {id}")]
    NotLinked {
        /// The unit.
        code: String,
        /// The link.
        link: u64,
        /// The campaign.
        id: String,
    },
    /// The link does not hold any more.
    #[error("assembly-graph/LinkEnded: link {link} has ended, {code} holds nothing of the campaign by it")]
    LinkEnded {
        /// The unit.
        code: String,
        /// The link.
        link: u64,
    },
    /// An answer by somebody who was not notified.
    #[error("assembly-graph/NotHolder: {participant} holds and owns no unit of {id}")]
    NotHolder {
        /// The campaign.
        id: String,
        /// Who tried.
        participant: String,
    },
    /// An answer that does not follow.
    #[error("assembly-graph/BadAnswer: {answer:?} is no answer of a holder that is {status:?}")]
    BadAnswer {
        /// Where the holder stands.
        status: HolderStatus,
        /// What it sent.
        answer: HolderAnswer,
    },
    /// A refusal without a reason.
    #[error("assembly-graph/NoReason: who declines says why")]
    NoReason,
}
