//! Claims about keys of which some must sign, and about several signers of one transaction.

use crate::chain::{attribute, genesis, init_request, send, Actor, Chain, CHAIN_ID};
use cosmos_sdk_proto::cosmos::auth::v1beta1::{
    BaseAccount, QueryAccountRequest, QueryAccountResponse,
};
use prost::Message;
use suyuan_app::TxOutcome;
use suyuan_core::{address, Coin};
use suyuan_tx::{amino, build, sign, Any, Fee, MultiMode, Multisig, PubKey, SignMode};

/// Two of three.
pub struct Trio {
    pub members: Vec<Actor>,
    key: PubKey,
    number: u64,
    pub sequence: u64,
}

impl Trio {
    /// The keys of actors 20 to 22, with coins of alice; the account gets number 5 behind those of genesis.
    fn on(chain: &mut Chain, alice: &mut Actor) -> Trio {
        let trio = Trio::keys();
        trio.fund(chain, alice);
        trio
    }

    /// The keys alone, for a genesis that names them.
    pub fn keys() -> Trio {
        let members: Vec<Actor> = (20..23).map(Actor::new).collect();
        let keys = members.iter().map(Actor::pub_key).collect();
        let key = PubKey::Multisig(Multisig::new(2, keys).unwrap());
        Trio { members, key, number: 5, sequence: 0 }
    }

    /// Gives them an account.
    pub fn fund(&self, chain: &mut Chain, alice: &mut Actor) {
        chain.ok(alice.tx(vec![send(&alice.addr(), &self.addr(), 1_000)]));
    }

    pub fn addr(&self) -> String {
        address::encode("suyuan", &self.key.address().unwrap()).unwrap()
    }

    /// Signed by the members at `who`, each in the mode beside it.
    pub fn signed(&self, messages: Vec<Any>, who: &[(usize, SignMode)]) -> Vec<u8> {
        let bits = (0..3).map(|at| who.iter().any(|(own, _)| *own == at)).collect();
        let mode = MultiMode { bits, modes: who.iter().map(|(_, mode)| *mode).collect() };
        let body = build::body(messages, "", 0);
        let info = build::multisig_info(&self.key, &mode, self.sequence);
        let auth = build::auth_info_of(vec![info], &Fee { gas_limit: 300_000, ..Fee::default() });
        let unsigned = build::tx_raw(body.clone(), auth.clone(), vec![vec![]]);
        let decoded = suyuan_tx::decode(&unsigned).unwrap();
        let signatures = who
            .iter()
            .map(|(at, mode)| {
                let bytes = match mode {
                    SignMode::LegacyAminoJson => {
                        amino::sign_bytes(&decoded, CHAIN_ID, self.number, self.sequence).unwrap()
                    }
                    _ => build::sign_doc(&body, &auth, CHAIN_ID, self.number),
                };
                sign(&self.members[*at].secret, &bytes).unwrap().to_vec()
            })
            .collect();
        build::tx_raw(body, auth, vec![build::multi_signature(signatures)])
    }
}

use SignMode::{Direct, LegacyAminoJson as Amino};

#[test]
fn two_of_three_sign_in_both_modes_and_mixed() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let mut trio = Trio::on(&mut chain, &mut alice);
    let (from, to) = (trio.addr(), alice.addr());
    let before = chain.balance(&to);
    for who in [
        &[(0, Direct), (1, Direct)][..],
        &[(0, Amino), (2, Amino)],
        &[(1, Amino), (2, Direct)],
        &[(0, Amino), (1, Amino), (2, Amino)],
    ] {
        let tx = trio.signed(vec![send(&from, &to, 1)], who);
        assert_eq!(chain.check(&tx).code, 0, "{who:?}");
        let outcome = chain.ok(tx);
        assert_eq!(attribute(&outcome.events, "tx", "fee_payer"), from);
        trio.sequence += 1;
    }
    assert_eq!(chain.balance(&to), before + 4);
    let request = QueryAccountRequest { address: from };
    let account: QueryAccountResponse =
        chain.answer("/cosmos.auth.v1beta1.Query/Account", &request);
    let account = BaseAccount::decode(&account.account.unwrap().value[..]).unwrap();
    assert_eq!(account.pub_key, Some(trio.key.to_any()));
    assert_eq!((account.account_number, account.sequence), (5, 4));
}

