//! Typed questions to trace-code, for contracts: each answer has the type that its question promises.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult};
use serde::de::DeserializeOwned;
use serde::Serialize;

use super::{
    Batch, BatchStatsAnswer, Class, CodeState, ConfigAnswer, Evidence, LifeAnswer, LifeStep,
    PresentedCode, QueryMsg, Quota, QuotaScope, VerdictAnswer, VoidedRange,
};

/// The one order that the assembly graph gives, as [`super::ExecuteMsg`] has it: who writes that enum brings the writers
/// of all its orders along.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Order<'o> {
    /// [`super::ExecuteMsg::Advance`].
    Advance {
        /// At most [`super::MAX_STEPS`].
        steps: &'o [LifeStep],
    },
}

/// The questions that our own contracts ask, as [`QueryMsg`] has them.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Question<'q> {
    ClassesById { ids: &'q [String] },
    Lives { codes: &'q [String] },
}

/// trace-code as another contract asks it. Every method fails where it does not answer.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "a querier has no text form")]
pub struct TraceCode<'a> {
    querier: QuerierWrapper<'a>,
    address: &'a Addr,
}

impl<'a> TraceCode<'a> {
    /// The contract at an address.
    pub const fn at(querier: QuerierWrapper<'a>, address: &'a Addr) -> Self {
        Self { querier, address }
    }

    /// Set-up and migrations.
    ///
    /// # Errors
    /// The contract does not answer.
    pub fn config(&self) -> StdResult<ConfigAnswer> {
        self.ask(&QueryMsg::Config {})
    }

    /// A class.
    ///
    /// # Errors
    /// The contract does not answer.
    pub fn class(&self, id: &str) -> StdResult<Option<Class>> {
        self.ask(&QueryMsg::Class { id: id.to_owned() })
    }

    /// Several classes, in the order asked; at most [`super::MAX_STEPS`].
    ///
    /// # Errors
    /// The contract does not answer.
    pub fn classes(&self, ids: &[String]) -> StdResult<Vec<Option<Class>>> {
        self.ask(&Question::ClassesById { ids })
    }

    /// A batch.
    ///
    /// # Errors
    /// The contract does not answer.
    pub fn batch(&self, id: &str) -> StdResult<Option<Batch>> {
        self.ask(&QueryMsg::Batch { id: id.to_owned() })
    }

    /// How many codes of a batch are where.
    ///
    /// # Errors
    /// The contract does not answer.
    pub fn batch_stats(&self, id: &str) -> StdResult<Option<BatchStatsAnswer>> {
        self.ask(&QueryMsg::BatchStats { id: id.to_owned() })
    }

    /// Voided ranges of a batch; one page.
    ///
    /// # Errors
    /// The contract does not answer.
    pub fn voided(
        &self,
        batch: &str,
        start_after: Option<u32>,
        limit: Option<u32>,
    ) -> StdResult<Vec<VoidedRange>> {
        self.ask(&QueryMsg::RangeStates { batch: batch.to_owned(), start_after, limit })
    }

    /// A code's record.
    ///
    /// # Errors
    /// The contract does not answer.
    pub fn code(&self, code: &str) -> StdResult<Option<CodeState>> {
        self.ask(&QueryMsg::Code { code: code.to_owned() })
    }

    /// Lives of several codes, in the order asked; at most [`super::MAX_STEPS`].
    ///
    /// # Errors
    /// The contract does not answer.
    pub fn lives(&self, codes: &[String]) -> StdResult<Vec<Option<LifeAnswer>>> {
        self.ask(&Question::Lives { codes })
    }

    /// Is this code genuine?
    ///
    /// # Errors
    /// The contract, or one that it asks, does not answer.
    pub fn verify(
        &self,
        code: &str,
        presented: Option<PresentedCode>,
        evidence: Option<Evidence>,
    ) -> StdResult<VerdictAnswer> {
        self.ask(&QueryMsg::Verify { code: code.to_owned(), presented, evidence })
    }

    /// Codes issued and allowed within a scope.
    ///
    /// # Errors
    /// The contract does not answer.
    pub fn quota(&self, scope: QuotaScope) -> StdResult<Quota> {
        self.ask(&QueryMsg::Quota { scope })
    }

    fn ask<T: DeserializeOwned>(&self, question: &impl Serialize) -> StdResult<T> {
        crate::ask::ask(self.querier, self.address, question)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{ExecuteMsg, Life};
    use crate::json::{from_json, to_json_vec};

    #[test]
    fn the_short_questions_and_orders_are_those_of_the_contract() {
        let names = vec!["a".to_owned(), "b\"".to_owned()];
        let bytes = to_json_vec(&Question::ClassesById { ids: &names }).expect("json");
        let whole = QueryMsg::ClassesById { ids: names.clone() };
        assert_eq!(from_json::<QueryMsg>(&bytes).expect("a question"), whole);
        let bytes = to_json_vec(&Question::Lives { codes: &names }).expect("json");
        let whole = QueryMsg::Lives { codes: names };
        assert_eq!(from_json::<QueryMsg>(&bytes).expect("a question"), whole);
        let (code, actor, cell) = ("c1".to_owned(), "acme".to_owned(), "CN-31".to_owned());
        let release = LifeStep::Release { code: code.clone() };
        let steps = vec![release, LifeStep::Leave { code, to: Life::Sold, actor, cell }];
        let bytes = to_json_vec(&Order::Advance { steps: &steps }).expect("json");
        let whole = ExecuteMsg::Advance { steps };
        assert_eq!(from_json::<ExecuteMsg>(&bytes).expect("an order"), whole);
    }
}
