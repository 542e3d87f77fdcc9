//! The one caller that may send inner messages.
//!
//! A business operation enters by one contract and reaches the others by sub-messages. Contracts that call each
//! other in a row cannot all know the next address when they are instantiated, so the inner one is told once,
//! by whoever instantiated it, and never again.

use crate::store::Item;
use cosmwasm_std::{Addr, StdResult, Storage};

use crate::fault::{fault, Fault};

/// Why a wiring or an inner message is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Only the address that instantiated the contract wires it.
    #[error("only the instantiator {instantiator} may wire this contract")]
    NotInstantiator {
        /// Who may.
        instantiator: String,
    },
    /// Wiring happens once.
    #[error("this contract is already wired to {to}")]
    AlreadyWired {
        /// The caller it has.
        to: String,
    },
    /// An inner message before the wiring.
    #[error("this contract is not wired yet")]
    NotWired,
    /// An inner message from somebody else.
    #[error("{sender} may not send inner messages, only {wired} may")]
    WrongCaller {
        /// Who sent it.
        sender: String,
        /// Who may.
        wired: String,
    },
    /// Storage.
    #[error("{0}")]
    Fault(Fault),
}

/// Two items: who instantiated, and who may call.
#[allow(missing_debug_implementations, reason = "storage items have no text form")]
pub struct Wire {
    instantiator: Item<Addr>,
    caller: Item<Addr>,
}

impl Wire {
    /// With the storage keys of its two items.
    pub const fn new(instantiator_key: &'static str, caller_key: &'static str) -> Self {
        Self { instantiator: Item::new(instantiator_key), caller: Item::new(caller_key) }
    }

    /// At instantiation: remembers who may wire.
    ///
    /// # Errors
    /// Storage.
    pub fn init(&self, storage: &mut dyn Storage, instantiator: &Addr) -> StdResult<()> {
        self.instantiator.save(storage, instantiator)
    }

    /// Sets the caller, once.
    ///
    /// # Errors
    /// [`WireError::NotInstantiator`], [`WireError::AlreadyWired`].
    pub fn wire(
        &self,
        storage: &mut dyn Storage,
        sender: &Addr,
        caller: &Addr,
    ) -> Result<(), WireError> {
        let instantiator = self.instantiator.load(storage).map_err(storage_fault)?;
        if *sender != instantiator {
            return Err(WireError::NotInstantiator { instantiator: instantiator.into_string() });
        }
        if let Some(to) = self.caller(storage).map_err(storage_fault)? {
            return Err(WireError::AlreadyWired { to: to.into_string() });
        }
        self.caller.save(storage, caller).map_err(storage_fault)
    }

    /// The caller, once wired.
    ///
    /// # Errors
    /// Storage.
    pub fn caller(&self, storage: &dyn Storage) -> StdResult<Option<Addr>> {
        self.caller.may_load(storage)
    }

    /// Passes inner messages of the wired caller only.
    ///
    /// # Errors
    /// [`WireError::NotWired`], [`WireError::WrongCaller`].
    pub fn check(&self, storage: &dyn Storage, sender: &Addr) -> Result<(), WireError> {
        match self.caller(storage).map_err(storage_fault)? {
            None => Err(WireError::NotWired),
            Some(wired) if wired == *sender => Ok(()),
            Some(wired) => Err(WireError::WrongCaller {
                sender: sender.to_string(),
                wired: wired.into_string(),
            }),
        }
    }
}

fn storage_fault(error: cosmwasm_std::StdError) -> WireError {
    WireError::Fault(fault(error))
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    #[test]
    fn wired_once_by_the_instantiator_and_then_for_that_caller_only() {
        let wire = Wire::new("instantiator", "caller");
        let mut storage = MockStorage::new();
        let [owner, log, other] = ["owner", "log", "other"].map(Addr::unchecked);
        wire.init(&mut storage, &owner).expect("storage");

        assert_eq!(wire.check(&storage, &log), Err(WireError::NotWired));
        assert_eq!(
            wire.wire(&mut storage, &other, &other),
            Err(WireError::NotInstantiator { instantiator: "owner".into() })
        );
        assert_eq!(wire.wire(&mut storage, &owner, &log), Ok(()));
        assert_eq!(
            wire.wire(&mut storage, &owner, &other),
            Err(WireError::AlreadyWired { to: "log".into() })
        );
        assert_eq!(wire.check(&storage, &log), Ok(()));
        assert_eq!(
            wire.check(&storage, &owner),
            Err(WireError::WrongCaller { sender: "owner".into(), wired: "log".into() })
        );
    }
}
