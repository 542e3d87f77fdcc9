//! Steps that set something right after the fact: an upload that comes in late, a disputed link that is settled.

use suyuan_cases::story::{Late, Recording, Settlement};
use suyuan_client::{lists, ClientError, Outcome};
use suyuan_trace_api::assembly::{
    Certainty, Direction, LinkView, Operation, QueryMsg as GraphQuery,
};
use suyuan_trace_api::event::GapStatus;
use suyuan_trace_api::page::PAGE_MAX;

use super::Player;

impl Player<'_> {
    /// Both are signed in order; the second one arrives first and opens a report, which the first one then fills.
    pub(super) async fn late(&mut self, late: &Late) -> Outcome<()> {
        let source = late.lost.source.clone();
        let nobody = || ClientError::Input("what comes in late has a source".into());
        let source = source.ok_or_else(nobody)?;
        let (lost, next) = (self.record(&late.lost)?, self.record(&late.next)?);
        for (recording, message, status) in
            [(&late.next, next, GapStatus::Open), (&late.lost, lost, GapStatus::Filled)]
        {
            let signer = self.signer(&recording.actor)?;
            self.tally.events += 1;
            self.push(signer, message).await?;
            self.expect_gap(&source, status).await?;
        }
        Ok(())
    }

    /// The last report of a source stands there.
    async fn expect_gap(&mut self, source: &str, status: GapStatus) -> Outcome<()> {
        self.flush().await?;
        let log = self.deployment.event(self.client);
        let gaps = lists::gaps(self.client, &log, source).await?;
        let last = gaps.last().map(|gap| gap.status);
        if last == Some(status) {
            self.tally.held += 1;
            return Ok(());
        }
        Err(ClientError::Unexpected(format!(
            "the last gap of {source} is {last:?}; the story says {status:?}"
        )))
    }

    /// Finds the link by its ends, and settles it.
    pub(super) async fn settle(&mut self, settlement: &Settlement) -> Outcome<()> {
        self.flush().await?;
        let number = self.disputed(&settlement.whole, &settlement.part).await?;
        let mut recording: Recording = settlement.recording.clone();
        if let Operation::Resolve { link, .. } = &mut recording.operation {
            *link = number;
        }
        let signer = self.signer(&recording.actor)?;
        let message = self.record(&recording)?;
        self.tally.events += 1;
        self.push(signer, message).await
    }

    async fn disputed(&self, whole: &str, part: &str) -> Outcome<u64> {
        let question = GraphQuery::UnitLinks {
            code: part.to_string(),
            direction: Direction::Forward,
            start_after: None,
            limit: Some(PAGE_MAX),
        };
        let links: Vec<LinkView> = self.deployment.graph(self.client).query(&question).await?;
        let open = |link: &&LinkView| {
            link.parent == whole
                && link.certainty == Certainty::Disputed
                && link.closed_by.is_none()
        };
        let found = links.iter().find(open).map(|link| link.id);
        found.ok_or_else(|| {
            ClientError::Unexpected(format!("no disputed link from {whole} to {part}"))
        })
    }
}
