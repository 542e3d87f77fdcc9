//! From messages to the bytes of a signed transaction (`TxRaw`, SIGN_MODE_DIRECT).

use cosmos_sdk_proto::cosmos::base::v1beta1::Coin;
use cosmos_sdk_proto::cosmos::crypto::secp256k1::PubKey;
use cosmos_sdk_proto::cosmos::tx::signing::v1beta1::SignMode;
use cosmos_sdk_proto::cosmos::tx::v1beta1::{mode_info, AuthInfo, Fee, ModeInfo, SignerInfo};
use cosmos_sdk_proto::Any;
use prost::Message;
use suyuan_tx::build;

use crate::msg::any;
use crate::signer::Signer;

/// How a transaction's gas limit is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gas {
    /// Simulate first and add a margin, in percent of what the simulation used (140 is usual:
    /// delivery needs more than simulation, and state may change in between).
    Auto {
        /// Limit as a percentage of the simulated use.
        percent: u32,
    },
    /// This limit, without simulation. Needed for transactions that depend on earlier ones which
    /// are still under way.
    Fixed(u64),
}

impl Default for Gas {
    fn default() -> Self {
        Gas::Auto { percent: GAS_PERCENT_DEFAULT }
    }
}

/// Margin that CosmJS and most Cosmos tools use.
pub const GAS_PERCENT_DEFAULT: u32 = 140;

/// What a signature is bound to besides the messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignFor {
    /// Chain id.
    pub chain_id: String,
    /// Number of the account on that chain.
    pub account_number: u64,
    /// How many transactions the account has sent before.
    pub sequence: u64,
}

/// A transaction without signature.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// What it shall do; all or nothing.
    pub messages: Vec<Any>,
    /// Free text, at most 256 characters on most chains.
    pub memo: String,
    /// Fee in coins; permissioned chains take none.
    pub fee: Vec<Coin>,
    /// Gas limit.
    pub gas_limit: u64,
    /// Last height at which it may be included; 0: no limit.
    pub timeout_height: u64,
}

impl Draft {
    /// Signs and encodes.
    pub fn sign(&self, signer: &Signer, to: &SignFor) -> Vec<u8> {
        let body = self.body();
        let auth_info = self.auth_info(signer, to.sequence, SignMode::Direct);
        let document = build::sign_doc(&body, &auth_info, &to.chain_id, to.account_number);
        build::tx_raw(body, auth_info, vec![signer.sign(&document).to_vec()])
    }

    /// Encodes with an empty signature, as simulations expect it.
    pub fn unsigned(&self, signer: &Signer, sequence: u64) -> Vec<u8> {
        let auth_info = self.auth_info(signer, sequence, SignMode::Unspecified);
        build::tx_raw(self.body(), auth_info, vec![Vec::new()])
    }

    fn body(&self) -> Vec<u8> {
        build::body(self.messages.clone(), &self.memo, self.timeout_height)
    }

    fn auth_info(&self, signer: &Signer, sequence: u64, mode: SignMode) -> Vec<u8> {
        let single = mode_info::Single { mode: mode.into() };
        let signer_info = SignerInfo {
            public_key: Some(any(&PubKey { key: signer.public_key().to_vec() })),
            mode_info: Some(ModeInfo { sum: Some(mode_info::Sum::Single(single)) }),
            sequence,
        };
        let fee = Fee { amount: self.fee.clone(), gas_limit: self.gas_limit, ..Fee::default() };
        AuthInfo { signer_infos: vec![signer_info], fee: Some(fee), ..AuthInfo::default() }
            .encode_to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmos_sdk_proto::cosmos::tx::v1beta1::{SignDoc, TxRaw};
    use k256::ecdsa::signature::Verifier;
    use k256::ecdsa::{Signature, VerifyingKey};

    #[test]
    fn the_signature_covers_chain_account_and_bytes() {
        let signer = Signer::random("suyuan").unwrap();
        let draft = Draft {
            messages: vec![crate::msg::bank_send("a", "b", vec![])],
            gas_limit: 7,
            ..Draft::default()
        };
        let to = SignFor { chain_id: "c-1".into(), account_number: 3, sequence: 9 };
        let raw = TxRaw::decode(draft.sign(&signer, &to).as_slice()).unwrap();
        let document = |chain_id: &str| {
            SignDoc {
                body_bytes: raw.body_bytes.clone(),
                auth_info_bytes: raw.auth_info_bytes.clone(),
                chain_id: chain_id.into(),
                account_number: 3,
            }
            .encode_to_vec()
        };
        let key = VerifyingKey::from_sec1_bytes(&signer.public_key()).unwrap();
        let signature = Signature::from_slice(&raw.signatures[0]).unwrap();
        key.verify(&document("c-1"), &signature).unwrap();
        assert!(key.verify(&document("c-2"), &signature).is_err());
        let auth = AuthInfo::decode(raw.auth_info_bytes.as_slice()).unwrap();
        assert_eq!(auth.signer_infos[0].sequence, 9);
        assert_eq!(auth.fee.unwrap().gas_limit, 7);
    }

    #[test]
    fn a_simulation_carries_one_empty_signature() {
        let signer = Signer::random("suyuan").unwrap();
        let raw = TxRaw::decode(Draft::default().unsigned(&signer, 0).as_slice()).unwrap();
        assert_eq!(raw.signatures, vec![Vec::<u8>::new()]);
    }
}
