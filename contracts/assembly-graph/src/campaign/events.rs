//! What holds and recalls tell the outside.

use suyuan_contract_kit::typed_events;

typed_events! {
    /// A hold or recall was opened.
    CampaignOpened = "campaign_opened" { campaign, kind, severity, problem, by, units }
    /// Units joined it.
    CampaignExtended = "campaign_extended" { campaign, by, units }
    /// Its status changed.
    CampaignChanged = "campaign_changed" { campaign, status, by, reason }
    /// Marks of its units were brought in line with its status.
    CampaignSettled = "campaign_settled" { campaign, settled, members }
    /// A holder was told that units in its hands are in it.
    HolderNotified = "holder_notified" { campaign, participant, units }
    /// A holder answered.
    HolderAnswered = "holder_answered" { campaign, participant, status }
}
