//! The stock `ics23` crate as the judge of `abci_query` with `prove=true`.
//!
//! Two steps: key to store root by the IAVL specification, store name to app hash by Tendermint's. The app hash of
//! height *h* stands in the header of *h + 1*, which must be signed.

use anyhow::{bail, ensure, Context as _, Result};
use ics23::commitment_proof::Proof;
use ics23::{CommitmentProof, HostFunctionsManager};
use prost::Message as _;
use tendermint_light_client_verifier::types::LightBlock;
use tendermint_light_client_verifier::Verdict;
use tendermint_rpc::endpoint::abci_query::AbciQuery;
use tendermint_rpc::{Client as _, HttpClient};

use crate::light;

/// A raw state query with its proof, at a height; none takes the latest.
///
/// # Errors
/// If the node refuses, or gives no proof of two steps.
pub async fn proved(
    http: &HttpClient,
    store: &str,
    key: &[u8],
    height: Option<u32>,
) -> Result<AbciQuery> {
    let path = format!("/store/{store}/key");
    let at = height.map(Into::into);
    let answer = http.abci_query(Some(path), key, at, true).await?;
    ensure!(answer.code.is_ok(), "refused: {}", answer.log);
    let steps = answer.proof.as_ref().map_or(0, |proof| proof.ops.len());
    ensure!(steps == 2, "{steps} steps of proof instead of two");
    Ok(answer)
}

/// The app hash of the state at `height`, from a header that a light client of `trusted` accepts.
///
/// # Errors
/// If there is no such header, or it is refused.
pub async fn signed_app_hash(
    http: &HttpClient,
    trusted: &LightBlock,
    height: u64,
) -> Result<Vec<u8>> {
    let next = u32::try_from(height)?.checked_add(1).context("the last height there can be")?;
    let block = light::light_block(http, next).await?;
    let verdict = light::judge(trusted, &block);
    ensure!(verdict == Verdict::Success, "header {next}: {verdict:?}");
    Ok(block.signed_header.header.app_hash.as_bytes().to_vec())
}

/// Whether the answer proves that `key` has `value` under `app_hash`; without a value: that the key is absent.
///
/// # Errors
/// If the steps cannot be read as ICS-23 proofs.
pub fn holds(
    answer: &AbciQuery,
    store: &str,
    key: &[u8],
    value: Option<&[u8]>,
    app_hash: &[u8],
) -> Result<bool> {
    let ops = &answer.proof.as_ref().context("no proof")?.ops;
    let [leaf, root] = ops.as_slice() else { bail!("{} steps", ops.len()) };
    ensure!(leaf.field_type == "ics23:iavl", "first step: {}", leaf.field_type);
    ensure!(root.field_type == "ics23:simple", "second step: {}", root.field_type);
    ensure!(root.key == store.as_bytes(), "the second step is of another store");
    let leaf = CommitmentProof::decode(leaf.data.as_slice())?;
    let root = CommitmentProof::decode(root.data.as_slice())?;
    let store_root = root_of(&leaf)?;
    let iavl = ics23::iavl_spec();
    let in_store = match value {
        Some(value) => {
            ics23::verify_membership::<HostFunctionsManager>(&leaf, &iavl, &store_root, key, value)
        }
        None => {
            ics23::verify_non_membership::<HostFunctionsManager>(&leaf, &iavl, &store_root, key)
        }
    };
    let in_app = ics23::verify_membership::<HostFunctionsManager>(
        &root,
        &ics23::tendermint_spec(),
        &app_hash.to_vec(),
        store.as_bytes(),
        &store_root,
    );
    Ok(in_store && in_app)
}

/// The root of the store that the answer comes from: equal roots are equal stores.
///
/// # Errors
/// If the first step cannot be read as an ICS-23 proof.
pub fn store_root(answer: &AbciQuery) -> Result<Vec<u8>> {
    let ops = &answer.proof.as_ref().context("no proof")?.ops;
    let leaf = ops.first().context("a proof without steps")?;
    root_of(&CommitmentProof::decode(leaf.data.as_slice())?)
}

/// The root that a first step leads to: of the key itself, or of a neighbour of what is absent.
fn root_of(proof: &CommitmentProof) -> Result<Vec<u8>> {
    let existence = match &proof.proof {
        Some(Proof::Exist(existence)) => Some(existence),
        Some(Proof::Nonexist(absent)) => absent.left.as_ref().or(absent.right.as_ref()),
        _ => None,
    };
    let existence = existence.context("a proof without content")?;
    ics23::calculate_existence_root::<HostFunctionsManager>(existence)
        .map_err(|e| anyhow::anyhow!("{e}"))
}
