//! Blocks are Tendermint blocks: the oracle and the stock light client accept each of them.

use std::time::Duration;

use suyuan_solo::tmtypes::{
    decode_block, encode_block, part_set_header, validate_block, ChainState, LastBlock,
};
use tendermint::block::Header;
use tendermint_light_client_verifier::options::Options;
use tendermint_light_client_verifier::types::{LightBlock, TrustThreshold};
use tendermint_light_client_verifier::{ProdVerifier, Verdict, Verifier};

use crate::support::{genesis, key, Setup};

const BLOCKS: u64 = 220;

fn light_block(chain: &suyuan_solo::Chain, height: u64) -> LightBlock {
    let at = Some(height as i64);
    let set = chain.validators(at).unwrap().set;
    LightBlock {
        signed_header: chain.commit(at).unwrap().signed_header,
        validators: set.clone(),
        next_validators: chain.validators(Some(height as i64 + 1)).unwrap().set,
        provider: "0000000000000000000000000000000000000001".parse().unwrap(),
    }
}

#[test]
fn every_block_satisfies_the_oracle_and_the_light_client() {
    let rig = Setup::default().start().unwrap();
    let mut sequence = 0;
    while rig.chain.latest_height() < BLOCKS {
        rig.commit(&format!("alice:{sequence}:5"));
        sequence += 1;
    }
    rig.rest();
    judge_all(&rig.chain);
    verify_all(&rig.chain);
    rig.chain.shutdown().unwrap();
}

fn judge_all(chain: &suyuan_solo::Chain) {
    let set = chain.validators(None).unwrap().set;
    let first: Header = chain.header(Some(1)).unwrap();
    let mut state = ChainState::new(&genesis(), set, first.app_hash.as_bytes().to_vec());
    for height in 1..=chain.latest_height() {
        let answer = chain.block(Some(height as i64)).unwrap();
        let encoded = encode_block(
            &answer.block.header,
            &answer.block.data,
            answer.block.last_commit.as_ref(),
        );
        assert_eq!(decode_block(&encoded.bytes).unwrap(), answer.block);
        assert_eq!(encoded.bytes.len() as u64, answer.size);
        assert_eq!(part_set_header(&encoded.bytes), answer.id.part_set_header);
        assert_eq!(answer.block.header.hash(), answer.id.hash);
        validate_block(&state, &answer.block, encoded.bytes.len()).unwrap();
        let results = chain.block_results(Some(height as i64)).unwrap();
        let last = LastBlock { height, id: answer.id, time: answer.block.header.time };
        state.advance(last, results.app_hash.try_into().unwrap(), &results.tx_results);
    }
}

fn verify_all(chain: &suyuan_solo::Chain) {
    let options = Options {
        trust_threshold: TrustThreshold::TWO_THIRDS,
        trusting_period: Duration::from_secs(10 * 365 * 24 * 3600),
        clock_drift: Duration::from_secs(5),
    };
    let now = tendermint::Time::now();
    let verifier = ProdVerifier::default();
    let mut trusted = light_block(chain, 1);
    let first = trusted.clone();
    for height in 2..=chain.latest_height() {
        let next = light_block(chain, height);
        let verdict = verifier.verify_update_header(
            next.as_untrusted_state(),
            trusted.as_trusted_state(),
            &options,
            now,
        );
        assert_eq!(verdict, Verdict::Success, "height {height}");
        trusted = next;
    }
    let skipped = verifier.verify_update_header(
        trusted.as_untrusted_state(),
        first.as_trusted_state(),
        &options,
        now,
    );
    assert_eq!(skipped, Verdict::Success, "skipping from the first to the last height");
    let mut forged = trusted.clone();
    forged.signed_header.header.app_hash = vec![1; 32].try_into().unwrap();
    let verdict = verifier.verify_update_header(
        forged.as_untrusted_state(),
        first.as_trusted_state(),
        &options,
        now,
    );
    assert_ne!(verdict, Verdict::Success, "a forged app hash");
}

#[test]
fn a_block_of_many_parts_has_a_provable_transaction_at_every_place() {
    let rig = Setup::default().start().unwrap();
    // The slow transaction holds the block before, so that the others gather into one.
    let gate = rig.disk.slow_gate.lock();
    rig.chain.broadcast_sync(b"slow:0:1".to_vec()).unwrap();
    let padding = "x".repeat(300);
    for i in 0..1500 {
        let outcome =
            rig.chain.broadcast_sync(format!("a{i}:0:{i}:{padding}").into_bytes()).unwrap().outcome;
        assert_eq!(outcome.code, 0);
    }
    drop(gate);
    rig.rest();
    let biggest = (1..=rig.chain.latest_height())
        .map(|h| rig.chain.block(Some(h as i64)).unwrap())
        .max_by_key(|b| b.block.data.len())
        .unwrap();
    assert!(biggest.id.part_set_header.total > 5, "{} parts", biggest.id.part_set_header.total);
    let data_hash = biggest.block.header.data_hash.unwrap();
    for (index, tx) in biggest.block.data.iter().enumerate().step_by(37) {
        let hash = suyuan_core::sha256(tx);
        let answer = rig.chain.tx(&hash, true).unwrap();
        assert_eq!((answer.index as usize, &answer.tx), (index, tx));
        let proof = answer.proof.unwrap();
        assert_eq!(tendermint::Hash::Sha256(proof.root_hash), data_hash);
        assert!(proof.proof.verifies(&proof.root_hash, &hash));
    }
    rig.chain.shutdown().unwrap();
}

