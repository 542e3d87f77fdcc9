//! Answers of `consensus_state` and `dump_consensus_state`.

use serde::Serialize;
use suyuan_solo::{CommitAnswer, Status};
use tendermint::block::CommitSig;
use tendermint::validator;

use super::node::Validator;
use super::{Hex, Int, Rfc3339};

/// A vote that was not cast, as CometBFT writes it.
const NO_VOTE: &str = "nil-Vote";
/// Step `NewHeight` of CometBFT's state machine.
const STEP_NEW_HEIGHT: u8 = 1;
const ROUND: i32 = 0;
/// Round of what is not there.
const NO_ROUND: i32 = -1;

/// Answer of `consensus_state`.
#[derive(Debug, Serialize)]
pub(crate) struct RoundSummary<'a> {
    round_state: Summary<'a>,
}

#[derive(Debug, Serialize)]
struct Summary<'a> {
    #[serde(rename = "height/round/step")]
    position: String,
    start_time: Rfc3339,
    proposal_block_hash: &'static str,
    locked_block_hash: &'static str,
    valid_block_hash: &'static str,
    height_vote_set: [Votes; 1],
    proposer: Proposer<'a>,
}

#[derive(Debug, Serialize)]
struct Votes {
    round: i32,
    prevotes: [&'static str; 1],
    prevotes_bit_array: String,
    precommits: [&'static str; 1],
    precommits_bit_array: String,
}

#[derive(Debug, Serialize)]
struct Proposer<'a> {
    address: Hex<&'a [u8]>,
    index: i32,
}

impl<'a> RoundSummary<'a> {
    pub fn new(status: &'a Status) -> Self {
        let next = status.latest.height.saturating_add(1);
        RoundSummary {
            round_state: Summary {
                position: format!("{next}/{ROUND}/{STEP_NEW_HEIGHT}"),
                start_time: Rfc3339(status.latest.time),
                proposal_block_hash: "",
                locked_block_hash: "",
                valid_block_hash: "",
                height_vote_set: [votes(&status.validator)],
                proposer: Proposer { address: Hex(status.validator.address.as_bytes()), index: 0 },
            },
        }
    }
}

fn votes(validator: &validator::Info) -> Votes {
    let none = format!("BA{{1:_}} 0/{} = 0.00", validator.power.value());
    Votes {
        round: ROUND,
        prevotes: [NO_VOTE],
        prevotes_bit_array: none.clone(),
        precommits: [NO_VOTE],
        precommits_bit_array: none,
    }
}

/// Answer of `dump_consensus_state`.
#[derive(Debug, Serialize)]
pub(crate) struct Dump<'a> {
    round_state: RoundState<'a>,
    peers: [(); 0],
}

#[derive(Debug, Serialize)]
struct RoundState<'a> {
    height: Int<u64>,
    round: i32,
    step: u8,
    start_time: Rfc3339,
    commit_time: Rfc3339,
    validators: Validators<'a>,
    proposal: Option<()>,
    proposal_block: Option<()>,
    proposal_block_parts: Option<()>,
    locked_round: i32,
    locked_block: Option<()>,
    locked_block_parts: Option<()>,
    valid_round: i32,
    valid_block: Option<()>,
    valid_block_parts: Option<()>,
    votes: [Votes; 1],
    commit_round: i32,
    last_commit: LastCommit,
    last_validators: Validators<'a>,
    triggered_timeout_precommit: bool,
}

#[derive(Debug, Serialize)]
struct Validators<'a> {
    validators: [Validator<'a>; 1],
    proposer: Validator<'a>,
}

impl<'a> Validators<'a> {
    fn new(one: &'a validator::Info) -> Self {
        Validators { validators: [Validator::from(one)], proposer: Validator::from(one) }
    }
}

#[derive(Debug, Serialize)]
struct LastCommit {
    votes: Vec<String>,
    votes_bit_array: String,
    peer_maj_23s: std::collections::BTreeMap<(), ()>,
}

impl LastCommit {
    fn new(last: &CommitAnswer, power: u64) -> Self {
        let height = last.signed_header.header.height.value();
        let votes = last.signed_header.commit.signatures.iter().map(|vote| match vote {
            CommitSig::BlockIdFlagCommit { validator_address, .. } => {
                format!("Vote{{0:{validator_address} {height}/00/SIGNED_MSG_TYPE_PRECOMMIT(Precommit)}}")
            }
            _ => NO_VOTE.to_owned(),
        });
        LastCommit {
            votes: votes.collect(),
            votes_bit_array: format!("BA{{1:x}} {power}/{power} = 1.00"),
            peer_maj_23s: Default::default(),
        }
    }
}

impl<'a> Dump<'a> {
    /// `last` is the commit of the latest block.
    pub fn new(status: &'a Status, last: &CommitAnswer) -> Self {
        let one = &status.validator;
        Dump {
            round_state: RoundState {
                height: Int(status.latest.height.saturating_add(1)),
                round: ROUND,
                step: STEP_NEW_HEIGHT,
                start_time: Rfc3339(status.latest.time),
                commit_time: Rfc3339(status.latest.time),
                validators: Validators::new(one),
                proposal: None,
                proposal_block: None,
                proposal_block_parts: None,
                locked_round: NO_ROUND,
                locked_block: None,
                locked_block_parts: None,
                valid_round: NO_ROUND,
                valid_block: None,
                valid_block_parts: None,
                votes: [votes(one)],
                commit_round: NO_ROUND,
                last_commit: LastCommit::new(last, one.power.value()),
                last_validators: Validators::new(one),
                triggered_timeout_precommit: false,
            },
            peers: [],
        }
    }
}
