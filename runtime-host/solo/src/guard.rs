//! The signer's guard: the one place where the validator key signs, and the memory of what it signed last.
//!
//! The signature of a block becomes public only after the block log holds it durably, so the log itself prevents a
//! conflicting signature after a crash. This file adds what the log cannot know: that a log was replaced by an older
//! copy. It is written after the log's sync and before publication, in two alternating sectors, and needs no sync of
//! its own: if the machine loses power the log is at least as new.

use serde::{Deserialize, Serialize};
use suyuan_core::{HostFault, Hosted};
use tendermint::block::{self, Height};
use tendermint::{account, chain, PublicKey, Signature, Time};

use crate::key::ValidatorKey;
use crate::log_file::LogFile;
use crate::tmtypes::precommit_sign_bytes;

/// Bytes of one slot: a sector, the unit that a disk writes whole or not at all.
const SLOT_LEN: usize = 512;
/// Slots, written in turn.
const SLOTS: u64 = 2;
/// Hexadecimal digits of the checksum at the start of a slot.
const CHECK_LEN: usize = 8;

/// The last thing signed: a precommit at round 0 of this height.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignState {
    /// Grows with each write; tells the newer slot.
    seq: u64,
    /// Height.
    pub height: u64,
    /// Round; always 0 in a solo chain.
    pub round: u32,
    /// Step; always 3, the precommit.
    pub step: u8,
    /// Block that was signed.
    pub block_id: block::Id,
    /// Timestamp that was signed.
    pub time: Time,
}

/// What is to be signed.
#[derive(Clone, Debug)]
pub struct Precommit<'a> {
    /// Chain id.
    pub chain_id: &'a chain::Id,
    /// Height.
    pub height: Height,
    /// Block.
    pub id: block::Id,
    /// Timestamp.
    pub time: Time,
    /// Address of the signer.
    pub by: account::Id,
}

/// The key together with the memory of its last signature.
#[derive(Debug)]
pub struct Signer {
    key: ValidatorKey,
    file: Box<dyn LogFile>,
    last: Option<SignState>,
}

impl Signer {
    /// Opens the guard's file.
    pub fn open(key: ValidatorKey, file: Box<dyn LogFile>) -> Hosted<Signer> {
        let last = read_slots(file.as_ref())?;
        Ok(Signer { key, file, last })
    }

    /// Address of the key.
    pub fn address(&self) -> account::Id {
        self.key.address()
    }

    /// Public key.
    pub fn public_key(&self) -> PublicKey {
        self.key.public_key()
    }

    /// The 32 bytes of the public key.
    pub fn raw_public_key(&self) -> [u8; 32] {
        self.key.raw_public_key()
    }

    /// What was signed last.
    pub fn last(&self) -> Option<&SignState> {
        self.last.as_ref()
    }

    /// Compares the memory with the newest block of the log (`None`: no block) and takes over what the log knows
    /// better. Refuses if the key has signed more than the log holds, or something else.
    pub fn reconcile(&mut self, newest: Option<(u64, block::Id, Time)>) -> Hosted<()> {
        let Some((height, block_id, time)) = newest else {
            return match &self.last {
                None => Ok(()),
                Some(last) => Err(HostFault::new(format!(
                    "this key has signed height {}, but the block log is empty: the log was lost or replaced; \
                     restore it, or use a new key for a new chain",
                    last.height
                ))),
            };
        };
        let time = match &self.last {
            Some(last) if last.height > height => {
                return Err(HostFault::new(format!(
                    "this key has signed height {}, but the block log ends at {height}: the log was replaced by an \
                     older copy; signing again would contradict the earlier signature",
                    last.height
                )))
            }
            Some(last) if last.height == height && last.block_id != block_id => {
                return Err(HostFault::new(format!("this key has signed another block of height {height} than the log holds")))
            }
            Some(last) if last.height == height && last.time.after(time) => last.time,
            _ => time,
        };
        self.remember(height, block_id, time);
        Ok(())
    }

    /// Signs a precommit: of a greater height than before, or the same block again with a timestamp that is not
    /// earlier (the re-signing that block time needs). Everything else is refused.
    pub fn sign(&mut self, vote: &Precommit<'_>) -> Hosted<Signature> {
        if let Some(last) = &self.last {
            let height = vote.height.value();
            let again =
                height == last.height && vote.id == last.block_id && !vote.time.before(last.time);
            if height < last.height || (height == last.height && !again) {
                return Err(HostFault::new(format!(
                    "refused to sign height {height} block {}: height {} block {} was signed before",
                    vote.id.hash, last.height, last.block_id.hash
                )));
            }
        }
        let bytes = precommit_sign_bytes(vote.chain_id, vote.height, vote.id, vote.time, vote.by);
        let signature = self.key.sign(&bytes);
        self.remember(vote.height.value(), vote.id, vote.time);
        Ok(signature)
    }

    /// Writes the memory into the older slot.
    pub fn persist(&self) -> Hosted<()> {
        let Some(last) = &self.last else { return Ok(()) };
        let text =
            serde_json::to_string(last).map_err(|e| HostFault::new(format!("sign state: {e}")))?;
        let mut slot = format!("{:08x} {text}", crc32fast::hash(text.as_bytes())).into_bytes();
        if slot.len() >= SLOT_LEN {
            return Err(HostFault::new("the sign state does not fit into its slot"));
        }
        slot.resize(SLOT_LEN - 1, b' ');
        slot.push(b'\n');
        let offset = (last.seq % SLOTS) * SLOT_LEN as u64;
        self.file
            .write_all_at(&slot, offset)
            .map_err(|e| HostFault::new(format!("sign state: {e}")))
    }

    /// Makes the memory durable; for a graceful end.
    pub fn sync(&self) -> Hosted<()> {
        self.file.sync().map_err(|e| HostFault::new(format!("sign state: {e}")))
    }

    fn remember(&mut self, height: u64, block_id: block::Id, time: Time) {
        let seq = self.last.as_ref().map_or(0, |l| l.seq.wrapping_add(1));
        self.last = Some(SignState { seq, height, round: 0, step: 3, block_id, time });
    }
}

/// The newer of the readable slots. A torn slot is passed over: the other one, or the log, knows enough.
fn read_slots(file: &dyn LogFile) -> Hosted<Option<SignState>> {
    let fault = |e: std::io::Error| HostFault::new(format!("sign state: {e}"));
    let len = file.len().map_err(fault)?;
    let mut best: Option<SignState> = None;
    for slot in 0..SLOTS {
        let offset = slot * SLOT_LEN as u64;
        if len < offset + SLOT_LEN as u64 {
            break;
        }
        let mut bytes = [0u8; SLOT_LEN];
        file.read_exact_at(&mut bytes, offset).map_err(fault)?;
        match parse_slot(&bytes) {
            Some(state) if best.as_ref().is_none_or(|b| state.seq > b.seq) => best = Some(state),
            Some(_) => {}
            None if bytes == [0; SLOT_LEN] => {}
            None => tracing::warn!(slot, "a slot of the sign state is damaged and passed over"),
        }
    }
    Ok(best)
}

fn parse_slot(bytes: &[u8]) -> Option<SignState> {
    let text = std::str::from_utf8(bytes).ok()?.trim_end();
    let check = u32::from_str_radix(text.get(..CHECK_LEN)?, 16).ok()?;
    let body = text.get(CHECK_LEN + 1..)?;
    if crc32fast::hash(body.as_bytes()) != check {
        return None;
    }
    serde_json::from_str(body).ok()
}
