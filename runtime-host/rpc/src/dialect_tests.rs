//! Golden JSON of every answer, from constructed values, and the same JSON read by the Rust client's own types.

use serde::de::DeserializeOwned;
use suyuan_app::{ProofOp, QueryOutcome, TxOutcome};
use suyuan_core::{merkle, sha256, Event};
use suyuan_solo::{
    AppInfo, BlockAnswer, BlockMeta, BlockResults, BlockSearch, BlockSummary, Blockchain,
    CommitAnswer, Committed, ConsensusParams, Status, Submitted, TxAnswer, TxProof, TxSearch,
    Unconfirmed,
};
use tendermint::block::{self, signed_header::SignedHeader, CommitSig};
use tendermint::{consensus, validator, AppHash, Hash, PublicKey};
use tendermint_rpc::dialect::v0_38;
use tendermint_rpc::endpoint;

use super::{block as blocks, node, query, rounds, tx, *};

const CHAIN_ID: &str = "golden-1";

fn hash(byte: u8) -> Hash {
    Hash::Sha256([byte; 32])
}

fn time(nanos: u32) -> Time {
    Time::from_unix_timestamp(1_700_000_000, nanos).expect("a time of this century")
}

fn validator() -> validator::Info {
    let key = PublicKey::from_raw_ed25519(&[
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07,
        0x3a, //
        0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51,
        0x1a,
    ]);
    validator::Info::new(key.expect("a point of the curve"), 10_u32.into())
}

fn block_id(byte: u8) -> block::Id {
    block::Id {
        hash: hash(byte),
        part_set_header: block::parts::Header::new(1, hash(byte + 1)).expect("one part"),
    }
}

fn header(height: u32) -> block::Header {
    let later = height > 1;
    block::Header {
        version: block::header::Version { block: 11, app: 1 },
        chain_id: CHAIN_ID.parse().expect("a chain id"),
        height: height.into(),
        time: time(500_000_000),
        last_block_id: later.then(|| block_id(0x11)),
        last_commit_hash: Some(hash(0x21)),
        data_hash: Some(hash(0x22)),
        validators_hash: hash(0x23),
        next_validators_hash: hash(0x24),
        consensus_hash: hash(0x25),
        app_hash: AppHash::try_from(vec![0x26; 32]).expect("32 bytes"),
        last_results_hash: later.then(|| hash(0x27)),
        evidence_hash: Some(hash(0x28)),
        proposer_address: validator().address,
    }
}

fn commit(height: u32) -> block::Commit {
    block::Commit {
        height: height.into(),
        round: 0_u8.into(),
        block_id: block_id(0x31),
        signatures: vec![
            CommitSig::BlockIdFlagCommit {
                validator_address: validator().address,
                timestamp: time(1),
                signature: tendermint::Signature::new([0x41; 64]).expect("64 bytes"),
            },
            CommitSig::BlockIdFlagAbsent,
        ],
    }
}

fn block_answer(height: u32, txs: Vec<Vec<u8>>) -> BlockAnswer {
    let last_commit = (height > 1).then(|| commit(height - 1));
    BlockAnswer {
        id: block_id(0x51),
        block: block::Block::new(header(height), txs, Default::default(), last_commit),
        size: 1_234,
    }
}

fn success() -> TxOutcome {
    TxOutcome {
        data: vec![1, 2, 3],
        gas_wanted: 200_000,
        gas_used: 91_234,
        events: vec![
            Event::new("message")
                .with("action", "/cosmos.bank.v1beta1.MsgSend")
                .with("msg_index", "0"),
            Event::new("bare"),
        ],
        ..TxOutcome::default()
    }
}

fn failure() -> TxOutcome {
    TxOutcome {
        code: 5,
        codespace: "sdk".to_owned(),
        log: "spendable balance 1usy is smaller than 2usy: insufficient funds".to_owned(),
        ..TxOutcome::default()
    }
}

fn tx_answer(prove: bool) -> TxAnswer {
    let tx = vec![7, 8, 9];
    let proof = prove.then(|| TxProof {
        root_hash: [0x61; 32],
        data: tx.clone(),
        proof: merkle::Proof { total: 2, index: 1, leaf_hash: [0x62; 32], aunts: vec![[0x63; 32]] },
    });
    TxAnswer { hash: sha256(&tx), height: 5, index: 1, result: success(), tx, proof }
}

