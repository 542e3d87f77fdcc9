//! Contract name and version in state (the record of cw2, byte for byte), the one rule of migration – same contract,
//! never backwards –, and the list of migrations that each contract remembers under [`MIGRATIONS_KEY`].
//!
//! A contract's whole `migrate` entry point is [`run`]; one that has version steps calls [`forward`], does its steps
//! by [`Migration::from_version`], and answers with [`answer`]. Its `Config` answer holds [`history`].

use cosmwasm_std::{Env, Event, Response, StdError, StdResult, Storage};
use serde::{Deserialize, Serialize};
pub use suyuan_trace_api::migration::{Migration, MAX_MIGRATIONS};

use crate::event::TypedEvent as _;
use crate::store::Item;
use crate::typed_events;

/// Storage key of the list, the same in every contract.
pub const MIGRATIONS_KEY: &str = "migrations";

/// Storage key of name and version, that of the cw2 specification.
pub const CONTRACT_KEY: &str = "contract_info";

const MIGRATIONS: Item<Vec<Migration>> = Item::new(MIGRATIONS_KEY);
const CONTRACT: Item<ContractVersion> = Item::new(CONTRACT_KEY);

/// Name and version, as cw2 stores them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ContractVersion {
    contract: String,
    version: String,
}

typed_events! {
    /// Other code took over the contract's state.
    Migrated = "migrated" { from_version, to_version }
}

/// At instantiation: writes name and version.
///
/// # Errors
/// Storage.
pub fn stamp(storage: &mut dyn Storage, name: &str, version: &str) -> StdResult<()> {
    let (contract, version) = (name.to_owned(), version.to_owned());
    CONTRACT.save(storage, &ContractVersion { contract, version })
}

/// At migration: checks that the state is this contract's and not newer than the code, writes the new version,
/// and adds the migration to the list, so that every later answer shows it.
///
/// # Errors
/// Another contract's state, a newer state, more than [`MAX_MIGRATIONS`], or storage.
pub fn forward(
    storage: &mut dyn Storage,
    env: &Env,
    name: &str,
    version: &str,
) -> StdResult<Migration> {
    let mut list = history(storage)?;
    if list.len() >= MAX_MIGRATIONS {
        return Err(StdError::msg(format!(
            "this contract was migrated {} times, and remembers no more",
            list.len()
        )));
    }
    let from_version = raise(storage, name, version)?;
    let to_version = version.to_owned();
    let migration = Migration { height: env.block.height, from_version, to_version };
    list.push(migration.clone());
    MIGRATIONS.save(storage, &list)?;
    Ok(migration)
}

/// Writes the new version, and returns the one that stood there.
fn raise(storage: &mut dyn Storage, name: &str, version: &str) -> StdResult<String> {
    let stored = CONTRACT.load(storage)?;
    if stored.contract != name {
        let text = format!("Cannot migrate from {} to {name}", stored.contract);
        return Err(StdError::msg(text));
    }
    let (from, to) = (numbers(&stored.version)?, numbers(version)?);
    if from > to {
        let text =
            format!("Cannot migrate from newer version ({}) to older ({version})", stored.version);
        return Err(StdError::msg(text));
    }
    if from < to {
        stamp(storage, name, version)?;
    }
    Ok(stored.version)
}

/// A version of ours: three numbers, without the additions that semantic versions may have.
fn numbers(version: &str) -> StdResult<[u64; 3]> {
    let mut parts = version.split('.').map(str::parse);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor)), Some(Ok(patch)), None) => Ok([major, minor, patch]),
        _ => Err(StdError::msg(format!("{version} is no version of three numbers"))),
    }
}

/// The whole of a migration without version steps: [`forward`] and [`answer`].
///
/// # Errors
/// As [`forward`].
pub fn run(storage: &mut dyn Storage, env: &Env, name: &str, version: &str) -> StdResult<Response> {
    forward(storage, env, name, version).map(answer)
}

