//! Accounts: who exists, with which number, sequence and public key.

pub(crate) mod state_key;

use crate::error::Run;
use crate::exec::Exec;
use crate::facts::Facts;
use crate::gas;
use cosmos_sdk_proto::cosmos::auth::v1beta1::{BaseAccount, Params};
use cosmos_sdk_proto::Any;
use prost::{Message, Name};
use state_key::STORE;
use suyuan_core::address::Addr;
use suyuan_core::{HostFault, Hosted};
use suyuan_store::Snapshot;
use suyuan_tx::PubKey;

/// An account. Numbers are given in order of creation and stay far below 2^53, which JavaScript clients need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub addr: Addr,
    /// One key or several; never an unsupported one.
    pub pub_key: Option<PubKey>,
    pub number: u64,
    pub sequence: u64,
}

impl Account {
    /// The account as stored and answered: an `Any` of a `BaseAccount`.
    pub(crate) fn to_any(&self, facts: &Facts) -> Any {
        let account = self.to_base(facts);
        Any { type_url: format!("/{}", BaseAccount::full_name()), value: account.encode_to_vec() }
    }

    /// The account as a message.
    pub(crate) fn to_base(&self, facts: &Facts) -> BaseAccount {
        BaseAccount {
            address: facts.text(&self.addr),
            pub_key: self.pub_key.as_ref().map(PubKey::to_any),
            account_number: self.number,
            sequence: self.sequence,
        }
    }

    fn from_bytes(addr: &[u8], bytes: &[u8]) -> Hosted<Account> {
        let broken = |_| HostFault::new("an account in state is not a BaseAccount");
        let any = Any::decode(bytes).map_err(broken)?;
        let account = BaseAccount::decode(&any.value[..]).map_err(broken)?;
        let pub_key = account.pub_key.as_ref().map(pub_key_of_any).transpose()?;
        Ok(Account {
            addr: addr.to_vec(),
            pub_key,
            number: account.account_number,
            sequence: account.sequence,
        })
    }
}

fn pub_key_of_any(any: &Any) -> Hosted<PubKey> {
    match PubKey::from_any(any) {
        Ok(key) if key.address().is_some() => Ok(key),
        _ => Err(HostFault::new("a public key in state cannot sign")),
    }
}

/// The account at `addr`, charged as one read.
pub(crate) fn account(exec: &mut Exec<'_>, addr: &[u8]) -> Run<Option<Account>> {
    let bytes = exec.read(STORE, &state_key::account(addr))?;
    Ok(bytes.map(|b| Account::from_bytes(addr, &b)).transpose()?)
}

/// The account at `addr` in a committed state.
pub(crate) fn committed_account(snapshot: &Snapshot, addr: &[u8]) -> Hosted<Option<Account>> {
    let bytes = snapshot.get(STORE, &state_key::account(addr))?;
    bytes.map(|b| Account::from_bytes(addr, &b)).transpose()
}

/// An account from a record of the store.
pub(crate) fn account_of_record(addr: &[u8], bytes: &[u8]) -> Hosted<Account> {
    Account::from_bytes(addr, bytes)
}

/// Writes `account`; paid with the SDK's index by number, which this chain does not keep.
pub(crate) fn save(exec: &mut Exec<'_>, account: &Account) -> Run<()> {
    let bytes = account.to_any(exec.facts).encode_to_vec();
    let key = state_key::account(&account.addr);
    let before = exec.delta.get(STORE, &key)?.map(|bytes| bytes.len());
    exec.gas.charge(gas::account_index(key.len(), before), "WritePerByte")?;
    exec.write(STORE, &key, &bytes)
}

/// Pays for reading the account at `addr` once more: the SDK reads it in each step that needs it.
pub(crate) fn charge_read(exec: &mut Exec<'_>, addr: &[u8]) -> Run<()> {
    exec.read(STORE, &state_key::account(addr)).map(drop)
}

/// Creates the account at `addr` with the next number.
pub(crate) fn create(exec: &mut Exec<'_>, addr: &[u8]) -> Run<Account> {
    let number = next_number(exec)?;
    let account = Account { addr: addr.to_vec(), pub_key: None, number, sequence: 0 };
    save(exec, &account)?;
    Ok(account)
}

/// Creates the account at `addr` unless it exists.
pub(crate) fn ensure(exec: &mut Exec<'_>, addr: &[u8]) -> Run<()> {
    if !exec.has(STORE, &state_key::account(addr))? {
        create(exec, addr)?;
    }
    Ok(())
}

fn next_number(exec: &mut Exec<'_>) -> Run<u64> {
    let number = match exec.read(STORE, state_key::NEXT_NUMBER)? {
        None => 0,
        Some(bytes) => u64::from_be_bytes(
            bytes
                .try_into()
                .map_err(|_| HostFault::new("next account number in state is not 8 bytes"))?,
        ),
    };
    set_next_number(
        exec,
        number.checked_add(1).ok_or_else(|| HostFault::new("account numbers are used up"))?,
    )?;
    Ok(number)
}

/// Sets the number of the next account; genesis and [`create`] only.
pub(crate) fn set_next_number(exec: &mut Exec<'_>, number: u64) -> Run<()> {
    exec.write(STORE, state_key::NEXT_NUMBER, &number.to_be_bytes())
}

/// The parameters of the module. Constant, written at genesis so that queries and proofs find them.
pub(crate) fn params() -> Params {
    Params {
        max_memo_characters: crate::limits::MEMO_LEN_MAX as u64,
        tx_sig_limit: crate::limits::SIGNATURES_MAX as u64,
        tx_size_cost_per_byte: crate::gas::TX_BYTE,
        sig_verify_cost_ed25519: 590,
        sig_verify_cost_secp256k1: crate::gas::SIGNATURE,
    }
}
