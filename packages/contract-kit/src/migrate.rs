//! Contract name and version in state (cw2), and the one rule of migration: same contract, never backwards.

use cosmwasm_std::{StdResult, Storage};

/// At instantiation: writes name and version.
///
/// # Errors
/// Storage.
pub fn stamp(storage: &mut dyn Storage, name: &str, version: &str) -> StdResult<()> {
    cw2::set_contract_version(storage, name, version)
}

/// At migration: checks that the state is this contract's and not newer than the code, writes the new version
/// and returns the old one as text, so that the caller can run its version steps.
///
/// # Errors
/// Another contract's state, a newer state, or storage.
pub fn advance(storage: &mut dyn Storage, name: &str, version: &str) -> StdResult<String> {
    cw2::ensure_from_older_version(storage, name, version).map(|old| old.to_string())
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    #[test]
    fn migration_goes_forward_within_one_contract() {
        let mut storage = MockStorage::new();
        stamp(&mut storage, "suyuan-x", "0.1.0").expect("storage");
        assert_eq!(advance(&mut storage, "suyuan-x", "0.2.0").ok().as_deref(), Some("0.1.0"));
        assert!(advance(&mut storage, "suyuan-x", "0.1.0").is_err());
        assert!(advance(&mut storage, "suyuan-y", "0.3.0").is_err());
    }
}
