//! The assembly graph as other contracts ask it: one method for each question, so that a question and its answer
//! cannot be paired wrongly. Contracts alone use it; clients send [`QueryMsg`] themselves.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult};
use serde::de::DeserializeOwned;
use serde::Serialize;

use super::bom::{BomView, PlannedDiffAnswer};
use super::campaign::{CampaignView, MemberPage};
use super::project::ProjectView;
use super::{
    AlternateId, AsOf, ConfigAnswer, Direction, FinalProductPage, LinkView, LotLedgerAnswer,
    NodeRecordAnswer, OriginPage, PathAnswer, Perform, QueryMsg, RecallPage, RecallSummaryPage,
    TraceFilter, TracePage, UnitEventsAnswer, UnitIndex, UnitView, UsedPage, View,
};

/// The one order that the event log gives, as [`super::ExecuteMsg`] has it: who writes that enum brings the writers of all
/// its orders along.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Order<'o> {
    /// [`super::ExecuteMsg::Perform`].
    Perform(&'o Perform),
}

/// The question that other contracts of ours ask, as [`QueryMsg`] has it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Question<'q> {
    /// [`QueryMsg::Unit`].
    Unit {
        /// The code that it carries.
        code: &'q str,
    },
}

/// What a trace asks for.
#[derive(Clone, Debug)]
pub struct TraceQuestion {
    /// The code to start from.
    pub code: String,
    /// Direction.
    pub direction: Direction,
    /// Which links count.
    pub view: View,
    /// At which moment; `None` = now.
    pub as_of: Option<AsOf>,
    /// Which of the links; the default is all.
    pub filter: TraceFilter,
}

/// The contract behind an address.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "a querier has no text form")]
pub struct AssemblyGraph<'a> {
    querier: QuerierWrapper<'a>,
    address: &'a Addr,
}

/// Every method fails where the contract does not answer or refuses the question.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
impl<'a> AssemblyGraph<'a> {
    /// The contract at an address.
    pub const fn at(querier: QuerierWrapper<'a>, address: &'a Addr) -> Self {
        Self { querier, address }
    }

    /// Set-up and migrations.
    pub fn config(&self) -> StdResult<ConfigAnswer> {
        self.ask(&QueryMsg::Config {})
    }

    /// A unit by its code.
    pub fn unit(&self, code: &str) -> StdResult<Option<UnitView>> {
        self.ask(&Question::Unit { code })
    }

    /// A unit by another name.
    pub fn unit_by_alternate_id(&self, id: AlternateId) -> StdResult<Option<UnitView>> {
        self.ask(&QueryMsg::UnitByAlternateId(id))
    }

    /// Units of an index after one; an empty page is the end.
    pub fn units_by(
        &self,
        index: UnitIndex,
        value: &str,
        start_after: Option<u64>,
        limit: Option<u32>,
    ) -> StdResult<Vec<UnitView>> {
        self.ask(&QueryMsg::UnitsBy { index, value: value.into(), start_after, limit })
    }

    /// A unit's events.
    pub fn events(&self, code: &str, skip: u64, limit: Option<u32>) -> StdResult<UnitEventsAnswer> {
        self.ask(&QueryMsg::UnitEvents { code: code.into(), skip, limit })
    }

    /// A unit's links after one; an empty page is the end.
    pub fn links(
        &self,
        code: &str,
        direction: Direction,
        start_after: Option<u64>,
        limit: Option<u32>,
    ) -> StdResult<Vec<LinkView>> {
        self.ask(&QueryMsg::UnitLinks { code: code.into(), direction, start_after, limit })
    }

    /// A page of a trace.
    pub fn trace(
        &self,
        question: TraceQuestion,
        limit: Option<u32>,
        cursor: Option<String>,
    ) -> StdResult<TracePage> {
        let TraceQuestion { code, direction, view, as_of, filter } = question;
        let (view, filter) = (Some(view), Some(filter));
        self.ask(&QueryMsg::Trace { code, direction, view, as_of, filter, limit, cursor })
    }

    /// A page of a unit's starting points.
    pub fn origins(&self, code: &str, cursor: Option<String>) -> StdResult<OriginPage> {
        self.ask(&QueryMsg::Origins { code: code.into(), as_of: None, limit: None, cursor })
    }

    /// A page of a unit's final products.
    pub fn final_products(
        &self,
        code: &str,
        cursor: Option<String>,
    ) -> StdResult<FinalProductPage> {
        self.ask(&QueryMsg::FinalProducts { code: code.into(), limit: None, cursor })
    }

