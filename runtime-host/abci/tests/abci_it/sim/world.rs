//! The scheduler: all randomness comes from one seed, and time is the count of blocks.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::sync::OnceLock;
use suyuan_vm::Vm;

use super::replica::{Replica, Row, Step, ACCOUNTS, STEPS};
use crate::chain::{app_state, Actor, GAS};

/// Nodes of the model.
const REPLICAS: usize = 4;
/// Most transactions that wait.
const POOL_MAX: usize = 12;
/// Most rounds of one height; the last one decides.
const ROUNDS_MAX: u32 = 4;
/// Bytes of a proposal: a few transfers, so that some have to wait.
const BLOCK_BYTES: i64 = 1_500;

/// What happened.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub blocks: u64,
    pub txs_ok: u64,
    pub txs_failed: u64,
    pub crashes: u64,
    pub rejected_rounds: u64,
    pub traitors_refused: u64,
    pub finalized_again: u64,
    pub caught_up: u64,
    /// Handshakes by row of the replay table.
    pub rows: [u64; 5],
}

impl Counts {
    pub fn add(&mut self, other: &Counts) {
        self.blocks += other.blocks;
        self.txs_ok += other.txs_ok;
        self.txs_failed += other.txs_failed;
        self.crashes += other.crashes;
        self.rejected_rounds += other.rejected_rounds;
        self.traitors_refused += other.traitors_refused;
        self.finalized_again += other.finalized_again;
        self.caught_up += other.caught_up;
        for (mine, theirs) in self.rows.iter_mut().zip(other.rows) {
            *mine += theirs;
        }
    }

    fn row(&mut self, row: Row) {
        let index = match row {
            Row::Genesis => 0,
            Row::Equal => 1,
            Row::AppBehindState => 2,
            Row::BlockNotApplied => 3,
            Row::AppAhead => 4,
        };
        self.rows[index] += 1;
    }
}

pub struct World {
    seed: u64,
    random: StdRng,
    replicas: Vec<Replica>,
    actors: Vec<Actor>,
    pool: Vec<Vec<u8>>,
    /// Decided blocks and the hash of the state after each.
    decided: Vec<Vec<Vec<u8>>>,
    hashes: Vec<Vec<u8>>,
    counts: Counts,
}

/// One engine for all: compiled code is no state.
fn vm() -> &'static Vm {
    static VM: OnceLock<Vm> = OnceLock::new();
    VM.get_or_init(|| Vm::new(suyuan_app::vm_config(&app_state(1)).unwrap()).unwrap())
}

impl World {
    pub fn new(seed: u64) -> World {
        let mut replicas: Vec<Replica> = (0..REPLICAS).map(|_| Replica::new(vm())).collect();
        let mut counts = Counts::default();
        for replica in &mut replicas {
            counts.row(replica.restart(&[]));
        }
        World {
            seed,
            random: StdRng::seed_from_u64(seed),
            replicas,
            actors: (0..ACCOUNTS).map(Actor::new).collect(),
            pool: Vec::new(),
            decided: Vec::new(),
            hashes: Vec::new(),
            counts,
        }
    }

    /// Decides this many blocks; panics with the seed at the first difference.
    pub fn run(mut self, blocks: u64) -> Counts {
        // Printed by the test harness only if something below fails.
        println!("seed {}", self.seed);
        for _ in 0..blocks {
            self.submit();
            let txs = self.decide();
            self.apply(&txs);
            self.counts.blocks += 1;
        }
        for index in 0..REPLICAS {
            self.bring_up(index);
            self.catch_up(index, self.decided.len());
            let (height, hash) = self.replicas[index].info();
            assert_eq!((height, &hash), (self.decided.len(), self.hashes.last().unwrap()));
        }
        self.counts
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.random.gen_ratio(percent, 100)
    }

    /// New transactions reach the mempools, some of them worthless.
    fn submit(&mut self) {
        for _ in 0..self.random.gen_range(0..4) {
            if self.pool.len() >= POOL_MAX {
                break;
            }
            let from = self.random.gen_range(0..self.actors.len());
            let to = Actor::new(self.random.gen_range(0..ACCOUNTS)).addr();
            let amount = if self.chance(10) { u128::MAX >> 1 } else { 1 };
            let before = self.actors[from].sequence;
            let tx = self.actors[from].send(&to, amount, GAS);
            // Now and then a sequence is left out: what comes next from this account fails until genesis knows why.
            if self.chance(5) {
                self.actors[from].sequence = before;
            }
            for index in self.up() {
                self.replicas[index].check(&tx, false);
            }
            self.pool.push(tx);
        }
    }

    fn up(&self) -> Vec<usize> {
        (0..REPLICAS).filter(|index| self.replicas[*index].is_up()).collect()
    }

    /// Rounds until one decides: the transactions of the block.
    fn decide(&mut self) -> Vec<Vec<u8>> {
        // More than two thirds must be there, as for the real engine.
        while self.up().len() < REPLICAS - 1 {
            let down = (0..REPLICAS).find(|index| !self.replicas[*index].is_up()).unwrap();
            self.bring_up(down);
        }
        for round in 0.. {
            let up = self.up();
            let proposer = up[self.random.gen_range(0..up.len())];
            let pool = self.pool.clone();
            let mut proposal = self.replicas[proposer].prepare(&pool, BLOCK_BYTES);
            let traitor = self.chance(15);
            if traitor {
                self.betray(&mut proposal);
            }
            let judged: Vec<bool> =
                up.iter().map(|index| self.replicas[*index].process(&proposal)).collect();
            assert!(judged.iter().all(|j| *j != traitor), "seed {}: {judged:?}", self.seed);
            if traitor {
                self.counts.traitors_refused += 1;
            } else if round + 1 == ROUNDS_MAX || !self.chance(25) {
                return proposal;
            }
            // Accepted by all and still not decided: the votes did not arrive in time.
            self.counts.rejected_rounds += 1;
        }
        unreachable!("the last round decides")
    }