#[test]
fn the_first_block_is_encoded_as_go_encodes_it() {
    let rig = Setup::default().start().unwrap();
    let first = rig.chain.block(Some(1)).unwrap();
    let encoded = encode_block(&first.block.header, &first.block.data, None);
    let bytes = &encoded.bytes;
    let header = &bytes[encoded.header.clone()];
    assert!(
        header.windows(4).any(|w| w == [0x2a, 0x02, 0x12, 0x00]),
        "an empty last_block_id is written"
    );
    assert!(
        bytes.ends_with(&[0x1a, 0x00, 0x22, 0x04, 0x1a, 0x02, 0x12, 0x00]),
        "an empty last_commit is written"
    );
    assert_eq!(first.block.header.time, genesis().genesis_time);
    assert!(first.block.data.is_empty());
    assert_eq!(first.block.header.proposer_address, key().address());
    rig.chain.shutdown().unwrap();
}

#[test]
fn default_parameters_of_cometbft_hash_as_cometbft_hashes_them() {
    let mut params = suyuan_solo::default_params();
    params.block.max_bytes = 22_020_096;
    params.block.max_gas = -1;
    let hash = suyuan_solo::tmtypes::consensus_hash(&params);
    assert_eq!(
        suyuan_core::hex_upper(&hash),
        "048091BC7DDC283F77BFBF91D73C44DA58C3DF8A9CBC867405D8B7F3DAADA22F"
    );
}

#[test]
fn the_oracle_finds_every_changed_header_field() {
    let rig = Setup::default().start().unwrap();
    rig.commit("alice:0:5");
    rig.rest();
    let set = rig.chain.validators(None).unwrap().set;
    let mut state = ChainState::new(
        &genesis(),
        set,
        rig.chain.header(Some(1)).unwrap().app_hash.as_bytes().to_vec(),
    );
    let first = rig.chain.block(Some(1)).unwrap();
    let results = rig.chain.block_results(Some(1)).unwrap();
    let last = LastBlock { height: 1, id: first.id, time: first.block.header.time };
    state.advance(last, results.app_hash.try_into().unwrap(), &[]);
    let good = rig.chain.block(Some(2)).unwrap().block;
    validate_block(&state, &good, 1000).unwrap();
    let other = Some(tendermint::Hash::Sha256([9; 32]));
    let changes: Vec<(&str, Box<dyn Fn(&mut Header)>)> = vec![
        ("version", Box::new(|h| h.version.app += 1)),
        ("chain id", Box::new(|h| h.chain_id = "other".parse().unwrap())),
        ("height", Box::new(|h| h.height = 3u32.into())),
        ("time", Box::new(|h| h.time = h.time.checked_add(Duration::from_nanos(1)).unwrap())),
        ("last block id", Box::new(|h| h.last_block_id = None)),
        ("last commit", Box::new(move |h| h.last_commit_hash = other)),
        ("data", Box::new(move |h| h.data_hash = other)),
        ("validators", Box::new(|h| h.validators_hash = tendermint::Hash::Sha256([9; 32]))),
        (
            "next validators",
            Box::new(|h| h.next_validators_hash = tendermint::Hash::Sha256([9; 32])),
        ),
        ("consensus", Box::new(|h| h.consensus_hash = tendermint::Hash::Sha256([9; 32]))),
        ("app hash", Box::new(|h| h.app_hash = vec![9; 32].try_into().unwrap())),
        ("results", Box::new(move |h| h.last_results_hash = other)),
        ("evidence", Box::new(move |h| h.evidence_hash = other)),
        ("proposer", Box::new(|h| h.proposer_address = tendermint::account::Id::new([9; 20]))),
    ];
    for (name, change) in changes {
        let mut bad = good.clone();
        change(&mut bad.header);
        assert!(validate_block(&state, &bad, 1000).is_err(), "{name} is not judged");
    }
    let mut unsigned = good.clone();
    unsigned.data.push(b"smuggled".to_vec());
    assert!(validate_block(&state, &unsigned, 1000).is_err());
    rig.chain.shutdown().unwrap();
}