/// Compares with the golden file, and reads the same text as the Rust client would.
fn golden<T: DeserializeOwned>(name: &str, answer: &impl Serialize) -> T {
    let text = to_json(answer).expect("serialises");
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let pretty = serde_json::to_string_pretty(&value).expect("JSON");
    insta::assert_snapshot!(name, pretty);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}: {text}"))
}

#[test]
fn status_has_every_key_that_any_client_wants() {
    let summary = |height, byte| BlockSummary {
        height,
        hash: [byte; 32],
        app_hash: vec![byte + 1; 32],
        time: time(0),
    };
    let status = Status {
        chain_id: CHAIN_ID.to_owned(),
        app_version: 1,
        latest: summary(9, 0x71),
        earliest: summary(1, 0x73),
        validator: validator(),
    };
    let names = crate::limits::NodeNames::default();
    let answer = node::StatusAnswer::new(&status, "tcp://127.0.0.1:26657", &names);
    let read: endpoint::status::Response = golden("status", &answer);
    assert_eq!(read.sync_info.latest_block_height.value(), 9);
    assert!(read.node_info.version.to_string().starts_with("0.38."));
    assert_eq!(read.node_info.id.to_string().len(), 40);
    assert_eq!(read.validator_info.power.value(), 10);
}

#[test]
fn the_first_block_has_an_empty_id_and_an_empty_commit_but_no_null() {
    let block = block_answer(1, vec![]);
    let answer = blocks::BlockWithId::new(&block).expect("no evidence");
    let read: endpoint::block::v0_38::DialectResponse = golden("block_first", &answer);
    assert_eq!(endpoint::block::Response::from(read).block.header.height.value(), 1);
}

#[test]
fn a_block_shows_its_transactions_and_the_votes_of_the_one_before() {
    let block = block_answer(5, vec![vec![1, 2], vec![3]]);
    let answer = blocks::BlockWithId::new(&block).expect("no evidence");
    let read: endpoint::block::v0_38::DialectResponse = golden("block", &answer);
    let read = endpoint::block::Response::from(read);
    assert_eq!((read.block_id, read.block), (block.id, block.block));
}

#[test]
fn an_unknown_hash_is_answered_with_null() {
    let unknown = blocks::BlockWithId::UNKNOWN;
    let read: endpoint::block_by_hash::v0_38::DialectResponse = golden("block_unknown", &unknown);
    assert!(read.block.is_none());
    let read: endpoint::header_by_hash::Response =
        golden("header_unknown", &blocks::HeaderOnly { header: None });
    assert!(read.header.is_none());
}

#[test]
fn a_header_keeps_all_its_hashes() {
    let header = header(5);
    let answer = blocks::HeaderOnly { header: Some(blocks::Header::from(&header)) };
    let read: endpoint::header::Response = golden("header", &answer);
    assert_eq!(read.header, header);
    assert_eq!(read.header.hash(), header.hash());
}

#[test]
fn a_commit_goes_with_its_header() {
    let signed = SignedHeader::new(header(5), commit(5)).expect("of one height");
    let answer = CommitAnswer { signed_header: signed.clone(), canonical: true };
    let read: endpoint::commit::Response = golden("commit", &blocks::SignedHeader::from(&answer));
    assert_eq!((read.signed_header, read.canonical), (signed, true));
}

#[test]
fn lists_of_blocks_count_in_strings() {
    let chain = Blockchain {
        last_height: 5,
        metas: vec![BlockMeta { id: block_id(0x51), size: 700, header: header(5), num_txs: 2 }],
    };
    let read: endpoint::blockchain::Response = golden("blockchain", &blocks::Metas::from(&chain));
    assert_eq!(read.block_metas[0].num_txs, 2);
    let search = BlockSearch { blocks: vec![block_answer(5, vec![])], total: 41 };
    let answer = blocks::Blocks::new(&search).expect("no evidence");
    let read: endpoint::block_search::v0_38::DialectResponse = golden("block_search", &answer);
    assert_eq!((read.blocks.len(), read.total_count), (1, 41));
}