#[test]
fn t2_what_is_not_enough_or_not_theirs_is_refused() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let trio = Trio::on(&mut chain, &mut alice);
    let message = || vec![send(&trio.addr(), &alice.addr(), 1)];
    let refusal = |outcome: TxOutcome| {
        assert_eq!((outcome.code, outcome.codespace.as_str()), (4, "sdk"), "{}", outcome.log);
        outcome.log
    };
    let alone = trio.signed(message(), &[(1, Direct)]);
    assert!(refusal(chain.check(&alone)).contains("not enough signatures set, have 1, expected 2"));
    let text = refusal(chain.run(alone));
    assert!(text.contains("please verify account number (5) and chain-id (testing)"), "{text}");

    let good = trio.signed(message(), &[(0, Direct), (1, Direct)]);
    let parts = suyuan_tx::decode(&good).unwrap();
    let again = |signature: Vec<u8>| {
        build::tx_raw(parts.body_bytes.clone(), parts.auth_info_bytes.clone(), vec![signature])
    };
    let signature = &parts.signatures[0];
    // The same signatures in another order, one too many, with an unknown field, with a padded length.
    let (first, second) = (signature[2..66].to_vec(), signature[68..].to_vec());
    assert_eq!(build::multi_signature(vec![first.clone(), second.clone()]), *signature);
    let swapped = again(build::multi_signature(vec![second.clone(), first.clone()]));
    assert!(refusal(chain.run(swapped)).contains("unable to verify signature at index 0"));
    let more = again(build::multi_signature(vec![first.clone(), second, first]));
    assert!(refusal(chain.run(more)).contains("signature size is incorrect 3"));
    let unknown = again([&signature[..], &[0x12, 0]].concat());
    assert!(refusal(chain.run(unknown)).contains("rejecting unrecognized fields"));
    let padded = again([&[0x0a, 0xc0, 0x00], &signature[2..]].concat());
    assert!(refusal(chain.run(padded)).contains("rejecting unrecognized fields"));
    chain.ok(good);
}

#[test]
fn a_multisig_inside_a_multisig_is_refused_however_deep() {
    let inner = PubKey::Secp256k1(Actor::new(1).pub_key()).to_any();
    let wrap = |inner: Any| {
        use cosmos_sdk_proto::cosmos::crypto::multisig::LegacyAminoPubKey;
        let value = LegacyAminoPubKey { threshold: 1, public_keys: vec![inner] }.encode_to_vec();
        Any { type_url: suyuan_tx::MULTISIG_TYPE_URL.to_string(), value }
    };
    let once = wrap(inner);
    assert!(PubKey::from_any(&once).is_ok());
    let deep = (0..10_000).fold(once, |inner, _| wrap(inner));
    assert!(PubKey::from_any(&deep).is_err());
}

#[test]
fn addresses_are_those_of_the_sdk() {
    // Keys and address of the multisig example in xpla's documentation, made with `keys add --multisig`.
    let key = |text: &str| -> [u8; 33] {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.decode(text).unwrap().try_into().unwrap()
    };
    let keys = vec![
        key("AjszqFJDRAYbEjZMuiD+ChqzbUSGq/RRu3zr0R6iJB5b"),
        key("AjBui2DTkLVKo2p5uCXf68SbHzSDoRDESKNtsr3+vtJI"),
        key("A1xYF6iW3VSia08ItqjeBfpai+xj8tmuy/Ij3YquR6mX"),
    ];
    let multisig = Multisig::new(2, keys).unwrap();
    let amino = multisig.amino_bytes();
    assert_eq!(&amino[..8], [0x22, 0xc1, 0xf7, 0xe2, 0x08, 2, 0x12, 0x26]);
    assert_eq!(amino.len(), 6 + 3 * 40);
    let addr = PubKey::Multisig(multisig).address().unwrap();
    // Shown there with the checksum of another prefix, so the bytes are compared.
    assert_eq!(suyuan_core::hex_lower(&addr), "cbd26780bbcf5c3c03c9defa5369e8b469f08ea6");
    for (threshold, count) in [(0, 2), (3, 2), (1, 0), (1, 33)] {
        assert!(Multisig::new(threshold, vec![[2; 33]; count]).is_err(), "{threshold} of {count}");
    }
}

