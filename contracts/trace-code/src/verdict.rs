//! What a scan of a code means: one pure function from what is known to a verdict with its reason and its stages.
//!
//! Stages in order: V0 syntax – V1 check character – V2 tail – V3 place in a batch – V4 life, marks, expiry – V5 signs of
//! a copy – V6 hidden secret or chip. The list ends where a stage ends the matter.
//!
//! Of several things that are wrong the worst is the verdict: made up – shown from another place of the batch – under
//! recall – suspected copy – blocked – at its end – past its date – waits for its quality record – sold before.

use suyuan_trace_api::code::{
    check_code, is_member, BadCode, Batch, BatchStatus, Life, Overlay, PresentedCode, Stage,
    StageOutcome, StageResult, Verdict,
};
use StageOutcome::{Failed, NotChecked, Passed};

use crate::life::is_terminal;
use crate::marks::is_blocking;
use crate::state::{CodeRecord, ScanRecord};
use crate::travel::Journey;

/// What came out of a check that needs more than arithmetic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What came out.
    pub outcome: StageOutcome,
    /// Why.
    pub note: String,
}

impl Checked {
    /// Nothing to look at.
    pub fn not(note: &str) -> Self {
        Self { outcome: NotChecked, note: note.to_owned() }
    }

    /// Nothing against it.
    pub fn good(note: &str) -> Self {
        Self { outcome: Passed, note: note.to_owned() }
    }

    /// Something is wrong.
    pub fn bad(note: &str) -> Self {
        Self { outcome: Failed, note: note.to_owned() }
    }
}

/// All that is known.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The text.
    pub code: &'a str,
    /// The proof that the scanner holds.
    pub presented: Option<&'a PresentedCode>,
    /// The code's record.
    pub record: Option<&'a CodeRecord>,
    /// The record's batch, or the one whose prefix the text begins with.
    pub batch: Option<&'a Batch>,
    /// Its scans.
    pub scans: &'a ScanRecord,
    /// True where the presented place is voided.
    pub voided: bool,
    /// The tail.
    pub tail: Checked,
    /// Hidden secret or chip.
    pub secret: Checked,
    /// The way from the last scan to where it is now.
    pub journey: Option<Journey>,
    /// The day on which it expired, where it did.
    pub expired: Option<String>,
}

/// A verdict, why, and the stages that led there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// V0 to V6.
    pub stages: Vec<StageResult>,
}

type Ruling = (Verdict, String);

/// Judges a code.
pub fn judge(facts: &Facts<'_>) -> Judgement {
    let mut stages = vec![];
    let (verdict, reason) = match formal(facts, &mut stages) {
        Err(ruling) => ruling,
        Ok(batch) => match facts.record {
            Some(record) => in_life(facts, record, &mut stages),
            None => before_life(facts, batch, &mut stages),
        },
    };
    Judgement { verdict, reason, stages }
}

fn note(stages: &mut Vec<StageResult>, stage: Stage, outcome: StageOutcome, note: &str) {
    stages.push(StageResult { stage, outcome, note: note.to_owned() });
}

/// V0 to V3. The batch, or the ruling that ends the matter.
fn formal<'a>(facts: &Facts<'a>, stages: &mut Vec<StageResult>) -> Result<&'a Batch, Ruling> {
    let text = check_code(facts.code);
    if let Err(bad) = text {
        let reason = bad.to_string();
        if bad == BadCode::Syntax {
            note(stages, Stage::Syntax, Failed, &reason);
        } else {
            note(stages, Stage::Syntax, Passed, "length and alphabet are right");
            note(stages, Stage::Check, Failed, &reason);
        }
        return Err((Verdict::Forged, reason));
    }
    note(stages, Stage::Syntax, Passed, "length and alphabet are right");
    note(stages, Stage::Check, Passed, "the check character fits");
    note(stages, Stage::Tail, facts.tail.outcome, &facts.tail.note);
    if facts.tail.outcome == Failed {
        return Err((Verdict::Forged, facts.tail.note.clone()));
    }
    member(facts, stages)
}

fn member<'a>(facts: &Facts<'a>, stages: &mut Vec<StageResult>) -> Result<&'a Batch, Ruling> {
    let Some(batch) = facts.batch else {
        let reason = "no batch has this prefix";
        note(stages, Stage::Member, Failed, reason);
        return Err((Verdict::Unknown, reason.to_owned()));
    };
    let id = &batch.id;
    match facts.presented {
        Some(presented) if presented.code != facts.code || !is_member(batch, presented) => {
            let reason = format!("the proof does not lead to the root of batch {id}");
            note(stages, Stage::Member, Failed, &reason);
            Err((Verdict::Forged, reason))
        }
        Some(_) => {
            note(stages, Stage::Member, Passed, &format!("proved to be issued in batch {id}"));
            Ok(batch)
        }
        None if facts.record.is_some() => {
            note(stages, Stage::Member, Passed, &format!("proved in batch {id} at activation"));
            Ok(batch)
        }
        None => {
            let reason =
                format!("nothing carries this code, and no proof shows that batch {id} holds it");
            note(stages, Stage::Member, NotChecked, &reason);
            Err((Verdict::Unknown, reason))
        }
    }
}