    fn betray(&mut self, proposal: &mut Vec<Vec<u8>>) {
        let place = self.random.gen_range(0..=proposal.len());
        let junk = match self.random.gen_range(0..3) {
            0 => Vec::new(),
            1 => vec![self.random.gen(); self.random.gen_range(1..40)],
            _ => Actor::new(0).send(&Actor::new(1).addr(), 1, 400_000_001),
        };
        proposal.insert(place, junk);
    }

    /// Every replica takes the decided block, each in its own way and perhaps not at once.
    fn apply(&mut self, txs: &[Vec<u8>]) {
        self.decided.push(txs.to_vec());
        let height = self.decided.len();
        let mut crashed = Vec::new();
        for index in self.up() {
            self.catch_up(index, height - 1);
            // A crash before any step, or none.
            let dies_before =
                if self.chance(12) { self.random.gen_range(0..=STEPS.len()) } else { usize::MAX };
            for (position, step) in STEPS.into_iter().enumerate() {
                if position == dies_before {
                    break;
                }
                self.disturb(index, step, height);
                self.replicas[index].step(step, txs);
                if step == Step::Finalize {
                    self.compare(index, height);
                }
            }
            if dies_before <= STEPS.len() {
                self.counts.crashes += 1;
                if self.chance(5) {
                    self.replicas[index].lose_app();
                }
                self.replicas[index].crash();
                crashed.push(index);
            }
        }
        self.forget(txs);
        for index in crashed {
            // Half of the dead come back at once, the others when they are needed or by chance.
            if self.chance(50) {
                self.bring_up(index);
            }
        }
        if self.chance(20) {
            for index in 0..REPLICAS {
                self.bring_up(index);
            }
        }
    }

    /// Calls that may come between any two steps and must change nothing.
    fn disturb(&mut self, index: usize, step: Step, height: usize) {
        if self.chance(10) && !self.pool.is_empty() && step != Step::Commit {
            let tx = self.pool[self.random.gen_range(0..self.pool.len())].clone();
            let recheck = self.chance(50);
            self.replicas[index].check(&tx, recheck);
        }
        let computed = matches!(step, Step::SaveResponse | Step::Commit);
        if computed && self.chance(15) {
            // Once more, and the answer is the same.
            let again = self.replicas[index].finalize(height);
            assert_eq!(again, *self.replicas[index].response(), "seed {}: {height}", self.seed);
            self.counts.finalized_again += 1;
        }
    }

    /// The first replica's answer is everybody's: hash and every result.
    fn compare(&mut self, index: usize, height: usize) {
        let response = self.replicas[index].response().clone();
        if self.hashes.len() < height {
            self.hashes.push(response.app_hash.to_vec());
            let ok = response.tx_results.iter().filter(|r| r.code == 0).count() as u64;
            self.counts.txs_ok += ok;
            self.counts.txs_failed += response.tx_results.len() as u64 - ok;
        }
        assert_eq!(
            &response.app_hash[..],
            &self.hashes[height - 1][..],
            "seed {}: replica {index} differs at {height}",
            self.seed
        );
    }

    /// Decided transactions leave the mempools; the rest is checked again.
    fn forget(&mut self, txs: &[Vec<u8>]) {
        self.pool.retain(|tx| !txs.contains(tx));
        let up = self.up();
        let pool = std::mem::take(&mut self.pool);
        for tx in pool {
            let codes: Vec<u32> =
                up.iter().map(|index| self.replicas[*index].check(&tx, true)).collect();
            if codes.first().is_none_or(|code| *code == 0) {
                self.pool.push(tx);
            }
        }
        if self.pool.is_empty() {
            // Everybody signs from what is in the chain again.
            self.resync();
        }
    }

    /// Sequences as the decided blocks left them: one per included transaction of the account that passed its checks.
    fn resync(&mut self) {
        let Some(index) = self.up().first().copied() else { return };
        for (number, actor) in self.actors.iter_mut().enumerate() {
            actor.sequence = crate::chain::sequence(&mut self.replicas[index], number as u64);
        }
    }

    fn bring_up(&mut self, index: usize) {
        if !self.replicas[index].is_up() {
            let row = self.replicas[index].restart(&self.hashes);
            self.counts.row(row);
            // A block that was computed by nobody else before its crash counts from here.
            let (height, hash) = self.replicas[index].info();
            if height > self.hashes.len() {
                self.hashes.push(hash);
            }
        }
        self.catch_up(index, self.hashes.len());
    }

    /// Blocks that a replica missed, from its peers.
    fn catch_up(&mut self, index: usize, to: usize) {
        while self.replicas[index].height() < to {
            let height = self.replicas[index].height() + 1;
            let txs = self.decided[height - 1].clone();
            self.replicas[index].sync(&txs);
            self.compare(index, height);
            self.counts.caught_up += 1;
        }
    }
}