/// What a migration tells the outside.
pub fn answer(migration: Migration) -> Response {
    Response::new().add_event(event(migration))
}

fn event(migration: Migration) -> Event {
    let Migration { from_version, to_version, .. } = migration;
    Migrated { from_version, to_version }.into_event()
}

/// All migrations of this contract, oldest first, at most [`MAX_MIGRATIONS`].
///
/// # Errors
/// Storage.
pub fn history(storage: &dyn Storage) -> StdResult<Vec<Migration>> {
    Ok(MIGRATIONS.may_load(storage)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::{mock_env, MockStorage};

    use super::*;

    #[test]
    fn migration_goes_forward_within_one_contract() {
        let (mut storage, env) = (MockStorage::new(), mock_env());
        stamp(&mut storage, "suyuan-x", "0.1.0").expect("storage");
        let from = forward(&mut storage, &env, "suyuan-x", "0.2.0").map(|m| m.from_version);
        assert_eq!(from.ok().as_deref(), Some("0.1.0"));
        assert!(forward(&mut storage, &env, "suyuan-x", "0.1.0").is_err());
        assert!(forward(&mut storage, &env, "suyuan-y", "0.3.0").is_err());
    }

    #[test]
    fn name_and_version_are_the_record_of_cw2() {
        let (mut ours, mut theirs) = (MockStorage::new(), MockStorage::new());
        stamp(&mut ours, "suyuan-x", "0.10.0").expect("storage");
        cw2::set_contract_version(&mut theirs, "suyuan-x", "0.10.0").expect("storage");
        assert_eq!(ours.get(CONTRACT_KEY.as_bytes()), theirs.get(CONTRACT_KEY.as_bytes()));
        for to in ["0.9.9", "0.10.0", "0.10.1", "1.0.0", "0.2.0", "1.0.1"] {
            let expected = cw2::ensure_from_older_version(&mut theirs, "suyuan-x", to);
            let found = raise(&mut ours, "suyuan-x", to);
            assert_eq!(found.ok(), expected.ok().map(|version| version.to_string()), "{to}");
            assert_eq!(ours.get(CONTRACT_KEY.as_bytes()), theirs.get(CONTRACT_KEY.as_bytes()));
        }
        for bad in ["", "1", "1.2", "1.2.3.4", "1.2.x", "1.2.3-rc"] {
            assert!(raise(&mut ours, "suyuan-x", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn each_migration_is_remembered_with_its_height() {
        let (mut storage, mut env) = (MockStorage::new(), mock_env());
        stamp(&mut storage, "suyuan-x", "0.1.0").expect("storage");
        assert_eq!(history(&storage).expect("storage"), []);
        let mut expected = vec![];
        for (height, from, to) in [(7, "0.1.0", "0.1.0"), (9, "0.1.0", "0.2.0")] {
            env.block.height = height;
            let response = run(&mut storage, &env, "suyuan-x", to).expect("forward");
            assert_eq!(response.events[0].ty, "migrated");
            let (from_version, to_version) = (from.to_owned(), to.to_owned());
            expected.push(Migration { height, from_version, to_version });
        }
        assert_eq!(history(&storage).expect("storage"), expected);
    }

    #[test]
    fn no_migration_is_forgotten_to_make_room_for_another() {
        let (mut storage, env) = (MockStorage::new(), mock_env());
        stamp(&mut storage, "suyuan-x", "0.1.0").expect("storage");
        for _ in 0..MAX_MIGRATIONS {
            run(&mut storage, &env, "suyuan-x", "0.1.0").expect("room");
        }
        let refused = run(&mut storage, &env, "suyuan-x", "0.1.0").expect_err("full");
        assert!(refused.to_string().contains("migrated 64 times"), "{refused}");
        assert_eq!(history(&storage).expect("storage").len(), MAX_MIGRATIONS);
    }
}