#[test]
fn block_results_have_null_where_there_is_nothing() {
    let mut results =
        BlockResults { height: 5, tx_results: vec![], events: vec![], app_hash: vec![0x81; 32] };
    let read: endpoint::block_results::Response =
        golden("block_results_empty", &tx::Results::from(&results));
    assert_eq!(read.txs_results, None);
    assert_eq!(read.app_hash.as_bytes(), [0x81; 32]);
    results.tx_results = vec![success(), failure()];
    results.events = vec![Event::new("block").with("key", "")];
    let read: endpoint::block_results::Response =
        golden("block_results", &tx::Results::from(&results));
    let read_results = read.txs_results.expect("two results");
    assert_eq!(read_results[0].gas_used, 91_234);
    assert_eq!(read_results[1].codespace, "sdk");
    assert_eq!(read.finalize_block_events.len(), 1);
}

#[test]
fn a_transaction_has_a_proof_only_if_asked_for() {
    let plain = tx_answer(false);
    let read: endpoint::tx::Response = golden("tx", &tx::Tx::from(&plain));
    assert_eq!((read.index, read.tx.as_slice()), (1, &[7, 8, 9][..]));
    assert_eq!(read.tx_result.events[0].attributes[0].key_str().expect("UTF-8"), "action");
    let proved = tx_answer(true);
    let read: endpoint::tx::Response = golden("tx_proved", &tx::Tx::from(&proved));
    let proof = read.proof.expect("asked for");
    assert_eq!((proof.proof.total, proof.proof.index, proof.proof.aunts.len()), (2, 1, 1));
}

#[test]
fn a_search_is_a_list_with_a_total() {
    let search = TxSearch { txs: vec![tx_answer(false)], total: 31 };
    let read: endpoint::tx_search::Response = golden("tx_search", &tx::Txs::from(&search));
    assert_eq!((read.txs.len(), read.total_count), (1, 31));
    let empty = TxSearch { txs: vec![], total: 0 };
    let read: endpoint::tx_search::Response = golden("tx_search_empty", &tx::Txs::from(&empty));
    assert_eq!((read.txs.len(), read.total_count), (0, 0));
}

#[test]
fn broadcasts_answer_with_all_five_keys_and_an_upper_case_hash() {
    let submitted = Submitted { hash: [0xab; 32], outcome: failure() };
    let read: endpoint::broadcast::tx_sync::Response =
        golden("broadcast_tx_sync", &tx::Broadcast::from(&submitted));
    assert_eq!((read.code.value(), read.hash), (5, hash(0xab)));
    let submitted = Submitted { hash: [0xab; 32], outcome: TxOutcome::default() };
    let read: endpoint::broadcast::tx_async::Response =
        golden("broadcast_tx_async", &tx::Broadcast::from(&submitted));
    assert!(read.code.is_ok());
}

#[test]
fn a_refused_transaction_is_committed_at_height_zero_with_an_empty_result() {
    let mut committed =
        Committed { hash: [0xab; 32], check: failure(), result: TxOutcome::default(), height: 0 };
    let read: endpoint::broadcast::tx_commit::Response =
        golden("broadcast_tx_commit_refused", &tx::BroadcastCommit::from(&committed));
    assert_eq!((read.check_tx.code.value(), read.height.value()), (5, 0));
    committed.check = success();
    committed.result = success();
    committed.height = 5;
    let read: endpoint::broadcast::tx_commit::Response =
        golden("broadcast_tx_commit", &tx::BroadcastCommit::from(&committed));
    assert_eq!((read.tx_result.gas_used, read.height.value()), (91_234, 5));
}

#[test]
fn a_query_that_found_nothing_is_empty_and_one_that_failed_is_null() {
    let empty = QueryOutcome { height: 7, ..QueryOutcome::default() };
    let read: endpoint::abci_query::Response =
        golden("abci_query_empty", &query::QueryAnswer::from(&empty));
    assert_eq!(read.response.height.value(), 7);
    let failed = QueryOutcome {
        code: 22,
        codespace: "sdk".to_owned(),
        log: "rpc error: code = NotFound desc = account x not found: key not found".to_owned(),
        height: 7,
        ..QueryOutcome::default()
    };
    let read: endpoint::abci_query::Response =
        golden("abci_query_failed", &query::QueryAnswer::from(&failed));
    assert_eq!(read.response.code.value(), 22);
}

