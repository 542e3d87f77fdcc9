//! Typed questions to trace-code, for contracts: each answer has the type that its question promises.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult};
use serde::de::DeserializeOwned;

use super::{
    Batch, BatchStatsAnswer, Class, CodeState, ConfigAnswer, Evidence, LifeAnswer, PresentedCode,
    QueryMsg, Quota, QuotaScope, VerdictAnswer, VoidedRange,
};

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
    pub fn classes(&self, ids: Vec<String>) -> StdResult<Vec<Option<Class>>> {
        self.ask(&QueryMsg::ClassesById { ids })
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
    pub fn lives(&self, codes: Vec<String>) -> StdResult<Vec<Option<LifeAnswer>>> {
        self.ask(&QueryMsg::Lives { codes })
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

    fn ask<T: DeserializeOwned>(&self, question: &QueryMsg) -> StdResult<T> {
        crate::ask::ask(self.querier, self.address, question)
    }
}
