//! Typed questions to a registry, for contracts: each answer has the type that its question promises.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult};
use serde::de::DeserializeOwned;
use serde::Serialize;

use super::{
    Actor, AttestorCursor, AttestorsAnswer, CanAnswer, CanScope, ConfigAnswer, Grant, Identifier,
    Key, Participant, Permission, PrefixRange, QueryMsg, Role, Service, Source,
};

/// The questions that our own contracts ask, as [`QueryMsg`] has them: who writes that enum brings the writers of all its
/// questions along.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Question<'q> {
    Actor { address: &'q str },
    Participant { id: &'q str },
    Key { participant: &'q str, kid: &'q str },
    Source { id: &'q str },
    PrefixRange { scheme: &'q str, number: &'q str },
}

/// A registry that is asked by another contract. Every method fails where the registry does not answer.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "a querier has no text form")]
pub struct Registry<'a> {
    querier: QuerierWrapper<'a>,
    address: &'a Addr,
}

impl<'a> Registry<'a> {
    /// The registry at an address.
    pub const fn at(querier: QuerierWrapper<'a>, address: &'a Addr) -> Self {
        Self { querier, address }
    }

    /// Who acts behind an address: two reads there.
    ///
    /// # Errors
    /// The registry does not answer.
    pub fn actor(&self, address: &Addr) -> StdResult<Option<Actor>> {
        self.ask(&Question::Actor { address: address.as_str() })
    }

    /// Whether a participant may do something, with the first reason why not.
    ///
    /// # Errors
    /// The registry does not answer.
    pub fn can(
        &self,
        participant: &str,
        permission: Permission,
        scope: Option<CanScope>,
    ) -> StdResult<CanAnswer> {
        self.ask(&QueryMsg::Can { actor: participant.to_owned(), permission, scope })
    }

    /// A participant.
    ///
    /// # Errors
    /// The registry does not answer.
    pub fn participant(&self, id: &str) -> StdResult<Option<Participant>> {
        self.ask(&Question::Participant { id })
    }

    /// The participant known elsewhere under a number.
    ///
    /// # Errors
    /// The registry does not answer.
    pub fn by_identifier(&self, identifier: Identifier) -> StdResult<Option<Participant>> {
        self.ask(&QueryMsg::ByIdentifier(identifier))
    }

    /// A role.
    ///
    /// # Errors
    /// The registry does not answer.
    pub fn role(&self, name: &str) -> StdResult<Option<Role>> {
        self.ask(&QueryMsg::Role { name: name.to_owned() })
    }

    /// A participant's key.
    ///
    /// # Errors
    /// The registry does not answer.
    pub fn key(&self, participant: &str, kid: &str) -> StdResult<Option<Key>> {
        self.ask(&Question::Key { participant, kid })
    }

    /// A data source with its keys.
    ///
    /// # Errors
    /// The registry does not answer.
    pub fn source(&self, id: &str) -> StdResult<Option<Source>> {
        self.ask(&Question::Source { id })
    }

    /// The assigned range that a prefix touches.
    ///
    /// # Errors
    /// The registry does not answer.
    pub fn prefix_range(&self, scheme: &str, number: &str) -> StdResult<Option<PrefixRange>> {
        self.ask(&Question::PrefixRange { scheme, number })
    }

    /// A page of the authentication nodes at a height; `None` = now.
    ///
    /// # Errors
    /// The registry does not answer.
    pub fn attestors(
        &self,
        at_height: Option<u64>,
        start_after: Option<AttestorCursor>,
        limit: Option<u32>,
    ) -> StdResult<AttestorsAnswer> {
        self.ask(&QueryMsg::Attestors { at_height, start_after, limit })
    }

    /// A read grant.
    ///
    /// # Errors
    /// The registry does not answer.
    pub fn grant(&self, id: u64) -> StdResult<Option<Grant>> {
        self.ask(&QueryMsg::Grant { id })
    }

    /// A service.
    ///
    /// # Errors
    /// The registry does not answer.
    pub fn service(&self, id: &str) -> StdResult<Option<Service>> {
        self.ask(&QueryMsg::Service { id: id.to_owned() })
    }

    /// Set-up and migrations.
    ///
    /// # Errors
    /// The registry does not answer.
    pub fn config(&self) -> StdResult<ConfigAnswer> {
        self.ask(&QueryMsg::Config {})
    }

    fn ask<T: DeserializeOwned>(&self, question: &impl Serialize) -> StdResult<T> {
        crate::ask::ask(self.querier, self.address, question)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{from_json, to_json_vec};

    fn check(short: &Question<'_>, whole: QueryMsg) {
        let bytes = to_json_vec(short).expect("json");
        assert_eq!(from_json::<QueryMsg>(&bytes).expect("a question"), whole);
    }

    #[test]
    fn the_short_questions_are_those_of_the_registry() {
        let [a, b] = ["a", "b\""].map(String::from);
        check(&Question::Actor { address: &a }, QueryMsg::Actor { address: a.clone() });
        check(&Question::Participant { id: &b }, QueryMsg::Participant { id: b.clone() });
        let (participant, kid) = (a.clone(), b.clone());
        check(&Question::Key { participant: &a, kid: &b }, QueryMsg::Key { participant, kid });
        check(&Question::Source { id: &a }, QueryMsg::Source { id: a.clone() });
        let (scheme, number) = (a.clone(), b.clone());
        let range = Question::PrefixRange { scheme: &a, number: &b };
        check(&range, QueryMsg::PrefixRange { scheme, number });
    }
}
