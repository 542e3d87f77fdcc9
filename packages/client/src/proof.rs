//! Answers that are checked without trusting the node that gave them.
//!
//! A value of the chain's state at height *h* is proved by two ICS-23 steps – key to store, store to app hash –
//! and the app hash stands in the header of *h + 1*, which the validators signed. [`fetch`] collects the pieces
//! from a node; [`ProvedState::verify`] checks them with nothing but the validator set that the caller trusts.

use ics23::commitment_proof::Proof;
use ics23::{CommitmentProof, HostFunctionsManager};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use tendermint::block::signed_header::SignedHeader;
use tendermint::merkle::proof::ProofOps;
use tendermint::validator;
use tendermint_light_client_verifier::types::UntrustedBlockState;
use tendermint_light_client_verifier::{PredicateVerifier, ProdVerifier, Verdict};

use crate::client::Client;
use crate::error::{ClientError, Outcome};

/// How often the header of the next height is asked for: a block that changed state is followed by one at once.
const NEXT_HEADER_ATTEMPTS: u32 = 100;

/// Steps of a proof: key to store, store to app hash.
const STEPS: usize = 2;

/// A value of the state with everything needed to check it offline.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProvedState {
    /// The module's store.
    pub store: String,
    /// The key in it.
    #[serde(with = "hex_bytes")]
    pub key: Vec<u8>,
    /// The value; absent where the proof shows that there is none.
    pub value: Option<String>,
    /// Height of the state.
    pub height: u64,
    /// The two steps.
    pub proof: ProofOps,
    /// Header of the next height with its commit.
    pub signed_header: SignedHeader,
    /// The validators of that header.
    pub validators: Vec<validator::Info>,
}

/// What does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// The header is not of the next height.
    #[error("the header is of height {found}, not {expected}")]
    WrongHeader {
        /// Height of the state plus one.
        expected: u64,
        /// The header's.
        found: u64,
    },
    /// Another chain.
    #[error("the header is of chain {found}, not {expected}")]
    WrongChain {
        /// Expected.
        expected: String,
        /// Found.
        found: String,
    },
    /// The validators are not the trusted ones.
    #[error("the validators are not the trusted ones")]
    UntrustedValidators,
    /// Header, validators and commit do not fit together.
    #[error("the header is not signed: {0}")]
    NotSigned(String),
    /// Not two readable ICS-23 steps.
    #[error("the proof cannot be read: {0}")]
    Unreadable(String),
    /// A step does not lead from key and value to the root.
    #[error("the {0} step of the proof does not hold")]
    Broken(&'static str),
}

impl ProvedState {
    /// Checks signature, header and both steps against the trusted validators. Needs no node.
    ///
    /// # Errors
    /// [`ProofFault`] with the first thing that does not hold.
    pub fn verify(&self, chain_id: &str, trusted: &validator::Set) -> Result<(), ProofFault> {
        self.verify_header(chain_id, trusted)?;
        let app_hash = self.signed_header.header.app_hash.as_bytes().to_vec();
        let [leaf, root] = self.steps()?;
        let store_root = self.verify_leaf(&leaf)?;
        let held = ics23::verify_membership::<HostFunctionsManager>(
            &root,
            &ics23::tendermint_spec(),
            &app_hash,
            self.store.as_bytes(),
            &store_root,
        );
        held.then_some(()).ok_or(ProofFault::Broken("store"))
    }

    fn verify_header(&self, chain_id: &str, trusted: &validator::Set) -> Result<(), ProofFault> {
        let header = &self.signed_header.header;
        let expected = self.height.saturating_add(1);
        if header.height.value() != expected {
            return Err(ProofFault::WrongHeader { expected, found: header.height.value() });
        }
        if header.chain_id.as_str() != chain_id {
            let (expected, found) = (chain_id.to_string(), header.chain_id.to_string());
            return Err(ProofFault::WrongChain { expected, found });
        }
        if trusted.hash() != header.validators_hash {
            return Err(ProofFault::UntrustedValidators);
        }
        let untrusted = UntrustedBlockState {
            signed_header: &self.signed_header,
            validators: trusted,
            next_validators: None,
        };
        let verifier: PredicateVerifier<_, _, _> = ProdVerifier::default();
        for verdict in
            [verifier.verify_validator_sets(&untrusted), verifier.verify_commit(&untrusted)]
        {
            if verdict != Verdict::Success {
                return Err(ProofFault::NotSigned(format!("{verdict:?}")));
            }
        }
        Ok(())
    }