#[test]
fn several_signers_sign_one_transaction_and_another_may_pay() {
    let mut chain = Chain::new();
    let (mut alice, bob, carol) = (Actor::new(0), Actor::new(1), Actor::new(2));
    let (a, b, c) = (alice.addr(), bob.addr(), carol.addr());
    chain.ok(alice.tx(vec![send(&a, &b, 1)]));
    let messages = vec![send(&a, &c, 10), send(&b, &c, 20), send(&a, &c, 30)];
    let fee = Fee {
        amount: vec![Coin::new(7, "usy")],
        gas_limit: 500_000,
        payer: c.clone(),
        ..Fee::default()
    };
    let body = build::body(messages, "", 0);
    let infos = [&alice, &bob, &carol]
        .map(|s| build::signer_info(&PubKey::Secp256k1(s.pub_key()), Direct, s.sequence));
    let auth = build::auth_info_of(infos.to_vec(), &fee);
    let signature = |s: &Actor| {
        let bytes = build::sign_doc(&body, &auth, CHAIN_ID, s.number);
        sign(&s.secret, &bytes).unwrap().to_vec()
    };
    let mut signatures = vec![signature(&alice), signature(&bob)];
    let short = build::tx_raw(body.clone(), auth.clone(), signatures.clone());
    let outcome = chain.run(short);
    assert_eq!(
        outcome.log, "wrong number of signers; expected 3, got 2: unauthorized",
        "a payer who did not sign does not pay"
    );
    signatures.push(signature(&carol));
    let outcome = chain.ok(build::tx_raw(body.clone(), auth, signatures));
    assert_eq!(attribute(&outcome.events, "tx", "fee_payer"), c);
    assert_eq!(chain.balance(&c), 1_000_000 + 60 - 7);

    let granted = Fee { granter: b.clone(), payer: String::new(), ..fee };
    alice.sequence = 2;
    let tx = alice.sign_with(vec![send(&a, &c, 1)], &granted, "", 0, CHAIN_ID);
    let outcome = chain.run(tx);
    assert_eq!((outcome.code, outcome.codespace.as_str()), (38, "sdk"), "{}", outcome.log);
    let words = format!("{b} does not allow to pay fees for {a}: fee-grant not found: not found");
    assert_eq!(outcome.log, words);
}

#[test]
fn more_keys_than_allowed_are_refused() {
    let mut request = init_request(genesis());
    request.chain_id = CHAIN_ID.to_string();
    let mut chain = Chain::with_request(request);
    let mut alice = Actor::new(0);
    let members: Vec<Actor> = (20..28).map(Actor::new).collect();
    let keys = members.iter().map(Actor::pub_key).collect();
    let key = PubKey::Multisig(Multisig::new(1, keys).unwrap());
    let crowd = Trio { members, key, number: 5, sequence: 0 };
    chain.ok(alice.tx(vec![send(&alice.addr(), &crowd.addr(), 10)]));
    let body = build::body(vec![send(&crowd.addr(), &alice.addr(), 1)], "", 0);
    let mode = MultiMode { bits: [vec![true], vec![false; 7]].concat(), modes: vec![Direct] };
    let info = build::multisig_info(&crowd.key, &mode, 0);
    let auth = build::auth_info_of(vec![info], &Fee { gas_limit: 300_000, ..Fee::default() });
    let bytes = build::sign_doc(&body, &auth, CHAIN_ID, 5);
    let one = sign(&crowd.members[0].secret, &bytes).unwrap().to_vec();
    let outcome = chain.run(build::tx_raw(body, auth, vec![build::multi_signature(vec![one])]));
    assert_eq!(outcome.code, 14);
    assert_eq!(outcome.log, "signatures: 8, limit: 7: maximum number of signatures exceeded");
}