/// V4 and V6 of a code that is proved and nothing carries.
fn before_life(facts: &Facts<'_>, batch: &Batch, stages: &mut Vec<StageResult>) -> Ruling {
    let id = &batch.id;
    let ruling = if facts.voided {
        (Verdict::Ended, format!("voided in batch {id}: this code will not come to life"))
    } else if batch.status == BatchStatus::Open {
        (Verdict::NotYetActive, format!("issued in batch {id}, but nothing carries it yet"))
    } else {
        let status = batch.status;
        (Verdict::Ended, format!("batch {id} is {status:?}: this code will not come to life"))
    };
    note(stages, Stage::Life, Failed, &ruling.1);
    note(stages, Stage::Clone, NotChecked, "nothing carries it yet");
    note(stages, Stage::Acquittal, facts.secret.outcome, &facts.secret.note);
    if facts.secret.outcome == Failed {
        return (Verdict::Forged, facts.secret.note.clone());
    }
    ruling
}

/// V4 to V6 of a code in life.
fn in_life(facts: &Facts<'_>, record: &CodeRecord, stages: &mut Vec<StageResult>) -> Ruling {
    let life = life_ruling(facts, record);
    let outcome = if life.is_some() { Failed } else { Passed };
    let well = well(facts, record);
    note(stages, Stage::Life, outcome, life.as_ref().map_or(&well.1, |(_, reason)| reason));

    let other = other_place(facts, record);
    let copy = other.clone().or_else(|| suspicion(facts, record));
    let outcome = if copy.is_some() { Failed } else { Passed };
    let seen = seen(facts.scans);
    note(stages, Stage::Clone, outcome, copy.as_ref().unwrap_or(&seen));

    note(stages, Stage::Acquittal, facts.secret.outcome, &facts.secret.note);
    if facts.secret.outcome == Failed {
        return (Verdict::Forged, facts.secret.note.clone());
    }
    if let Some(reason) = other {
        return (Verdict::SuspectClone, reason);
    }
    match (life, copy) {
        (Some((Verdict::Recalled, reason)), _) => (Verdict::Recalled, reason),
        (_, Some(reason)) => (Verdict::SuspectClone, reason),
        (Some(ruling), None) => ruling,
        (None, None) => well,
    }
}

fn life_ruling(facts: &Facts<'_>, record: &CodeRecord) -> Option<Ruling> {
    let marked = || format!("marked {:?}", record.marks.list());
    if record.marks.has(Overlay::Recalled) {
        return Some((Verdict::Recalled, marked()));
    }
    let blocking = |o: &Overlay| is_blocking(*o) && *o != Overlay::SuspectClone;
    if record.marks.list().iter().any(blocking) {
        return Some((Verdict::Held, marked()));
    }
    let life = record.life;
    if is_terminal(life) {
        let heir = record.superseded_by.as_ref().map(|by| format!("; its unit has code {by} now"));
        let heir = heir.unwrap_or_default();
        return Some((Verdict::Ended, format!("its life ended: {life:?}{heir}")));
    }
    if let Some(day) = &facts.expired {
        return Some((Verdict::Expired, format!("past its date: {day}")));
    }
    (life == Life::Applied)
        .then(|| (Verdict::AwaitingQuality, "its unit waits for a quality record".to_owned()))
}

/// What is said where nothing is wrong.
fn well(facts: &Facts<'_>, record: &CodeRecord) -> Ruling {
    let height = record.activated_at;
    if record.life == Life::Sold {
        let scans = facts.scans.count;
        return (Verdict::GenuineAlreadySold, format!("sold before; {scans} scans recorded"));
    }
    let away = match record.life {
        Life::Exported => ", exported",
        Life::Sampled => ", taken as a sample",
        _ => "",
    };
    let marks = match record.marks.list() {
        list if list.is_empty() => ", no mark against it".to_owned(),
        list => format!(", marked {list:?}, which blocks nothing"),
    };
    (Verdict::Genuine, format!("issued, in life since height {height}{away}{marks}"))
}

fn other_place(facts: &Facts<'_>, record: &CodeRecord) -> Option<String> {
    let other = facts.presented.filter(|p| p.index != record.index)?;
    Some(format!(
        "the batch holds this code twice: in life from place {}, shown from place {}",
        record.index, other.index
    ))
}

fn suspicion(facts: &Facts<'_>, record: &CodeRecord) -> Option<String> {
    if record.marks.has(Overlay::SuspectClone) {
        return Some(format!("marked {:?}", record.marks.list()));
    }
    let journey = facts.journey.filter(|journey| journey.impossible)?;
    Some(format!(
        "at least {} km from the scan before, which no single object travels in the time between",
        journey.distance_km_min
    ))
}

fn seen(scans: &ScanRecord) -> String {
    match &scans.first {
        Some(first) => format!(
            "{} scans in {} cells, first at height {}",
            scans.count,
            scans.cells.len(),
            first.height
        ),
        None => "no scan recorded".to_owned(),
    }
}