#[test]
fn proof_operations_travel_in_order() {
    let op = |kind: &str, byte: u8| ProofOp {
        type_: kind.to_owned(),
        key: vec![byte; 2],
        data: vec![byte; 4],
    };
    let proved = QueryOutcome {
        key: b"key".to_vec(),
        value: b"value".to_vec(),
        height: 7,
        proof_ops: vec![op("ics23:iavl", 1), op("ics23:simple", 2)],
        ..QueryOutcome::default()
    };
    let read: endpoint::abci_query::Response =
        golden("abci_query_proved", &query::QueryAnswer::from(&proved));
    let ops = read.response.proof.expect("asked for").ops;
    let kinds: Vec<&str> = ops.iter().map(|op| op.field_type.as_str()).collect();
    assert_eq!(kinds, ["ics23:iavl", "ics23:simple"]);
    assert_eq!((ops[1].key.as_slice(), ops[1].data.as_slice()), (&[2; 2][..], &[2; 4][..]));
}

#[test]
fn abci_info_tells_the_app_hash_in_base64() {
    let info = AppInfo { height: 7, app_hash: vec![0x91; 32], app_version: 1 };
    let read: endpoint::abci_info::Response = golden("abci_info", &node::AbciInfo::from(&info));
    assert_eq!(read.response.last_block_height.value(), 7);
    // The Rust client hands out the base64 text as the hash's bytes, from CometBFT as well.
    let text = STANDARD.encode([0x91; 32]);
    assert_eq!(read.response.last_block_app_hash.as_bytes(), text.as_bytes());
}

#[test]
fn validators_come_with_their_keys_and_both_counts() {
    let all = [validator()];
    let answer = node::ValidatorsPage::new(7, &all, 1);
    let read: endpoint::validators::Response = golden("validators", &answer);
    assert_eq!((read.block_height.value(), read.total), (7, 1));
    assert_eq!(read.validators, all);
}

#[test]
fn consensus_params_have_all_five_groups() {
    let answer = ConsensusParams {
        height: 7,
        params: consensus::Params {
            block: block::Size { max_bytes: 4_194_304, max_gas: -1, time_iota_ms: 1 },
            evidence: tendermint::evidence::Params {
                max_age_num_blocks: 100_000,
                max_age_duration: tendermint::evidence::Duration(std::time::Duration::from_secs(
                    172_800,
                )),
                max_bytes: 1_048_576,
            },
            validator: consensus::params::ValidatorParams {
                pub_key_types: vec![tendermint::public_key::Algorithm::Ed25519],
            },
            version: Some(consensus::params::VersionParams { app: 1 }),
            abci: consensus::params::AbciParams::default(),
        },
    };
    let read: endpoint::consensus_params::Response =
        golden("consensus_params", &node::ParamsAnswer::from(&answer));
    assert_eq!(read.consensus_params.block.max_gas, -1);
    assert_eq!(read.consensus_params.evidence, answer.params.evidence);
}

#[test]
fn a_node_without_peers_says_so() {
    let read: endpoint::net_info::Response = golden("net_info", &node::NetInfo::ALONE);
    assert_eq!((read.listening, read.n_peers), (false, 0));
}

#[test]
fn waiting_transactions_are_listed_or_only_counted() {
    let waiting = Unconfirmed { txs: vec![vec![1, 2]], total: 3, total_bytes: 99 };
    let _: serde_json::Value = golden("unconfirmed_txs", &tx::Waiting::listed(&waiting));
    let _: serde_json::Value = golden("num_unconfirmed_txs", &tx::Waiting::counted(&waiting));
}

