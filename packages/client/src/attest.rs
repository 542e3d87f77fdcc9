//! How an authentication node (认证节点, clause 6.4) co-signs a certificate.
//!
//! Whoever attests runs a full node: it executed every block itself. The certificate is judged against that node alone:
//! the header is the one that the node has, the records are under its app hash, and the records that make the signer an
//! attestor are the node's own of that height, under the same root. What nobody's own node says is not signed.

use suyuan_certificate::attest::{proof_keys, sign_bytes, Statement, Vouched};
use suyuan_certificate::{
    verify, verify_attested, Anchor, Attestations, Certificate, Fault, Terms,
};
use suyuan_trace_api::digest::Digest;

use crate::certificate::proved_at;
use crate::client::Client;
use crate::error::{ClientError, Outcome};
use crate::proof::next_header;
use crate::signer::Signer;

/// Who attests, with which key (secp256k1).
#[derive(Clone, Copy, Debug)]
pub struct Attestant<'a> {
    /// The participant that runs the node.
    pub participant: &'a str,
    /// Id of its key in the registry.
    pub kid: &'a str,
    /// The key.
    pub key: &'a Signer,
}

/// Checks a certificate against the client's node, which has to be the attestant's own, and signs it. The anchor of the
/// terms is not asked: the node is. What does not hold is a [`Fault`], with the reason that a reader would get.
///
/// # Errors
/// [`ClientError::Input`] where the node is not there yet; malformed where it does not give the proofs; network
/// classes.
pub async fn attest(
    client: &Client,
    certificate: &[u8],
    terms: &Terms,
    attestant: Attestant<'_>,
) -> Outcome<Result<Attestations, Fault>> {
    let read = match Certificate::from_bytes(certificate) {
        Ok(read) => read,
        Err(fault) => return Ok(Err(fault)),
    };
    if read.chain_id != client.chain_id() {
        return Ok(Err(Fault::OtherChain(read.chain_id)));
    }
    let status = client.rpc().status().await?.sync_info;
    if status.catching_up || status.latest_block_height.value() <= read.height {
        let (at, of) = (status.latest_block_height, read.height.saturating_add(1));
        return Err(ClientError::Input(format!("the node is at height {at}, not yet at {of}")));
    }
    let own = next_header(client, read.height).await?.header.hash();
    let terms = Terms { anchor: Anchor::Header(own), ..terms.clone() };
    let keys = match verify(certificate, &terms)
        .and_then(|_| proof_keys(&read, attestant.participant, attestant.kid))
    {
        Ok(keys) => keys,
        Err(fault) => return Ok(Err(fault)),
    };
    let [roles, participant, key] = keys;
    let proofs = [
        proved_at(client, read.height, roles).await?,
        proved_at(client, read.height, participant).await?,
        proved_at(client, read.height, key).await?,
    ];
    let digest = Digest::of(&[certificate]);
    let statement = Statement {
        chain_id: &read.chain_id,
        height: read.height,
        header_hash: own.as_bytes(),
        registry: &read.contracts.registry.address,
        participant: attestant.participant,
        kid: attestant.kid,
        certificate: &digest,
    };
    let vouched = Vouched {
        participant: attestant.participant.to_owned(),
        kid: attestant.kid.to_owned(),
        proofs,
        signature: attestant.key.sign(&sign_bytes(&statement)).to_vec(),
    };
    // Judged as a reader would, so that nobody hands out what is refused.
    Ok(Attestations::build(digest, vouched).and_then(|signed| {
        verify_attested(certificate, &signed.to_bytes()?, &terms, 1).map(|_| signed)
    }))
}