    fn steps(&self) -> Result<[CommitmentProof; STEPS], ProofFault> {
        let decode = |data: &[u8]| {
            CommitmentProof::decode(data).map_err(|e| ProofFault::Unreadable(e.to_string()))
        };
        match self.proof.ops.as_slice() {
            [leaf, root] => Ok([decode(&leaf.data)?, decode(&root.data)?]),
            other => Err(ProofFault::Unreadable(format!("{} steps", other.len()))),
        }
    }

    /// The store's root that the first step leads to.
    fn verify_leaf(&self, leaf: &CommitmentProof) -> Result<Vec<u8>, ProofFault> {
        let spec = ics23::iavl_spec();
        let broken = ProofFault::Broken("key");
        let root = root_of(leaf)?;
        let held = match &self.value {
            Some(value) => {
                let value =
                    hex::decode(value).map_err(|e| ProofFault::Unreadable(e.to_string()))?;
                ics23::verify_membership::<HostFunctionsManager>(
                    leaf, &spec, &root, &self.key, &value,
                )
            }
            None => {
                ics23::verify_non_membership::<HostFunctionsManager>(leaf, &spec, &root, &self.key)
            }
        };
        held.then_some(root).ok_or(broken)
    }
}

/// The root that a first step computes: of the existence proof, or of a neighbour of what is absent.
fn root_of(proof: &CommitmentProof) -> Result<Vec<u8>, ProofFault> {
    let existence = match &proof.proof {
        Some(Proof::Exist(existence)) => Some(existence),
        Some(Proof::Nonexist(absent)) => absent.left.as_ref().or(absent.right.as_ref()),
        _ => None,
    };
    let existence = existence.ok_or_else(|| ProofFault::Unreadable("no proof inside".into()))?;
    ics23::calculate_existence_root::<HostFunctionsManager>(existence)
        .map_err(|e| ProofFault::Unreadable(e.to_string()))
}

/// Fetches the value of `key` in `store` with its proof and the signed header: the newest state that a header signs.
///
/// # Errors
/// Query and network classes; malformed if the node gives no proof.
pub async fn fetch(client: &Client, store: &str, key: Vec<u8>) -> Outcome<ProvedState> {
    let path = format!("/store/{store}/key");
    let at = signed_height(client).await?;
    let answer = client.rpc().abci_query(&path, key.clone(), Some(at), true).await?;
    let malformed = |why: &str| ClientError::Malformed { what: path.clone(), why: why.to_string() };
    let proof = answer.proof.ok_or_else(|| malformed("the answer has no proof"))?;
    let height = answer.height.value();
    let signed_header = next_header(client, height).await?;
    let validators = client.rpc().validators(height.saturating_add(1)).await?;
    Ok(ProvedState {
        store: store.to_string(),
        key,
        value: (!answer.value.is_empty()).then(|| hex::encode(&answer.value)),
        height,
        proof,
        signed_header,
        validators,
    })
}

/// The latest height whose app hash stands in a header, now or at once: an idle chain has no block after its latest
/// one, which is empty then and changed nothing.
pub(crate) async fn signed_height(client: &Client) -> Outcome<u64> {
    let tip = client.rpc().block(None).await?.block;
    let height = tip.header.height.value();
    let changes_nothing = tip.data.is_empty() && tip.header.last_block_id.is_some();
    Ok(if changes_nothing { height.saturating_sub(1) } else { height })
}

pub(crate) async fn next_header(client: &Client, height: u64) -> Outcome<SignedHeader> {
    let mut attempts = 0;
    loop {
        match client.rpc().commit(Some(height.saturating_add(1))).await {
            Ok(answer) => return Ok(answer.signed_header),
            Err(error) if attempts >= NEXT_HEADER_ATTEMPTS => return Err(error),
            Err(_) => attempts += 1,
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// Key of a contract's own entry in the `wasm` store: `03`, the contract's address, the contract's key.
///
/// # Errors
/// Input if the address is not one.
pub fn contract_key(prefix: &str, contract: &str, key: &[u8]) -> Outcome<Vec<u8>> {
    let address = suyuan_core::address::decode(prefix, contract)
        .map_err(|e| ClientError::Input(format!("{contract}: {e}")))?;
    Ok([&[0x03], address.as_slice(), key].concat())
}

mod hex_bytes {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&hex::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        hex::decode(String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}