#[test]
fn the_genesis_file_is_passed_on_as_it_is_and_in_pieces() {
    let text = r#"{"chain_id":"golden-1","app_state":{"b":1,"a":[2]}}"#;
    let genesis = serde_json::from_str(text).expect("JSON");
    let answer = node::GenesisAnswer { genesis };
    assert_eq!(to_json(&answer), Ok(format!(r#"{{"genesis":{text}}}"#)));
    let piece = node::GenesisChunk::new(0, 1, text.as_bytes());
    let read: endpoint::genesis_chunked::Response = golden("genesis_chunked", &piece);
    assert_eq!((read.chunk, read.total), (0, 1));
}

#[test]
fn events_of_the_dialect_are_plain_strings_with_an_index_flag() {
    let outcome = success();
    let json: serde_json::Value =
        serde_json::from_str(&to_json(&tx::TxResult::from(&outcome)).expect("serialises"))
            .expect("JSON");
    let event: v0_38::Event = serde_json::from_value(json["events"][0].clone()).expect("an event");
    assert_eq!(event.kind, "message");
    assert_eq!(json["events"][1]["attributes"], serde_json::json!([]));
    assert_eq!(json["events"][0]["attributes"][0]["index"], true);
}

/// The same JSON as a value and as the Rust client reads it.
fn both<T: DeserializeOwned>(answer: &impl Serialize) -> (serde_json::Value, T) {
    let text = to_json(answer).expect("serialises");
    let value = serde_json::from_str(&text).expect("JSON");
    (value, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
}

#[test]
fn the_state_of_rounds_is_that_of_a_height_about_to_begin() {
    let summary = |height, byte| BlockSummary {
        height,
        hash: [byte; 32],
        app_hash: vec![byte + 1; 32],
        time: time(0),
    };
    let status = Status {
        chain_id: CHAIN_ID.to_owned(),
        app_version: 1,
        latest: summary(9, 0x71),
        earliest: summary(1, 0x73),
        validator: validator(),
    };
    let (value, _): (_, endpoint::consensus_state::Response) =
        both(&rounds::RoundSummary::new(&status));
    let state = &value["round_state"];
    assert_eq!(state["height/round/step"], "10/0/1");
    assert_eq!(state["height_vote_set"][0]["prevotes_bit_array"], "BA{1:_} 0/10 = 0.00");
    let signed = SignedHeader::new(header(5), commit(5)).expect("of one height");
    let last = CommitAnswer { signed_header: signed, canonical: false };
    let (dump, _): (serde_json::Value, serde_json::Value) =
        both(&rounds::Dump::new(&status, &last));
    let state = &dump["round_state"];
    assert_eq!((&state["height"], &state["locked_round"]), (&"10".into(), &(-1).into()));
    assert_eq!(state["last_commit"]["votes_bit_array"], "BA{1:x} 10/10 = 1.00");
    assert_eq!(state["validators"]["validators"][0]["voting_power"], "10");
}

#[test]
fn the_events_of_a_block_have_the_forms_of_cometbft() {
    let block = block_answer(5, vec![vec![1, 2], vec![3]]);
    let results = BlockResults {
        height: 5,
        tx_results: vec![success(), failure()],
        events: vec![Event::new("block").with("key", "v").with("key", "w")],
        app_hash: vec![0x81; 32],
    };
    let notes = crate::feed::Note::all_of(&block, &results).expect("no evidence");
    let told: Vec<serde_json::Value> = notes
        .iter()
        .map(|note| crate::feed::Letter::event("1", "a.b='c'", note.body()).text())
        .map(|text| serde_json::from_str(&text).expect("JSON"))
        .collect();
    assert!(told.iter().all(|event| event["result"]["query"] == "a.b='c'" && event["id"] == 1));
    let data: Vec<_> = told.iter().map(|event| &event["result"]["data"]).collect();
    let kinds: Vec<_> = data.iter().map(|data| data["type"].as_str().unwrap_or_default()).collect();
    let names = ["NewBlock", "NewBlockHeader", "NewBlockEvents", "Tx", "Tx"];
    assert_eq!(kinds, names.map(|name| format!("tendermint/event/{name}")));
    let value = &data[0]["value"];
    assert_eq!(value["block"]["header"]["height"], "5");
    assert!(value["block_id"]["hash"].is_string());
    let finalized = &value["result_finalize_block"];
    assert_eq!(finalized["tx_results"].as_array().map(Vec::len), Some(2));
    assert_eq!(finalized["validator_updates"], serde_json::json!([]));
    assert_eq!(data[2]["value"]["num_txs"], "2");
    let first = &data[3]["value"]["TxResult"];
    assert!(first.get("index").is_none(), "a zero is left out, as CometBFT does");
    assert_eq!((&first["height"], &first["tx"]), (&"5".into(), &"AQI=".into()));
    assert_eq!(first["result"]["gas_used"], "91234");
    assert_eq!(data[4]["value"]["TxResult"]["index"], 1);
    let tags = &told[0]["result"]["events"];
    assert_eq!(tags["block.key"], serde_json::json!(["v", "w"]));
    assert_eq!(tags["tm.event"], serde_json::json!(["NewBlock"]));
    assert_eq!(told[4]["result"]["events"]["tx.height"], serde_json::json!(["5"]));
}
