//! What a scan of a code means: one pure function from what is known to a verdict with its reason.
//!
//! The first that applies: made up (syntax, check character, proof) – unknown – under recall – suspected clone –
//! blocked – not in life yet – at its end – sold before – genuine.

use suyuan_trace_api::code::{
    check_code, is_member, Batch, BatchStatus, Life, Overlay, PresentedCode, Verdict,
};

use crate::life::is_terminal;
use crate::state::CodeRecord;

/// Judges `code`. `batch` is the record's batch, or the one whose prefix the code begins with.
pub fn judge(
    code: &str,
    presented: Option<&PresentedCode>,
    record: Option<&CodeRecord>,
    batch: Option<&Batch>,
) -> (Verdict, String) {
    if let Err(bad) = check_code(code) {
        return (Verdict::Forged, bad.to_string());
    }
    let Some(batch) = batch else {
        return (Verdict::Unknown, "no batch has this prefix".into());
    };
    if let Some(presented) = presented {
        if presented.code != code || !is_member(batch, presented) {
            let reason = format!("the proof does not lead to the root of batch {}", batch.id);
            return (Verdict::Forged, reason);
        }
    }
    match record {
        Some(record) => in_life(presented, record),
        None => before_life(presented.is_some(), batch),
    }
}

fn before_life(proved: bool, batch: &Batch) -> (Verdict, String) {
    let id = &batch.id;
    match (proved, batch.status) {
        (false, _) => (
            Verdict::Unknown,
            format!("nothing carries this code, and no proof shows that batch {id} holds it"),
        ),
        (true, BatchStatus::Open) => {
            (Verdict::NotYetActive, format!("issued in batch {id}, but nothing carries it yet"))
        }
        (true, status) => {
            (Verdict::Ended, format!("batch {id} is {status:?}: this code will not come to life"))
        }
    }
}

fn in_life(presented: Option<&PresentedCode>, record: &CodeRecord) -> (Verdict, String) {
    if let Some(other) = presented.filter(|p| p.index != record.index) {
        let reason = format!(
            "the batch holds this code twice: in life from place {}, shown from place {}",
            record.index, other.index
        );
        return (Verdict::SuspectClone, reason);
    }
    if !record.marks.is_clean() {
        let verdict = if record.marks.has(Overlay::Recalled) {
            Verdict::Recalled
        } else if record.marks.has(Overlay::SuspectClone) {
            Verdict::SuspectClone
        } else {
            Verdict::Held
        };
        return (verdict, format!("marked {:?}", record.marks.list()));
    }
    let life = record.life;
    if is_terminal(life) {
        return (Verdict::Ended, format!("its life ended: {life:?}"));
    }
    if life == Life::Sold {
        let reason = format!("sold before; {} scans recorded", record.scans);
        return (Verdict::GenuineAlreadySold, reason);
    }
    let height = record.activated_at;
    let reason = format!("issued, in life since height {height}, no mark against it");
    (Verdict::Genuine, reason)
}