    /// What a unit went into, one level.
    pub fn where_used(&self, code: &str, start_after: Option<u64>) -> StdResult<UsedPage> {
        self.ask(&QueryMsg::WhereUsed { code: code.into(), start_after, limit: None })
    }

    /// What a unit consists of, one level.
    pub fn current_bom(
        &self,
        code: &str,
        as_of: Option<AsOf>,
        start_after: Option<u64>,
    ) -> StdResult<UsedPage> {
        self.ask(&QueryMsg::CurrentBom { code: code.into(), as_of, start_after, limit: None })
    }

    /// One way from a whole down to a part.
    pub fn path(&self, whole: &str, part: &str) -> StdResult<PathAnswer> {
        self.ask(&QueryMsg::Path { whole: whole.into(), part: part.into() })
    }

    /// Movements of a lot after one.
    pub fn lot_ledger(&self, code: &str, start_after: Option<u64>) -> StdResult<LotLedgerAnswer> {
        self.ask(&QueryMsg::LotLedger { code: code.into(), start_after, limit: None })
    }

    /// Raw keys and records of a unit.
    pub fn node_record(&self, code: &str) -> StdResult<Option<NodeRecordAnswer>> {
        self.ask(&QueryMsg::NodeRecord { code: code.into() })
    }

    /// A page of a recall's scope.
    pub fn recall_scope(
        &self,
        seeds: Vec<String>,
        cursor: Option<String>,
    ) -> StdResult<RecallPage> {
        self.ask(&QueryMsg::RecallScope { seeds, limit: None, cursor })
    }

    /// A page of a recall's summary.
    pub fn recall_summary(
        &self,
        seeds: Vec<String>,
        cursor: Option<String>,
    ) -> StdResult<RecallSummaryPage> {
        self.ask(&QueryMsg::RecallSummary { seeds, limit: None, cursor })
    }

    /// A hold or recall.
    pub fn campaign(&self, id: &str) -> StdResult<Option<CampaignView>> {
        self.ask(&QueryMsg::Campaign { id: id.into() })
    }

    /// Units of a hold or recall after one.
    pub fn campaign_members(&self, id: &str, start_after: Option<u64>) -> StdResult<MemberPage> {
        self.ask(&QueryMsg::CampaignMembers { id: id.into(), start_after, limit: None })
    }

    /// A planned bill of materials.
    pub fn bom(&self, class: &str, revision: Option<u32>) -> StdResult<Option<BomView>> {
        self.ask(&QueryMsg::Bom { class: class.into(), revision })
    }

    /// A unit's plan against what it was built of.
    pub fn planned_diff(&self, code: &str, revision: Option<u32>) -> StdResult<PlannedDiffAnswer> {
        self.ask(&QueryMsg::PlannedDiff { code: code.into(), revision })
    }

    /// A project.
    pub fn project(&self, number: &str, revision: Option<u32>) -> StdResult<Option<ProjectView>> {
        self.ask(&QueryMsg::Project { number: number.into(), revision })
    }

    fn ask<T: DeserializeOwned>(&self, question: &impl Serialize) -> StdResult<T> {
        crate::ask::ask(self.querier, self.address, question)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assembly::{ExecuteMsg, Operation};
    use crate::digest::Digest;
    use crate::event::{EventKind, Outcome};
    use crate::json::{from_json, to_json_vec};

    #[test]
    fn the_short_question_and_order_are_those_of_the_contract() {
        let bytes = to_json_vec(&Question::Unit { code: "b\"" }).expect("json");
        let whole = QueryMsg::Unit { code: "b\"".into() };
        assert_eq!(from_json::<QueryMsg>(&bytes).expect("a question"), whole);
        let perform = Perform {
            actor: "acme".into(),
            may_inspect_any: true,
            may_witness: false,
            may_regulate: false,
            kind: EventKind::Production,
            outcome: Outcome::Pass,
            cell: "CN-31".into(),
            event_id: "e1".into(),
            content: Digest::of(&[b"x"]),
            operation: Operation::Observe { units: vec!["c1".into()] },
        };
        let bytes = to_json_vec(&Order::Perform(&perform)).expect("json");
        let whole = ExecuteMsg::Perform(Box::new(perform));
        assert_eq!(from_json::<ExecuteMsg>(&bytes).expect("an order"), whole);
    }
}
